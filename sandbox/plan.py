"""Which folders are bound writable, and what in them is read-only again, so only allowed files change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

SIBLINGS = 200
"""How many files are protected one by one; a mount each, and a hundred of them cost some ten milliseconds."""

_PROBES = ("new-file", "new_file.py", "test_new_file.py", "new-file.md")


@dataclass(frozen=True, slots=True)
class Writes:
    """Repo-relative paths, `"."` for the root; of two rules for a path the more specific one holds."""

    writable: tuple[str, ...]
    readonly: tuple[str, ...]
    uncovered: tuple[str, ...] = ()
    """Writable folders with too many other files to protect each: their changes must be judged afterwards."""


@dataclass(slots=True)
class _Folder:
    path: str
    allowed: int = 0
    denied: list[str] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)
    open: bool = False
    """A file directly in it may be changed or created, so the folder itself must be writable."""
    any_open: bool = False
    whole: bool = False
    """Everything in it and below may be changed."""


def plan_writes(files: Iterable[str], allowed: Callable[[str], bool], extra: Iterable[str] = ()) -> Writes:
    """The smallest set of binds with which every allowed file can be written, created and renamed over.

    `files` are the tree's repo-relative paths, `extra` literal paths that are allowed though absent: for
    those the nearest folder that exists becomes writable. No file of the tree that is not allowed can be
    changed, unless its folder is named in `uncovered`.
    """
    root = _tree(files, allowed)
    for folder in _walk(root):
        folder.open = bool(folder.allowed) or any(allowed(_join(folder.path, name)) for name in _PROBES)
    for path in extra:
        _nearest(root, path).open = True
    _settle(root)
    writable, readonly = _rules(root)
    covered, uncovered = _within_budget(root)
    return Writes(tuple(writable), tuple(sorted([*readonly, *covered])), tuple(uncovered))


def _tree(files: Iterable[str], allowed: Callable[[str], bool]) -> _Folder:
    root = _Folder(".")
    for path in files:
        folder = root
        *parents, _name = path.split("/")
        for part in parents:
            if part not in folder.folders:
                folder.folders[part] = _Folder(_join(folder.path, part))
            folder = folder.folders[part]
        if allowed(path):
            folder.allowed += 1
        else:
            folder.denied.append(path)
    return root


def _walk(folder: _Folder) -> Iterator[_Folder]:
    pending = [folder]
    while pending:
        folder = pending.pop()
        yield folder
        pending.extend(folder.folders.values())


def _nearest(root: _Folder, path: str) -> _Folder:
    folder = root
    for part in PurePosixPath(path).parts[:-1]:
        if part not in folder.folders:
            break
        folder = folder.folders[part]
    return folder


def _settle(root: _Folder) -> None:
    """Children before their parents."""
    for folder in reversed(list(_walk(root))):
        below = folder.folders.values()
        folder.any_open = folder.open or any(f.any_open for f in below)
        folder.whole = folder.open and not folder.denied and all(f.whole for f in below)


def _rules(root: _Folder) -> tuple[list[str], list[str]]:
    """The folders to bind writable and to bind read-only, parents first.

    A folder that is neither all open nor all closed is a mount of its own: a mount point can not be renamed,
    so nothing read-only below it can be moved aside.
    """
    writable: list[str] = []
    readonly: list[str] = []
    pending = [(root, False)]
    while pending:
        folder, inside_open = pending.pop()
        if inside_open and folder.whole:
            continue
        if folder.open:
            writable.append(folder.path)
        elif inside_open:
            readonly.append(folder.path)
        if folder.any_open and not folder.whole:
            pending.extend((child, folder.open) for child in folder.folders.values())
    return sorted(writable), readonly


def _within_budget(root: _Folder) -> tuple[list[str], list[str]]:
    """The files to protect one by one, and the folders with too many for that; small folders first."""
    covered: list[str] = []
    uncovered: list[str] = []
    mixed = [folder for folder in _walk(root) if folder.open and folder.denied]
    for folder in sorted(mixed, key=lambda f: (len(f.denied), f.path)):
        if len(covered) + len(folder.denied) <= SIBLINGS:
            covered.extend(folder.denied)
        else:
            uncovered.append(folder.path)
    return covered, uncovered


def _join(folder: str, name: str) -> str:
    return name if folder == "." else f"{folder}/{name}"
