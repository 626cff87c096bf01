"""Disk that a command holds by files that are open but in no folder any more."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator

from sandbox.watch import BLOCK, Growth, content, listed

_IN_MEMORY = (b"/dev/zero (deleted)", b"/memfd:", b"/SYSV")


def nameless(pids: Iterable[int], devices: frozenset[int]) -> Growth:
    """Of the files that these processes have open on `devices`, those without a name; each counts once."""
    found: dict[tuple[int, int], int] = {}
    for folder in _descriptors(pids):
        for name in listed(folder):
            try:
                file = os.stat(f"{folder}/{name}")
            except OSError:
                continue
            if not file.st_nlink and file.st_dev in devices and stat.S_ISREG(file.st_mode):
                found[file.st_dev, file.st_ino] = file.st_blocks * BLOCK
    return Growth(sum(found.values()), len(found))


def out_of_sight(pids: Iterable[int]) -> bool:
    """Whether they may hold more: in descriptors on their way, by a mapping alone, or where we may not look."""
    return any(_maps_nameless(pid) for pid in pids) or any(map(_may_hide, _descriptors(pids)))


def _descriptors(pids: Iterable[int]) -> Iterator[str]:
    """The folders of /proc that list them: a thread can have a table of its own."""
    for pid in pids:
        for task in listed(f"/proc/{pid}/task"):
            yield f"/proc/{pid}/task/{task}/fd"


def _may_hide(folder: str) -> bool:
    try:
        names = os.listdir(folder)
    except PermissionError:
        return True
    except OSError:
        return False
    return any(_carries(f"{folder}info/{name}") for name in names)


def _carries(info: str) -> bool:
    """A local socket with descriptors in its queue."""
    return any(line.startswith(b"scm_fds:") and int(line.split()[1]) for line in content(info).splitlines())


def _maps_nameless(pid: int) -> bool:
    files = (line.split(maxsplit=5)[5:] for line in content(f"/proc/{pid}/maps").splitlines())
    return any(f[0].endswith(b" (deleted)") and not f[0].startswith(_IN_MEMORY) for f in files if f)
