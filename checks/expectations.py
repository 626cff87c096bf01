"""What a test expects, made wrong: a test whose comparisons compare must fail then."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from checks.mutations import other
from checks.source import Edit, Source
from checks.syntax import last_name

_EQUAL = frozenset(
    {"assertEqual", "assertEquals", "assertListEqual", "assertTupleEqual", "assertDictEqual", "assertSetEqual",
     "assertMultiLineEqual", "assertSequenceEqual", "assertCountEqual"}
)  # fmt: skip
_FORGIVING = frozenset({"raises", "suppress", "assertRaises", "assertRaisesRegex"})
_NOTHING = "object()"
"""Equal to itself alone."""

_CONDITIONAL = (ast.If, ast.IfExp, ast.While, ast.ExceptHandler, ast.Match)
_APART = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Perturbed:
    """One file's tests with all their expectations changed."""

    edits: tuple[Edit, ...]
    names: tuple[str, ...]
    """The tests (`Class::test`) that have some which do not hang on a condition: these must notice."""


@dataclass(frozen=True, slots=True)
class _Expected:
    edit: Edit
    always: bool


def perturbed(data: bytes, wanted: Collection[str]) -> Perturbed:
    """`wanted` are names within the file: `test`, `Class` or `Class::test`; empty is every test.

    What is compared by `==` or `is` with something written in the test is given another value. A comparison
    that may fail unnoticed (in `with raises`, under `not` or `or`) is left alone.
    """
    try:
        source = Source(data)
    except ValueError:
        return Perturbed((), ())
    found = {
        name: tuple(e for statement in function.body for e in _expected(source, statement))
        for name, function in _functions(source.tree.body, "")
        if _is_wanted(name, wanted)
    }
    edits = tuple(expected.edit for each in found.values() for expected in each)
    return Perturbed(edits, tuple(name for name, each in found.items() if any(e.always for e in each)))


def _functions(body: Sequence[ast.stmt], prefix: str) -> Iterator[tuple[str, Function]]:
    """The last of those with the same name: only that one is a test."""
    found: dict[str, Function | ast.ClassDef] = {}
    for node in body:
        if isinstance(node, Function | ast.ClassDef):
            found[node.name] = node
    for name, node in found.items():
        if isinstance(node, ast.ClassDef):
            yield from _functions(node.body, f"{prefix}{name}::")
        else:
            yield f"{prefix}{name}", node


def _is_wanted(name: str, wanted: Collection[str]) -> bool:
    if not wanted:
        return name.rpartition("::")[2].startswith("test")
    return any(name == one or name.startswith(f"{one}::") for one in wanted)


def _expected(source: Source, node: ast.AST, always: bool = True) -> Iterator[_Expected]:
    if isinstance(node, ast.Assert):
        yield from (_Expected(edit, always) for edit in _asserted(source, node.test))
    elif isinstance(node, ast.Call) and last_name(node) in _EQUAL and len(node.args) >= 2:
        yield _Expected(_side(source, node.args[0], node.args[1]), always)
    elif not isinstance(node, _APART) and not _forgives(node):
        for below in ast.iter_child_nodes(node):
            yield from _expected(source, below, always and not isinstance(node, _CONDITIONAL))


def _asserted(source: Source, test: ast.expr) -> Iterator[Edit]:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        for value in test.values:
            yield from _asserted(source, value)
    elif isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq | ast.Is):
        yield _side(source, test.left, test.comparators[0])


def _side(source: Source, left: ast.expr, right: ast.expr) -> Edit:
    """The side that is written out, else the right one."""
    return _wrong(source, right) or _wrong(source, left) or Edit(*source.span(right), _NOTHING)


def _wrong(source: Source, node: ast.expr) -> Edit | None:
    """Another value for a literal: one element of it, if it has any. None for anything else."""
    if isinstance(node, ast.Constant):
        return Edit(*source.span(node), other(node.value) or _NOTHING)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return _wrong(source, node.operand)
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _element(source, node, node.elts)
    return _element(source, node, node.values) if isinstance(node, ast.Dict) else None


def _element(source: Source, node: ast.expr, elements: Sequence[ast.expr]) -> Edit | None:
    if not elements:
        return Edit(*source.span(node), _NOTHING)
    return next((e for e in (_wrong(source, element) for element in elements) if e is not None), None)


def _forgives(node: ast.AST) -> bool:
    if not isinstance(node, ast.With | ast.AsyncWith):
        return False
    return any(isinstance(i.context_expr, ast.Call) and last_name(i.context_expr) in _FORGIVING for i in node.items)
