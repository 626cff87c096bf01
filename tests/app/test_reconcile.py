"""What the backlog says is held against the base, and only what was shown is closed as done."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.call import Call
from app.house import House, open_house
from app.reconciling import reconcile, take_in_pulls
from backlog.item import Inputs, Item, Kind, Status
from checks.check import CommandCheck, TestCheck
from tests.app.finished import AT, Finished, finished, git

NOTED = "# TODO: take any number of numbers\ndef add(a, b):\n    import os\n    return a - b\n"


@pytest.fixture
def done(tmp_path: Path) -> Finished:
    """Work on bug-1 was handed over as a pull request."""
    made = finished(tmp_path / "calc")
    item = Item(
        id="bug-1", title="add() subtracts", kind=Kind.BUG, source="hand", status=Status.PR, criteria=("it adds",),
        created_at=AT, updated_at=AT,
    )  # fmt: skip
    made.house.backlog.add(item)
    return made


def branch(done: Finished) -> str:
    return done.published.branch


def merged(done: Finished, how: str) -> House:
    root = done.house.repository.root
    git(root, "commit", "-q", "--allow-empty", "-m", "others' work")
    (root / "other.txt").write_text("more\n")
    git(root, "add", "other.txt")
    git(root, "commit", "-qm", "and more")
    if how == "merge":
        git(root, "merge", "-q", "--no-edit", branch(done))
    elif how == "squash":
        git(root, "merge", "-q", "--squash", branch(done))
        git(root, "commit", "-qm", "Add instead")
    elif how == "revert":
        git(root, "merge", "-q", "--no-ff", "--no-edit", branch(done))
        git(root, "revert", "--no-edit", "-m", "1", "HEAD")
    return open_house(done.call)


@pytest.mark.parametrize(("how", "verdict"), [("merge", "merged"), ("squash", "merged"), ("revert", "taken back")])
def test_a_pull_request_is_told_by_commits_and_not_by_their_words(done: Finished, how: str, verdict: str) -> None:
    house = merged(done, how)
    answer = reconcile(done.call, dry_run=True)
    (truth,) = [t for t in answer.result["items"] if t["item"] == "bug-1"]
    assert truth["verdict"] == verdict
    assert house.backlog.get("bug-1").status is Status.PR, "a dry run moves nothing"


def test_a_shift_takes_in_what_was_merged_before_it_looks_for_work(done: Finished) -> None:
    house = merged(done, "merge")
    take_in_pulls(house)
    assert (house.backlog.get("bug-1").status, "is in the base" in house.backlog.get("bug-1").reason) == (
        Status.DONE,
        True,
    )
    take_in_pulls(house)


def test_a_commit_that_only_says_so_closes_nothing(done: Finished) -> None:
    root = done.house.repository.root
    (root / "calc.py").write_text("# add() adds now, closes bug-1\ndef add(a, b):\n    return a - b\n")
    git(root, "commit", "-qam", f"fix: add() subtracts (bug-1), merge {branch(done)}")
    assert reconcile(done.call, dry_run=True).result["items"] == []


def test_what_is_done_gone_or_there_twice_is_closed_with_what_shows_it(tmp_path: Path) -> None:
    root = finished(tmp_path / "calc").house.repository.root
    call = Call(repo=root)
    (root / "calc.py").write_text(NOTED)
    (root / "tests").mkdir(exist_ok=True)
    (root / "tests" / "test_more.py").write_text(
        "from calc import add\n\n\ndef test_zero():\n    assert add(1, 1) == 2\n"
    )
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a note, an import and a test")
    house = open_house(call)
    passes, fails = CommandCheck(argv=("python", "-c", "pass")), CommandCheck(argv=("python", "-c", "1/0"))
    for name, check in (("passes", passes), ("fails", fails), ("words", TestCheck())):
        house.backlog.add(
            Item(id=name, title=name, kind=Kind.BUG, source="hand", status=Status.READY, criteria=("x",), check=check,
                 inputs=Inputs(), created_at=AT, updated_at=AT)
        )  # fmt: skip
    first = {t["item"]: t["verdict"] for t in reconcile(call, dry_run=False).result["items"]}
    assert first == {"passes": "done"}
    by_source = {i.source: i for i in house.backlog.all({Status.READY}) if i.source in ("markers", "ruff", "tests")}
    assert set(by_source) == {"markers", "ruff", "tests"}

    (root / "calc.py").write_text("def add(a, b):\n    return a + b\n")
    git(root, "commit", "-qam", "tidy")
    truths = {t["item"]: t for t in reconcile(call, dry_run=False).result["items"]}
    assert {name: t["verdict"] for name, t in truths.items()} == {
        by_source["markers"].id: "cancelled",
        by_source["ruff"].id: "done",
        by_source["tests"].id: "done",
    }
    assert all("tidy" in truth["evidence"] for truth in truths.values() if truth["item"] != by_source["tests"].id)
    assert "test_zero passes" in truths[by_source["tests"].id]["evidence"]
    assert house.backlog.get("fails").status is Status.READY
    assert house.backlog.get("words").status is Status.READY


def test_a_finding_that_a_comment_silences_is_not_done(tmp_path: Path) -> None:
    root = finished(tmp_path / "calc").house.repository.root
    call = Call(repo=root)
    for text in ("import os\n", "import os  # noqa: F401\n"):
        (root / "calc.py").write_text(text)
        git(root, "commit", "-qam", "change")
        found = reconcile(call, dry_run=False).result["items"]
    (truth,) = [t for t in found if t["item"].startswith("f401")]
    assert truth["verdict"] == "cancelled"
    assert "a comment silences ruff F401" in truth["evidence"]
