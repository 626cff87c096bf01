"""What a running command uses: processes, processor time and memory of its tree, and growth of its files.

Everything is polled, and nothing is measured beforehand, so a command that ends at once costs nothing.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sandbox.limits import Limits

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
BLOCK = 512
"""What `st_blocks` counts."""
ENDLESS = 1 << 62
"""For what can not be measured: more than any limit."""


class Process(NamedTuple):
    """A process for good: numbers are given again."""

    pid: int
    started: int
    """In ticks since the machine was started."""


class Times(NamedTuple):
    """Processor time in seconds."""

    own: float
    children: float
    """Of those that have ended and were waited for."""


@dataclass(frozen=True, slots=True)
class Usage:
    tasks: int
    """Threads of all processes."""
    cpu_s: float
    memory_bytes: int
    """Resident; pages that processes share count for each of them."""
    pids: tuple[int, ...]
    """The first one first."""
    times: Mapping[Process, Times] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Growth:
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class _Stat:
    parent: int
    own: int
    children: int
    threads: int
    started: int
    pages: int


def usage(top: int) -> Usage:
    """Of process `top` and all below it."""
    stats = dict(_tree(top))
    return Usage(
        tasks=sum(s.threads for s in stats.values()),
        cpu_s=sum(s.own + s.children for s in stats.values()) / _TICKS,
        memory_bytes=sum(s.pages for s in stats.values()) * _PAGE,
        pids=tuple(stats),
        times={Process(p, s.started): Times(s.own / _TICKS, s.children / _TICKS) for p, s in stats.items()},
    )


def still_there(process: Process) -> bool:
    found = _stat(process.pid)
    return found is not None and found.started == process.started


def exact_memory(pids: Sequence[int]) -> int | None:
    """Resident bytes, shared pages counted once; None when the kernel does not say."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:")) * 1024
        except (FileNotFoundError, ProcessLookupError):
            continue
        except OSError:
            return None
    return total


def growth(folders: Sequence[Path], since: float) -> Growth:
    """What was written below `folders` from the time `since` on; see `now`.

    The change time of a file can not be set by whoever writes it, so no measurement from before is needed.
    """
    grown = files = 0
    for found in _entries(folders):
        if found is None:
            return Growth(ENDLESS, ENDLESS)
        if found.st_ctime >= since:
            grown += found.st_blocks * BLOCK
            files += 1
    return Growth(grown, files)


class Room:
    """What is free where `folders` lie, from now on: a cheap sign of whether a look at all files is due."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._before = [(folder, os.statvfs(folder)) for folder in folders]

    def shrunk(self, limits: Limits, part: float = 0.5) -> bool:
        """By more than this part of what may be used."""
        return any(self._less(folder, before, limits, part) for folder, before in self._before)

    def _less(self, folder: Path, before: os.statvfs_result, limits: Limits, part: float) -> bool:
        after = os.statvfs(folder)
        bytes_, files = (before.f_bfree - after.f_bfree) * after.f_frsize, before.f_ffree - after.f_ffree
        return bytes_ > part * limits.growth_bytes or files > part * limits.growth_files


def now() -> float:
    """In the terms of change times. A file's own may lag some milliseconds behind, never run ahead."""
    return time.clock_gettime(time.CLOCK_REALTIME)


def _tree(top: int) -> Iterator[tuple[int, _Stat]]:
    if os.path.exists(f"/proc/{top}/task/{top}/children"):
        yield from _by_children(top)
    else:
        yield from _by_scan(top)


def _by_children(top: int) -> Iterator[tuple[int, _Stat]]:
    pending = [top]
    while pending:
        pid = pending.pop()
        found = _stat(pid)
        if found is None:
            continue
        yield pid, found
        for task in listed(f"/proc/{pid}/task"):
            pending.extend(int(child) for child in content(f"/proc/{pid}/task/{task}/children").split())


def _by_scan(top: int) -> Iterator[tuple[int, _Stat]]:
    stats = {int(name): found for name in listed("/proc") if name.isdigit() and (found := _stat(int(name)))}
    below: dict[int, list[int]] = {}
    for pid, one in stats.items():
        below.setdefault(one.parent, []).append(pid)
    pending = [top]
    while pending:
        pid = pending.pop()
        if pid in stats:
            yield pid, stats[pid]
            pending.extend(below.get(pid, ()))


def _stat(pid: int) -> _Stat | None:
    """See proc(5); the fields start after the command's name, which may hold anything."""
    fields = content(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    if len(fields) < 22:
        return None
    user, system, their_user, their_system = map(int, fields[11:15])
    parent, threads, started, pages = (int(fields[at]) for at in (1, 17, 19, 21))
    return _Stat(parent, user + system, their_user + their_system, threads, started, pages)


def content(path: str) -> bytes:
    """Of a file of /proc; nothing when it is gone or may not be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def listed(path: str) -> list[str]:
    """Nothing when the folder is gone or may not be read."""
    try:
        return os.listdir(path)
    except OSError:
        return []


def _entries(folders: Sequence[Path]) -> Iterator[os.stat_result | None]:
    """Every file and folder below, no link followed; None for a place that hides what is in it."""
    pending = [str(folder) for folder in folders]
    while pending:
        folder = pending.pop()
        try:
            yield from _listing(folder, pending)
        except NotADirectoryError:
            with contextlib.suppress(OSError):
                yield os.lstat(folder)
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG or _secretive(folder):
                yield None


def _listing(folder: str, pending: list[str]) -> Iterator[os.stat_result]:
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                found = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            yield found
            if stat.S_ISDIR(found.st_mode):
                pending.append(entry.path)


def _secretive(folder: str) -> bool:
    """A folder that can be written but not listed."""
    try:
        mode = os.lstat(folder).st_mode
    except OSError:
        return False
    return bool(mode & 0o200) and not mode & 0o400
