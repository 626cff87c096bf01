"""Is a branch of ours in the base by now, whichever way it was merged, and is it in there still?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forge.refs import contains
from sandbox.git import Git, GitFailed
from sandbox.tree import Entry, Trees

MOST_COMMITS = 500
"""Commits of the base that are compared with a branch that was squashed or rebased."""


@dataclass(frozen=True, slots=True)
class Landed:
    commit: str
    """Of the base's history: the branch's own head, or the commit that has the same change."""
    how: str
    """`merged`, or `the same change`."""


def landed(git: Git, trees: Trees, *, started: str, head: str, base: str) -> Landed | None:
    """Whether the change from `started` to `head` is part of `base`. Told by commits and patch ids, never by text."""
    if contains(git, base, head):
        return Landed(head, "merged")
    wanted = _patch_id(git, _patch(trees, started, head))
    if not wanted:
        return None
    try:
        log = git.run("rev-list", f"--max-count={MOST_COMMITS}", "--no-merges", f"{started}..{base}").decode().split()
    except GitFailed:
        return None
    for commit in log:
        parent = _parent(git, commit)
        if parent and _patch_id(git, _patch(trees, parent, commit)) == wanted:
            return Landed(commit, "the same change")
    return None


def undone(trees: Trees, *, started: str, head: str, base: str) -> bool:
    """Every file that the change touched is in `base` again as it was before: it was taken back."""
    before, now = trees.entries(trees.tree_of(started)), trees.entries(trees.tree_of(base))
    changed = _changed(before, trees.entries(trees.tree_of(head)))
    return bool(changed) and all(before.get(path) == now.get(path) for path in changed)


def _patch(trees: Trees, before: str, after: str) -> bytes:
    """Between two commits."""
    return trees.patch(trees.tree_of(before), trees.tree_of(after))


def _changed(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> list[str]:
    return [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]


def _patch_id(git: Git, patch: bytes) -> bytes:
    """Of what is changed, not of where: line numbers and blanks play no role."""
    return git.run("patch-id", "--stable", stdin=patch).split(b" ", 1)[0] if patch else b""


def _parent(git: Git, commit: str) -> str:
    """Empty for a commit that has none."""
    return "".join(git.run("rev-list", "--parents", "-n", "1", commit).decode().split()[1:2])
