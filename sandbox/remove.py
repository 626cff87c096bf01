"""Remove whatever lies somewhere, however deep or read-only it is, without following a link."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def remove(name: str, parent: int) -> None:
    """Remove `name` of the folder open as `parent`; nothing there is fine.

    Folders in folders are moved up before they are emptied, so neither their depth nor the length of their
    paths matters.
    """
    pending = [name]
    count = 0
    while pending:
        if not _remove_flat(pending[-1], parent):
            pending.pop()
            continue
        count += 1
        pending.extend(_raise_children(pending[-1], parent, count))


def remove_path(path: Path) -> None:
    """As `remove`, for a path whose parent is a folder of ours."""
    parent = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        remove(path.name, parent)
    finally:
        os.close(parent)


def remove_below(root: int, path: str) -> None:
    """As `remove`, for a path below the open folder `root`; a missing or odd folder on the way is fine."""
    *above, name = path.split("/")
    fd = os.dup(root)
    try:
        for step in above:
            inner = os.open(step, FOLDER_FLAGS, dir_fd=fd)
            os.close(fd)
            fd = inner
        remove(name, fd)
    except (FileNotFoundError, NotADirectoryError):
        pass
    finally:
        os.close(fd)


def _remove_flat(name: str, parent: int) -> bool:
    """Whether a folder that is not empty is still there."""
    try:
        os.unlink(name, dir_fd=parent)
    except FileNotFoundError:
        return False
    except (IsADirectoryError, PermissionError):
        pass
    else:
        return False
    try:
        os.rmdir(name, dir_fd=parent)
    except OSError:
        return True
    return False


def _raise_children(name: str, parent: int, count: int) -> list[str]:
    """Unlink the files of a folder and move its folders beside it; their new names."""
    raised: list[str] = []
    open_up(name, parent)
    fd = os.open(name, FOLDER_FLAGS, dir_fd=parent)
    try:
        for number, child in enumerate(os.listdir(fd)):
            if not _remove_flat(child, fd):
                continue
            open_up(child, fd)
            up = f".removing-{os.getpid()}-{count}-{number}"
            os.rename(child, up, src_dir_fd=fd, dst_dir_fd=parent)
            raised.append(up)
    finally:
        os.close(fd)
    return raised


def open_up(name: str, parent: int) -> None:
    """Make a folder readable and writable for its owner again."""
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(name, dir_fd=parent, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode) and mode & 0o700 != 0o700:
            os.chmod(name, 0o755, dir_fd=parent)
