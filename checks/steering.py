"""Does a change to a file that steers tests really steer them? A fixture more does not, a hook does."""

from __future__ import annotations

import ast
import configparser
import tomllib
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import PurePosixPath
from typing import Any

from sandbox.convention import protected

_SHOWN = 12
_REACHING = frozenset({"setattr", "delattr", "exec", "eval", "globals", "vars", "__import__", "import_module", "patch"})
_NAMES = frozenset({"pytest_plugins", "collect_ignore", "collect_ignore_glob", "__test__"})
_TABLES = (("tool", "pytest"), ("tool", "coverage"), ("tool", "tox"), ("tool", "lamplighter"), ("tool", "nox"))
_SECTIONS = ("tool:pytest", "coverage:", "aliases", "options.entry_points", "tox:", "testenv", "tool:lamplighter")


def steered(path: str, old: str | None, new: str | None) -> tuple[str, ...]:
    """The lines of the change that may steer how tests run or what counts; empty when none do.

    `old` and `new` are the file's texts, None where there is no such file.
    """
    if not protected(path) or old == new:
        return ()
    match PurePosixPath(path).name.lower():
        case "conftest.py":
            steers = new is not None and _conftest(old or "", new)
        case "pyproject.toml":
            steers = _tables(old) != _tables(new)
        case "setup.cfg":
            steers = _sections(old) != _sections(new)
        case _:
            steers = True
    return _lines(old or "", new or "") if steers else ()


def _conftest(old: str, new: str) -> bool:
    """Anything at the top but imports, constants, classes and functions that are no hooks and not autouse."""
    try:
        known = {ast.dump(node) for node in ast.parse(old).body}
        added = [node for node in ast.parse(new).body if ast.dump(node) not in known]
        gone = known - {ast.dump(node) for node in ast.parse(new).body}
    except (SyntaxError, ValueError, RecursionError):
        return True
    hooks = any("name='pytest_" in dump.partition("args=")[0] for dump in gone)
    return hooks or not all(map(_plain, added))


def _plain(node: ast.stmt) -> bool:
    match node:
        case ast.Import():
            return not any(alias.name.startswith(("_pytest", "pluggy")) for alias in node.names)
        case ast.ImportFrom(module=module, names=names):
            hooks = any(alias.name == "*" or (alias.asname or alias.name).startswith("pytest_") for alias in names)
            return not hooks and not str(module).startswith(("_pytest", "pluggy"))
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return not name.startswith("pytest_") and not any(map(_everywhere, node.decorator_list))
        case ast.ClassDef():
            return all(_plain(child) for child in node.body if not isinstance(child, (ast.Pass, ast.Expr)))
        case ast.Assign() | ast.AnnAssign():
            return not any(_reaches(child) for child in ast.walk(node))
        case ast.Expr(value=ast.Constant()) | ast.Pass():
            return True
    return False


def _everywhere(decorator: ast.expr) -> bool:
    """A fixture that every test gets, asked or not, or a decorator that is no fixture at all."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return name == "hookimpl" or any(k.arg in ("autouse", None) for k in keywords)


def _reaches(node: ast.AST) -> bool:
    """A name that pytest reads, a target that is not a plain name, or a call that changes other things."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            return name in _NAMES or name.startswith("pytest_")
        case ast.Attribute(ctx=ast.Store()) | ast.Subscript(ctx=ast.Store()):
            return True
        case ast.Call(func=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr=name)):
            return name in _REACHING
    return False


def _tables(text: str | None) -> list[Any]:
    """What in a pyproject.toml steers tests. A file that can not be read differs from every other."""
    try:
        data = tomllib.loads(text or "")
    except tomllib.TOMLDecodeError:
        return [text]
    points = data.get("project", {}).get("entry-points", {})
    return [*(data.get(a, {}).get(b) for a, b in _TABLES), points.get("pytest11") if isinstance(points, dict) else 0]


def _sections(text: str | None) -> list[Any]:
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text or "")
    except configparser.Error:
        return [text]
    return [(name, parser.items(name)) for name in sorted(_steering(parser))]


def _steering(parser: configparser.RawConfigParser) -> Iterator[str]:
    return (name for name in parser.sections() if name.startswith(_SECTIONS))


def _lines(old: str, new: str) -> tuple[str, ...]:
    found = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=0))[2:]
    return tuple(line for line in found if not line.startswith("@@"))[:_SHOWN]
