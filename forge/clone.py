"""A clean clone of one branch with its evidence, made without any transport, hook or configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forge.refs import NOTES, value
from forge.repository import Repository
from sandbox.git import Git, GitFailed, private


class BranchUnknown(Exception):
    """There is no such branch. Says which of ours there are."""


@dataclass(frozen=True)
class Clone:
    """A git directory that holds just what the branch and its notes reach."""

    git: Git
    folder: Path
    head: str

    def note(self) -> bytes | None:
        """The evidence attached to the head, or None."""
        try:
            return self.git.run("notes", f"--ref={NOTES}", "show", self.head)
        except GitFailed:
            return None

    def first_parents(self) -> list[str]:
        """Commits from the head backwards."""
        return self.git.run("rev-list", "--first-parent", self.head).decode().split()

    def message(self, commit: str) -> str:
        return self.git.run("log", "-1", "--format=%B", commit).decode("utf-8", "replace")


def clone_branch(repository: Repository, branch: str, folder: Path) -> Clone:
    """Only objects that the branch reaches are copied, and git checks each of them. Raises BranchUnknown."""
    source = Git(repository.git_dir)
    name = branch.removeprefix("refs/heads/")
    head = value(source, f"refs/heads/{name}")
    if head is None:
        ours = source.run("for-each-ref", "--format=%(refname:short)", "refs/heads/lamplighter/").decode().split()
        raise BranchUnknown(f"there is no branch {name!r}; ours are: {', '.join(ours) or 'none yet'}")
    notes = value(source, NOTES)
    wanted = [oid for oid in (head, notes) if oid]
    pack = source.run("pack-objects", "--revs", "--stdout", "-q", stdin="".join(f"{o}\n" for o in wanted).encode())
    target = private(folder, (), repository.algorithm)
    target.run("index-pack", "--stdin", "--strict", "--fix-thin", stdin=pack)
    target.run("update-ref", "refs/heads/verify", head)
    if notes:
        target.run("update-ref", NOTES, notes)
    return Clone(target, folder, head)
