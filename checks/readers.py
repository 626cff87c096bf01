"""Tests that look at how the code is written instead of what it does: a comment can satisfy them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from checks.lines import added_lines
from checks.reason import Reason
from checks.syntax import parsed

_SOURCE = frozenset({"getsource", "getsourcelines", "getsourcefile", "getfile", "findsource"})
_FRAMES = frozenset({
    "__code__", "co_code", "co_names", "co_consts", "__file__", "__doc__", "__spec__", "__loader__", "__cached__",
    "get_data", "getline", "getlines", "get_source", "getdoc",
})  # fmt: skip


def reads_code(path: str, old: str, new: str, code: Collection[str]) -> Iterator[Reason]:
    """`code` are the paths of changed files that are no tests; only lines that `new` adds count."""
    lines = added_lines(old, new)
    for node, what in _reading(new, code):
        if getattr(node, "lineno", 0) in lines:
            told = f"{path}:{node.lineno} looks at how the code is written ({what}): test what it does"
            yield Reason("reads_source", told)


def _reading(text: str, code: Collection[str]) -> Iterator[tuple[ast.expr, str]]:
    for node in ast.walk(parsed(text)):
        match node:
            case ast.Attribute(attr=name) if name in _SOURCE | _FRAMES:
                yield node, ast.unparse(node)
            case ast.Name(id=name) if name in _SOURCE:
                yield node, name
            case ast.Constant(value=str(said)) if said.endswith(".py") and _names(said, code):
                yield node, repr(said)


def _names(said: str, code: Collection[str]) -> bool:
    return any(path == said or path.endswith(f"/{said}") for path in code)
