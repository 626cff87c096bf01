"""Single edits of a function that change what it does, in the source's own spelling."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

OPERATORS: Mapping[type[ast.AST], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "//"),
    ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Edit:
    """Replace `old` by `new` at a place of the source, as an offset in characters."""

    at: int
    old: str
    new: str

    def applied(self, source: str) -> str:
        """Raises ValueError when the source is another one."""
        if not source.startswith(self.old, self.at):
            raise ValueError(f"there is no {self.old!r} at {self.at}: the source is another version")
        return source[: self.at] + self.new + source[self.at + len(self.old) :]


def edits(source: str) -> list[Edit]:
    """Every single edit of the functions in `source`, in the order of their places. Raises SyntaxError."""
    starts = _line_starts(source)
    found = {edit for node in ast.walk(ast.parse(source)) for edit in _of(node, source, starts)}
    return sorted(found)


def _of(node: ast.AST, source: str, starts: list[int]) -> Iterator[Edit]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(node.left, node.ops[0], node.comparators[0], source, starts)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        left, right = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
        yield from _between(left, node.op, right, source, starts)
    if isinstance(node, ast.BoolOp):
        yield from _between(node.values[0], node.op, node.values[1], source, starts)
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield Edit(starts[node.lineno - 1] + node.col_offset, str(node.value), _other(node.value))


def _other(value: int) -> str:
    return str(not value) if isinstance(value, bool) else str(value + 1)


def _between(left: ast.expr, op: ast.AST, right: ast.expr, source: str, starts: list[int]) -> Iterator[Edit]:
    """The operator between two operands, replaced. Sources are ASCII, so columns are characters."""
    old, new = OPERATORS.get(type(op), ("", ""))
    assert left.end_lineno is not None
    assert left.end_col_offset is not None
    after = starts[left.end_lineno - 1] + left.end_col_offset
    before = starts[right.lineno - 1] + right.col_offset
    at = source.find(old, after, before) if old else -1
    if at >= 0:
        yield Edit(at, old, new)


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts
