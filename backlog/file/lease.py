"""Is anybody writing to this file? The kernel knows, and with a lease it makes whoever opens it wait for us."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EAGAIN
from pathlib import Path


class BeingWritten(Exception):
    """Another program has the file open for writing."""


@dataclass(frozen=True, slots=True)
class Lease:
    fd: int
    granted: bool
    """False where there are no leases: on a network's file system, or on another user's file."""

    def wanted(self) -> bool:
        """Somebody waits to open the file for writing."""
        return self.granted and fcntl.fcntl(self.fd, fcntl.F_GETLEASE) != fcntl.F_RDLCK

    def content(self) -> bytes:
        size = os.fstat(self.fd).st_size
        return os.pread(self.fd, size + 1, 0)


@contextmanager
def lease(path: Path) -> Iterator[Lease]:
    """While it is held, opening the file for writing waits (reading and renaming do not). Raises BeingWritten,
    OSError."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        yield Lease(fd, _granted(fd, path))
    finally:
        os.close(fd)  # ends the lease as well


def _granted(fd: int, path: Path) -> bool:
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        # Whoever opens the file has us told by a signal; this one is ignored unless somebody handles it.
        fcntl.fcntl(fd, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        if error.errno == EAGAIN:
            raise BeingWritten(f"{path}: another program is writing it") from None
        return False
    return True
