"""Trees of files named by their content, exactly as git names them, kept beside the user's repository.

Nothing here touches a work tree, and the user's repository is only read.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from sandbox.git import Git, GitFailed, private
from sandbox.objects import LENGTH, Objects

FOLDER = "40000"
LINK = "120000"
SUBMODULE = "160000"
DEPTH_LIMIT = 200
"""Folders within folders; real repositories have a few dozen."""
REMEMBERED = 500_000
"""Entries of flat trees kept in memory, all trees together."""

PATCH = (
    "-p", "-r", "--binary", "--full-index", "--no-renames", "--no-color", "--no-ext-diff", "--no-textconv",
    "--src-prefix=a/", "--dst-prefix=b/", "--submodule=short", "--ignore-submodules=none",
)  # fmt: skip

# Characters that some file systems ignore in names, so that `.g\u200cit` is `.git` there.
_IGNORED = dict.fromkeys([*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF], None)

# Also the short names that a file system makes up for it.
_MODULES = re.compile(r"\.gitmodules|gitmod~[1-4]|(?=.{8}$)(?:g(?:i(?:7(?:e(?:ba?)?)?)?)?)?~[1-9][0-9]*")


class TreeRefused(Exception):
    """A tree or folder holds something that may not be there. One line that starts with the path."""


class Entry(NamedTuple):
    """A file of a tree. `mode` is git's: 100644, 100755, 120000 (link) or 160000 (submodule)."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        return self.mode in ("100644", "100755")


class Change(NamedTuple):
    """One path on which two trees differ; None is absence."""

    path: str
    before: Entry | None
    after: Entry | None


Node = dict[str, "Node | Entry"]


def shown(path: str) -> str:
    """A path as it can stand in a one-line message."""
    return path if path.isprintable() else ascii(path)


def is_git_name(name: str) -> bool:
    """The name is `.git`, or is taken for it on some file system: there, `\\` parts folders and `:` ends a name."""
    return any(part in (".git", "git~1") for part in _taken_for(name))


def is_git_link(name: str) -> bool:
    """A link that git checks out nowhere: `.gitmodules`, or taken for it on some file system."""
    return any(_MODULES.fullmatch(part) for part in _taken_for(name))


def _taken_for(name: str) -> list[str]:
    parts = name.translate(_IGNORED).casefold().split("\\")
    return [part.partition(":")[0].rstrip(" .") for part in parts]


def open_trees(folder: Path, repository_objects: Path, algorithm: str) -> Trees:
    """Trees kept in a private git directory at `folder`, on top of a repository's objects."""
    return Trees(private(folder, [repository_objects], algorithm), folder / "objects", algorithm)


