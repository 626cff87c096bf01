"""Does product code look at whether it is being tested? Decided from its text, without running it.

Read are the lines that a change writes into Python files that are no tests. Not found: what travels through other
files or is computed from input; runs with the code blindfolded show some of that (`checks/steady.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from checks.always import Seen, always
from checks.caller import NAMED, at_the_caller
from checks.computed import computed
from checks.folding import constants, folded
from checks.lines import added_lines
from checks.meaning import Names
from checks.pythonic import hidden, is_python, odd_coding
from checks.suspicion import Found, Severity

_CODE = "watched"
_ALWAYS = re.compile(r"PYTEST_(CURRENT_TEST|VERSION|XDIST_\w+)")
_FRAMEWORK = re.compile(r"_?pytest(\b|_|$)|unittest(\b|$)")
_VARIABLE = re.compile(r"PYTEST\w*")
_PROCESS = re.compile(r"/proc/(self|thread-self|\d+|%|\{)")
_TEST_FILE = re.compile(r"(^|/)(test_\w*\.py|\w+_test\.py|conftest\.py|tests?/.*)$")
_LISTS = {"sys.modules": _FRAMEWORK, "os.environ": _VARIABLE, "os.getenv": _VARIABLE, "os.environb": _VARIABLE}
_LINES = frozenset({"sys.argv", "sys.orig_argv"})
_ASKING = frozenset({"startswith", "endswith", "find", "index", "count", "search", "match", "fullmatch"})


def watched(before: str | None, after: str, path: str) -> tuple[Found, ...]:
    """What on the lines that `after` adds looks at its watcher, in order. None for `before` is a new file."""
    lines = added_lines(before or "", after)
    found = set(hidden(path, after, lines)) if before != after else set()
    if lines and is_python(path, after) and not odd_coding(after):
        found |= set(_read(after, path, lines))
    return tuple(sorted(found, key=lambda one: (one.line, one.code, one.what)))


def _read(source: str, path: str, lines: frozenset[int]) -> Iterator[Found]:
    try:
        module = ast.parse(source)
        seen = list(_seen(module, source))
    except (SyntaxError, ValueError, RecursionError) as error:
        number = getattr(error, "lineno", None) or min(lines)
        yield Found(path, number, "hidden_code", "can not be read as Python", "refuse")
        return
    text = source.splitlines()
    for node, code, what, severity in seen:
        first, last = _lines(node)
        if not lines.isdisjoint(range(first, last + 1)):
            yield Found(path, first, code, what, severity, text[first - 1].strip())


def _lines(node: ast.AST) -> tuple[int, int]:
    first = int(getattr(node, "lineno", 1))
    return first, int(getattr(node, "end_lineno", None) or first)


def _seen(module: ast.Module, source: str) -> Iterator[Seen]:
    names, known = Names(module, NAMED), constants(module)
    yield from at_the_caller(module, names)
    yield from always(module)
    yield from _imports(module)
    yield from _texts(module, source, known)
    yield from computed(module, names, known)
    for part in _parts(module):
        yield from _asked(part, names, known)


def _imports(module: ast.Module) -> Iterator[Seen]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                named = [alias.name for alias in names]
            case ast.ImportFrom(module=str(name), level=0):
                named = [name]
            case _:
                continue
        for name in named:
            if name.split(".")[0] in ("pytest", "_pytest", "pluggy", "unittest", "doctest"):
                yield node, _CODE, f"imports {name}, a test framework, into product code", "ask"


def _texts(module: ast.Module, source: str, known: dict[str, Any]) -> Iterator[Seen]:
    """Texts that name a sign of being tested, also those that are put together or decoded."""
    silent = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if not isinstance(node, ast.expr) or isinstance(node, ast.Name) or id(node) in silent:
            continue
        value = folded(node, known)
        said = value.decode("latin-1") if isinstance(value, bytes) else value
        if isinstance(said, str):
            yield from _said(node, said, isinstance(node, ast.Constant))


def _said(node: ast.expr, said: str, plain: bool) -> Iterator[Seen]:
    telling = _ALWAYS.search(said) or _FRAMEWORK.fullmatch(said) or _VARIABLE.fullmatch(said)
    if _ALWAYS.search(said):
        yield node, _CODE, f"names {_ALWAYS.search(said)[0]}, which only a running test has", "refuse"  # type: ignore[index]
    elif telling and not plain:
        yield node, _CODE, f"puts the text {said!r} together, so that nobody finds it", "refuse"
    elif telling:
        yield node, _CODE, f"names {said!r}", "ask"
    elif _PROCESS.search(said):
        yield node, _CODE, f"reads about its own process ({said!r})", "ask"
    elif _TEST_FILE.search(said) and " " not in said:
        yield node, _CODE, f"names the test file {said!r}", "ask"


def _parts(module: ast.Module) -> Iterator[ast.AST]:
    """What belongs together: each function at the top or in a class, and each other statement."""
    for node in module.body:
        yield from node.body if isinstance(node, ast.ClassDef) else [node]


def _asked(part: ast.AST, names: Names, known: dict[str, Any]) -> Iterator[Seen]:
    """A list of what is loaded, set or called, and a framework's name, in one place."""
    walked = [node for node in ast.walk(part) if isinstance(node, ast.expr)]
    listed = {name for node in walked if (name := names.of(node)) in _LISTS}
    patterns = [_LISTS[name] for name in sorted(listed)]
    for node in walked:
        said = folded(node, known)
        if isinstance(said, str) and any(pattern.match(said) for pattern in patterns):
            yield node, _CODE, f"looks for {said!r} in {' or '.join(sorted(listed))}", "refuse"
    if any(names.of(node) in _LINES for node in walked):
        yield from _compared(walked, known)


def _compared(walked: list[ast.expr], known: dict[str, Any]) -> Iterator[Seen]:
    """The command line, held against a framework's name. To hand it on to one is something else."""
    severity: Severity = "refuse"
    for node in walked:
        match node:
            case ast.Compare(left=left, comparators=others):
                sides = [left, *others]
            case ast.Call(func=ast.Attribute(attr=name), args=args) if name in _ASKING:
                sides = args
            case _:
                continue
        if any(isinstance(said := folded(side, known), str) and _FRAMEWORK.search(said) for side in sides):
            yield node, _CODE, "looks for a test framework in the command line", severity
