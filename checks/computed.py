"""Code whose text nobody can read in the change: names of modules put together, code made of data."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from checks.always import Seen
from checks.folding import folded
from checks.meaning import Names

_CODE = "hidden_code"
_IMPORTS = frozenset({"importlib.import_module", "__import__", "builtins.__import__"})
_LOADS = frozenset({"marshal.loads", "marshal.load", "types.CodeType", "types.FunctionType"})
_RUNS = frozenset({"exec", "eval", "builtins.exec", "builtins.eval"})


def computed(module: ast.Module, names: Names, known: dict[str, Any]) -> Iterator[Seen]:
    """`known` are values of names, as `folding.constants` finds them."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (name := names.of(node.func)):
            yield from _called(node, name, known)


def _called(node: ast.Call, name: str, known: dict[str, Any]) -> Iterator[Seen]:
    given = node.args[0] if node.args else None
    if name in _LOADS:
        yield node, _CODE, f"makes code out of data with {name}", "ask"
    elif given is None or isinstance(given, ast.Constant):
        return
    elif name in _IMPORTS and folded(given, known) is not None and not isinstance(given, ast.Name):
        yield node, _CODE, f"puts the name {folded(given, known)!r} together, so that nobody finds it", "refuse"
    elif name in _IMPORTS:
        yield node, _CODE, "imports a module whose name is only known when it runs", "ask"
    elif name in _RUNS:
        yield node, _CODE, f"runs text as code with {name.rpartition('.')[2]}", "ask"
