"""Read what a command writes and watch its limits, until it ends or crosses one."""

from __future__ import annotations

import os
import selectors
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.groups import Group
from sandbox.limits import Limits
from sandbox.nameless import nameless, out_of_sight
from sandbox.policy import Killed
from sandbox.running import Running
from sandbox.watch import Room, growth, now, usage

_PROCESSES_S = 0.05
_DISK_S = 0.2
_SHARE = 4
"""A look that takes long is repeated the more seldom: at most a fifth of the time is spent looking."""
_CHUNK = 1 << 16


@dataclass(slots=True)
class Captured:
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    killed: Killed | None = None
    truncated: bool = False


class Pump:
    """`folders` are all that can be written and stay: their growth is watched."""

    def __init__(self, running: Running, group: Group, limits: Limits, folders: Sequence[Path]) -> None:
        self._running, self._group, self._limits, self._folders = running, group, limits, folders
        self._got = Captured()
        self._since, self._started = now(), time.monotonic()
        self._room = Room(folders)
        self._devices = frozenset(os.stat(folder).st_dev for folder in folders)
        self._next = {"processes": self._started + _PROCESSES_S, "disk": self._started + _DISK_S}

    def run(self) -> Captured:
        """Until the command itself has ended and nothing of it is left; whatever lives then is killed."""
        with selectors.DefaultSelector() as selector:
            self._listen(selector)
            while self._got.killed is None and self._turn(selector):
                pass
            self._running.kill()
            self._running.wait()
            self._rest(selector)
        if self._got.killed is None and self._room.shrunk(self._limits):
            self._got.killed = self._disk(())
        return self._got

    def _listen(self, selector: selectors.BaseSelector) -> None:
        process = self._running.process
        for pipe, kept in ((process.stdout, self._got.stdout), (process.stderr, self._got.stderr)):
            assert pipe is not None
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ, kept)
        selector.register(self._running.monitor_fd, selectors.EVENT_READ, None)

    def _turn(self, selector: selectors.BaseSelector) -> bool:
        """One wait and what it brought; False when the command has ended."""
        end = self._started + self._limits.wall_s
        ready = selector.select(max(0.0, min(end, *self._next.values()) - time.monotonic()))
        ended = False
        for key, _ in ready:
            if key.data is None:
                ended = True
            elif not self._take(key.fd, key.data):
                selector.unregister(key.fileobj)
        if not ended:
            self._look(end)
        return not ended

    def _rest(self, selector: selectors.BaseSelector) -> None:
        """What is left in the pipes, now that nobody writes any more."""
        for key in list(selector.get_map().values()):
            while key.data is not None and not self._got.truncated and self._take(key.fd, key.data):
                pass

    def _take(self, fd: int, kept: bytearray) -> bool:
        """False at the end."""
        room = self._limits.output_bytes - len(self._got.stdout) - len(self._got.stderr)
        try:
            data = os.read(fd, _CHUNK)
        except BlockingIOError:
            return False
        kept += data[: max(0, room)]
        if len(data) > room:
            self._got.truncated = True
            self._got.killed = self._got.killed or "output"
        return bool(data)

    def _look(self, end: float) -> None:
        """Judge what is due."""
        if time.monotonic() >= end:
            self._got.killed = self._got.killed or "wall"
        elif self._due("processes"):
            self._got.killed = self._got.killed or self._processes()
            self._looked("processes", _PROCESSES_S)
        elif self._due("disk"):
            self._got.killed = self._got.killed or self._disk(usage(self._running.init).pids)
            self._looked("disk", _DISK_S)

    def _due(self, what: str) -> bool:
        return time.monotonic() >= self._next[what]

    def _looked(self, what: str, every: float) -> None:
        ended = time.monotonic()
        self._next[what] = ended + max(every, _SHARE * (ended - self._next[what]))

    def _processes(self) -> Killed | None:
        used = usage(self._running.init)
        if self._group.cpu_s(used) > self._limits.cpu_s:
            return "cpu"
        if used.tasks >= self._limits.processes:
            return "processes"
        return self._group.exceeded(used)

    def _disk(self, pids: Sequence[int]) -> Killed | None:
        """The processes are those that may hold files without a name."""
        limits = self._limits
        grown, held = growth(self._folders, self._since), nameless(pids, self._devices)
        if grown.bytes + held.bytes > limits.growth_bytes or grown.files + held.files > limits.growth_files:
            return "disk"
        return "disk" if pids and self._room.shrunk(limits, 1.0) and out_of_sight(pids) else None
