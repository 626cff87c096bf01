"""Which repositories are the listed ones, and which of them is there twice or not at all?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.repos.entries import Entry
from app.state_folder import linked
from backlog.sources.text import clean
from forge.repository import Repository, RepositoryInvalid, open_repository
from sandbox.git import GitFailed

LONGEST = 200
REASON = 400


@dataclass(frozen=True, slots=True)
class Known:
    """One of the listed repositories."""

    name: str
    """The folder's, with as much of the way to it as tells it from the others."""
    root: Path
    problem: str = ""
    """Why nothing is done with it."""


@dataclass(frozen=True, slots=True)
class Listed:
    repositories: tuple[Known, ...]
    """In the order of the list, each once."""
    twice: tuple[str, ...] = ()
    """Entries that mean a repository which is listed before: a line about each."""


def known(entries: Iterable[Entry]) -> Listed:
    """Two entries are one repository when git keeps them in one place: by a link, or as work trees of each other."""
    found: list[Known] = []
    twice: list[str] = []
    first: dict[Path, int] = {}
    for entry in entries:
        one, at = _one(entry)
        if at is not None and at in first:
            twice.append(f"line {entry.line}: {clean(entry.text, LONGEST)} is the repository of line {first[at]} again")
            continue
        if at is not None:
            first[at] = entry.line
        found.append(one)
    return Listed(_named(found), tuple(twice))


def _one(entry: Entry) -> tuple[Known, Path | None]:
    """The repository, and where git keeps it."""
    try:
        root = entry.path.resolve()
        repository = open_repository(root)
        problem = clean(_unfit(repository, root), REASON)
        name = clean(entry.text, LONGEST) if problem else ""
        return Known(name, repository.root, problem), None if problem else repository.common
    except (RepositoryInvalid, GitFailed, OSError, RuntimeError, ValueError) as error:
        # The last two are pathlib's words for a path that no system could have: a loop of links, a zero byte.
        return Known(clean(entry.text, LONGEST), entry.path, _why(error, entry.path)), None


def _unfit(repository: Repository, asked: Path) -> str:
    if repository.root != asked:
        return f"lies in the repository {repository.root}: list that, if it is meant"
    return _foreign_state(repository.root)


def _foreign_state(root: Path) -> str:
    """State behind a link could be another repository's."""
    link = linked(root)
    return f"{link} is a link, so its state would not be its own: remove it" if link else ""


def _why(error: Exception, path: Path) -> str:
    """Without the path in front, which the name says already."""
    text = str(error)
    for said in (f"{path}: ", f"{_resolved(path)}: "):
        text = text.removeprefix(said)
    return clean(text, REASON)


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path


def _named(found: Sequence[Known]) -> tuple[Known, ...]:
    """The shortest end of its path that no other has; one with a problem is called as it is written."""
    roots = [one.root for one in found if not one.name]
    return tuple(one if one.name else replace(one, name=shortest(one.root, roots)) for one in found)


def shortest(root: Path, roots: Sequence[Path]) -> str:
    """The last parts of `root`, as few as tell it from the other `roots`; all where it takes all."""
    for length in range(1, len(root.parts) + 1):
        ends = Counter(clean("/".join(other.parts[-length:]), LONGEST) for other in roots)
        own = clean("/".join(root.parts[-length:]), LONGEST)
        if own and ends[own] == 1:
            return own
    return clean(str(root), LONGEST)
