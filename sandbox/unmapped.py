"""Memory that a command holds beside its processes' own pages, where no control group counts it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.watch import content

_QUEUES = ("tcp", "tcp6", "udp", "udp6")
_SHARED = b"/dev/zero (deleted)"
"""What the kernel calls memory that is shared and of no file."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Of the whole machine, in bytes."""

    free: int
    """That programs could still have, swap included."""
    shared: int
    """In files in memory and in shared memory, whether or not a process has it mapped."""


def machine() -> Machine:
    known = _table(content("/proc/meminfo"))
    return Machine(known.get(b"MemAvailable", 0) + known.get(b"SwapFree", 0), known.get(b"Shmem", 0))


def page_tables(pids: Iterable[int]) -> int:
    """Bytes."""
    return sum(_table(content(f"/proc/{pid}/status")).get(b"VmPTE", 0) for pid in pids)


def shares_memory(pids: Iterable[int]) -> bool:
    """Whether one has shared memory mapped. How much is behind that is not told: pages stay when unmapped."""
    return any(_SHARED in content(f"/proc/{pid}/maps") for pid in pids)


def buffers(pid: int) -> int:
    """The most that the sockets in this process's network can hold: what waits in them, or may in local ones."""
    local = max(0, len(content(f"/proc/{pid}/net/unix").splitlines()) - 1)
    most = 2 * int(content("/proc/sys/net/core/wmem_max") or 0)
    return local * most + sum(queued(content(f"/proc/{pid}/net/{kind}")) for kind in _QUEUES)


def queued(sockets: bytes) -> int:
    """Bytes in both directions, of a table such as /proc/net/tcp."""
    queues = (line.split()[4].split(b":") for line in sockets.splitlines()[1:])
    return sum(int(sent, 16) + int(received, 16) for sent, received in queues)


def _table(text: bytes) -> dict[bytes, int]:
    """Lines such as `VmPTE:  36 kB`, in bytes."""
    lines = (line.split() for line in text.splitlines() if line.endswith(b" kB"))
    return {name.rstrip(b":"): int(size) * 1024 for name, size, _ in lines}
