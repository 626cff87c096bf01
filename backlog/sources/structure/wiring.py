"""From what files import to what depends on what: edges between the repository's own files.

What a module takes from the `__init__.py` of a package that it is in leads to the module that this was taken from, and
nowhere when the `__init__.py` made it itself: that file is being loaded already, and says itself in which order.
Anybody else who imports from a package depends on its `__init__.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backlog.sources.structure.imports import Import
from backlog.sources.structure.modules import Modules

DEEPEST = 10
"""Packages through which a name is followed."""

Wires = Mapping[str, Mapping[str, int]]
"""For each file the files that it imports, each with the line of the first such import."""


@dataclass(frozen=True, slots=True)
class Wiring:
    modules: Modules
    imports: Mapping[str, Sequence[Import]]

    def wires(self, *, loading: bool) -> Wires:
        """With `loading`, only what is imported while a file is loaded."""
        return {path: self._from(path, loading) for path in sorted(self.imports)}

    def _from(self, path: str, loading: bool) -> dict[str, int]:
        lines: dict[str, int] = {}
        for one in self.imports[path]:
            if one.loading or not loading:
                for target in self._targets(path, one, 0):
                    if target != path:
                        lines.setdefault(target, one.line)
        return lines

    def _targets(self, path: str, one: Import, depth: int) -> Iterator[str]:
        module = self._module(path, one, one.module)
        part = self._module(path, one, f"{one.module}.{one.name}".strip(".")) if one.name not in ("", "*") else None
        if part is not None and (module is None or self.modules.is_package(module)):
            yield part
        elif module is not None and not self.modules.above(path, module):
            yield module
        elif module is not None and one.name and depth < DEEPEST:
            yield from self._taken_from(module, one.name, depth)

    def _taken_from(self, package: str, name: str, depth: int) -> Iterator[str]:
        """Where the package's own file took the name from, at its last import of it."""
        known = [one for one in self.imports.get(package, ()) if one.loading and one.bound == name and one.name]
        if known:
            yield from self._targets(package, known[-1], depth + 1)

    def _module(self, path: str, one: Import, name: str) -> str | None:
        if one.level:
            return self.modules.relative(path, one.level, name)
        return self.modules.absolute(path, name) if name else None
