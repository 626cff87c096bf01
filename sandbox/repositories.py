"""Git repositories in a folder that a command gets: what git would run from them stays as it is.

Git runs programs that a repository's settings and hooks name, as soon as anybody looks at it. So git's own folders
and files, and what their settings refer to in the folder, are read-only; what a command makes anew is moved aside.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.census import opened
from sandbox.git import Git, GitFailed
from sandbox.layers import Parts, kind_at
from sandbox.remove import FOLDER_FLAGS
from sandbox.tree import TreeRefused, is_git_name, shown
from sandbox.walk import Folder, named, walked

_GIT = ".git"
_ASIDE = "git-made-in-sandbox"
_USERS = ("/etc/gitconfig", "~/.config/git/config", "~/.gitconfig")
_LONGEST = 4096
"""Of what is read of a file that names a git directory."""
_INCLUDED = 50
Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Before:
    """Of a folder, below it."""

    there: Mapping[Parts, Identity]
    """What git reads and runs, so that it must stay as it is."""
    absent: frozenset[Parts]
    """What git would read if it were there: of each the first step that is not."""


@dataclass(frozen=True, slots=True)
class Kept:
    readonly: tuple[str, ...]
    moved: list[str] = field(default_factory=list)
    """In the end, a line for each thing that was moved aside."""


@dataclass(frozen=True, slots=True)
class _Found:
    folder: Folder
    name: str
    """Without it, there is no repository."""
    parts: Parts
    """All of what is the repository's."""
    identity: Identity


@contextmanager
def kept(folder: Path, apart: Collection[Parts]) -> Iterator[Kept]:
    """While open, a command may run that can not change what is `readonly`, nor what lies in one of `apart`.

    Where the folder itself is no repository, an empty read-only folder stands where git would look meanwhile.
    Raises TreeRefused for what can not be kept as it is.
    """
    before = look(folder, apart)
    readonly = ["/".join(parts) for parts in before.there]
    if (_GIT,) not in before.there:
        with suppress(OSError):
            (folder / _GIT).mkdir(exist_ok=True)
            readonly.append(_GIT)
    result = Kept(tuple(readonly))
    try:
        yield result
    finally:
        if (_GIT,) not in before.there:
            with suppress(OSError):
                (folder / _GIT).rmdir()
        result.moved.extend(_move_aside(folder, apart, before))


def look(folder: Path, apart: Collection[Parts]) -> Before:
    """What there is before a command runs. Raises TreeRefused."""
    there: dict[Parts, Identity] = {}
    for found in _found(folder, apart):
        there[found.parts] = found.identity
        if found.parts == found.folder.parts:
            found.folder.ahead.clear()
    absent: set[Parts] = set()
    for parts in sorted(_named(folder, there)):
        if _within(parts, there) or _within(parts, apart):
            continue
        if os.path.lexists(_path(folder, parts)):
            there[parts] = _identity(os.lstat(_path(folder, parts)))
        else:
            absent.add(_first_absent(folder, parts))
    for parts in (*there, *(parts[:-1] for parts in absent if parts[:-1])):
        if not parts or kind_at(folder, parts) is None:
            why = "is git's or is named by git's settings, but is a link, too deep, or the whole folder"
            raise TreeRefused(f"{named(folder, parts)}: {why}, so it can not be kept as it is; give a copy without it")
    return Before(there, frozenset(absent))


def _move_aside(folder: Path, apart: Collection[Parts], before: Before) -> Iterator[str]:
    """Give what git would read now, and did not before, a name that it does not look for. A line for each."""
    for parts in sorted(before.absent):
        with _top(folder) as fd:
            yield from _step_aside(folder, fd, (), parts)
    for found in _found(folder, apart, opening=True):
        bare = found.parts == found.folder.parts
        if before.there.get(found.parts) != found.identity:
            yield _aside(folder, found.folder.fd, (*found.folder.parts, found.name))
        elif bare:
            found.folder.ahead.clear()


def _step_aside(folder: Path, fd: int, above: Parts, ahead: Parts) -> Iterator[str]:
    """The last step, or a link where a folder was."""
    name, *rest = ahead
    try:
        status = os.stat(name, dir_fd=fd, follow_symlinks=False)
    except FileNotFoundError:
        return
    if rest and stat.S_ISDIR(status.st_mode):
        with opened(name, fd) as inner:
            yield from _step_aside(folder, inner, (*above, name), tuple(rest))
    else:
        yield _aside(folder, fd, (*above, name))


