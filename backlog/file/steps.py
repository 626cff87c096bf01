"""The single steps by which a file is written and put in place, each of them whole or not done."""

from __future__ import annotations

import contextlib
import ctypes
import os
import stat
from errno import EINVAL, ENOSYS, EOPNOTSUPP, EXDEV
from pathlib import Path

RENAME_EXCHANGE = 2
AT_FDCWD = -100
CAN_NOT = (EXDEV, EINVAL, ENOSYS, EOPNOTSUPP)


def write(path: Path, data: bytes, like: Path | None) -> None:
    """To the disk, with the mode, owner and attributes of `like`. Raises OSError."""
    with path.open("wb") as file:
        if like is not None:
            _dress(file.fileno(), like)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _dress(fd: int, like: Path) -> None:
    """Raises OSError where the owner can not be kept."""
    found = os.stat(like)
    mine = os.fstat(fd)
    if (found.st_uid, found.st_gid) != (mine.st_uid, mine.st_gid):
        os.fchown(fd, found.st_uid, found.st_gid)
    for name in os.listxattr(like) if hasattr(os, "listxattr") else ():
        with contextlib.suppress(OSError):
            os.setxattr(fd, name, os.getxattr(like, name))
    os.fchmod(fd, stat.S_IMODE(found.st_mode))


def flush(folder: Path) -> None:
    """Its names are on the disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def exchange(one: Path, other: Path) -> bool:
    """Two files change places in one step. False where that can not be done here. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    if libc.renameat2(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in CAN_NOT:
        return False
    raise OSError(code, os.strerror(code), str(other))
