"""Put finished objects and names for them into the user's repository, and touch nothing else of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from forge.commit import Author, PublishRefused, commit
from sandbox.git import Git, GitFailed
from sandbox.tree import SUBMODULE, Entry, Trees

NOTES = "refs/notes/lamplighter"
SIGNATURES = "refs/notes/lamplighter-signature"
BRANCH = "lamplighter/{name}"
TRIES = 100


def hand_over(git: Git, trees: Trees, root: str, known: Iterable[str]) -> None:
    """Copy the commit `root` and all it needs, as far as only the private objects have it.

    `known` are commits that the repository holds with everything in them.
    """
    needed = dict.fromkeys(_private(trees, root, set(known)))
    listed = "".join(f"{oid}\n" for oid in needed).encode()
    pack = trees.git.run("pack-objects", "--stdout", "-q", "--window=0", stdin=listed)
    git.run("unpack-objects", "-q", stdin=pack)


def create_branch(git: Git, name: str, head: str, author: Author) -> str:
    """The branch for this head: `lamplighter/<name>`, or with -2, -3 … where another work has that name.

    A branch that already is at `head`, or has gone on from it, is the one.
    """
    for count in range(1, TRIES):
        branch = BRANCH.format(name=name if count == 1 else f"{name}-{count}")
        if _create(git, f"refs/heads/{branch}", head, author):
            return branch
    raise PublishRefused(f"{BRANCH.format(name=name)}: {TRIES} branches have this name; delete some of them")


def _create(git: Git, ref: str, head: str, author: Author) -> bool:
    """Whether the branch is now this work's: made, or there already."""
    now = value(git, ref)
    if now is None:
        try:
            _update(git, ref, head, "0" * len(head), author)
        except GitFailed:
            now = value(git, ref)
            if now is None:
                raise
    return now is None or now == head or contains(git, now, head)


def add_note(git: Git, trees: Trees, head: str, text: bytes, author: Author, ref: str = NOTES) -> None:
    """Attach `text` to the commit `head` as a git note. Notes of others stay; the same is not added twice."""
    for last in (False, False, False, False, True):
        now = value(git, ref)
        try:
            return _add_note(git, trees, now, head, text, author, ref)
        except GitFailed:
            if last or value(git, ref) == now:
                raise


def _add_note(git: Git, trees: Trees, now: str | None, head: str, text: bytes, author: Author, ref: str) -> None:
    blob = trees.put(text)
    notes = dict(trees.entries(trees.tree_of(now))) if now else {}
    path = next((path for path in notes if path.replace("/", "") == head), head)
    if path in notes and notes[path].oid == blob:
        return
    tree = trees.write(notes | {path: Entry("100644", blob)})
    parents = (now,) if now else ()
    noted = commit(trees, tree, parents, author, f"chore: evidence for {head}")
    hand_over(git, trees, noted, parents)
    _update(git, ref, noted, now or "0" * len(head), author)


def value(git: Git, ref: str) -> str | None:
    """The commit that a ref names, or None."""
    try:
        return git.run("rev-parse", "--verify", "-q", f"{ref}^{{commit}}").decode().strip()
    except GitFailed:
        return None


def _update(git: Git, ref: str, new: str, old: str, author: Author) -> None:
    """Move a ref from `old` (zeros: it must not be there) to `new`, or raise GitFailed."""
    when = f"{int(author.when.timestamp())} +0000"
    who = {
        "GIT_COMMITTER_NAME": author.name,
        "GIT_COMMITTER_EMAIL": author.email,
        "GIT_COMMITTER_DATE": when,
    }
    git.run("update-ref", "-m", "lamplighter", ref, new, old, environment=who)


def contains(git: Git, tip: str, commit_id: str) -> bool:
    """Whether the commit is part of the history of `tip`; not when either is unknown."""
    try:
        git.run("merge-base", "--is-ancestor", commit_id, tip)
    except GitFailed:
        return False
    return True


def _private(trees: Trees, oid: str, known: set[str]) -> Iterator[str]:
    """The object and all it needs that lie in the private folder. What is not there, the repository has."""
    found = None if oid in known else trees.objects.read(oid)
    if found is None:
        return
    known.add(oid)
    yield oid
    kind, data = found
    if kind == "commit":
        head = data.partition(b"\n\n")[0].decode("utf-8", "surrogateescape")
        needed = re.findall(r"^(?:tree|parent) (\w+)$", head, re.MULTILINE)
    else:
        needed = [child for mode, _, child in trees.listing(oid) if mode != SUBMODULE] if kind == "tree" else []
    for child in needed:
        yield from _private(trees, child, known)