def _aside(folder: Path, fd: int, parts: Parts) -> str:
    taken = os.listdir(fd)
    fresh = next(name for number in range(len(taken) + 1) if (name := f"{_ASIDE}-{number}") not in taken)
    with suppress(PermissionError):  # not ours: then it is open to us, or the renaming says that it is not
        os.fchmod(fd, stat.S_IMODE(os.fstat(fd).st_mode) | stat.S_IRWXU)
    os.rename(parts[-1], fresh, src_dir_fd=fd, dst_dir_fd=fd)
    why = "was made by the command, and git would run what it names"
    return f"{named(folder, parts)}: {why}; it is called {fresh} now"


def _found(folder: Path, apart: Collection[Parts], *, opening: bool = False) -> Iterator[_Found]:
    """Repositories with and without a work tree. Git's own folders are not walked."""
    for at in walked(folder, opening=opening):
        at.ahead[:] = [name for name in at.ahead if (*at.parts, name) not in apart and not is_git_name(name)]
        for name, status in at.entries.items():
            if is_git_name(name) and (*at.parts, name) not in apart and not _empty(at.fd, name):
                yield _Found(at, name, (*at.parts, name), _identity(status))
        head = _head(at.entries)
        if head is not None:
            yield _Found(at, head, at.parts, _identity(os.fstat(at.fd)))


def _head(names: Collection[str]) -> str | None:
    """The name of the file that makes a folder with these names in it a git directory."""
    folded = {name.casefold(): name for name in names}
    return folded.get("head") if "commondir" in folded or {"objects", "refs"} <= folded.keys() else None


def _empty(fd: int, name: str) -> bool:
    """An empty folder: no repository."""
    try:
        inner = os.open(name, FOLDER_FLAGS, dir_fd=fd)
    except OSError:
        return False
    try:
        return not os.listdir(inner)
    finally:
        os.close(inner)


def _named(folder: Path, repositories: Collection[Parts]) -> set[Parts]:
    """What lies in the folder of all that repositories, the one around the folder too, read beside their own."""
    above = [at / _GIT for at in folder.parents if os.path.lexists(at / _GIT)][:1]
    wanted = [path for git in (*(folder.joinpath(*parts) for parts in repositories), *above) for path in _read(git)]
    found: set[Parts] = set()
    for path in wanted:
        for place in (Path(os.path.normpath(path)), Path(os.path.realpath(path))):
            if place.is_relative_to(folder):
                found.add(place.relative_to(folder).parts)
    return found


def _read(git: Path) -> Iterator[Path]:
    """Git directories, settings and hooks of a `.git`, be it a folder or a file, or of a bare repository."""
    own = git.parent / _line(git).removeprefix("gitdir:").strip() if os.path.isfile(git) else git
    common = own / _line(own / "commondir").strip()
    yield from (own, common)
    root = git.parent if is_git_name(git.name) else git
    files = [common / "config", own / "config.worktree", *(Path(user).expanduser() for user in _USERS)]
    seen: set[str] = set()
    while files:
        file = files.pop()
        yield file
        if os.path.realpath(file) in seen or not os.path.isfile(file):
            continue
        seen.add(os.path.realpath(file))
        if len(seen) > _INCLUDED:
            raise TreeRefused(
                f"{shown(str(git))}: its settings are more than {_INCLUDED} files; give a copy without it"
            )
        for key, value in _settings(file):
            place = Path(os.path.expanduser(value))
            if key.startswith("include") and key.endswith(".path"):
                files.append(file.parent / place)
            elif key == "core.hookspath":
                hooks = root / place
                yield hooks
                if hooks.name == "_":  # husky's, which call those beside it
                    yield hooks.parent


def _settings(file: Path) -> Iterator[tuple[str, str]]:
    """Of this file alone, read in no repository. None of one that git does not understand either."""
    with suppress(GitFailed):
        text = Git(Path("/")).run("config", "--file", str(file), "--no-includes", "--null", "--list")
        for entry in text.decode("utf-8", "surrogateescape").split("\0"):
            key, _, value = entry.partition("\n")
            if value:
                yield key, value


def _line(file: Path) -> str:
    """The first line; nothing where no file can be read."""
    if not os.path.isfile(file):
        return ""
    with suppress(OSError), file.open("rb") as content:
        return os.fsdecode(content.readline(_LONGEST)).partition("\0")[0]
    return ""


@contextmanager
def _top(folder: Path) -> Iterator[int]:
    fd = os.open(folder, FOLDER_FLAGS)
    try:
        yield fd
    finally:
        os.close(fd)


def _first_absent(folder: Path, parts: Parts) -> Parts:
    depths = range(1, len(parts) + 1)
    return next(parts[:depth] for depth in depths if not os.path.lexists(_path(folder, parts[:depth])))


def _within(parts: Parts, others: Collection[Parts]) -> bool:
    return any(parts[:depth] in others for depth in range(len(parts) + 1))


def _path(folder: Path, parts: Parts) -> str:
    return "/".join((str(folder), *parts))


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino
