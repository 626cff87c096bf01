"""Which file of the repository does a report mean? Reports name files in a dozen ways, some of them hostile."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import unquote

from backlog.sources.text import showable

ELSEWHERE = re.compile(
    r"^(?:/home/runner/work/[^/]+/[^/]+|/__w/[^/]+/[^/]+|/github/workspace|/builds/[^/]+/[^/]+|/workspaces?/[^/]+|"
    r"/workspaces?|/app|/src|/code|/repo|[A-Za-z]:/a/[^/]+/[^/]+)/"
)
"""Where the usual build machines check a repository out."""
LONGEST = 1_000


@dataclass(slots=True)
class Places:
    """Turns what a report calls a file into a path of the repository, and counts what it can not."""

    files: Collection[str]
    root: str
    """Absolute, with forward slashes."""
    foreign: Callable[[str], bool]
    """Tells of a path whether other people's code lies there."""
    left: Counter[str] = field(default_factory=Counter)
    """Why places were left out, and how often."""

    def path(self, named: str, uri: bool = False) -> str | None:
        """The committed file that is meant and that people here maintain; None, and counted, for any other.

        In a `uri` special characters are escaped (`%20`).
        """
        plain = unquote(named) if uri and not named.lower().startswith("file:") else named
        path = repo_path(plain, self.root, self.files)
        if path is None:
            self.left["outside of the repository"] += 1
        elif path not in self.files or not showable(path):
            self.left["in files that are not committed"] += 1
        elif self.foreign(path):
            self.left["in other people's code"] += 1
        else:
            return path
        return None

    def notes(self) -> tuple[str, ...]:
        if not self.left:
            return ()
        return ("left out: " + ", ".join(f"{count} {why}" for why, count in sorted(self.left.items())),)


def repo_path(named: str, root: str, files: Collection[str]) -> str | None:
    """The path relative to the repository, normalised; None when it leads out of it or names nothing."""
    text = _plain(named)
    if not text or "\0" in text or len(text) > LONGEST:
        return None
    if _absolute(text):
        text = _below(text, root, files)
    path = posixpath.normpath(text) if text else ""
    if path in ("", ".", "..") or path.startswith(("../", "/")):
        return None
    return path


def _plain(named: str) -> str:
    """Without a URI's scheme and escapes, with forward slashes."""
    text = named.strip()
    if text.lower().startswith("file:"):
        text = unquote(re.sub(r"^file:(?://[^/]*)?", "", text, count=1, flags=re.IGNORECASE))
        text = re.sub(r"^/([A-Za-z]:[/\\])", r"\1", text)
    return re.sub(r"^%SRCROOT%/", "", text.replace("\\", "/"))


def _absolute(text: str) -> bool:
    return text.startswith("/") or re.match(r"[A-Za-z]:/", text) is not None


def _below(text: str, root: str, files: Collection[str]) -> str:
    """What stands below this checkout, or below where a build machine has its own; nothing for any other place."""
    normal = posixpath.normpath(text)
    if normal.startswith(f"{root}/"):
        return normal[len(root) + 1 :]
    folder = re.escape(f"/{posixpath.basename(root)}/")
    after = (normal[match.end() :] for match in re.finditer(f"(?={folder})", normal))
    tails = (tail.partition("/")[2].partition("/")[2] for tail in after)
    for candidate in (*tails, ELSEWHERE.sub("", normal)):
        if candidate and candidate != normal and candidate in files:
            return candidate
    return ""
