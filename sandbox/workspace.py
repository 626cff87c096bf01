"""A private copy of a repository's files that goes back and forth between a folder on disk and git trees."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sandbox.census import Census, Known
from sandbox.collide import refuse_collisions
from sandbox.ignore import IgnoreRules, ignore_rules
from sandbox.links import leaving
from sandbox.remove import FOLDER_FLAGS, remove_below
from sandbox.seen import Sight
from sandbox.settle import Clearing, Writer
from sandbox.tree import LINK, Entry, TreeRefused, Trees, shown

__all__ = ["TreeRefused", "Workspace"]


class Workspace:
    """The folder `folder`, belonging to uid `owner` when given.

    Between `restore` and `snapshot` programs may change the folder in any way; while either works, nothing
    may run there. New files that the tree's ignore rules name are part of no tree. `clock` is the clock of
    the file system's time stamps, in ns.
    """

    def __init__(
        self,
        trees: Trees,
        folder: Path,
        owner: int | None = None,
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.trees, self.folder, self.owner = trees, folder, owner
        self._rules, self._clock = IgnoreRules(trees), clock
        self._tree: str | None = None
        self._folders: frozenset[str] = frozenset()
        self._sights: dict[str, Sight] = {}
        self._looked_at = 0
        self._leftovers: list[str] = []
        self._placed: dict[str, bool] = {}
        self._clean = False

    @property
    def tree(self) -> str:
        """The tree that was restored or taken last. Raises ValueError before the first."""
        if self._tree is None:
            raise ValueError(f"the workspace {self.folder} holds no tree yet; restore one first")
        return self._tree

    def touched(self) -> None:
        """Something may have changed the folder: the next `restore` looks at all of it."""
        self._clean = False

    def place(self, path: str, *, folder: bool) -> None:
        """Make sure there is something at `path` to mount on; it is part of no tree. Raises TreeRefused."""
        known = self._known()
        if path in (known.folders if folder else known.entries):
            return
        if path in known.entries or path in known.folders:
            raise TreeRefused(f"{shown(path)}: is in the repository, so nothing else can be mounted on it")
        self._placed[path] = folder
        with self._writer() as writer:
            try:
                writer.place(path, folder=folder)
            except OSError as error:
                raise TreeRefused(f"{shown(path)}: nothing can be mounted here: {error.strerror}") from None

    def restore(self, tree: str) -> None:
        """Make the folder equal `tree`. Raises TreeRefused when the tree has names no file may have."""
        if self._clean and tree == self._tree and not self._leftovers:
            return
        wanted = self.trees.entries(tree)
        folders = folders_of(wanted)
        right = self._tidy(wanted, folders) if self._clean else self._clear(wanted, folders)
        self._clean = False  # until all is written
        sights = {path: sight for path, sight in right.items() if wanted.get(path) == sight.entry}
        with self._writer() as writer:
            for path in sorted(wanted.keys() - sights.keys()):
                sight = writer.write(path, wanted[path])
                if sight is not None:
                    sights[path] = sight
            for path, folder in self._placed.items():
                if path not in wanted and path not in folders:
                    writer.place(path, folder=folder)
        self._know(tree, folders, sights, self._clock())

    def snapshot(self) -> str:
        """The tree the folder holds, which stays as it is. Raises TreeRefused for what no tree may hold."""
        known = self._known()
        census = Census(known, self.trees.put)
        looked_at, self._clean = self._clock(), False
        with self._opened() as root:
            census.take(root)
        if self._tree is not None and census.entries == known.entries:
            tree, folders = self._tree, self._folders
        else:
            folders = folders_of(census.entries)
            self._refuse(census.entries, known)
            tree = self.trees.write(census.entries)
        self._know(tree, folders, census.sights, looked_at)
        self._leftovers = census.leftovers
        return tree

    def _refuse(self, entries: Mapping[str, Entry], known: Known) -> None:
        if any(path not in known.entries for path in entries):
            refuse_collisions(entries, known.entries.keys() | known.folders)
        if _links(entries) == _links(known.entries):
            return
        escaped = leaving(known.entries, self._target)
        for path in sorted(leaving(entries, self._target)):
            if path not in escaped or entries[path] != known.entries[path]:
                raise TreeRefused(f"{shown(path)}: a link that leads out of the repository")

    def _target(self, oid: str) -> str:
        return os.fsdecode(self.trees.blob(oid))

    def _known(self) -> Known:
        entries = self.trees.entries(self._tree) if self._tree else {}
        placed = frozenset(self._placed)
        ignored = self._rules.of(self._tree) if self._tree else ignore_rules()
        return Known(entries, self._folders, self._sights, self._looked_at, placed, ignored)

    def _know(self, tree: str, folders: frozenset[str], sights: dict[str, Sight], looked_at: int) -> None:
        self._tree, self._folders, self._sights = tree, folders, sights
        self._looked_at, self._leftovers, self._clean = looked_at, [], True

    def _tidy(self, wanted: Mapping[str, Entry], folders: frozenset[str]) -> dict[str, Sight]:
        """Remove what is known to be too much, without looking around."""
        known = self._known()
        gone = [*(known.folders - folders), *(known.entries.keys() - wanted.keys())]
        with self._opened() as root:
            for path in [*self._leftovers, *gone]:
                remove_below(root, path)
        return self._sights

    def _clear(self, wanted: Mapping[str, Entry], folders: frozenset[str]) -> dict[str, Sight]:
        """Remove all that is not wanted, whatever it is."""
        clearing = Clearing(self._known(), wanted, folders, self.trees, self.owner)
        with self._opened() as root:
            clearing.clear(root)
        return clearing.right

    @contextmanager
    def _opened(self) -> Iterator[int]:
        self.folder.mkdir(parents=True, exist_ok=True)
        if stat.S_IMODE(os.lstat(self.folder).st_mode) != 0o755:
            os.chmod(self.folder, 0o755)  # before it is opened: it may be closed to us
        root = os.open(self.folder, FOLDER_FLAGS)
        try:
            if self.owner is not None:
                os.fchown(root, self.owner, self.owner)
            yield root
        finally:
            os.close(root)

    @contextmanager
    def _writer(self) -> Iterator[Writer]:
        with self._opened() as root:
            writer = Writer(root, self.trees, self.owner)
            try:
                yield writer
            finally:
                writer.close()


def folders_of(paths: Iterable[str]) -> frozenset[str]:
    """Every folder on the way to one of the paths."""
    found: set[str] = set()
    for path in paths:
        above = path.rpartition("/")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("/")[0]
    return frozenset(found)


def _links(entries: Mapping[str, Entry]) -> set[tuple[str, str]]:
    return {(path, entry.oid) for path, entry in entries.items() if entry.mode == LINK}
