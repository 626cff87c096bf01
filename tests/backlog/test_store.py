"""The backlog keeps what it is given, for several processes at once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backlog.edit import edited
from backlog.item import IllegalMove, Item, Status
from backlog.store import Backlog, BacklogBroken, ClaimLost, ItemExists, ItemUnknown
from backlog.tables import make

Make = Callable[..., Item]
ROOT = Path(__file__).resolve().parents[2]

CLAIM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from backlog.store import Backlog
with Backlog(Path(sys.argv[1])) as backlog:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(20):
        if backlog.claim(f"a-{number}", sys.argv[2], datetime.now(UTC)) is not None:
            print(number, flush=True)
"""
OPEN = """
import sys
from pathlib import Path
from backlog.store import Backlog
sys.stdin.readline()
with Backlog(Path(sys.argv[1])) as backlog:
    print(len(backlog.all()))
"""


def started(program: str, *argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program, *argv],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def test_an_item_comes_back_as_it_was(backlog: Backlog, item: Make) -> None:
    kept = item(path="src/ü.py", line=3, labels=("x",), value=8)
    backlog.add(kept)
    assert backlog.get("a-1") == kept
    assert backlog.all() == (kept,)


def test_all_gives_the_oldest_first_and_only_the_statuses_asked_for(
    backlog: Backlog, item: Make, noon: datetime
) -> None:
    for name, hours, status in (("young", 0, "READY"), ("old", 9, "READY"), ("done", 5, "DONE")):
        backlog.add(item(id=name, status=status, created_at=noon - timedelta(hours=hours)))
    assert [i.id for i in backlog.all()] == ["old", "done", "young"]
    assert [i.id for i in backlog.all({Status.READY})] == ["old", "young"]


def test_an_id_is_given_once(backlog: Backlog, item: Make) -> None:
    backlog.add(item())
    with pytest.raises(ItemExists, match="a-1"):
        backlog.add(item())


@pytest.mark.parametrize("ask", ["get", "history"])
def test_an_unknown_id_names_those_near_it(backlog: Backlog, item: Make, ask: str) -> None:
    backlog.add(item(id="todo-3f9a2c1b07"))
    with pytest.raises(ItemUnknown, match="did you mean todo-3f9a2c1b07") as caught:
        getattr(backlog, ask)("todo-3f9a2c1b70")
    assert "\n" not in str(caught.value)


def test_every_move_is_in_the_history(backlog: Backlog, item: Make, noon: datetime) -> None:
    backlog.add(item(status="NEW", criteria=()))
    later = [noon + timedelta(minutes=n) for n in range(4)]
    backlog.save(edited(backlog.get("a-1"), {"criteria": "done", "status": "READY"}, later[0]))
    backlog.claim("a-1", "run-1", later[1])
    backlog.release("a-1", "run-1", later[2], "limit reached")
    backlog.close("a-1", Status.CANCELLED, later[3], "not wanted")
    moves = [(m.was, m.now, m.reason, m.run) for m in backlog.history("a-1")]
    assert moves == [
        (None, Status.NEW, "added by hand", None),
        (Status.NEW, Status.READY, "by hand", None),
        (Status.READY, Status.DOING, "claimed", "run-1"),
        (Status.DOING, Status.READY, "limit reached", None),
        (Status.READY, Status.CANCELLED, "not wanted", None),
    ]
    assert [m.at for m in backlog.history("a-1")][1:] == later


def test_a_change_without_a_move_is_not_in_the_history(backlog: Backlog, item: Make, noon: datetime) -> None:
    backlog.add(item())
    backlog.save(edited(backlog.get("a-1"), {"title": "Other"}, noon))
    assert backlog.get("a-1").title == "Other"
    assert len(backlog.history("a-1")) == 1


def test_an_illegal_move_is_not_saved(backlog: Backlog, item: Make) -> None:
    backlog.add(item(status="DONE"))
    with pytest.raises(IllegalMove, match="from DONE to READY"):
        backlog.save(item(status="READY"))
    assert backlog.get("a-1").status is Status.DONE


