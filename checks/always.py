"""Objects that compare as a test would like them to."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.folding import folded
from checks.suspicion import Severity

Seen = tuple[ast.AST, str, str, Severity]
"""Where, its code, what it does, and how bad that is."""

_CODE = "always_equal"
_COMPARING = frozenset({"__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__contains__", "__bool__"})
_MORE = frozenset({"__instancecheck__", "__subclasscheck__"})
_PLAIN = frozenset({"int", "str", "bytes", "float", "complex", "bool", "list", "tuple", "dict", "set", "frozenset"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def always(module: ast.Module) -> Iterator[Seen]:
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            yield from _class(node)
        elif isinstance(node, ast.Assign):
            yield from _given(node)


def _class(owner: ast.ClassDef) -> Iterator[Seen]:
    for node in owner.body:
        if isinstance(node, _Function) and node.name in _COMPARING | _MORE:
            yield from _method(owner, node)
    plain = [base.id for base in owner.bases if isinstance(base, ast.Name) and base.id in _PLAIN]
    for node in owner.body:
        if plain and isinstance(node, _Function) and node.name in ("__eq__", "__ne__"):
            yield node, _CODE, f"gives a kind of {plain[0]} an {node.name} of its own", "ask"


def _given(node: ast.Assign) -> Iterator[Seen]:
    """`__eq__ = lambda self, other: True`, in a class or put into one from outside."""
    for target in node.targets:
        name = target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")
        if name in _COMPARING | _MORE and isinstance(node.value, ast.Lambda):
            yield from _verdict(node, name, {_constant(node.value.body)})


def _method(owner: ast.ClassDef, function: _Function) -> Iterator[Seen]:
    results = {_constant(node.value) for node in ast.walk(function) if isinstance(node, ast.Return)}
    if results and None not in results:
        yield from _verdict(function, function.name, results)
    elif function.name in ("__eq__", "__ne__") and not _looks_at_itself(owner, function):
        yield function, _CODE, f"has an {function.name} that does not look at its own object", "ask"


def _verdict(node: ast.AST, name: str, results: set[bool | None]) -> Iterator[Seen]:
    if len(results) > 1 or None in results or (name == "__bool__" and results == {False}):  # an empty sentinel
        return
    (said,) = results
    equal = (name, said) in (("__eq__", True), ("__ne__", False))
    yield node, _CODE, f"has a {name} that always says {said}", "refuse" if equal else "ask"


def _constant(value: ast.expr | None) -> bool | None:
    """What it is as a truth, whatever the object; None when that depends."""
    match value:
        case ast.Constant(value=one):
            return bool(one)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _constant(operand)
            return None if inner is None else not inner
        case ast.BoolOp(op=ast.Or(), values=values) if any(_constant(one) for one in values):
            return True
        case ast.BoolOp(op=ast.And(), values=values) if any(_constant(one) is False for one in values):
            return False
        case ast.Call(func=ast.Name(id="bool"), args=[one]):
            return _constant(one)
        case ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[right]):
            return True if ast.dump(left) == ast.dump(right) else None
    known = None if value is None else folded(value)
    return None if known is None else bool(known)


def _looks_at_itself(owner: ast.ClassDef, function: _Function) -> bool:
    """It names its first argument, or its own class."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    itself = {owner.name, "super", *(argument.arg for argument in arguments[:1])}
    return any(isinstance(node, ast.Name) and node.id in itself for node in ast.walk(function))
