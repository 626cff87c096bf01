"""A text is put into a file's place; whoever saves at the same moment loses nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from backlog.file.lease import BeingWritten, lease
from backlog.file.steps import exchange
from backlog.file.swap import FileBusy, Seen, Swap
from backlog.source import SourceBroken


@pytest.fixture
def swap(tmp_path: Path) -> Swap:
    made = Swap(tmp_path / "backlog.yml", tmp_path / ".lamplighter" / "sync", "backlog.yml", exchange)
    made.file.write_text("old\n")
    with made.locked():
        pass
    return made


def racing(save: Callable[[Path], None], times: int = 1) -> Callable[[Path, Path], bool]:
    """The real exchange, in a world where somebody saves at the last moment before it."""
    left = [times]

    def exchanged(one: Path, other: Path) -> bool:
        if left[0]:
            left[0] -= 1
            save(other)
        return exchange(one, other)

    return exchanged


def renamed(text: str) -> Callable[[Path], None]:
    def save(file: Path) -> None:
        aside = file.with_name("theirs")
        aside.write_text(text)
        aside.replace(file)

    return save


def test_the_new_text_is_in_place_with_mode_owner_and_attributes(swap: Swap) -> None:
    swap.file.chmod(0o664)
    if os.geteuid() == 0:
        os.chown(swap.file, 1234, 1235)
    os.setxattr(swap.file, "user.note", b"kept")
    before = swap.file.stat()
    assert swap.put(swap.read(), b"new\n")
    after = swap.file.stat()
    assert swap.file.read_text() == "new\n"
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert os.getxattr(swap.file, "user.note") == b"kept"


def test_a_file_that_is_not_as_it_was_read_is_left_alone(swap: Swap) -> None:
    seen = swap.read()
    swap.file.write_text("theirs\n")
    assert not swap.put(seen, b"new\n")
    assert swap.file.read_text() == "theirs\n"
    with swap.locked() as notes:
        assert notes == []


def test_a_save_by_rename_at_the_last_moment_is_put_back(swap: Swap) -> None:
    late = replace(swap, exchange=racing(renamed("theirs\n")))
    assert not late.put(late.read(), b"new\n")
    assert swap.file.read_text() == "theirs\n"
    with swap.locked() as notes:
        assert notes == []
    assert [p.name for p in swap.aside.iterdir()] == ["lock"]


def test_of_two_saves_at_the_last_moment_the_other_is_kept_and_named(swap: Swap) -> None:
    def exchanged(one: Path, other: Path) -> bool:
        renamed("first\n")(other)
        done = exchange(one, other)
        renamed("second\n")(other)
        return done

    late = replace(swap, exchange=exchanged)
    assert not late.put(late.read(), b"new\n")
    with swap.locked() as notes:
        assert len(notes) == 1
    texts = {p.read_text() for p in swap.aside.glob("kept-*")} | {swap.file.read_text()}
    assert texts == {"first\n", "second\n"}


def test_nobody_can_begin_to_write_while_the_file_is_exchanged(swap: Swap) -> None:
    """An editor that opens the file meanwhile waits, and what it then writes is found and put back."""
    opened = threading.Event()

    def truncating() -> None:
        with swap.file.open("w") as file:  # waits for the lease
            opened.set()
            file.write("theirs\n")

    writer = threading.Thread(target=truncating)

    def exchanged(one: Path, other: Path) -> bool:
        if not writer.ident:
            writer.start()
            assert not opened.wait(0.2)
        return exchange(one, other)

    late = replace(swap, exchange=exchanged)
    assert not late.put(late.read(), b"new\n")
    writer.join()
    assert swap.file.read_text() == "theirs\n"


def test_a_file_that_is_being_written_is_not_read_before_it_is_whole(swap: Swap) -> None:
    with swap.file.open("w") as file:
        file.write("half")
        file.flush()
        with pytest.raises(BeingWritten), lease(swap.file):
            pass
        timer = threading.Timer(0.1, lambda: (file.write(" and half\n"), file.close()))
        timer.start()
        assert swap.read() == Seen(b"half and half\n")


def test_a_file_that_is_written_for_ever_is_an_error(swap: Swap) -> None:
    with swap.file.open("a"), pytest.raises(FileBusy, match=r"^backlog\.yml: another program"):
        replace(swap, patience_s=0.05).read()


def test_a_late_write_to_the_file_that_came_out_is_found_by_the_next_swap(swap: Swap) -> None:
    assert swap.put(swap.read(), b"new\n")
    (out,) = (p for p in swap.aside.iterdir() if p.name != "lock")
    out.write_text("late\n")
    with swap.locked() as notes:
        assert (swap.file.read_text(), notes) == ("late\n", [])


def test_without_exchange_the_file_is_replaced_when_it_is_as_it_was_read(swap: Swap) -> None:
    weaker = replace(swap, exchange=lambda _one, _other: False)
    assert weaker.put(weaker.read(), b"new\n")
    assert swap.file.read_text() == "new\n"
    seen = weaker.read()
    assert not replace(weaker, exchange=lambda _one, other: renamed("theirs\n")(other) is not None).put(seen, b"x")
    assert swap.file.read_text() == "theirs\n"
    assert sorted(p.name for p in swap.file.parent.iterdir()) == [".lamplighter", "backlog.yml"]


def test_a_file_that_is_not_there_is_made_once(swap: Swap) -> None:
    swap.file.unlink()
    seen = swap.read()
    assert seen == Seen(None)
    assert swap.put(seen, b"new\n")
    assert not swap.put(seen, b"other\n")
    assert swap.file.read_text() == "new\n"


@pytest.mark.parametrize("make", ["folder", "pipe", "twice", "read-only", "large"])
def test_what_can_not_be_put_back_as_it_was_is_refused(swap: Swap, make: str) -> None:
    if make == "twice":
        os.link(swap.file, swap.file.with_name("other"))
    elif make == "read-only":
        swap.file.chmod(0o444)
    elif make == "large":
        swap.file.write_bytes(b"#" * 1_000_001)
    else:
        swap.file.unlink()
        (os.mkfifo if make == "pipe" else os.mkdir)(swap.file)
    with pytest.raises(SourceBroken, match=r"^backlog\.yml: "):
        swap.read()
