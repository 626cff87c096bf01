"""`sandbox exec` gives a folder away for one command: never more than that, and never for good."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
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


def test_a_named_pipe_is_refused_in_one_line(sample: Program, folder: Path) -> None:
    os.mkfifo(folder / "commands")
    done = sample.run(*_exec(folder, "echo do this > commands"))
    assert done.returncode == 1
    assert done.stderr.startswith(f"lamplighter: {folder}/commands: is a named pipe")
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in folder.iterdir()] == ["commands"]


def test_repositories_at_any_depth_stay_as_they_are(sample: Program, folder: Path) -> None:
    for place in (".", "deep/sub"):
        subprocess.run(["git", "init", "-q", str(folder / place)], check=True)
    subprocess.run(["git", "config", "core.hooksPath", ".husky"], cwd=folder, check=True)
    (folder / ".husky").mkdir()
    script = "echo x >> deep/sub/.git/config; mv deep other; mv .husky aside; echo x > .husky/pre-commit; touch made"
    done = sample.run(*_exec(folder, script))
    assert (done.returncode, len(done.stderr.splitlines())) == (0, 4), done.stderr
    assert sorted(path.name for path in folder.iterdir()) == [".git", ".husky", "deep", "made"]
    assert list((folder / ".husky").iterdir()) == []


def test_a_repository_that_a_command_makes_is_moved_aside_and_told(sample: Program, folder: Path) -> None:
    made = "mkdir -p sub; cd sub; mkdir .git; echo x > .git/config"
    done = sample.run(*_exec(folder, f"{made}; mkdir ../.git/refs || true"))
    assert done.returncode == 0
    assert f"lamplighter: {folder}/sub/.git: was made by the command" in done.stderr
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == [
        "sub",
        "sub/git-made-in-sandbox-0",
        "sub/git-made-in-sandbox-0/config",
    ]


def test_an_environment_behind_a_link_is_shown(sample: Program, folder: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "environment")], check=True)
    (folder / ".venv").symlink_to("../environment")
    done = sample.run(*_exec(folder, "python -c 'import sys; print(sys.prefix)' && touch .venv/new"))
    assert done.stdout == f"{folder}/.venv\n"
    assert "Read-only file system" in done.stderr


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
