"""Lend a folder of the caller's to the user that commands in the sandbox run as."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def lent(folder: Path, owner: int | None) -> Iterator[None]:
    """While open, `folder` and all in it belong to `owner`; afterwards to whom they belonged before.

    What was made meanwhile goes to the folder's own owner. With no `owner` nothing has to be lent.
    """
    if owner is None:
        yield
        return
    before = {path: (s.st_uid, s.st_gid) for path, s in _walk(folder)}
    for path in before:
        os.chown(path, owner, owner, follow_symlinks=False)
    try:
        yield
    finally:
        home = before[str(folder)]
        for path, _ in _walk(folder):
            os.chown(path, *before.get(path, home), follow_symlinks=False)


def _walk(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    yield str(folder), os.lstat(folder)
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(where, name)
            yield path, os.lstat(path)
