"""`sandbox exec` gives a folder away for one command: never more than that, and never for good."""

from __future__ import annotations

import os
import pty
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.conftest import Program

STEERS = "printf '\\033[31mred\\033[0m\\033]52;c;ZXZpbA==\\007\\n'"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "given"
    made.mkdir()
    return made


def _exec(folder: Path, script: str) -> tuple[str, ...]:
    return ("sandbox", "exec", "--workspace", str(folder), "--", "sh", "-c", script)


def test_a_file_that_also_lies_elsewhere_is_refused_in_one_line(sample: Program, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("precious")
    os.link(tmp_path / "outside", folder / "inside")
    done = sample.run(*_exec(folder, "echo escaped > inside"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"lamplighter: {folder}/inside: has more than one name")
    assert len(done.stderr.splitlines()) == 1
    assert (tmp_path / "outside").read_text() == "precious"


def test_a_killed_command_s_folder_comes_back_with_the_next(sample: Program, folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: the folder stays the caller's own")
    _killed_in(sample, folder)
    other = folder.with_name("other")
    other.mkdir()
    assert sample.run(*_exec(other, "true")).returncode == 0
    assert {path.lstat().st_uid for path in (folder, *folder.iterdir())} == {0}


def test_doctor_gives_a_killed_command_s_folder_back(sample: Program, folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("not root: the folder stays the caller's own")
    _killed_in(sample, folder)
    assert f"{folder} belongs again" in sample.run("doctor").stdout
    assert {path.lstat().st_uid for path in (folder, *folder.iterdir())} == {0}


def _killed_in(sample: Program, folder: Path) -> None:
    (folder / "mine").write_text("")
    command = sample.command(*_exec(folder, "echo up; echo x > up; exec sleep 60"))
    with subprocess.Popen(command, env=sample.environment(), stdout=subprocess.DEVNULL) as killed:
        _until_there(folder / "up")
        killed.kill()
    assert (folder / "mine").lstat().st_uid != 0


def _until_there(file: Path) -> None:
    """Fails after half a minute."""
    waiting = threading.Event()
    for _ in range(600):
        if file.exists():
            return
        waiting.wait(0.05)
    raise AssertionError(f"{file} did not come")


def test_a_program_gets_every_byte(sample: Program, folder: Path) -> None:
    assert sample.run(*_exec(folder, STEERS)).stdout == "\x1b[31mred\x1b[0m\x1b]52;c;ZXZpbA==\x07\n"


def test_a_terminal_gets_colours_and_nothing_that_steers_it(sample: Program, folder: Path) -> None:
    parent, child = pty.openpty()
    try:
        subprocess.run(sample.command(*_exec(folder, STEERS)), env=sample.environment(), stdout=child, check=True)
        shown = os.read(parent, 1000).decode()
    finally:
        os.close(parent)
        os.close(child)
    assert shown == "\x1b[31mred\x1b[0m\\x1b]52;c;ZXZpbA==\\x07\r\n"
