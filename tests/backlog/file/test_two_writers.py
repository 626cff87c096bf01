"""A person saves the file while two syncs run: no save is lost, however the editor saves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.backlog.file.conftest import desk_at

ROOT = Path(__file__).resolve().parents[3]
ROUNDS = 600
SYNCS = 12
TEXT = "items:\n- id: mine\n  title: mine 0\n" + "".join(
    f"- id: item-{n}\n  title: Item {n}\n  criteria: [it works]\n" for n in range(5)
)


def started(what: str, folder: Path, rounds: int) -> subprocess.Popen[str]:
    program = [sys.executable, "-m", "tests.backlog.file.writing", what, str(folder), str(rounds)]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


@pytest.mark.slow
@pytest.mark.parametrize("editor", ["rename", "truncate"])
def test_no_save_is_lost(tmp_path: Path, editor: str) -> None:
    desk = desk_at(tmp_path)
    desk.write(TEXT + "# end\n")
    desk.sync()
    programs = [
        started(what, tmp_path, rounds)
        for what, rounds in ((editor, ROUNDS), ("sync", SYNCS), ("sync", SYNCS), ("work", ROUNDS // 5))
    ]
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    for program in programs:
        assert program.stdin is not None
        print("go", file=program.stdin, flush=True)
    ended = [program.communicate(timeout=200)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0, 0], ended
    desk.sync()
    lines = desk.text.split("\n")
    assert [f"# line {n}" for n in range(1, ROUNDS + 1) if f"# line {n}" not in lines] == []
    assert desk.item("mine").title == f"mine {ROUNDS}"
    assert list(desk.swap.aside.glob("kept-*")) == []
    assert desk.sync().plan.quiet
    desk.backlog.dispose()
