"""Files that are open and in no folder are found by who has them open."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from sandbox.nameless import nameless, out_of_sight
from sandbox.watch import Growth

US = (os.getpid(),)


def _nameless(folder: Path) -> int:
    file = folder / "a"
    fd = os.open(file, os.O_CREAT | os.O_RDWR)
    os.write(fd, bytes(1 << 20))
    file.unlink()
    return fd


def test_a_file_without_a_name_counts_once(tmp_path: Path) -> None:
    devices = frozenset([tmp_path.stat().st_dev])
    before = nameless(US, devices)
    fd = _nameless(tmp_path)
    second = os.dup(fd)
    assert nameless(US, devices) == Growth(before.bytes + (1 << 20), before.files + 1)
    assert nameless(US, frozenset()) == Growth(0, 0)
    os.close(fd)
    os.close(second)
    assert nameless(US, devices) == before


def test_a_descriptor_in_a_queue_is_out_of_sight(tmp_path: Path) -> None:
    fd = _nameless(tmp_path)
    here, there = socket.socketpair()
    with here, there:
        assert not out_of_sight(US)
        socket.send_fds(here, [b"x"], [fd])
        assert out_of_sight(US)
    os.close(fd)


def test_nothing_is_held_by_a_process_that_is_gone() -> None:
    assert nameless([2**22 + 1], frozenset([1])) == Growth(0, 0)
    assert not out_of_sight([2**22 + 1])
