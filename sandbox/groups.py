"""Hold the processes of one command together to a limit: cgroup v2, else v1, else watching them."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from sandbox.limits import Limits
from sandbox.policy import Killed
from sandbox.spent import Spent
from sandbox.unmapped import buffers, machine, page_tables, shares_memory
from sandbox.watch import ENDLESS, Usage, exact_memory

_NAME = re.compile(r"lamplighter-(\d+)-\d+")
_CONTROLLERS = ("memory", "pids", "cpuacct")
_COUNTER = itertools.count()
_JOIN = 'n=$0; while [ "$n" -gt 0 ]; do echo 0 > "$1" || exit 1; shift; n=$((n-1)); done; exec "$@"'


class Group(Protocol):
    """The limits of one command while it runs."""

    def starting(self, command: Sequence[str]) -> list[str]:
        """The command to start instead, when it is to be under the limits from its beginning."""
        ...

    def add(self, pid: int) -> None:
        """Put a process under the limits if its start did not; what it starts is under them too. Raises OSError."""
        ...

    def exceeded(self, usage: Usage) -> Killed | None:
        """The limit that was crossed, if any."""
        ...

    def cpu_s(self, usage: Usage) -> float:
        """Processor time of all processes there were, those that nobody waited for as well."""
        ...

    def close(self) -> None:
        """Once no process is left."""
        ...


@dataclass(frozen=True, slots=True)
class Groups:
    """A way to limit groups. `make` raises OSError where the kernel refuses."""

    name: str
    make: Callable[[Limits], Group]

    @property
    def sees_all_memory(self) -> bool:
        """Also memory that no process has mapped."""
        return self.name != "watchdog"


class Watchdog:
    """No help from the kernel: the memory of the tree, looked at exactly when it seems too much.

    What the kernel holds for processes beside their pages and page tables is told of no process. It counts
    when the machine has lost as much as the limit, and these processes can be the cause.
    """

    def __init__(self, limits: Limits) -> None:
        self._limit = limits.memory_bytes
        self._before, self._spent = machine(), Spent()

    def starting(self, command: Sequence[str]) -> list[str]:
        return list(command)

    def add(self, pid: int) -> None:
        pass

    def exceeded(self, usage: Usage) -> Killed | None:
        if not usage.pids:
            return None
        tables = page_tables(usage.pids)
        sure = usage.memory_bytes + tables
        if sure > self._limit:
            exact = exact_memory(usage.pids)
            sure = ENDLESS if exact is None else exact + tables
        return "memory" if sure > self._limit or self._more(usage.pids, sure) else None

    def _more(self, pids: Sequence[int], sure: int) -> bool:
        now = machine()
        if now.shared - self._before.shared > self._limit and shares_memory(pids):
            return True
        return self._before.free - now.free > self._limit and sure + buffers(pids[0]) > self._limit

    def cpu_s(self, usage: Usage) -> float:
        return self._spent.so_far(usage)

    def close(self) -> None:
        pass


class Cgroup1:
    """A process joins by itself: moving another one makes the kernel wait some ten milliseconds."""

    def __init__(self, memory: Path, pids: Path | None, times: Path | None, limits: Limits) -> None:
        self._folders = [_fresh(memory)]
        self._memory = self._folders[0]
        size = str(limits.memory_bytes)
        _put(self._memory / "memory.limit_in_bytes", size)
        with contextlib.suppress(OSError):  # only where the kernel counts swap
            _put(self._memory / "memory.memsw.limit_in_bytes", size)
        if pids is not None:
            self._folders.append(_fresh(pids))
            _put(self._folders[1] / "pids.max", str(limits.processes + 3))
        self._times, self._spent = None if times is None else _fresh(times), Spent()
        if self._times is not None:
            self._folders.append(self._times)

    def starting(self, command: Sequence[str]) -> list[str]:
        lists = [str(folder / "tasks") for folder in self._folders]
        return ["/bin/sh", "-c", _JOIN, str(len(lists)), *lists, *command]

    def add(self, pid: int) -> None:
        pass

    def exceeded(self, usage: Usage) -> Killed | None:
        if _count(self._memory / "memory.oom_control", "oom_kill"):
            return "memory"
        return "processes" if any(_count(f / "pids.events", "max") for f in self._folders[1:]) else None

    def cpu_s(self, usage: Usage) -> float:
        if self._times is None:
            return self._spent.so_far(usage)
        return int(_read(str(self._times / "cpuacct.usage")) or 0) / 1e9

    def close(self) -> None:
        for folder in self._folders:
            _remove(folder)


class Cgroup2:
    def __init__(self, above: Path, limits: Limits) -> None:
        self._folder = _fresh(above)
        _put(self._folder / "memory.max", str(limits.memory_bytes))
        _put(self._folder / "pids.max", str(limits.processes + 2))
        for name, value in (("memory.swap.max", "0"), ("memory.oom.group", "1")):
            with contextlib.suppress(OSError):
                _put(self._folder / name, value)

    def starting(self, command: Sequence[str]) -> list[str]:
        return list(command)

    def add(self, pid: int) -> None:
        _put(self._folder / "cgroup.procs", str(pid))

    def exceeded(self, usage: Usage) -> Killed | None:
        if _count(self._folder / "memory.events", "oom_kill"):
            return "memory"
        return "processes" if _count(self._folder / "pids.events", "max") else None

    def cpu_s(self, usage: Usage) -> float:
        return _count(self._folder / "cpu.stat", "usage_usec") / 1e6

    def close(self) -> None:
        _remove(self._folder)


def available() -> Iterator[Groups]:
    """Every way that looks possible here, the strongest first; the watchdog always is. To be probed."""
    hierarchies = _hierarchies(_read("/proc/self/mountinfo"), _read("/proc/self/cgroup"))
    unified = hierarchies.get("")
    for above in _delegated(unified) if unified else ():
        yield Groups("cgroup2", partial(Cgroup2, above))
    memory, pids, times = (_writable(hierarchies.get(name)) for name in _CONTROLLERS)
    if memory is not None:
        yield Groups("cgroup1", partial(Cgroup1, memory, pids, times))
    yield Groups("watchdog", Watchdog)


def sweep() -> None:
    """Remove the groups that processes which were killed left."""
    hierarchies = _hierarchies(_read("/proc/self/mountinfo"), _read("/proc/self/cgroup"))
    for folder in (hierarchies[name] for name in ("", *_CONTROLLERS) if name in hierarchies):
        for found in (*folder.glob("lamplighter-*"), *folder.parent.glob("lamplighter-*")):
            named = _NAME.fullmatch(found.name)
            if named and not Path("/proc", named[1]).exists():
                _remove(found)


def _hierarchies(mounts: str, mine: str) -> dict[str, Path]:
    """Our own group in each hierarchy, by controller; the unified one (v2) has the empty name."""
    tops: dict[str, tuple[str, str]] = {}
    for line in mounts.splitlines():
        left, _, right = line.partition(" - ")
        root, top = left.split()[3:5]
        kind, _source, options = [*right.split(maxsplit=2), "", ""][:3]
        if kind == "cgroup2":
            tops[""] = (root, top)
        elif kind == "cgroup":
            tops |= {name: (root, top) for name in options.split(",")}
    found: dict[str, Path] = {}
    for line in mine.splitlines():
        _number, names, path = line.split(":", 2)
        for name in names.split(","):
            if name in tops and path.startswith(tops[name][0].rstrip("/") + "/") and ".." not in path:
                root, top = tops[name]
                found[name] = Path(top, path[len(root.rstrip("/")) :].lstrip("/"))
    return found


def _delegated(mine: Path) -> Iterator[Path]:
    """Groups, ours or above it, in which we may make one that has the controllers."""
    for above in (mine, *list(mine.parents)[:3]):
        controllers = _read(str(above / "cgroup.subtree_control")).split()
        if {"memory", "pids"} <= set(controllers) and os.access(above, os.W_OK):
            yield above


def _writable(folder: Path | None) -> Path | None:
    return folder if folder is not None and os.access(folder, os.W_OK) else None


def _fresh(above: Path) -> Path:
    folder = above / f"lamplighter-{os.getpid()}-{next(_COUNTER)}"
    folder.mkdir()
    return folder


def _put(file: Path, text: str) -> None:
    fd = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(fd, text.encode())
    finally:
        os.close(fd)


def _count(file: Path, name: str) -> int:
    for line in _read(str(file)).splitlines():
        if line.startswith(f"{name} "):
            return int(line.split()[1])
    return 0


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def _remove(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
