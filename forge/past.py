"""How the base came to be: when its lines were written, which files change often, and which together. Only read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from sandbox.git import Git, GitFailed

AT_ONCE = 500
"""Lines asked of one process."""
WORTH_A_GRAPH = 8
"""Files after which an index of the history is made: it costs seconds once, and then each file a fifth."""
COMMITS_AT_ONCE = 200
"""Commits of which git is asked at once what they changed: a reader who has no more time waits for so many."""
_HEADER = re.compile(rb"^([0-9a-f]{40,64}) \d+ (\d+)")


@dataclass(frozen=True, slots=True)
class Change:
    """One commit that is no merge."""

    at: datetime
    """When its author made it."""
    paths: tuple[str, ...]
    """What it changed, also what is gone since. A file that was renamed has two names."""


@dataclass
class GitPast:
    """`git` is a git directory of our own that sees the repository's objects: blaming in the user's could start a
    program that its configuration names, and the index of the history is kept in ours."""

    git: Git
    commit: str
    common: Path
    """The user's git directory, in which it says where a shallow history ends."""
    _asked: int = 0
    _lock: Lock = field(default_factory=Lock)

    @property
    def shallow(self) -> bool:
        return (self.common / "shallow").exists()

    def births(self, path: str, lines: Sequence[int]) -> Mapping[int, datetime]:
        """When each of these lines (1-based) got its present text. Lines that nothing is known of are left out.

        Where a shallow history ends a line is as old as the first commit that is there, or older.
        """
        self._index()
        wanted = sorted(set(lines))
        found: dict[int, datetime] = {}
        for start in range(0, len(wanted), AT_ONCE):
            ranges = [f"-L{line},{line}" for line in wanted[start : start + AT_ONCE]]
            with suppress(GitFailed):
                found |= _births(self._run("blame", "--porcelain", "--no-textconv", *ranges, self.commit, "--", path))
        return found

    def churn(self, days: int) -> Mapping[str, int]:
        """For each path the commits that changed it in the last so many days. Raises GitFailed."""
        since = f"--since={days}.days"
        told = self._run("log", "--format=", "--name-only", "--no-renames", "-z", since, self.commit)
        names = (name.decode("utf-8", "surrogateescape").strip("\n") for name in told.split(b"\0"))
        return Counter(name for name in names if name)

    def changes(self, since: datetime) -> Iterator[Change]:
        """The commits since then that are no merges, the newest first, read as they are asked for. Raises GitFailed.

        The last ones of a shallow history are left out: all that there was before seems to be theirs.
        """
        newer = f"--max-age={int(since.timestamp())}"
        told = self._run("log", "--format=%H %at", "--no-merges", newer, self.commit).decode().split("\n")
        made = {commit: _moment(at) for commit, _, at in (row.partition(" ") for row in told) if commit}
        for end in self._ends():
            made.pop(end, None)
        asked = list(made)
        for start in range(0, len(asked), COMMITS_AT_ONCE):
            some = asked[start : start + COMMITS_AT_ONCE]
            for commit, paths in self._paths(some):
                if at := made[commit]:
                    yield Change(at, paths)

    def _paths(self, commits: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each commit that changed something with the paths that it changed."""
        look = ("diff-tree", "--stdin", "--root", "-r", "--name-status", "--no-renames", "-z")
        told = iter(self._run(*look, stdin="".join(f"{commit}\n" for commit in commits).encode()).split(b"\0"))
        commit, paths = "", list[str]()
        for word in filter(None, told):
            if len(word) == 1:  # what was done to the path that follows
                paths.append(next(told).decode("utf-8", "surrogateescape"))
                continue
            if paths:
                yield commit, tuple(paths)
            commit, paths = word.decode(), []
        if paths:
            yield commit, tuple(paths)

    def _ends(self) -> Sequence[str]:
        return (self.common / "shallow").read_text().split() if self.shallow else ()

    def _run(self, *args: str, stdin: bytes = b"") -> bytes:
        end = {"GIT_SHALLOW_FILE": str(self.common / "shallow")} if self.shallow else {}
        return self.git.run(*args, stdin=stdin, environment=end)

    def _index(self) -> None:
        """Once, when so many files were asked for that it pays. What is indexed already costs nothing again."""
        with self._lock:
            self._asked += 1
            if self._asked == WORTH_A_GRAPH and not self.shallow:
                write = ("commit-graph", "write", "--stdin-commits", "--changed-paths", "--split", "--no-progress")
                with suppress(GitFailed):
                    self._run(*write, stdin=f"{self.commit}\n".encode())


def _moment(seconds: str) -> datetime | None:
    """None for a date beyond all calendars."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _births(told: bytes) -> dict[int, datetime]:
    at: dict[bytes, datetime] = {}
    line_of: list[tuple[bytes, int]] = []
    for row in told.split(b"\n"):
        if header := _HEADER.match(row):
            line_of.append((header[1], int(header[2])))
        elif row.startswith(b"author-time ") and line_of:
            with suppress(ValueError, OverflowError, OSError):
                at[line_of[-1][0]] = datetime.fromtimestamp(int(row[12:]), UTC)
    return {line: at[commit] for commit, line in line_of if commit in at}
