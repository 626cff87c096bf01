"""A file is not read again while it is certainly the same, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.seen import TICK_NS, Sight, Signature, signature, unchanged
from sandbox.tree import Entry

NOW = 1_000_000_000_000
OLD = Signature(mode=0o100644, size=3, modified=5, changed=NOW - TICK_NS - 1, inode=7)
ENTRY = Entry("100644", "0" * 40)


def test_a_file_that_was_old_when_it_was_looked_at_and_is_the_same_is_not_read() -> None:
    assert unchanged(Sight(OLD, ENTRY), OLD, NOW)


def test_a_file_from_the_moment_it_was_looked_at_is_read_again() -> None:
    young = OLD._replace(changed=NOW - TICK_NS)
    assert not unchanged(Sight(young, ENTRY), young, NOW)


def test_a_file_that_was_never_seen_is_read() -> None:
    assert not unchanged(None, OLD, NOW)


@pytest.mark.parametrize("part", Signature._fields)
def test_every_part_of_the_signature_counts(part: str) -> None:
    other = OLD._replace(**{part: getattr(OLD, part) - 1})
    assert not unchanged(Sight(OLD, ENTRY), other, NOW)


def test_the_stamp_that_a_program_cannot_set_is_in_the_signature(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    status = (tmp_path / "f").stat()
    assert signature(status) == (
        status.st_mode, 3, status.st_mtime_ns, status.st_ctime_ns, status.st_ino,
    )  # fmt: skip
