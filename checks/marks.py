"""Signs in the code that only tests read: a name bound to a constant says that work was done and does none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from checks.reason import Reason
from checks.syntax import parsed

_Texts = Mapping[str, tuple[str, str]]


def marks(code: _Texts, tests: _Texts) -> Iterator[Reason]:
    """Both are path to old and new text of what changed. A constant that the code itself reads is none."""
    read = {name for _, new in code.values() for name in _read(parsed(new))}
    words = {word for _, new in tests.values() for word in re.findall(r"\w+", new)}
    for path, (old, new) in code.items():
        known = {name for name, _ in _bound(parsed(old))}
        for name, line in _bound(parsed(new)):
            if name not in known | read and name in words:
                yield Reason("mark", f"{path}:{line} `{name}` is read by tests alone and does nothing: see what for")


def _bound(module: ast.Module) -> Iterator[tuple[str, int]]:
    """Names that a module binds to bare constants, also as attributes of something."""
    for node in module.body:
        for target in _targets(node):
            name = target.id if isinstance(target, ast.Name) else getattr(target, "attr", "")
            if name and not name.startswith("__"):
                yield name, node.lineno


def _targets(node: ast.stmt) -> list[ast.expr]:
    match node:
        case ast.Assign(targets=targets, value=ast.Constant()):
            return targets
        case ast.AnnAssign(target=target, value=ast.Constant()):
            return [target]
    return []


def _read(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            yield node.id if isinstance(node, ast.Name) else node.attr
