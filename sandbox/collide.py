"""New names that some file systems cannot tell from others of the tree."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping

from sandbox.convention import folded
from sandbox.tree import TreeRefused, shown


def refuse_collisions(paths: Iterable[str], known: Container[str]) -> None:
    """Raises TreeRefused when a path that is not `known`, or a folder on it, is another in other case."""
    parts = {part for path in paths for part in steps(path)}
    suspects = {folded(part): part for part in parts if part not in known}
    for part in parts if suspects else ():
        _compare(part, suspects)


def _compare(part: str, suspects: Mapping[str, str]) -> None:
    suspect = suspects.get(folded(part))
    if suspect is not None and suspect != part:
        raise TreeRefused(f"{shown(suspect)}: differs only in case from {shown(part)}")


def steps(path: str) -> list[str]:
    """The path and all folders on it."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
