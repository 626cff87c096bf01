"""How the base came to be: when its lines were written, and which files change often. Only read from git."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sandbox.git import Git, GitFailed

_HEADER = re.compile(rb"^([0-9a-f]{40,64}) \d+ (\d+)")


@dataclass(frozen=True)
class GitPast:
    git: Git
    commit: str

    def births(self, path: str, lines: Sequence[int]) -> Mapping[int, datetime]:
        """When each of these lines (1-based) got its present text. Lines that nothing is known of are left out."""
        if not lines:
            return {}
        wanted = [f"-L{line},{line}" for line in sorted(set(lines))]
        try:
            told = self.git.run("blame", "--porcelain", *wanted, self.commit, "--", path)
        except GitFailed:
            return {}
        return _births(told)

    def churn(self, days: int) -> Mapping[str, int]:
        """For each path the commits that changed it in the last so many days. Raises GitFailed."""
        since = f"--since={days}.days"
        told = self.git.run("log", "--format=", "--name-only", "--no-renames", "-z", since, self.commit)
        names = (name.decode("utf-8", "surrogateescape").strip("\n") for name in told.split(b"\0"))
        return Counter(name for name in names if name)


def _births(told: bytes) -> dict[int, datetime]:
    at: dict[bytes, datetime] = {}
    line_of: list[tuple[bytes, int]] = []
    for row in told.split(b"\n"):
        if header := _HEADER.match(row):
            line_of.append((header[1], int(header[2])))
        elif row.startswith(b"author-time ") and line_of:
            at[line_of[-1][0]] = datetime.fromtimestamp(int(row[12:]), UTC)
    return {line: at[commit] for commit, line in line_of if commit in at}
