"""The syntax of Python texts that may be anything: what can not be read has none."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath


def parsed(text: str | bytes) -> ast.Module:
    """An empty module where the text is no Python."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def last_name(node: ast.AST) -> str:
    """Of a dotted name, or of what a call calls; empty where there is none."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def module_parts(path: str) -> tuple[str, ...]:
    """The parts of the dotted name by which a Python file is imported from its root, `src` or `lib`."""
    file = PurePosixPath(path)
    parts = file.parent.parts if file.stem == "__init__" else (*file.parent.parts, file.stem)
    return parts[1:] if parts[:1] in (("src",), ("lib",)) else parts