class Trees:
    """Reads trees of the repository and writes new ones to the private folder `objects`.

    Paths are str with `surrogateescape` for bytes that are not UTF-8. Safe to share between threads.
    """

    def __init__(self, git: Git, objects: Path, algorithm: str) -> None:
        self.git, self.algorithm = git, algorithm
        self.objects = Objects(objects, algorithm)
        self._flat: OrderedDict[str, Mapping[str, Entry]] = OrderedDict()
        self._remembered = 0
        self._present: set[str] = set()

    def entries(self, tree: str) -> Mapping[str, Entry]:
        """Every file of the tree by path. Raises TreeRefused for names that no checkout may create."""
        known = self._flat.get(tree)
        if known is None:
            known = self._remember(tree, dict(self._walk(tree, "")))
        return known

    def write(self, entries: Mapping[str, Entry]) -> str:
        """The id of the tree with these files, the same that `git write-tree` gives. Raises TreeRefused."""
        tree = self._write(_nested(entries))
        if tree not in self._flat:
            self._remember(tree, dict(entries))
        return tree

    def edit(self, tree: str, changes: Mapping[str, Entry | None]) -> str:
        """The tree with these files put in, or taken out where the entry is None."""
        entries = dict(self.entries(tree))
        for path, entry in changes.items():
            if entry is None:
                entries.pop(path, None)
            else:
                entries[path] = entry
        return self.write(entries)

    def put(self, data: bytes) -> str:
        return self.keep("blob", data)

    def keep(self, kind: str, data: bytes) -> str:
        """Keep an object of git's `kind` unless the repository has it; returns its id."""
        oid = self.objects.name(kind, data)
        if oid not in self._present:
            if not self.objects.has(oid) and not self.git.has(oid):
                self.objects.write(kind, data)
            self._present.add(oid)
        return oid

    def blob(self, oid: str) -> bytes:
        return self.content("blob", oid)

    def content(self, kind: str, oid: str) -> bytes:
        """Raises GitFailed when there is no such object, or it is of another kind."""
        found, data = self.objects.read(oid) or self.git.object(oid)
        if found != kind:
            raise GitFailed(f"object {oid} is a {found}, not a {kind}")
        return data

    def tree_of(self, commit: str) -> str:
        """The tree of a commit."""
        return self.content("commit", commit).split(b"\n", 1)[0].removeprefix(b"tree ").decode()

    def diff(self, before: str, after: str) -> tuple[Change, ...]:
        """What differs, ordered by path. A rename is an absence and a presence."""
        if before == after:
            return ()
        old, new = self.entries(before), self.entries(after)
        differing = [p for p in old.keys() | new.keys() if old.get(p) != new.get(p)]
        return tuple(Change(p, old.get(p), new.get(p)) for p in sorted(differing))

    def patch(self, before: str, after: str) -> bytes:
        """The difference as a patch that `git apply` takes, binary files and modes included."""
        return self.git.run("diff-tree", *PATCH, before, after, "--")

    def _walk(self, tree: str, prefix: str) -> Iterator[tuple[str, Entry]]:
        if prefix.count("/") > DEPTH_LIMIT:
            raise TreeRefused(f"{shown(prefix[:80])}…: more than {DEPTH_LIMIT} folders deep")
        names: set[str] = set()
        for mode, name, oid in self.listing(tree):
            if name in names or _unfit(name, mode):
                raise TreeRefused(f"{shown(prefix + name)}: a tree with this name in it is not checked out")
            names.add(name)
            if mode == FOLDER:
                yield from self._walk(oid, f"{prefix}{name}/")
            else:
                yield prefix + name, Entry(mode, oid)

    def listing(self, tree: str) -> Iterator[tuple[str, str, str]]:
        """Mode, name and id of what lies directly in the tree, folders (mode 40000) included."""
        data, at = self.content("tree", tree), 0
        width = LENGTH[self.algorithm] // 2
        while at < len(data):
            end = data.index(b"\0", at)
            mode, _, name = data[at:end].lstrip(b"0").partition(b" ")
            at = end + 1 + width
            oid = data[end + 1 : at].hex()
            if mode != SUBMODULE.encode():
                self._present.add(oid)
            yield mode.decode(), name.decode("utf-8", "surrogateescape"), oid

    def _write(self, node: Node) -> str:
        lines: list[tuple[bytes, bytes]] = []
        for name, child in node.items():
            raw = name.encode("utf-8", "surrogateescape")
            if isinstance(child, dict):
                key, mode, oid = raw + b"/", FOLDER, self._write(child)
            else:
                key, (mode, oid) = raw, child
            lines.append((key, b"%s %s\0%s" % (mode.encode(), raw, bytes.fromhex(oid))))
        lines.sort()
        return self.keep("tree", b"".join(line for _, line in lines))

    def _remember(self, tree: str, entries: dict[str, Entry]) -> Mapping[str, Entry]:
        known = self._flat[tree] = MappingProxyType(entries)
        self._remembered += len(entries)
        while self._remembered > REMEMBERED and len(self._flat) > 1:
            _, forgotten = self._flat.popitem(last=False)
            self._remembered -= len(forgotten)
        return known


def _unfit(name: str, mode: str) -> bool:
    if name in ("", ".", "..") or "/" in name or is_git_name(name):
        return True
    return mode == LINK and is_git_link(name)


def _nested(entries: Mapping[str, Entry]) -> Node:
    """Folders within folders, as git stores them."""
    root: Node = {}
    folders: dict[str, Node] = {"": root}
    for path, entry in entries.items():
        above, _, name = path.rpartition("/")
        folder = folders.get(above)
        if folder is None:
            folder = _make(folders, above)
        if name in folder or _unfit(name, entry.mode):
            raise TreeRefused(f"{shown(path)}: no file can have this name here")
        folder[name] = entry
    return root


def _make(folders: dict[str, Node], path: str) -> Node:
    above, _, name = path.rpartition("/")
    if path.count("/") > DEPTH_LIMIT:
        raise TreeRefused(f"{shown(path[:80])}…: more than {DEPTH_LIMIT} folders deep")
    parent = folders.get(above)
    if parent is None:
        parent = _make(folders, above)
    if name in parent or _unfit(name, FOLDER):
        raise TreeRefused(f"{shown(path)}: no folder can have this name here")
    made: Node = {}
    parent[name] = folders[path] = made
    return made
