"""Which file a Python import means: the repository's own modules, by their names and where they lie.

A name is looked up beside the importing file first: in the folder above its outermost package. Elsewhere it must be
told by one file alone, and be in a package, or in the repository's root or `src`. Names of the standard library are
its own, unless the repository has a package of that name beside the importing file. What is not sure leads nowhere.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

INIT = "__init__.py"
SOURCES = ("", "src")
"""Folders from which packages without an `__init__.py` are named."""


@dataclass(frozen=True, slots=True)
class Modules:
    paths: frozenset[str]
    _beside: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """For each root the modules in it, by dotted name."""
    _anywhere: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, paths: Collection[str]) -> Modules:
        made = cls(frozenset(paths))
        for path in sorted(made.paths):
            root, name = made.root(path), made.name(path)
            made._beside[root][name] = path
            if root in SOURCES or "." in name or path.endswith(f"/{INIT}"):
                made._anywhere[name].add(path)
            for source in SOURCES:
                if named := _dotted(path, source):
                    made._anywhere[named].add(path)
        return made

    def root(self, path: str) -> str:
        """The folder above the outermost package that the file is in."""
        folder = _folder(path)
        while f"{folder}/{INIT}" in self.paths:
            folder = _folder(folder)
        return folder

    def name(self, path: str) -> str:
        return _dotted(path, self.root(path))

    def is_package(self, path: str) -> bool:
        return path == INIT or path.endswith(f"/{INIT}")

    def above(self, path: str, package: str) -> bool:
        """`package` is the `__init__.py` of a package that the file is in."""
        return self.is_package(package) and path.startswith(package.removesuffix(INIT))

    def absolute(self, importer: str, name: str) -> str | None:
        """The file of the module, or None: other people's, or not sure."""
        beside = self._beside.get(self.root(importer), {})
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names and not self.is_package(beside.get(top, "")):
            return None
        if name in beside:
            return beside[name]
        found = self._anywhere.get(name, set())
        return next(iter(found)) if len(found) == 1 else None

    def relative(self, importer: str, level: int, name: str) -> str | None:
        """`from ..name import` has the level 2."""
        folder = _folder(importer)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = _folder(folder)
        place = "/".join(part for part in (folder, *name.split(".")) if part)
        return next((p for p in _files(place) if p in self.paths), None)


def _files(place: str) -> Iterator[str]:
    yield f"{place}/{INIT}" if place else INIT
    yield f"{place}.py"


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _dotted(path: str, root: str) -> str:
    """`pkg.a` for `src/pkg/a.py` in `src`; empty where the file is not in the root or no import can name it."""
    if root and not path.startswith(f"{root}/"):
        return ""
    parts = path[len(root) + 1 if root else 0 :].removesuffix(".py").split("/")
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) if parts and all(part.isidentifier() for part in parts) else ""