def test_a_change_that_fails_changes_nothing(backlog: Backlog, item: Make) -> None:
    backlog.add(item())
    with pytest.raises(ZeroDivisionError):
        backlog.update("a-1", lambda i: i.model_copy(update={"title": str(1 // 0)}))
    assert backlog.get("a-1") == item()


class TestClaims:
    def test_a_claimed_item_is_doing_and_in_known_hands(self, backlog: Backlog, item: Make, noon: datetime) -> None:
        backlog.add(item())
        claimed = backlog.claim("a-1", "run-1", noon)
        assert claimed is not None
        assert claimed.status is Status.DOING
        assert [(c.item, c.run, c.at) for c in backlog.claims()] == [("a-1", "run-1", noon)]

    @pytest.mark.parametrize("run", ["run-1", "run-2", ""])
    def test_a_second_claim_gets_nothing_whatever_its_name(
        self, backlog: Backlog, item: Make, noon: datetime, run: str
    ) -> None:
        backlog.add(item())
        assert backlog.claim("a-1", "run-1", noon) is not None
        assert backlog.claim("a-1", run, noon) is None

    @pytest.mark.parametrize("status", [s for s in Status if s is not Status.READY])
    def test_only_a_ready_item_is_claimed(self, backlog: Backlog, item: Make, noon: datetime, status: Status) -> None:
        backlog.add(item(status=status))
        assert backlog.claim("a-1", "run-1", noon) is None

    def test_only_its_run_releases_an_item(self, backlog: Backlog, item: Make, noon: datetime) -> None:
        backlog.add(item())
        backlog.claim("a-1", "run-1", noon)
        with pytest.raises(ClaimLost, match="held by run run-1"):
            backlog.release("a-1", "run-2", noon)
        assert backlog.release("a-1", "run-1", noon).status is Status.READY
        assert backlog.claims() == ()

    def test_a_saved_change_keeps_the_claim(self, backlog: Backlog, item: Make, noon: datetime) -> None:
        backlog.add(item())
        claimed = backlog.claim("a-1", "run-1", noon)
        assert claimed is not None
        backlog.save(claimed.model_copy(update={"reason": "question: which?"}))
        assert [c.run for c in backlog.claims()] == ["run-1"]

    def test_of_several_processes_one_wins_each_item(self, tmp_path: Path, item: Make) -> None:
        path = tmp_path / "backlog.db"
        with Backlog(path) as backlog:
            for number in range(20):
                backlog.add(item(id=f"a-{number}"))
        runs = [started(CLAIM, str(path), f"run-{n}") for n in range(3)]
        for run in runs:
            assert run.stdout is not None
            assert run.stdout.readline() == "open\n"
        won = [run.communicate("go\n", timeout=60) for run in runs]
        assert [error for _, error in won] == [""] * 3
        numbers = [int(n) for out, _ in won for n in out.split()]
        assert sorted(numbers) == list(range(20))

    def test_claims_of_threads_do_not_collide(self, backlog: Backlog, item: Make, noon: datetime) -> None:
        backlog.add(item())
        with ThreadPoolExecutor(8) as pool:
            got = list(pool.map(lambda n: backlog.claim("a-1", f"run-{n}", noon), range(16)))
        assert sum(g is not None for g in got) == 1

    def test_no_change_of_several_threads_is_lost(self, backlog: Backlog, item: Make) -> None:
        def label(number: int) -> None:
            name = str(number)
            backlog.update("a-1", lambda i: i.model_copy(update={"labels": (*i.labels, name)}))

        backlog.add(item())
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(label, range(80)))
        assert sorted(backlog.get("a-1").labels, key=int) == [str(n) for n in range(80)]


class TestTheFile:
    def test_its_folder_is_made(self, tmp_path: Path) -> None:
        with Backlog(tmp_path / "a" / "b" / "backlog.db") as backlog:
            assert backlog.all() == ()
        assert os.listdir(tmp_path / "a" / "b") == ["backlog.db"]

    def test_what_was_written_is_there_after_opening_again(self, tmp_path: Path, item: Make) -> None:
        with Backlog(tmp_path / "backlog.db") as backlog:
            backlog.add(item())
        with Backlog(tmp_path / "backlog.db") as again:
            assert again.get("a-1") == item()

    def test_several_processes_may_make_it_at_once(self, tmp_path: Path) -> None:
        runs = [started(OPEN, str(tmp_path / "backlog.db")) for _ in range(4)]
        for run in runs:
            assert run.stdin is not None
            run.stdin.write("go\n")
            run.stdin.flush()
        assert [run.communicate(timeout=60) for run in runs] == [("0\n", "")] * 4

    def test_making_it_never_overwrites_one_that_is_there(self, tmp_path: Path) -> None:
        path = tmp_path / "backlog.db"
        path.write_bytes(b"another was faster")
        make(path)
        assert path.read_bytes() == b"another was faster"
        assert os.listdir(tmp_path) == ["backlog.db"]

    @pytest.mark.parametrize("content", [b"hello" * 999, b"SQLite format 3\0" + b"\xff" * 4096, b"x"])
    def test_a_damaged_file_is_one_line(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "backlog.db"
        path.write_bytes(content)
        with pytest.raises(BacklogBroken, match=r"backlog\.db: .*move it away") as caught:
            Backlog(path)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == content

    def test_another_programs_database_is_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "backlog.db"
        other = sqlite3.connect(path)
        other.execute("CREATE TABLE items (x)")
        other.commit()
        other.close()
        before = path.read_bytes()
        with pytest.raises(BacklogBroken, match="no backlog of ours"):
            Backlog(path)
        assert path.read_bytes() == before

    def test_a_newer_format_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "backlog.db"
        Backlog(path).dispose()
        raw = sqlite3.connect(path)
        raw.execute("PRAGMA user_version=9")
        raw.close()
        with pytest.raises(BacklogBroken, match="has format 9"):
            Backlog(path)

    def test_damage_inside_is_one_line(self, tmp_path: Path, item: Make) -> None:
        path = tmp_path / "backlog.db"
        with Backlog(path) as backlog:
            backlog.add(item())
        raw = sqlite3.connect(path)
        raw.execute("UPDATE items SET body='{}'")
        raw.commit()
        raw.close()
        with Backlog(path) as backlog, pytest.raises(BacklogBroken, match="item a-1 can not be read"):
            backlog.all()

    def test_a_folder_in_its_place_is_told(self, tmp_path: Path) -> None:
        with pytest.raises(BacklogBroken, match="can not be used"):
            Backlog(tmp_path)
