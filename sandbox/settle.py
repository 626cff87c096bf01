"""Make a folder hold what a tree says and nothing else, writing only what differs.

Whatever a program left there is taken away unread: odd files, links, folders nobody can enter.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.census import Known, alike, opened
from sandbox.remove import FOLDER_FLAGS, remove
from sandbox.seen import Sight, identify, namer, signature, unchanged
from sandbox.tree import LINK, SUBMODULE, Entry, TreeRefused, Trees


@dataclass
class Clearing:
    """One walk that removes what is not in `wanted` and remembers what is already right."""

    known: Known
    wanted: Mapping[str, Entry]
    folders: frozenset[str]
    trees: Trees
    owner: int | None
    right: dict[str, Sight] = field(default_factory=dict)

    def clear(self, fd: int, prefix: str = "") -> None:
        with os.scandir(fd) as listing:
            children = [(child.name, child.stat(follow_symlinks=False)) for child in listing]
        for name, status in children:
            path = prefix + name
            if stat.S_ISDIR(status.st_mode) and path in self.folders:
                self._enter(name, fd, path, status)
            elif not self._is_right(name, fd, path, status):
                remove(name, fd)

    def _enter(self, name: str, parent: int, path: str, status: os.stat_result) -> None:
        if stat.S_IMODE(status.st_mode) != 0o755:
            os.chmod(name, 0o755, dir_fd=parent)
        if self.owner not in (None, status.st_uid):
            os.chown(name, self.owner or 0, self.owner or 0, dir_fd=parent, follow_symlinks=False)
        with opened(name, parent) as fd:
            self.clear(fd, path + "/")

    def _is_right(self, name: str, fd: int, path: str, status: os.stat_result) -> bool:
        wanted, now = self.wanted.get(path), signature(status)
        if wanted is None or not (stat.S_ISREG(now.mode) or stat.S_ISLNK(now.mode)):
            return False
        if self.owner not in (None, status.st_uid):
            return False
        sight = self.known.sights.get(path)
        if sight is None or not unchanged(sight, now, self.known.looked_at):
            if sight is not None and sight.entry == wanted and sight.signature.size != now.size:
                return False  # unread: it may be as large as it likes
            if stat.S_ISREG(now.mode) and now.mode & (stat.S_ISUID | stat.S_ISGID):
                return False
            try:
                found = identify(name, fd, path, now, self.known.sights, namer(self.trees.objects))
            except TreeRefused:
                return False
            sight = Sight(now, alike(wanted, found))
        self.right[path] = sight
        return sight.entry == wanted


class Writer:
    """Creates files below the open folder `root`, making the folders they need, following no link."""

    def __init__(self, root: int, trees: Trees, owner: int | None) -> None:
        self._root, self._trees, self._owner = root, trees, owner
        self._above: str | None = None
        self._parent = -1

    def write(self, path: str, entry: Entry) -> Sight | None:
        """What was written; None for the empty folder of a submodule."""
        above, _, name = path.rpartition("/")
        parent = self._enter(above)
        remove(name, parent)
        if entry.mode == SUBMODULE:
            self._make(name, parent)
            return None
        if entry.mode == LINK:
            os.symlink(os.fsdecode(self._trees.blob(entry.oid)), name, dir_fd=parent)
            self._own(name, parent)
        else:
            mode = 0o755 if int(entry.mode, 8) & 0o100 else 0o644
            self._file(name, parent, self._trees.blob(entry.oid), mode)
        return Sight(signature(os.stat(name, dir_fd=parent, follow_symlinks=False)), entry)

    def place(self, path: str, *, folder: bool) -> None:
        """An empty folder or file, unless there is one already. Raises OSError where a file is on the way."""
        above, _, name = path.rpartition("/")
        parent = self._enter(above)
        is_right = stat.S_ISDIR if folder else stat.S_ISREG
        with contextlib.suppress(FileNotFoundError):
            if is_right(os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode):
                return
        remove(name, parent)
        if folder:
            self._make(name, parent)
        else:
            self._file(name, parent, b"", 0o644)

    def close(self) -> None:
        if self._above is not None:
            os.close(self._parent)
            self._above = None

    def _file(self, name: str, parent: int, data: bytes, mode: int) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with open(os.open(name, flags, 0o600, dir_fd=parent), "wb") as file:
            file.write(data)
            file.flush()
            if self._owner is not None:
                os.fchown(file.fileno(), self._owner, self._owner)
            os.fchmod(file.fileno(), mode)

    def _enter(self, above: str) -> int:
        """The open folder `above`; the last one stays open, since files come folder by folder."""
        if self._above == above:
            return self._parent
        self.close()
        fd = os.dup(self._root)
        for name in above.split("/") if above else ():
            try:
                with contextlib.suppress(FileExistsError):
                    self._make(name, fd)
                inner = os.open(name, FOLDER_FLAGS, dir_fd=fd)
            finally:
                os.close(fd)
            fd = inner
        self._above, self._parent = above, fd
        return fd

    def _make(self, name: str, parent: int) -> None:
        os.mkdir(name, 0o755, dir_fd=parent)
        os.chmod(name, 0o755, dir_fd=parent)  # whatever the umask says
        self._own(name, parent)

    def _own(self, name: str, parent: int) -> None:
        if self._owner is not None:
            os.chown(name, self._owner, self._owner, dir_fd=parent, follow_symlinks=False)
