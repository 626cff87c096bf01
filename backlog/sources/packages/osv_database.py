"""Advisories on this machine: a folder of OSV files, an `all.zip`, or a folder with one for each ecosystem.

The last is how OSV-Scanner keeps them (`osv-scanner/PyPI/all.zip`), so one download serves both.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from pydantic import ValidationError

from backlog.source import NotConfigured, SourceBroken
from backlog.sources.packages.osv_advisory import Advisory

LARGEST, MOST = 10_000_000, 1_000_000
"""Bytes of one advisory, and advisories."""


@dataclass(slots=True)
class Database:
    advisories: dict[tuple[str, str], list[Advisory]] = field(default_factory=dict)
    """By ecosystem and package, of those packages that were asked for."""
    counts: dict[str, int] = field(default_factory=dict)
    """How many advisories there are for each ecosystem."""
    newest: datetime | None = None
    """When the youngest of them was changed."""


def database(place: str, packages: Collection[tuple[str, str]]) -> Database:
    """What it knows about these packages (ecosystem and name). Raises NotConfigured when nothing is there, and
    SourceBroken when something in it can not be read: half a database finds half."""
    found = Database()
    for name, data in _files(Path(place)):
        try:
            _add(found, json.loads(data), packages)
        except (ValueError, TypeError, KeyError, AttributeError, ValidationError, RecursionError) as error:
            raise SourceBroken(f"{place}: {name[-80:]} is no OSV advisory: {type(error).__name__}") from None
    if not found.counts:
        raise SourceBroken(f"{place}: holds no advisory")
    return found


def _add(found: Database, value: dict[str, Any], packages: Collection[tuple[str, str]]) -> None:
    names = {_key(a["package"]) for a in value.get("affected", ()) if "package" in a}
    for ecosystem in {e for e, _ in names}:
        found.counts[ecosystem] = found.counts.get(ecosystem, 0) + 1
    changed = datetime.fromisoformat(str(value["modified"]))
    changed = changed if changed.tzinfo else changed.replace(tzinfo=UTC)
    found.newest = max(found.newest or changed, changed)
    for key in names & set(packages):
        found.advisories.setdefault(key, []).append(Advisory.model_validate(value))


def _key(package: dict[str, Any]) -> tuple[str, str]:
    ecosystem, name = str(package["ecosystem"]).partition(":")[0], str(package["name"])
    return ecosystem, canonicalize_name(name) if ecosystem == "PyPI" else name


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    if place.is_file():
        yield from _zipped(place)
        return
    if not place.is_dir():
        raise NotConfigured(f"there is no {place} (setting osv)")
    zips = sorted(place.rglob("all.zip"))
    for path in zips:
        yield from _zipped(path)
    for path in [] if zips else sorted(place.rglob("*.json")):
        try:
            yield path.name, path.read_bytes()
        except OSError as error:
            raise SourceBroken(f"{path}: {error.strerror or error}") from None


def _zipped(path: Path) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as packed:
            members = [m for m in packed.infolist() if m.filename.endswith(".json")]
            if len(members) > MOST or any(m.file_size > LARGEST for m in members):
                raise SourceBroken(f"{path}: has more or larger files than a database of advisories")
            for member in members:
                yield member.filename, packed.read(member)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise SourceBroken(f"{path}: can not be read: {error}") from None
