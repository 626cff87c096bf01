"""Conditions that could hide a trap: they ask about the world around the program, or wait for one certain value.

Guards over what a function was given (`if not items`, `x is None`, `percent > 100`) are none of them. Whether one
really hides something is not decided here: see `checks/onesided.py`.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from checks.lines import added_lines
from checks.source import Edit, Source
from checks.syntax import parsed

_PURE: frozenset[str] = frozenset({
    "re", "math", "cmath", "operator", "itertools", "functools", "string", "decimal", "fractions", "collections",
    "typing", "dataclasses", "enum", "abc", "numbers", "types", "copy", "json", "textwrap", "unicodedata", "bisect",
    "heapq", "statistics", "ipaddress", "html", "struct", "contextlib", "fnmatch", "inspect", "ast", "keyword",
})  # fmt: skip
"""Modules that answer from what they are given."""
_FACTS = frozenset({"sys.version_info", "sys.platform", "sys.maxsize", "sys.byteorder", "os.name", "os.sep"})
_CONSTANT = _PURE | {"frozenset", "tuple", "TypeVar", "NamedTuple"}
_PLAIN = (0, 1, 2, -1, "", b"", None, True, False)
_OF_TIME = frozenset({"date", "datetime", "time", "calendar"})
_Place = tuple[str, str]
"""The function that a condition stands in, and its text."""
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Condition:
    path: str
    line: int
    text: str
    always: Edit
    """Makes it true whatever comes."""
    never: Edit


def trapdoors(path: str, before: str, after: str) -> tuple[Condition, ...]:
    """Those on the lines that `after` adds, in order; none when it can not be read.

    One that stood as often in the same function before is none of the change, even where its line is another now.
    """
    lines = added_lines(before, after)
    try:
        source = Source(after.encode())
    except ValueError:
        return ()
    traps = list(_traps(source.tree))
    more = Counter(place for place, _ in traps) - Counter(place for place, _ in _traps(parsed(before)))
    found = {source.span(node): node for place, node in traps if place in more and node.lineno in lines}
    return tuple(_condition(path, source, node) for _, node in sorted(found.items(), key=lambda pair: pair[0]))


def _condition(path: str, source: Source, node: ast.expr) -> Condition:
    start, end = source.span(node)
    text = " ".join(source.text[start:end].split())
    return Condition(path, node.lineno, text, Edit(start, end, "(True)"), Edit(start, end, "(False)"))


def _traps(tree: ast.Module) -> Iterator[tuple[_Place, ast.expr]]:
    world = _World(tree)
    for function, node in _within(tree):
        for asked in _asked(node):
            if world.decides(asked) or _waits(asked):
                yield (function, ast.unparse(asked)), asked


def _within(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    """Every node with the dotted name of the function or class that it stands in; empty for the module's own."""
    left: list[tuple[str, ast.AST]] = [("", tree)]
    while left:
        name, node = left.pop()
        yield name, node
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        inner = f"{name}.{node.name}" if named else name  # type: ignore[attr-defined]
        left += [(inner, below) for below in ast.iter_child_nodes(node)]


def _asked(node: ast.AST) -> Iterator[ast.expr]:
    """What of this node stands for a truth, in its smallest parts: a comparison wherever it is, or what is bare."""
    match node:
        case ast.Compare():
            yield node
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
            yield from _bare(test)
        case ast.comprehension(ifs=tests) | ast.BoolOp(values=tests):
            for test in tests:
                yield from _bare(test)
        case ast.match_case(guard=ast.expr() as guard):
            yield from _bare(guard)


def _bare(test: ast.expr) -> Iterator[ast.expr]:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _bare(test.operand)
    elif not isinstance(test, ast.BoolOp | ast.Compare | ast.Constant):
        yield test


def _waits(node: ast.expr) -> bool:
    """It is true for one value, or for a few of them."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    exact = any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops)
    return exact and any(_certain(side) for side in sides) and not any(_signs(side) for side in sides)


def _signs(node: ast.expr) -> bool:
    """A set of marks such as `",;:!?"`: a kind of character, not a certain value."""
    match node:
        case ast.Constant(value=str(text)):
            return not any(character.isalnum() for character in text)
    return False


def _certain(node: ast.expr) -> bool:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    values = value if isinstance(value, tuple | list | set | frozenset) else (value,)
    return any(not any(type(one) is type(plain) and one == plain for plain in _PLAIN) for one in values)


class _World:
    """Which names of a file stand for something beyond what its functions are given."""

    def __init__(self, tree: ast.Module) -> None:
        self.outside = set(_imported(tree))
        self.outside |= {name for node in tree.body for name in _kept(node)}
        for function in (node for node in ast.walk(tree) if isinstance(node, _Function)):
            self.outside |= {name.arg for name, value in _defaults(function) if self.decides(value)}
        for _ in range(3):  # what is made of it, in a few steps
            self.outside |= {n for node in ast.walk(tree) for n, value in _given(node) if self.decides(value)}

    def decides(self, node: ast.AST) -> bool:
        return any(self._is_outside(one) for one in ast.walk(node))

    def _is_outside(self, node: ast.AST) -> bool:
        match node:
            case ast.Attribute() if ast.unparse(node) in _FACTS:
                return False
            case ast.Call(func=ast.Name(id="open" | "input" | "id" | "globals" | "vars" | "__import__")):
                return True
            case ast.Call(func=function) | ast.Subscript(value=function):
                return _root(function) in self.outside
            case ast.Name(id=name):
                return name in self.outside and name not in sys.stdlib_module_names and name not in _OF_TIME
        return False


def _root(node: ast.expr) -> str:
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _imported(tree: ast.Module) -> Iterator[str]:
    """Names from modules of the standard library that look at the world: clocks, files, users, chance."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((a.asname or a.name).split(".")[0] for a in names if _looks_out(a.name))
            case ast.ImportFrom(module=str(module), level=0, names=names) if _looks_out(module):
                yield from (a.asname or a.name for a in names)


def _looks_out(module: str) -> bool:
    top = module.split(".")[0]
    return top in sys.stdlib_module_names and top not in _PURE


def _kept(node: ast.stmt) -> Iterator[str]:
    """What a module keeps between calls: anything made by a call, a list, a dictionary."""
    for name, value in _given(node):
        if _grows(value) or (isinstance(value, ast.Call) and _root(value) not in _CONSTANT):
            yield name


def _grows(value: ast.expr) -> bool:
    """Begun empty; a table that is written out is read only, mostly."""
    if isinstance(value, ast.List | ast.Dict | ast.Set):
        return not (getattr(value, "elts", None) or getattr(value, "keys", None))
    return isinstance(value, ast.ListComp | ast.DictComp)


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from ((n.id, value) for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield from ((n.id, value) for n in ast.walk(target) if isinstance(n, ast.Name))
        case ast.withitem(context_expr=value, optional_vars=ast.Name(id=name)):
            yield name, value


def _defaults(function: _Function) -> Iterator[tuple[ast.arg, ast.expr]]:
    arguments = function.args
    given = [*arguments.posonlyargs, *arguments.args]
    if arguments.defaults:
        yield from zip(given[-len(arguments.defaults) :], arguments.defaults, strict=True)
    yield from ((arg, value) for arg, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if value)
