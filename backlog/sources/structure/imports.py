"""What a Python file imports, and which of it while it is loaded: a circle of such imports can fail.

Imports in functions wait until they are called, those under `if TYPE_CHECKING:` are never carried out, and those
under `if __name__ == "__main__":` only in a program.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

FOR_CHECKERS = re.compile(r"TYPE_?CHECK|MYPY|TYPING")
"""In names of what is true for type checkers alone: also the repository's own, such as MYPY_CHECK_RUNNING."""


@dataclass(frozen=True, slots=True)
class Import:
    module: str
    """As it is written; empty in `from . import a`."""
    level: int
    """Dots in front of it."""
    name: str
    """What is taken from the module: empty for `import module`, `*` for all."""
    bound: str
    """How it is called here."""
    line: int
    loading: bool
    """It is carried out while the file is loaded."""


def imports(tree: ast.Module) -> tuple[Import, ...]:
    return tuple(_within(tree.body, True))


def _within(body: Iterable[ast.AST], loading: bool) -> Iterator[Import]:
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from _named(node, loading)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _within(ast.iter_child_nodes(node), False)
        elif isinstance(node, ast.If):
            then, otherwise = _carried_out(node.test)
            yield from _within(node.body, loading and then)
            yield from _within(node.orelse, loading and otherwise)
        elif not isinstance(node, ast.expr):
            yield from _within(ast.iter_child_nodes(node), loading)


def _named(node: ast.Import | ast.ImportFrom, loading: bool) -> Iterator[Import]:
    for alias in node.names:
        if isinstance(node, ast.Import):
            yield Import(alias.name, 0, "", alias.asname or "", node.lineno, loading)
        else:
            bound = alias.asname or alias.name
            yield Import(node.module or "", node.level, alias.name, bound, node.lineno, loading)


def _carried_out(test: ast.expr) -> tuple[bool, bool]:
    """Whether the body of such an `if`, and its `else`, may run when the file is loaded as a module."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        then, otherwise = _carried_out(test.operand)
        return otherwise, then
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return all(_carried_out(value)[0] for value in test.values), True
    return not (_is_checking(test) or _is_program(test)), True


def _is_checking(test: ast.expr) -> bool:
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return bool(FOR_CHECKERS.search(name)) or (isinstance(test, ast.Constant) and not test.value)


def _is_program(test: ast.expr) -> bool:
    """`__name__ == "__main__"`, whichever comes first."""
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq):
        return False
    sides: Sequence[ast.expr] = (test.left, *test.comparators)
    return {s.value for s in sides if isinstance(s, ast.Constant)} == {"__main__"}
