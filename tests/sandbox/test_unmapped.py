"""What the kernel's tables say about memory that is no page of a process."""

from __future__ import annotations

import mmap
import os
import socket

from sandbox.unmapped import buffers, machine, page_tables, queued, shares_memory

US = (os.getpid(),)
TABLE = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:A1B2 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:A1B2 0100007F:C3D4 01 00000010:00000F00 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
"""


def test_what_waits_in_sockets_is_added_up() -> None:
    assert queued(TABLE) == 0x10 + 0xF00
    assert queued(b"") == 0


def test_a_local_socket_counts_as_what_may_wait_in_it() -> None:
    before = buffers(os.getpid())
    pairs = [socket.socketpair() for _ in range(50)]
    assert buffers(os.getpid()) - before >= 50 * 2 * 200_000
    for one in (one for pair in pairs for one in pair):
        one.close()


def test_the_machine_has_memory_and_we_have_page_tables() -> None:
    assert machine().free > 0
    assert 0 < page_tables(US) < 1 << 30
    assert page_tables([2**22 + 1]) == 0


def test_shared_memory_is_seen_while_it_is_mapped() -> None:
    with mmap.mmap(-1, 4096):
        assert shares_memory(US)
