"""What each file of a folder was when last looked at, so that it is not read again while it is the same."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from typing import NamedTuple

from sandbox.objects import Objects
from sandbox.tree import LINK, Entry, TreeRefused, shown

FILE_LIMIT = 50 * 1024 * 1024
"""Bytes of one file that a tree takes in."""
TICK_NS = 20_000_000
"""A file changed less than this before it was looked at may change again with the same time stamp."""

FILE_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class Signature(NamedTuple):
    mode: int
    size: int
    modified: int
    changed: int
    """Nanoseconds; the one stamp that a program in the sandbox cannot set."""
    inode: int


class Sight(NamedTuple):
    signature: Signature
    entry: Entry


def signature(status: os.stat_result) -> Signature:
    return Signature(status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def unchanged(sight: Sight | None, now: Signature, looked_at: int) -> bool:
    """Certainly what it was at `looked_at` (ns): same signature, and not from that very moment."""
    return sight is not None and sight.signature == now and now.changed < looked_at - TICK_NS


def identify(
    name: str,
    folder: int,
    path: str,
    now: Signature,
    known: Mapping[str, Sight],
    keep: Callable[[bytes], str],
) -> Entry:
    """The entry of a regular file or link, by reading it once. Raises TreeRefused when it is too large.

    `folder` is the open folder that holds `name`; `keep` gives the id of a content.
    """
    if stat.S_ISLNK(now.mode):
        return Entry(LINK, keep(os.fsencode(os.readlink(name, dir_fd=folder))))
    before = known.get(path)
    limit = now.size if before is not None and before.signature == now else FILE_LIMIT
    if now.size > limit:
        raise TreeRefused(f"{shown(path)}: {now.size} bytes, but one file may have {FILE_LIMIT} at most")
    mode = "100755" if now.mode & stat.S_IXUSR else "100644"
    return Entry(mode, keep(_content(name, folder, path, limit)))


def _content(name: str, folder: int, path: str, limit: int) -> bytes:
    try:
        fd = os.open(name, FILE_FLAGS, dir_fd=folder)
    except PermissionError:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        os.chmod(name, stat.S_IMODE(mode) | 0o600, dir_fd=folder)
        fd = os.open(name, FILE_FLAGS, dir_fd=folder)
    with open(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            raise TreeRefused(f"{shown(path)}: no regular file any more")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise TreeRefused(f"{shown(path)}: grew while it was read")
    return data


def namer(objects: Objects) -> Callable[[bytes], str]:
    """Gives the id of a content without keeping it."""
    return lambda data: objects.name("blob", data)
