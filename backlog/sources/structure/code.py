"""The repository's own Python files as the rules see them: what each imports, and the functions it has."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from backlog.source import View
from backlog.sources.intricate import branches, defined, parsed
from backlog.sources.paths import is_test
from backlog.sources.structure.imports import Import, imports
from backlog.sources.structure.modules import Modules
from backlog.sources.structure.wiring import Wires, Wiring
from backlog.sources.text import decoded, showable, unreadable


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    """With the names of its classes around it."""
    line: int
    end: int
    branches: int

    @property
    def lines(self) -> int:
        return self.end - self.line + 1


@dataclass(frozen=True, slots=True)
class File:
    imports: Sequence[Import]
    functions: Sequence[Function]
    by_hand: bool
    """No program wrote it."""

    @property
    def branches(self) -> int:
        return sum(function.branches for function in self.functions)


@dataclass(frozen=True)
class Code:
    """Without tests and other people's code."""

    files: Mapping[str, File]
    broken: tuple[str, ...] = ()
    """Paths of what can not be parsed."""
    unread: int = 0
    """Files that there was no time for."""

    @cached_property
    def wiring(self) -> Wiring:
        # Also what can not be parsed is a module: a name must not lead to another file for it.
        names = Modules.of((*self.files, *self.broken))
        return Wiring(names, {path: file.imports for path, file in self.files.items()})

    @cached_property
    def loading(self) -> Wires:
        return self.wiring.wires(loading=True)

    @cached_property
    def ever(self) -> Wires:
        return self.wiring.wires(loading=False)


def read_code(view: View, foreign: Callable[[str], bool], seconds: float, tick: Callable[[], float]) -> Code:
    """As much as can be read in so many seconds."""
    end = tick() + seconds
    paths = sorted(path for path in view.files if _counts(path, view) and not foreign(path))
    files: dict[str, File] = {}
    broken: list[str] = []
    for number, path in enumerate(paths):
        if tick() >= end:
            return Code(files, tuple(broken), len(paths) - number)
        file = read_file(view.read(path))
        if file is None:
            broken.append(path)
        else:
            files[path] = file
    return Code(files, tuple(broken))


def _counts(path: str, view: View) -> bool:
    """A name with braces is a template's: what comes of it is a file, not it."""
    return (
        path.endswith(".py") and view.files[path].is_file and not is_test(path) and showable(path) and "{" not in path
    )


def read_file(data: bytes) -> File | None:
    """None when it can not be parsed, or is nested deeper than can be followed."""
    tree = parsed(data)
    if tree is None:
        return None
    try:
        return File(imports(tree), _functions(tree), unreadable(data, decoded(data) or "") is None)
    except RecursionError:
        return None


def _functions(tree: ast.Module) -> tuple[Function, ...]:
    return tuple(
        Function(name, node.lineno, node.end_lineno or node.lineno, branches(node)) for name, node in defined(tree)
    )
