"""Whenever a sync is killed, the next one comes to the same end: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from backlog.edit import edited
from backlog.item import Item, Status
from tests.backlog.conftest import NOON
from tests.backlog.file.conftest import Desk, desk_at

ROOT = Path(__file__).resolve().parents[3]
STRACE = shutil.which("strace")

BEFORE = """\
# ours
items:
- id: one
  title: First   # a comment
  criteria: [it works]
- id: two
  title: Second
  criteria:
  - it works
- id: three
  title: Third
- id: four
  title: Fourth
  impact: 3
- id: five
  title: Fifth
"""
PERSON = [
    ("title: First ", "title: The first "),
    ("  - it works\n", "  - it works  # mostly\n  - it is quick\n"),
    ("- id: three\n  title: Third\n", ""),
    ("impact: 3", "impact: 8"),
    ("title: Fifth\n", "title: Fifth\n- title: New one  # mine\n  criteria: [x]\n"),
]


def scene(folder: Path) -> None:
    """Both sides changed since the last sync, in one field differently."""
    desk = desk_at(folder)
    desk.write(BEFORE)
    desk.sync()
    desk.backlog.close("two", Status.BLOCKED, NOON, "tests are red")
    desk.backlog.save(edited(desk.item("four"), {"value": "5"}, NOON))
    desk.backlog.save(edited(desk.item("five"), {"story": "As a user"}, NOON))
    for old, new in PERSON:
        desk.change(old, new)
    desk.backlog.dispose()


State = tuple[str, tuple[Item, ...], object]


def state(desk: Desk) -> State:
    return desk.text, tuple(sorted(desk.backlog.all(), key=lambda i: i.id)), desk.agreed()


def person_is_whole(text: str) -> None:
    """Every line of the person's is there, as it was written."""
    for line in (
        "# ours",
        "  title: The first   # a comment",
        "  - it works  # mostly",
        "  impact: 8",
        "  - it is quick",
    ):
        assert line in text.split("\n")
    assert "New one  # mine" in text
    assert len(yaml.safe_load(text)["items"]) == 5


@pytest.fixture
def syncing() -> Iterator[subprocess.Popen[str]]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.backlog.file.crashing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    with program:
        yield program
        program.kill()


def traced(syncing: subprocess.Popen[str], folder: Path, *options: str) -> int:
    """How a sync of the folder ended that strace looked at, or killed."""
    assert syncing.stdin is not None
    assert syncing.stdout is not None
    print(folder, file=syncing.stdin, flush=True)
    child = int(syncing.stdout.readline())
    tracer = subprocess.Popen([str(STRACE), "-f", "-q", *options, "-p", str(child)])
    until = time.monotonic() + 20
    while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text() and time.monotonic() < until:
        os.sched_yield()
    print("go", file=syncing.stdin, flush=True)
    code = int(syncing.stdout.readline())
    tracer.wait()
    return code


def calls(log: Path) -> list[tuple[str, int]]:
    """Every system call of a sync: its name, and the how manieth of its name it is."""
    names = re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE)
    return [(name, names[: at + 1].count(name)) for at, name in enumerate(names)]


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(STRACE is None, reason="needs strace, which kills a process at a system call of our choice")
def test_killed_at_any_system_call_the_next_sync_comes_to_the_same_end(
    tmp_path: Path, syncing: subprocess.Popen[str]
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    scene(template)
    for name in ("undisturbed", "watched"):
        shutil.copytree(template, tmp_path / name)
    undisturbed = desk_at(tmp_path / "undisturbed")
    undisturbed.sync()
    wanted = state(undisturbed)
    person_is_whole(wanted[0])
    assert traced(syncing, tmp_path / "watched", "-o", str(tmp_path / "log")) == 0
    every = calls(tmp_path / "log")
    assert {"renameat2", "fsync", "linkat", "unlink"} & {name for name, _ in every}
    killed = 0
    for name, number in every:
        folder = tmp_path / f"{name}-{number}"
        shutil.copytree(template, folder)
        kill = f"inject={name}:signal=KILL:when={number}"
        killed += traced(syncing, folder, "-o", os.devnull, "-e", kill) == -signal.SIGKILL
        person_is_whole((folder / "backlog.yml").read_text())
        desk = desk_at(folder)
        notes = desk.sync().notes
        assert (state(desk), notes) == (wanted, ()), f"killed at {name}, number {number}"
        assert desk.sync().plan.quiet
        desk.backlog.dispose()
        shutil.rmtree(folder)
    assert killed > 0.9 * len(every)
