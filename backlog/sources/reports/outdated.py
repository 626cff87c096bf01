"""Packages with a newer release, by `pip list --outdated --format json` or `npm outdated --json`.

| what                                | kind       | value | time | risk | size |
|-------------------------------------|------------|-------|------|------|------|
| all that are one major release back | dependency | 3     | 1    | 3    | 3    |
| all others together                 | dependency | 2     | 1    | 2    | 2    |

One item for each package a major release behind; one for all the others of a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, Report, View
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.text import clean
from backlog.sources.valued import Worth

MAJOR = Worth("rule:outdated-major", Kind.DEPENDENCY, 3, 1, 3, 3)
MINOR = Worth("rule:outdated", Kind.DEPENDENCY, 2, 1, 2, 2)


@dataclass(frozen=True, slots=True)
class Behind:
    name: str
    version: str
    latest: str


class Outdated:
    name = "outdated"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if isinstance(value, list) and value and all(_of_pip(row) for row in value):
            return {"pip": [Behind(str(r["name"]), str(r["version"]), str(r["latest_version"])) for r in value]}
        if isinstance(value, dict) and value and all(_of_npm(row) for row in value.values()):
            # npm says nothing of the version in use where nothing is installed.
            return {"npm": [Behind(n, str(r.get("current", "")), str(r["latest"])) for n, r in value.items()]}
        return None

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        rows = [row for part in parts for row in part.value]
        unknown = sum(1 for row in rows if not row.version)
        gaps = [f"{unknown} packages are not installed: how far they are behind is unknown"] if unknown else []
        return outcome(name, _found(name, [r for r in rows if r.version]), view.files, gaps=gaps)


def _of_pip(row: object) -> bool:
    return isinstance(row, dict) and {"name", "version", "latest_version"} <= row.keys()


def _of_npm(row: object) -> bool:
    return isinstance(row, dict) and {"wanted", "latest"} <= row.keys()


def _found(source: str, rows: Iterable[Behind]) -> Iterator[Found]:
    minor: list[Behind] = []
    for row in rows:
        if _major(row.version) == _major(row.latest):
            minor.append(row)
            continue
        name, latest = clean(row.name, 100), clean(row.latest, 40)
        yield Found(
            fingerprint=item_id(source, "", row.name, prefix=f"outdated-{name}"),
            kind=MAJOR.kind,
            title=f"Update {name} from {clean(row.version, 40)} to {latest}",
            inputs=MAJOR.inputs(),
            criteria=(f"{name} {latest} or later is used, and all tests pass as before.",),
            story="A major release: read its notes on what changed before the update.",
            labels=("dependency", "outdated"),
        )
    if minor:
        named = ", ".join(f"{clean(r.name, 60)} {clean(r.version, 20)} → {clean(r.latest, 20)}" for r in minor[:40])
        yield Found(
            fingerprint=item_id(source, "", "minor", prefix="outdated"),
            kind=MINOR.kind,
            title=f"Update {_packages(len(minor))} major release ({source.partition(':')[2] or source})",
            inputs=MINOR.inputs(len(minor) > 10, f"{len(minor)} packages"),
            criteria=("Every package that can be is at its newest release of the same major, and all tests pass.",),
            story=named,
            labels=("dependency", "outdated"),
        )


def _major(version: str) -> str:
    return version.lstrip("v").partition(".")[0]


def _packages(count: int) -> str:
    return "1 package within its" if count == 1 else f"{count} packages within their"
