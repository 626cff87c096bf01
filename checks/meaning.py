"""What an expression of a Python file names, once imports, aliases and lookups by text are followed."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from checks.folding import folded

_BUILTINS = frozenset({"eval", "exec", "compile", "__import__", "getattr", "globals", "locals", "vars"})
_SAME = {"_pickle": "pickle", "cPickle": "pickle", "posix": "os", "nt": "os", "__builtin__": "builtins"}
_ROUNDS = 3


class Names:
    """The dotted names known in one module. Scopes are not told apart: a scanner may ask once too often.

    Not followed: values that travel through containers, attributes or other modules. Those are for the
    sandbox to contain.
    """

    def __init__(self, module: ast.Module, watched: Collection[str]) -> None:
        self._known: dict[str, str] = {}
        self._own = {node.name for node in module.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
        for node in ast.walk(module):
            self._known.update(_imported(node, watched))
        for _ in range(_ROUNDS):  # an alias of an alias of an alias
            for node in ast.walk(module):
                self._learn(node)

    def of(self, node: ast.expr) -> str | None:
        """`os.system` for whatever spells it; None when the expression names nothing that is known."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=value, attr="__dict__"):
                return self.of(value)
            case ast.Attribute(value=value, attr=attribute):
                return _join(self.of(value), attribute)
            case ast.Call():
                return self._called(node)
            case ast.Subscript(value=value, slice=key):
                return self._looked_up(self.of(value), key)
            case ast.NamedExpr(value=value):
                return self.of(value)
        return None

    def reaches_by_text(self, node: ast.expr) -> str | None:
        """The module in which a name is looked up by a text that only exists at run time, if that is so."""
        match node:
            case ast.Call(func=function, args=[owner, key, *_]) if self.of(function) == "builtins.getattr":
                return self.of(owner) if text(key) is None else None
            case ast.Subscript(value=value, slice=key) if text(key) is None:
                return self.of(value)
            case ast.Call(func=function, args=[key, *_]) if self.of(function) == "builtins.__import__":
                return "builtins.__import__" if text(key) is None else None
        return None

    def _name(self, name: str) -> str | None:
        if name in self._known:
            return self._known[name]
        if name == "__builtins__":
            return "builtins"
        return f"builtins.{name}" if name in _BUILTINS and name not in self._own else None

    def _called(self, node: ast.Call) -> str | None:
        """What a call gives back, where that is a module or something looked up in one."""
        name = self.of(node.func)
        first = text(node.args[0]) if node.args else None
        if name in ("builtins.__import__", "importlib.import_module", "importlib.__import__") and first:
            return _module(first)
        if name == "builtins.getattr" and len(node.args) > 1:
            return self._looked_up(self.of(node.args[0]), node.args[1])
        if name == "builtins.vars" and node.args:
            return self.of(node.args[0])
        return "builtins" if name in ("builtins.globals", "builtins.locals") else None

    def _looked_up(self, owner: str | None, key: ast.expr) -> str | None:
        name = text(key)
        if owner is None or name is None:
            return None
        if owner == "sys.modules":
            return _module(name)
        return "builtins" if name == "__builtins__" else _join(owner, name)

    def _learn(self, node: ast.AST) -> None:
        for target, value in _bound(node):
            named = self.of(value)
            if named is not None:
                self._known[target] = named


def text(node: ast.expr) -> str | None:
    """The text an expression surely is: a literal, or literals put together or decoded."""
    value = folded(node)
    return value if isinstance(value, str) else None


def _imported(node: ast.AST, watched: Collection[str]) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Import(names=names):
            for name in names:
                yield (name.asname, _module(name.name)) if name.asname else _root(name.name)
        case ast.ImportFrom(module=str(module), names=names, level=0):
            for name in names:
                if name.name == "*":
                    yield from ((w.split(".")[-1], w) for w in watched if w.rpartition(".")[0] == _module(module))
                else:
                    yield name.asname or name.name, f"{_module(module)}.{name.name}"


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Names that get a value here: assignments and defaults of parameters."""
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _pairs(target, value)
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
            yield name, value
        case ast.NamedExpr(target=ast.Name(id=name), value=value):
            yield name, value
        case ast.arguments():
            positional = [*node.posonlyargs, *node.args]
            given = zip(reversed(positional), reversed(node.defaults), strict=False)
            yield from ((argument.arg, value) for argument, value in given)
            keywords = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            yield from ((argument.arg, value) for argument, value in keywords if value is not None)


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, its in zip(targets, values, strict=True):
                yield from _pairs(one, its)


def _module(name: str) -> str:
    first, dot, rest = name.partition(".")
    return _SAME.get(first, first) + dot + rest


def _root(name: str) -> tuple[str, str]:
    first = name.split(".")[0]
    return first, _module(first)


def _join(owner: str | None, name: str) -> str | None:
    return None if owner is None else f"{owner}.{name}"
