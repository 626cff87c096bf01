"""Take stock of a folder: what a tree of it would hold, and what it would not.

The walk never follows a link, never opens anything but regular files, and reads none that it knows already.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from sandbox.remove import FOLDER_FLAGS, open_up
from sandbox.seen import Sight, Signature, identify, signature, unchanged
from sandbox.tree import DEPTH_LIMIT, SUBMODULE, Entry, TreeRefused, is_git_link, is_git_name, shown

FILES_LIMIT = 50_000
NEW_LIMIT = 256 * 1024 * 1024
"""Bytes of new and changed files together; links and sparse files make much to read out of little on disk."""


@dataclass(frozen=True)
class Known:
    """What the walk may rely on."""

    entries: Mapping[str, Entry]
    """The tree the folder was made from: its files are never by-products and keep their odd modes."""
    folders: frozenset[str]
    sights: Mapping[str, Sight]
    looked_at: int
    """When all of `sights` were known to be so, in ns."""
    placed: frozenset[str]
    """Paths that are only there to mount something on."""
    ignored: Callable[[str], bool]


@dataclass
class Census:
    known: Known
    keep: Callable[[bytes], str]
    entries: dict[str, Entry] = field(default_factory=dict)
    sights: dict[str, Sight] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    """By-products and empty folders: there, but in no tree."""
    _read: int = 0

    def take(self, root: int) -> None:
        """Walk the open folder `root`. Raises TreeRefused at the first thing that no tree may hold."""
        self._folder(root, "", 0)

    def _folder(self, fd: int, prefix: str, depth: int) -> bool:
        """Whether anything in it belongs to the tree."""
        if depth > DEPTH_LIMIT:
            raise TreeRefused(f"{shown(prefix[:80])}…: more than {DEPTH_LIMIT} folders deep")
        used = False
        with os.scandir(fd) as listing:
            for child in listing:
                path = prefix + child.name
                status = child.stat(follow_symlinks=False)
                if stat.S_ISDIR(status.st_mode):
                    used |= self._enter(child.name, fd, path, depth)
                else:
                    used |= self._file(child.name, fd, path, status)
        return used

    def _enter(self, name: str, parent: int, path: str, depth: int) -> bool:
        known = self.known
        if path in known.placed and path not in known.folders:
            return False
        submodule = known.entries.get(path)
        if path not in known.folders and submodule is None:
            if known.ignored(path + "/"):
                self.leftovers.append(path)
                return False
            _refuse_git(name, path)
        with opened(name, parent) as fd:
            used = self._folder(fd, path + "/", depth + 1)
        if submodule is not None and submodule.mode == SUBMODULE:
            if used:
                raise TreeRefused(f"{shown(path)}: is a submodule, its content cannot be changed from here")
            self.entries[path] = submodule
            return True
        if not used:
            self.leftovers.append(path)
        return used

    def _file(self, name: str, folder: int, path: str, status: os.stat_result) -> bool:
        known, now = self.known, signature(status)
        sight = known.sights.get(path)
        if sight is None or not unchanged(sight, now, known.looked_at):
            if path not in known.entries and self._passed_over(path):
                return False
            sight = Sight(now, self._new(name, folder, path, now))
        self.entries[path] = sight.entry
        self.sights[path] = sight
        if len(self.entries) > FILES_LIMIT:
            raise TreeRefused(f"{shown(path)}: one of more than {FILES_LIMIT} files")
        return True

    def _passed_over(self, path: str) -> bool:
        if path in self.known.placed:
            return True
        if self.known.ignored(path):
            self.leftovers.append(path)
            return True
        return False

    def _new(self, name: str, folder: int, path: str, now: Signature) -> Entry:
        _refuse_git(name, path)
        _refuse_kind(name, path, now.mode)
        self._read += now.size
        if self._read > NEW_LIMIT:
            raise TreeRefused(f"{shown(path)}: one of more than {NEW_LIMIT} bytes of new and changed files")
        entry = identify(name, folder, path, now, self.known.sights, self.keep)
        return alike(self.known.entries.get(path), entry)


def alike(known: Entry | None, entry: Entry) -> Entry:
    """The known entry where it says the same: old repositories have modes such as 100664."""
    if known is None or known.oid != entry.oid or known.mode[:3] != entry.mode[:3]:
        return entry
    executable = int(known.mode, 8) & 0o100 == int(entry.mode, 8) & 0o100
    return known if executable else entry


@contextmanager
def opened(name: str, parent: int) -> Iterator[int]:
    """A folder in an open folder, opened without following a link."""
    try:
        fd = os.open(name, FOLDER_FLAGS, dir_fd=parent)
    except PermissionError:
        open_up(name, parent)
        fd = os.open(name, FOLDER_FLAGS, dir_fd=parent)
    try:
        yield fd
    finally:
        os.close(fd)


def _refuse_git(name: str, path: str) -> None:
    if is_git_name(name):
        raise TreeRefused(f"{shown(path)}: a repository within the repository cannot be kept")


def _refuse_kind(name: str, path: str, mode: int) -> None:
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise TreeRefused(f"{shown(path)}: is {_kind(mode)}; only files, folders and links can be kept")
    if stat.S_ISLNK(mode) and is_git_link(name):
        raise TreeRefused(f"{shown(path)}: git checks out no link with this name; make it a file")
    if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
        raise TreeRefused(f"{shown(path)}: has a set-user-id or set-group-id bit")


def _kind(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a named pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"
