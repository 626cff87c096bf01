"""The names a change brings into the code: only their absence may be why a test fails before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from checks.syntax import module_parts

Function = ast.FunctionDef | ast.AsyncFunctionDef

_DEFINES = re.compile(r"\b(?:function\*?|class|const|let|var|def|fn|func|type|interface|enum)\s+(\w+)")
_EXPORTS = re.compile(r"\bexports\.(\w+)|\bexport\s*\{([^}]*)\}|module\.exports\s*=\s*\{([^}]*)\}")


def new_names(path: str, old: str | None, new: str) -> tuple[str, ...]:
    """Spelled as a contract promises them: `pkg.mod.Class.method(parameter)`, and the file itself when it is new."""
    whole = (path, *_folders(path)) if old is None else ()
    if not path.endswith(".py"):
        return (*whole, *sorted(_words(new) - _words(old or "")))
    try:
        before, after = set(_spelled(path, old or "")), dict.fromkeys(_spelled(path, new))
    except (SyntaxError, ValueError, RecursionError):
        return whole
    return (*whole, *(name for name in after if name not in before))


def _folders(path: str) -> tuple[str, ...]:
    """A new module may be the first of its package."""
    above = PurePosixPath(path).parent
    return () if str(above) == "." else (f"{above}/__init__.py",)


def _spelled(path: str, text: str) -> Iterator[str]:
    yield from _in_body(ast.parse(text).body, ".".join(module_parts(path)))


def _in_body(body: list[ast.stmt], above: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _function(node, above)
            case ast.ClassDef():
                yield from _class(node, above)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (f"{above}.{alias.asname or alias.name}" for alias in names if alias.name != "*")
            case ast.If() | ast.Try() | ast.With():
                yield from _in_body([n for n in ast.iter_child_nodes(node) if isinstance(n, ast.stmt)], above)
            case _:
                yield from (f"{above}.{name}" for name in _stored(node))


def _function(node: Function, above: str) -> Iterator[str]:
    yield f"{above}.{node.name}"
    yield node.name
    yield f"{above}.{node.name}({', '.join(_parameters(node))})"
    yield from (f"{above}.{node.name}({name})" for name in _parameters(node))


def _class(node: ast.ClassDef, above: str) -> Iterator[str]:
    """Its members stand under its name and alone: a subclass answers for what it inherits."""
    name = f"{above}.{node.name}"
    yield name
    for member in node.body:
        match member:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield from _function(member, name)
                yield from (f"{name}({p})" for p in _parameters(member) if member.name in ("__init__", "__new__"))
                yield from (word for a in _on_self(member) for word in (f"{name}.{a}", a))
            case ast.AnnAssign(target=ast.Name(id=field)):
                yield from (f"{name}({field})", f"{name}.{field}", field)
            case _:
                yield from _in_body([member], name)


def _parameters(node: Function) -> list[str]:
    a = node.args
    return [p.arg for p in (*a.posonlyargs, *a.args, *a.kwonlyargs) if p.arg not in ("self", "cls")]


def _on_self(node: Function) -> Iterator[str]:
    for child in ast.walk(node):
        match child:
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=ast.Store()):
                yield name


def _stored(node: ast.stmt) -> Iterator[str]:
    return (n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _words(text: str) -> set[str]:
    listed = {w for m in _EXPORTS.finditer(text) for part in m.groups() if part for w in re.findall(r"\w+", part)}
    return {*_DEFINES.findall(text), *listed}
