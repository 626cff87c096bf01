"""Walk a folder however deep it is, without following a link: by open folders, since no path may be that long."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.layers import Parts
from sandbox.remove import FOLDER_FLAGS, open_up
from sandbox.tree import TreeRefused, shown

_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder, while the walk is in it."""

    parts: Parts
    """Its path below the top; none for the top itself."""
    fd: int
    """Open until the walk goes on."""
    entries: dict[str, os.stat_result]
    """What lies directly in it."""
    ahead: list[str]
    """The names of folders that are walked next; the one who walks may take some away."""


def walked(top: Path, *, opening: bool = False) -> Iterator[Folder]:
    """Each folder, those above first. With `opening`, folders of ours that are closed to us are opened up.

    What nobody but another user may enter is passed over. Raises TreeRefused for a folder that can be entered
    but not listed, or that is moved meanwhile.
    """
    here = os.open(top, FOLDER_FLAGS)
    above: list[tuple[os.stat_result, list[str]]] = []
    parts: list[str] = []
    try:
        folder = _listed((), here)
        while True:
            yield folder
            ahead = folder.ahead[::-1]
            while (inner := _next(ahead, here, parts, opening)) is None and above:
                status, ahead = above.pop()
                here = _risen(here, status, parts)
                parts.pop()
            if inner is None:
                return
            above.append((os.fstat(here), ahead))
            os.close(here)
            here = inner
            folder = _listed(tuple(parts), here)
    finally:
        os.close(here)


def named(top: Path, parts: Parts) -> str:
    """A path for a message of one line; of a very long one, its beginning."""
    path = shown("/".join((str(top), *parts)))
    return path if len(path) <= _SHOWN + len(str(top)) else f"{path[: _SHOWN + len(str(top))]}…"


def _next(ahead: list[str], here: int, parts: list[str], opening: bool) -> int | None:
    """The next of the folders ahead that can be entered; its name is then the last of `parts`."""
    while ahead:
        name = ahead.pop()
        with suppress(FileNotFoundError, NotADirectoryError):
            fd = _entered(name, here, parts, opening)
            if fd is not None:
                parts.append(name)
                return fd
    return None


def _entered(name: str, here: int, parts: list[str], opening: bool) -> int | None:
    try:
        return _open(name, here)
    except PermissionError:
        mine = os.stat(name, dir_fd=here, follow_symlinks=False).st_uid == os.geteuid()
    if mine and opening:
        open_up(name, here)
        return _open(name, here)
    if mine or os.access(name, os.X_OK, dir_fd=here):
        where = shown("/".join((*parts, name)))[:_SHOWN]
        raise TreeRefused(f"{where}: can be entered, but not be looked into; make it readable, or give a copy")
    return None


def _open(name: str, here: int) -> int:
    """Raises PermissionError also where there would be no way back up."""
    fd = os.open(name, FOLDER_FLAGS, dir_fd=here)
    try:
        os.stat(".", dir_fd=fd)
    except OSError:
        os.close(fd)
        raise
    return fd


def _risen(here: int, wanted: os.stat_result, parts: list[str]) -> int:
    up = os.open("..", FOLDER_FLAGS, dir_fd=here)
    if not os.path.samestat(os.fstat(up), wanted):
        os.close(up)
        raise TreeRefused(f"{shown('/'.join(parts))[:_SHOWN]}: was moved while it was looked at; try again")
    os.close(here)
    return up


def _listed(parts: Parts, fd: int) -> Folder:
    entries: dict[str, os.stat_result] = {}
    ahead: list[str] = []
    with os.scandir(fd) as listing:
        for child in listing:
            with suppress(FileNotFoundError):
                entries[child.name] = child.stat(follow_symlinks=False)
                if child.is_dir(follow_symlinks=False):
                    ahead.append(child.name)
    return Folder(parts, fd, entries, ahead)
