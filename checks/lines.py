"""Which lines of a text a change wrote."""

from __future__ import annotations

from difflib import SequenceMatcher


def added_lines(before: str, after: str) -> frozenset[int]:
    """1-based numbers of the lines of `after` that are new or changed. Moved lines count as new."""
    old, new = before.splitlines(), after.splitlines()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    changed = (range(j1, j2) for tag, _, _, j1, j2 in matcher.get_opcodes() if tag in ("insert", "replace"))
    return frozenset(head + line + 1 for lines in changed for line in lines)


def _common(a: list[str], b: list[str]) -> int:
    """How many lines both begin with."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
