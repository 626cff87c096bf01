"""Which new files are by-products of running things and no part of the work."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.tree import Trees

BY_PRODUCTS = (
    "__pycache__/",
    "*.pyc",
    "*.pyo",
    ".pytest_cache/",
    ".ruff_cache/",
    ".mypy_cache/",
    ".hypothesis/",
    "*.egg-info/",
    ".coverage",
    ".coverage.*",
)


def ignore_rules(gitignore: str = "") -> Callable[[str], bool]:
    """A predicate on repo-relative paths, folders with a slash at the end."""
    from pathspec import GitIgnoreSpec  # its import is not free, and most commands never need it

    readable = [line for line in gitignore.splitlines() if _readable(line)]
    return GitIgnoreSpec.from_lines([*readable, *BY_PRODUCTS]).match_file


def _readable(line: str) -> bool:
    """Git passes over lines that are no pattern, so they must not spoil the others."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


class IgnoreRules:
    """The rules that hold in a tree: by-products, and what the tree's own `.gitignore` at its root names."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._known: dict[str, Callable[[str], bool]] = {}

    def of(self, tree: str) -> Callable[[str], bool]:
        entry = self._trees.entries(tree).get(".gitignore")
        oid = entry.oid if entry is not None and entry.mode.startswith("100") else ""
        if oid not in self._known:
            text = self._trees.blob(oid).decode("utf-8", "replace") if oid else ""
            self._known[oid] = ignore_rules(text)
        return self._known[oid]
