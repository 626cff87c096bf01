"""A folder that is lent to the sandbox's user comes back, whatever happens to the one who lent it."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.lend import lent, reclaim, refuse_shared
from sandbox.tree import TreeRefused

BORROWER = 61_235
OTHER = 61_236


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Root's, with one file of somebody else's."""
    if os.geteuid() != 0:
        pytest.skip("not root: nothing has to be lent")
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "theirs").write_text("")
    os.chown(folder / "sub" / "theirs", OTHER, OTHER)
    return folder


def _owners(folder: Path) -> dict[str, int]:
    found = (folder, *folder.rglob("*"))
    return {path.relative_to(folder).as_posix(): path.lstat().st_uid for path in found}


HOME = {".": 0, "sub": 0, "sub/theirs": OTHER}


def test_all_of_a_folder_is_lent_and_given_back(folder: Path, tmp_path: Path) -> None:
    with lent(folder, BORROWER, tmp_path / "notes"):
        assert set(_owners(folder).values()) == {BORROWER}
        (folder / "made").write_text("")
        os.chown(folder / "made", BORROWER, BORROWER)
    assert _owners(folder) == {**HOME, "made": 0}
    assert list((tmp_path / "notes").iterdir()) == []


def test_with_nobody_to_lend_to_nothing_is_written_down(tmp_path: Path) -> None:
    with lent(tmp_path, None, tmp_path / "notes"):
        pass
    assert not (tmp_path / "notes").exists()


LENDER = """
import sys, time
from pathlib import Path
from sandbox.lend import lent
with lent(Path(sys.argv[1]), int(sys.argv[3]), Path(sys.argv[2])):
    print("lent", flush=True)
    time.sleep(60)
"""


def _killed_while_lent(folder: Path, notes: Path) -> None:
    root = str(Path(__file__).parents[2])
    argv = [sys.executable, "-c", LENDER, str(folder), str(notes), str(BORROWER)]
    with subprocess.Popen(argv, cwd=root, env={"PYTHONPATH": root}, stdout=subprocess.PIPE) as lender:
        assert lender.stdout is not None
        assert lender.stdout.readline() == b"lent\n"
        assert reclaim(notes) == ()  # it lives
        lender.send_signal(signal.SIGKILL)


def test_what_a_killed_process_had_lent_is_given_back_by_the_next(folder: Path, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    _killed_while_lent(folder, notes)
    assert _owners(folder)["sub/theirs"] == BORROWER
    assert reclaim(notes) == (str(folder),)
    assert _owners(folder) == HOME
    assert reclaim(notes) == ()


def test_lending_again_after_a_kill_remembers_the_first_owners(folder: Path, tmp_path: Path) -> None:
    _killed_while_lent(folder, tmp_path / "notes")
    with lent(folder, BORROWER + 9, tmp_path / "notes"):
        pass
    assert _owners(folder) == HOME


def test_giving_back_follows_no_link_and_takes_nothing_that_was_not_lent(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "theirs").write_text("")
    os.chown(outside / "theirs", BORROWER, BORROWER)
    with lent(folder, BORROWER, tmp_path / "notes"):
        (folder / "sub").rename(folder / "aside")
        (folder / "sub").symlink_to(outside)
        (folder / "new").write_text("")  # of root's, not the borrower's
        os.chown(folder / "new", OTHER, OTHER)
    assert (outside / "theirs").lstat().st_uid == BORROWER
    assert _owners(folder)["new"] == OTHER


def test_folders_deeper_than_a_path_can_name_are_given_back(folder: Path, tmp_path: Path) -> None:
    with lent(folder, BORROWER, tmp_path / "notes"):
        here = os.open(folder, os.O_RDONLY)
        for _ in range(60):
            os.mkdir("d" * 200, dir_fd=here)
            os.chown("d" * 200, BORROWER, BORROWER, dir_fd=here)
            below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    try:
        assert os.fstat(here).st_uid == 0
    finally:
        os.close(here)
        subprocess.run(["rm", "-rf", str(folder)], check=True)


@contextmanager
def _deep(top: Path) -> Iterator[int]:
    """A folder deeper than a path can name, open."""
    here = os.open(top, os.O_RDONLY)
    try:
        for _ in range(25):
            os.mkdir("d" * 200, dir_fd=here)
            below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        yield here
    finally:
        os.close(here)
        subprocess.run(["rm", "-rf", str(top)], check=True)


def test_who_owns_a_file_deeper_than_a_path_can_name_is_remembered(folder: Path, tmp_path: Path) -> None:
    with _deep(folder) as here:
        os.close(os.open("theirs", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.chown("theirs", OTHER, OTHER, dir_fd=here)
        with lent(folder, BORROWER, tmp_path / "notes"):
            assert os.stat("theirs", dir_fd=here).st_uid == BORROWER
        assert os.stat("theirs", dir_fd=here).st_uid == OTHER


def test_a_name_of_a_file_outside_is_found_however_deep(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("x")
    (tmp_path / "folder").mkdir()
    with _deep(tmp_path / "folder") as here:
        os.link(tmp_path / "outside", "mine", dst_dir_fd=here)
        with pytest.raises(TreeRefused, match="has more than one name") as caught:
            refuse_shared(tmp_path / "folder", [])
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("apart", [False, True])
def test_what_a_program_outside_may_listen_to_is_refused(tmp_path: Path, apart: bool) -> None:
    (tmp_path / "sub").mkdir()
    closed = [tmp_path / "sub"] if apart else []
    os.mkfifo(tmp_path / "sub" / "commands")
    with pytest.raises(TreeRefused, match=r"sub/commands: is a named pipe, .*; remove it, or give a copy"):
        refuse_shared(tmp_path, closed)
    (tmp_path / "sub" / "commands").unlink()
    with socket.socket(socket.AF_UNIX) as service:
        service.bind(str(tmp_path / "sub" / "service"))
        with pytest.raises(TreeRefused, match="sub/service: is a socket"):
            refuse_shared(tmp_path, closed)


def test_a_second_name_in_a_part_that_can_not_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    os.link(tmp_path / ".git" / "config", tmp_path / "innocent")
    with pytest.raises(TreeRefused, match="innocent: has more than one name"):
        refuse_shared(tmp_path, [tmp_path / ".git"])


def test_a_note_cut_off_before_anything_was_lent_says_nothing(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    (notes / "a").write_text('{"folder": "/')
    (notes / "b").write_text(
        json.dumps({"folder": str(tmp_path / "gone"), "home": [0, 0], "others": {}, "borrower": 1})
    )
    assert reclaim(notes) == ()
    assert list(notes.iterdir()) == []


def test_a_note_that_is_held_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("{}")
    with (tmp_path / "a").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert reclaim(tmp_path) == ()
    assert (tmp_path / "a").exists()


def test_a_file_with_a_name_outside_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "one").write_text("x")
    os.link(folder / "one", folder / "sub" / "two")
    refuse_shared(folder, [])
    os.link(folder / "one", tmp_path / "outside")
    with pytest.raises(TreeRefused, match=r"one: has more than one name|two: has more than one name"):
        refuse_shared(folder, [])


def test_what_can_not_be_written_may_lie_elsewhere_too(tmp_path: Path) -> None:
    (tmp_path / "folder" / ".git").mkdir(parents=True)
    (tmp_path / "outside").write_text("x")
    os.link(tmp_path / "outside", tmp_path / "folder" / ".git" / "object")
    refuse_shared(tmp_path / "folder", [tmp_path / "folder" / ".git"])
