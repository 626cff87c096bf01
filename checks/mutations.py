"""The small wrong things a mutant does to one piece of syntax: mostly other values, seldom a mere crash."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from checks.source import Edit, Source, Token
from checks.syntax import last_name

_FLIPPED = {
    "<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
_BOUNDARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_ARITHMETIC = {
    "+": "-", "-": "+", "*": "/", "/": "*", "//": "/", "%": "*", "**": "*",
    "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&", "@": "*",
}  # fmt: skip
_KEPT_DECORATORS = frozenset({"overload", "override", "abstractmethod", "cache", "lru_cache", "wraps", "final"})


@dataclass(frozen=True, slots=True)
class Mutation:
    """One edit; `node` is the piece of syntax that shows it to a person."""

    operator: str
    edit: Edit
    node: ast.AST


def mutations(source: Source, node: ast.AST) -> Iterator[Mutation]:
    """What can be done to this node itself, not to those below it. The telling ones come first."""
    for kind, make in _MAKERS:
        if isinstance(node, kind):
            yield from make(source, node)


def _replaced(source: Source, operator: str, node: ast.AST, text: str, shown: ast.AST | None = None) -> Mutation:
    return Mutation(operator, Edit(*source.span(node), text), shown or node)


def _sign(source: Source, left: ast.AST, right: ast.AST) -> tuple[str, Edit]:
    """The operator written between two operands, and the edit that would take it away."""
    tokens: list[Token] = list(source.between(source.span(left)[1], source.span(right)[0]))
    return " ".join(t.text for t in tokens), Edit(tokens[0].start, tokens[-1].end, "")


def _swapped(source: Source, operator: str, node: ast.AST, sign: Edit, text: str) -> Mutation:
    return Mutation(operator, Edit(sign.start, sign.end, text), node)


def _compare(source: Source, node: ast.Compare) -> Iterator[Mutation]:
    operands = [node.left, *node.comparators]
    for left, right in pairwise(operands):
        text, sign = _sign(source, left, right)
        yield _swapped(source, "comparison", node, sign, _FLIPPED[text])
        if text in _BOUNDARY:
            yield _swapped(source, "boundary", node, sign, _BOUNDARY[text])


def _arithmetic(source: Source, node: ast.BinOp) -> Iterator[Mutation]:
    text, sign = _sign(source, node.left, node.right)
    if not _no_number(node):
        yield _swapped(source, "arithmetic", node, sign, _ARITHMETIC[text])


def _augmented(source: Source, node: ast.AugAssign) -> Iterator[Mutation]:
    text, sign = _sign(source, node.target, node.value)
    if not _no_number(node.value):
        yield _swapped(source, "arithmetic", node, sign, _ARITHMETIC[text[:-1]] + "=")


def _boolean(source: Source, node: ast.BoolOp) -> Iterator[Mutation]:
    for left, right in pairwise(node.values):
        text, sign = _sign(source, left, right)
        yield _swapped(source, "boolean", node, sign, "or" if text == "and" else "and")


def _negation(source: Source, node: ast.UnaryOp) -> Iterator[Mutation]:
    start = source.span(node)[0]
    if isinstance(node.op, ast.Not):
        yield Mutation("negation", Edit(start, start + len("not"), ""), node)
    elif isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield Mutation("negation", Edit(start, start + len("-"), ""), node)


def _constant(source: Source, node: ast.Constant) -> Iterator[Mutation]:
    text = other(node.value)
    if text:
        yield _replaced(source, "constant", node, text)


def other(value: object) -> str:
    """The source of another value of the same kind; empty when there is none."""
    if isinstance(value, bool):
        return repr(not value)
    if isinstance(value, str):
        return repr(value + "x")
    if isinstance(value, bytes):
        return repr(value + b"x")
    if isinstance(value, int):
        return str(value + 1)
    if isinstance(value, float):
        return repr(value + 1 if value + 1 != value else value / 2)
    return ""


def _formatted(source: Source, node: ast.JoinedStr) -> Iterator[Mutation]:
    yield _replaced(source, "text", node, '""')


def _returned(source: Source, node: ast.Return) -> Iterator[Mutation]:
    if node.value is None:
        return
    if not isinstance(node.value, ast.Constant):
        yield _replaced(source, "return", node.value, "None", node)
    elif node.value.value is None:
        yield _replaced(source, "return", node.value, "object()", node)


def _yielded(source: Source, node: ast.Yield) -> Iterator[Mutation]:
    if node.value is not None and not isinstance(node.value, ast.Constant):
        yield _replaced(source, "return", node.value, "None", node)


def _statement(source: Source, node: ast.Expr) -> Iterator[Mutation]:
    if isinstance(node.value, ast.Call):
        yield _replaced(source, "call dropped", node, "pass")


def _condition(source: Source, node: ast.If | ast.IfExp) -> Iterator[Mutation]:
    if not isinstance(node.test, ast.Constant):
        yield _replaced(source, "condition", node.test, "(False)")
        yield _replaced(source, "condition", node.test, "(True)")


def _loop(source: Source, node: ast.While) -> Iterator[Mutation]:
    if not isinstance(node.test, ast.Constant):
        yield _replaced(source, "condition", node.test, "(False)")


def _filter(source: Source, node: ast.comprehension) -> Iterator[Mutation]:
    for test in node.ifs:
        yield _replaced(source, "condition", test, "(True)")


def _slice(source: Source, node: ast.Slice) -> Iterator[Mutation]:
    for bound in (node.lower, node.upper):
        if bound is not None and not isinstance(bound, ast.Constant | ast.UnaryOp):
            yield _replaced(source, "slice", bound, f"({source.shown(bound)}) + 1", node)


def _raised(source: Source, node: ast.Raise) -> Iterator[Mutation]:
    yield _replaced(source, "raise dropped", node, "pass")
    kind = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if isinstance(kind, ast.Name) and kind.id[:1].isupper():
        yield _replaced(source, "exception", kind, "RuntimeError" if kind.id != "RuntimeError" else "KeyError", node)


def _jump(source: Source, node: ast.Break | ast.Continue) -> Iterator[Mutation]:
    yield _replaced(source, "jump", node, "continue" if isinstance(node, ast.Break) else "break")


def _assigned(source: Source, node: ast.Assign | ast.AnnAssign) -> Iterator[Mutation]:
    if isinstance(node.value, ast.Call | ast.Name | ast.Attribute | ast.Subscript | ast.Await):
        yield _replaced(source, "value", node.value, "None", node)


def _decorated(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Iterator[Mutation]:
    for decorator in node.decorator_list:
        if last_name(decorator) not in _KEPT_DECORATORS:
            start, end = source.span(decorator)
            at = source.text.rindex("@", 0, start)
            yield Mutation("decorator", Edit(at, end, ""), decorator)


def _no_number(node: ast.AST) -> bool:
    """Text or a list: another sign would only crash, which a test that checks nothing notices too."""
    if isinstance(node, ast.BinOp):
        return _no_number(node.left) or _no_number(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str | bytes)
    return isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp)


_MAKERS: tuple[tuple[Any, Callable[[Source, Any], Iterator[Mutation]]], ...] = (
    (ast.Compare, _compare),
    (ast.BinOp, _arithmetic),
    (ast.AugAssign, _augmented),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _negation),
    (ast.Return, _returned),
    (ast.Yield, _yielded),
    ((ast.If, ast.IfExp), _condition),
    (ast.While, _loop),
    (ast.comprehension, _filter),
    (ast.Constant, _constant),
    (ast.JoinedStr, _formatted),
    (ast.Slice, _slice),
    (ast.Raise, _raised),
    (ast.Expr, _statement),
    ((ast.Break, ast.Continue), _jump),
    ((ast.Assign, ast.AnnAssign), _assigned),
    ((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), _decorated),
)
