"""A clean clone of one branch with its evidence, made without any transport, hook or configuration."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forge.refs import NOTES, SIGNATURES, value
from forge.repository import Repository
from sandbox.git import Git, GitFailed, private


class BranchUnknown(Exception):
    """There is no such branch. Says which of ours there are."""


class BaseUnknown(Exception):
    """The repository does not have the commit that a patch was made for. Says which, and what to do."""


@dataclass(frozen=True)
class Clone:
    """A git directory that holds just what the branch and its notes reach."""

    git: Git
    folder: Path
    head: str

    def note(self) -> bytes | None:
        """The evidence attached to the head, or None."""
        return self._attached(NOTES)

    def signature(self) -> bytes | None:
        """The signature over the evidence, or None."""
        return self._attached(SIGNATURES)

    def _attached(self, ref: str) -> bytes | None:
        try:
            return self.git.run("notes", f"--ref={ref}", "show", self.head)
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
    refs = {"refs/heads/verify": head} | {ref: oid for ref in (NOTES, SIGNATURES) if (oid := value(source, ref))}
    target = _copied(source, folder, repository.algorithm, list(refs.values()))
    for ref, oid in refs.items():
        target.run("update-ref", ref, oid)
    return Clone(target, folder, head)


def clone_base(repository: Repository, base: str, folder: Path) -> Clone:
    """The commit `base` with its files and without its history, checked the same way. Raises BaseUnknown."""
    source = Git(repository.git_dir)
    if not base.isalnum() or value(source, base) != base:
        raise BaseUnknown(
            f"the base commit {base[:60]} is not in {repository.root}: fetch it, or go to a clone that has it"
        )
    (folder / "objects").mkdir(parents=True)
    (folder / "shallow").write_text(f"{base}\n")
    return Clone(_copied(source, folder, repository.algorithm, [f"--shallow {base}", base]), folder, base)


def _copied(source: Git, folder: Path, algorithm: str, wanted: list[str]) -> Git:
    """A git directory of its own with what `wanted` reach, every object checked by git."""
    pack = source.run("pack-objects", "--revs", "--stdout", "-q", stdin="".join(f"{o}\n" for o in wanted).encode())
    target = private(folder, (), algorithm)
    target.run("index-pack", "--stdin", "--strict", "--fix-thin", stdin=pack)
    return target
