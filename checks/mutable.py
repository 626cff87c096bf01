"""Which pieces of a Python file are worth a mutant, and where each stands."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from checks.syntax import last_name

_LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_MAKERS = frozenset({"TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "NamedTuple", "TypedDict"})
_TYPES = frozenset({"Literal", "Annotated", "Optional", "Union"})
_NOTES = frozenset({"help", "description", "epilog", "metavar", "doc"})
"""Keywords whose text is for people."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Place:
    hot: bool = False
    """In the body of a function."""
    first: int = 0
    last: int = 0
    """The lines of the statement around it; of a compound one its head alone."""


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, Place]]:
    """Every piece of syntax that decides what the program does, outer ones first, in the order of the text."""
    return _walk(tree.body, Place())


def _walk(nodes: Iterable[ast.AST | None], place: Place) -> Iterator[tuple[ast.AST, Place]]:
    for node in nodes:
        if node is None or _noise(node):
            continue
        here = _around(node, place) if isinstance(node, ast.stmt) else place
        yield node, here
        for below, hot in _below(node):
            yield from _walk(below, Place(here.hot or hot, here.first, here.last))


def _around(node: ast.stmt, place: Place) -> Place:
    body: Sequence[ast.stmt] = getattr(node, "body", ())
    last = max(node.lineno, body[0].lineno - 1) if body else node.end_lineno or node.lineno
    return Place(place.hot, node.lineno, last)


def _below(node: ast.AST) -> Iterator[tuple[Iterable[ast.AST | None], bool]]:
    """The nodes below that count, and whether a function's body begins with them."""
    if isinstance(node, Function):
        yield (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults), False
        yield node.body, True
    elif isinstance(node, ast.Lambda):
        yield (*node.args.defaults, *node.args.kw_defaults), False
        yield (node.body,), True
    elif isinstance(node, ast.AnnAssign):
        yield (node.value,), False
    elif isinstance(node, ast.Call) and last_name(node.func) == "cast":
        yield node.args[1:], False
    elif not isinstance(node, ast.JoinedStr | ast.Raise):  # their text is for people
        yield ast.iter_child_nodes(node), False


def _noise(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or _says_only(node.value)
    if isinstance(node, ast.Assign):
        return _only_typing(node.value) or any(
            isinstance(t, ast.Name) and t.id.startswith("__") and t.id.endswith("__") for t in node.targets
        )
    if isinstance(node, ast.keyword):
        return node.arg in _NOTES
    if isinstance(node, ast.If):
        return _not_run(node.test)
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom) or _says_only(node) or _only_typing(node)


def _only_typing(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return last_name(node.value) in _TYPES
    return isinstance(node, ast.Call) and last_name(node.func) in _MAKERS


def _says_only(node: ast.AST) -> bool:
    """A call that writes to a log or the terminal."""
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Name):
        return node.func.id == "print"
    if not isinstance(node.func, ast.Attribute) or node.func.attr not in _LOGGING:
        return False
    speaker = last_name(node.func.value).lower()
    return "log" in speaker or speaker == "warnings"


def _not_run(test: ast.expr) -> bool:
    """`if TYPE_CHECKING` and `if __name__ == "__main__"`."""
    if isinstance(test, ast.Compare):
        return last_name(test.left) == "__name__"
    return last_name(test) == "TYPE_CHECKING"
