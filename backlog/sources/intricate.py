"""The functions of a Python file, and how intricate they are: by their branches."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from backlog.sources.text import LARGEST, decoded

BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.BoolOp, ast.match_case)
BRANCHING_TOO = (ast.comprehension, ast.Assert)

Defined = ast.FunctionDef | ast.AsyncFunctionDef


def parsed(data: bytes) -> ast.Module | None:
    """None when it is no Python that this Python understands, or too large."""
    text = decoded(data)
    if text is None or len(data) > LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def defined(node: ast.AST, inside: str = "") -> Iterator[tuple[str, Defined]]:
    """Functions and methods, with the names of the classes around them; not those within functions."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Defined):
            yield f"{inside}{child.name}", child
        elif isinstance(child, ast.ClassDef | ast.If | ast.Try):
            yield from defined(child, f"{inside}{child.name}." if isinstance(child, ast.ClassDef) else inside)


def branches(node: ast.AST) -> int:
    return sum(isinstance(n, BRANCHING + BRANCHING_TOO) for n in ast.walk(node))


def function_name(path: str, name: str) -> str:
    """By which two sources that report a function mean the same."""
    return f"function:{path}::{name}"
