"""Which packages does the repository ask for, and in which versions? From lock files and requirements. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from backlog.source import SourceBroken, View
from backlog.sources.paths import VENDORED
from backlog.sources.text import clean, decoded

Ecosystem = Literal["PyPI", "npm"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One package in one file."""

    name: str
    version: str
    """Exact; empty where the file leaves it open."""
    ecosystem: Ecosystem
    path: str


def inventory(view: View) -> list[Wanted]:
    """All packages; pyproject.toml counts only where no lock file of Python stands beside it.

    Raises SourceBroken with the file's name.
    """
    found: list[Wanted] = []
    locked = {path.rpartition("/")[0] for path in view.files if path.rpartition("/")[2] in PYTHON_LOCKS}
    for path in sorted(view.files):
        reader = _reader(path)
        if reader is None or not view.files[path].is_file or VENDORED.search(path):
            continue
        if reader is _pyproject and path.rpartition("/")[0] in locked:
            continue
        try:
            found += dict.fromkeys(reader(decoded(view.read(path)) or "", path))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise SourceBroken(f"{path}: can not be read: {clean(str(error), 160)}") from None
    return found


def _reader(path: str) -> Callable[[str, str], Iterator[Wanted]] | None:
    name = path.rpartition("/")[2]
    if re.fullmatch(r"(?:requirements[\w.-]*|constraints[\w.-]*)\.txt", name) or re.search(
        r"(?:^|/)requirements/[^/]+\.txt$", path
    ):
        return _requirements
    return READERS.get(name)


def _requirements(text: str, path: str) -> Iterator[Wanted]:
    for row in re.sub(r"\\\n", " ", text).splitlines():
        line = re.sub(r"(?:^|\s)#.*$", "", row).split(" --hash")[0].strip()
        if line and not line.startswith("-"):
            yield _required(line, path)


def _required(text: str, path: str) -> Wanted:
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        return Wanted(clean(text, 60), "", "PyPI", path)
    exact = [s.version for s in requirement.specifier if s.operator in ("==", "===") and "*" not in s.version]
    return Wanted(canonicalize_name(requirement.name), exact[0] if exact else "", "PyPI", path)


def _pyproject(text: str, path: str) -> Iterator[Wanted]:
    value = tomllib.loads(text)
    for line in value.get("project", {}).get("dependencies", ()):
        yield _required(str(line), path)
    for name in value.get("tool", {}).get("poetry", {}).get("dependencies", {}):
        if name.lower() != "python":
            yield Wanted(canonicalize_name(name), "", "PyPI", path)


def _toml_lock(text: str, path: str) -> Iterator[Wanted]:
    """poetry.lock, uv.lock, pdm.lock and pylock.toml; what lies in the repository itself is no package of others."""
    value = tomllib.loads(text)
    for package in (*value.get("package", ()), *value.get("packages", ())):
        source = {**(package.get("source") or {}), **package}
        if not OWN & source.keys():
            yield Wanted(canonicalize_name(package["name"]), str(package.get("version", "")), "PyPI", path)


def _pipfile(text: str, path: str) -> Iterator[Wanted]:
    value = json.loads(text)
    for group in ("default", "develop"):
        for name, entry in value.get(group, {}).items():
            version = str(entry.get("version", ""))
            yield Wanted(canonicalize_name(name), version.removeprefix("=="), "PyPI", path)


def _npm(text: str, path: str) -> Iterator[Wanted]:
    value = json.loads(text)
    if "packages" not in value:
        yield from _npm_old(value.get("dependencies", {}), path)
        return
    for place, entry in value["packages"].items():
        if "node_modules/" in place and not entry.get("link"):
            name = entry.get("name") or place.rpartition("node_modules/")[2]
            yield Wanted(str(name), str(entry.get("version", "")), "npm", path)


def _npm_old(packages: Mapping[str, Any], path: str) -> Iterator[Wanted]:
    for name, entry in packages.items():
        yield Wanted(str(name), str(entry.get("version", "")), "npm", path)
        yield from _npm_old(entry.get("dependencies") or {}, path)


OWN = frozenset({"editable", "virtual", "directory", "path"})
"""Where a lock file says that a package is a folder of this repository."""
PYTHON_LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")
READERS: Mapping[str, Callable[[str, str], Iterator[Wanted]]] = {
    "poetry.lock": _toml_lock,
    "uv.lock": _toml_lock,
    "pdm.lock": _toml_lock,
    "pylock.toml": _toml_lock,
    "Pipfile.lock": _pipfile,
    "package-lock.json": _npm,
    "pyproject.toml": _pyproject,
}
