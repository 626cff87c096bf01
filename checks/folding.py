"""The value an expression surely has: a literal, or literals put together, turned round or decoded."""

from __future__ import annotations

import ast
import base64
import binascii
import codecs
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

_MOST = 4096
"""Longer texts are not followed: no name is that long."""
_KINDS = (str, bytes, int, tuple)
_METHODS = frozenset({
    "join", "replace", "lower", "upper", "strip", "lstrip", "rstrip", "format", "encode", "decode", "removeprefix",
    "removesuffix", "title", "swapcase", "casefold", "capitalize", "split", "translate", "hex",
})  # fmt: skip
_WIDE = re.compile(r"\d{4}")
"""In a format: a width that would make a long text out of a short one."""
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mod: operator.mod, ast.BitXor: operator.xor,
    ast.BitOr: operator.or_, ast.BitAnd: operator.and_,
}  # fmt: skip


class _Unknown(Exception):
    """It has no value that is sure."""


def _bytes(value: Any, *coding: str) -> bytes:
    if isinstance(value, int):  # so many zeros
        raise _Unknown
    return bytes(value, *coding)


def _decoded(value: Any, coding: str) -> Any:
    """Codings of letters alone: others unpack a little into much."""
    if coding.replace("-", "_") not in ("rot13", "rot_13", "hex", "base64", "utf_8", "utf8", "ascii", "latin_1"):
        raise _Unknown
    return codecs.decode(value, coding)


_CALLS: dict[str, Callable[..., Any]] = {
    "chr": chr, "ord": ord, "str": str, "int": int, "bytes": _bytes, "bytearray": _bytes,
    "reversed": lambda some: tuple(reversed(some)), "list": tuple, "tuple": tuple,
    "map(chr)": lambda some: tuple(map(chr, some)),
    "bytes.fromhex": bytes.fromhex, "bytearray.fromhex": bytes.fromhex,
    "base64.b64decode": base64.b64decode, "base64.urlsafe_b64decode": base64.urlsafe_b64decode,
    "base64.standard_b64decode": base64.standard_b64decode, "base64.b32decode": base64.b32decode,
    "base64.b16decode": base64.b16decode, "base64.b85decode": base64.b85decode, "base64.a85decode": base64.a85decode,
    "binascii.unhexlify": binascii.unhexlify, "binascii.a2b_hex": binascii.unhexlify,
    "binascii.a2b_base64": binascii.a2b_base64, "codecs.decode": _decoded, "codecs.encode": _decoded,
}  # fmt: skip
_SHORT = {name.rpartition(".")[2]: call for name, call in _CALLS.items() if "." in name}


def folded(node: ast.expr, known: Mapping[str, Any] | None = None) -> Any:
    """A text, bytes, a number or a tuple of these; None when it is not sure. `known` are values of names."""
    try:
        return _kept(_value(node, known or {}))
    except _Unknown:
        return None
    except RecursionError:
        raise
    except Exception:  # a value that Python itself would refuse: no value
        return None


def _kept(value: Any) -> Any:
    value = tuple(value) if isinstance(value, list) else value
    if not isinstance(value, _KINDS) or (not isinstance(value, int) and len(value) > _MOST):
        raise _Unknown
    return value


def _value(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=value):
            return _kept(value)
        case ast.Name(id=name) if name in known:
            return known[name]
        case ast.List(elts=elts) | ast.Tuple(elts=elts):
            return tuple(_value(one, known) for one in elts)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _kept(_OPERATORS[type(op)](_narrow(_value(left, known)), _value(right, known)))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, known)
        case ast.JoinedStr(values=values):
            return _kept("".join(_shown(value, known) for value in values))
    return _derived(node, known)


def _narrow(value: Any) -> Any:
    if isinstance(value, str) and "%" in value and _WIDE.search(value):
        raise _Unknown
    return value


def _derived(node: ast.expr, known: Mapping[str, Any]) -> Any:
    match node:
        case ast.Subscript(value=value, slice=ast.Slice() as cut):
            ends = (None if end is None else _value(end, known) for end in (cut.lower, cut.upper, cut.step))
            return _value(value, known)[slice(*ends)]
        case ast.Subscript(value=value, slice=key):
            return _value(value, known)[_value(key, known)]
        case ast.ListComp(elt=elt, generators=[one]) | ast.GeneratorExp(elt=elt, generators=[one]):
            return _comprehended(elt, one, known)
        case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args) if name in _METHODS:
            return _kept(_method(owner, name, args, known))
        case ast.Call(func=function, args=args):
            return _kept(_called(function, args, known))
    raise _Unknown


def _shown(value: ast.expr, known: Mapping[str, Any]) -> str:
    if isinstance(value, ast.FormattedValue):
        if value.format_spec is not None or value.conversion not in (-1, 115):
            raise _Unknown
        return str(_value(value.value, known))
    return str(_value(value, known))


def _comprehended(elt: ast.expr, one: ast.comprehension, known: Mapping[str, Any]) -> Any:
    inner = any(isinstance(node, ast.ListComp | ast.GeneratorExp) for node in ast.walk(elt))
    if one.ifs or inner or not isinstance(one.target, ast.Name):
        raise _Unknown
    return tuple(_value(elt, {**known, one.target.id: item}) for item in _value(one.iter, known))


def _method(owner: ast.expr, name: str, args: list[ast.expr], known: Mapping[str, Any]) -> Any:
    """A method of a text, or a function of a module that is called the same (`codecs.decode`)."""
    values = [_value(argument, known) for argument in args]
    try:
        target = _value(owner, known)
    except _Unknown:
        return _CALLS[ast.unparse(owner) + f".{name}"](*values)
    if name == "format" and _WIDE.search(str(target)):
        raise _Unknown
    return getattr(target, name)(*values)


def _called(function: ast.expr, args: list[ast.expr], known: Mapping[str, Any]) -> Any:
    name = ast.unparse(function) if isinstance(function, (ast.Name, ast.Attribute)) else ""
    if name == "map" and args and isinstance(args[0], ast.Name):
        name, args = f"map({args[0].id})", args[1:]
    call = _CALLS.get(name) or _SHORT.get(name.rpartition(".")[2])
    if call is None:
        raise _Unknown
    return call(*(_value(argument, known) for argument in args))


def constants(module: ast.Module) -> dict[str, Any]:
    """Names that are given one sure value in the whole file, wherever that is."""
    given: dict[str, list[Any]] = {}
    for _ in range(2):  # a constant made of constants
        known = {name: values[0] for name, values in given.items() if len(values) == 1}
        given = {}
        for node in ast.walk(module):
            for name, value in _assigned(node):
                given.setdefault(name, []).append(None if value is None else folded(value, known))
    return {name: values[0] for name, values in given.items() if len(values) == 1 and values[0] is not None}


def _assigned(node: ast.AST) -> list[tuple[str, ast.expr | None]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return [(name, value)]
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            return [(name, value)]
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            return [(name, value)]
        case ast.AugAssign(target=ast.Name(id=name)) | ast.For(target=ast.Name(id=name)) | ast.arg(arg=name):
            return [(name, None)]
    return []
