"""Which commit changed a file last, as a line that a person can follow."""

from __future__ import annotations

from dataclasses import dataclass

from forge.refs import contains
from sandbox.git import Git, GitFailed

_FORMAT = "%h%x00%as%x00%an%x00%s"


@dataclass(frozen=True, slots=True)
class Touch:
    commit: str
    day: str
    author: str
    subject: str

    @property
    def sentence(self) -> str:
        return f"{self.commit} of {self.day} by {self.author}: {self.subject}"


def touched(git: Git, path: str, since: str, base: str) -> Touch | None:
    """The last commit that changed `path` after `since` up to `base`; None when none did, or nobody knows.

    Where `since` is not part of the history any more (it was rebased away), the last commit at all.
    """
    span = f"{since}..{base}" if contains(git, base, since) else base
    try:
        told = git.run("log", "-1", f"--format={_FORMAT}", span, "--", path).decode("utf-8", "replace").strip("\n")
    except GitFailed:
        return None
    return Touch(*told.split("\0", 3)) if told else None
