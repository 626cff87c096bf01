"""Lend a folder of the caller's to the user that commands in the sandbox run as, and get it back for certain."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import stat
import subprocess
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sandbox.layers import Parts
from sandbox.tree import TreeRefused, shown
from sandbox.walk import named, walked

_CHOWN = "/usr/bin/chown"


@contextmanager
def lent(folder: Path, owner: int | None, notes: Path) -> Iterator[None]:
    """While open, `folder` and all in it belong to `owner`; afterwards to whom they belonged before.

    What was made meanwhile goes to the folder's own owner. With no `owner` nothing has to be lent. What belonged to
    whom stands in the folder `notes` meanwhile, so that `reclaim` can give back what a killed process could not.
    The same folder is lent once at a time; others wait.
    """
    if owner is None:
        yield
        return
    notes.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(notes / hashlib.sha256(os.fsencode(folder)).hexdigest()[:32]) as note:
        _give_back(note.read_text())
        note.write_text(json.dumps(_owners(folder, owner)))
        try:
            _chown(folder, owner, owner)
            yield
        finally:
            _give_back(note.read_text())
            note.unlink()


def reclaim(notes: Path) -> tuple[str, ...]:
    """Give back what processes that were killed had borrowed. The folders; what fails is tried again next time."""
    found: list[str] = []
    for name in sorted(os.listdir(notes)) if notes.is_dir() else ():
        with suppress(OSError, TreeRefused), _locked(notes / name, wait=False) as note:
            found += _give_back(note.read_text())
            note.unlink()
    return tuple(found)


def refuse_shared(folder: Path, apart: Sequence[Path]) -> None:
    """Raises TreeRefused for what reaches out of the folder: sockets and named pipes, whoever may write there, and
    files with a further name elsewhere, since changing one would change the other.

    What lies in one of `apart` can not be written, so files there may have any names.
    """
    closed = frozenset(path.relative_to(folder).parts for path in apart if path.is_relative_to(folder))
    names: dict[tuple[int, int], int] = {}
    kept: dict[tuple[int, int], tuple[Parts, int]] = {}
    for found in walked(folder):
        for name, status in found.entries.items():
            parts = (*found.parts, name)
            _refuse_listened_to(folder, parts, status.st_mode)
            if stat.S_ISREG(status.st_mode) and status.st_nlink > 1 and not _within(parts, closed):
                key = (status.st_dev, status.st_ino)
                names[key] = names.get(key, 0) + 1
                kept[key] = (parts, status.st_nlink)
    for key, (parts, links) in kept.items():
        if names[key] != links:
            why = "has more than one name (a hard link), and not all of them are in the folder"
            raise TreeRefused(f"{named(folder, parts)}: {why}; copy the folder with `cp -r` and give the copy")


def _refuse_listened_to(folder: Path, parts: Parts, mode: int) -> None:
    if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
        what = "a socket" if stat.S_ISSOCK(mode) else "a named pipe"
        why = f"is {what}, through which a program outside could be reached"
        raise TreeRefused(f"{named(folder, parts)}: {why}; remove it, or give a copy of the folder without it")


def _within(parts: Parts, closed: Collection[Parts]) -> bool:
    return any(parts[:depth] in closed for depth in range(1, len(parts) + 1)) if closed else False


@contextmanager
def _locked(note: Path, *, wait: bool = True) -> Iterator[Path]:
    """The note, empty if it is new, while nobody else has it. Without `wait` it must exist and be free, or OSError."""
    while True:
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (os.O_CREAT if wait else 0)
        fd = os.open(note, flags, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if _same(fd, note):
                yield note
                return
        finally:
            os.close(fd)


def _same(fd: int, note: Path) -> bool:
    """The file that was opened is still the one with this name: who had it before takes it away at the end."""
    try:
        return os.path.samestat(os.fstat(fd), os.stat(note))
    except FileNotFoundError:
        return False


def _owners(folder: Path, borrower: int) -> dict[str, Any]:
    """Who owns what, as JSON: only what is not the folder's own owner's is named."""
    home = os.lstat(folder)
    mine = (home.st_uid, home.st_gid)
    others = {
        "/".join((str(folder), *found.parts, name)): (status.st_uid, status.st_gid)
        for found in walked(folder)
        for name, status in found.entries.items()
        if (status.st_uid, status.st_gid) != mine
    }
    return {"folder": str(folder), "home": mine, "others": others, "borrower": borrower}


def _give_back(text: str) -> list[str]:
    """What a note says was lent. Only what still belongs to the borrower changes its owner."""
    try:
        said = json.loads(text)
    except ValueError:  # killed before it was written: nothing was lent yet
        return []
    folder, borrower, others = Path(said["folder"]), int(said["borrower"]), said["others"]
    if not folder.is_dir():
        return []
    if others:
        for found in walked(folder):
            for name, status in found.entries.items():
                before = others.get("/".join((str(folder), *found.parts, name)))
                if before and status.st_uid == borrower:
                    os.chown(name, *before, dir_fd=found.fd, follow_symlinks=False)
    uid, gid = said["home"]
    _chown(folder, uid, gid, only=borrower)
    return [str(folder)]


def _chown(folder: Path, uid: int, gid: int, only: int | None = None) -> None:
    """All of it, however deep, no link followed. Raises OSError."""
    chosen = [] if only is None else [f"--from={only}"]
    command = [_CHOWN, "-hRP", *chosen, f"{uid}:{gid}", "--", str(folder)]
    ended = subprocess.run(command, capture_output=True, env={}, check=False)
    if ended.returncode:
        said = ended.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OSError(f"{shown(str(folder))}: its owner could not be changed: {said[-1] if said else 'chown failed'}")
