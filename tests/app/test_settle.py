"""What becomes of an item after its run, and of one that was split."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.call import Call
from app.house import House
from app.reconciling import reconcile
from app.settle import settle
from backlog.item import Inputs, Item, Kind, Status
from graph.outcome import Outcome, blocked
from tests.app.finished import AT, finished
from tools.submit import Part

PARTS = (
    Part(title="Read the rows", criteria=("rows('a') is ['a']",)),
    Part(title="Write the rows", criteria=("write([]) is ''", " "), needs=(1,)),
)


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = finished(tmp_path / "calc").house
    made.backlog.add(
        Item(id="big", title="All of it", kind=Kind.FEATURE, source="hand", status=Status.READY, criteria=("x",),
             inputs=Inputs(size=13), created_at=AT, updated_at=AT)
    )  # fmt: skip
    return made


def split(house: House) -> Item:
    claimed = house.backlog.claim("big", "big-1", AT)
    assert claimed is not None
    settle(house, claimed, blocked("split", "too big: split into 2 items", PARTS))
    settle(house, claimed, blocked("split", "too big: split into 2 items", PARTS))
    return house.backlog.get("big")


def test_a_split_item_waits_for_its_parts_which_have_criteria_and_order_of_their_own(house: House) -> None:
    big = split(house)
    assert (big.status, big.parts) == (Status.BLOCKED, ("big-a", "big-b"))
    first, second = house.backlog.get("big-a"), house.backlog.get("big-b")
    assert (first.title, first.criteria, first.depends_on) == ("Read the rows", ("rows('a') is ['a']",), ())
    assert (second.criteria, second.depends_on) == (("write([]) is ''",), ("big-a",))
    assert [i.status for i in (first, second)] == [Status.READY, Status.READY]
    assert [i.inputs.size for i in (first, second)] == [6, 6]


def test_it_is_done_when_all_its_parts_are_and_not_before(house: House) -> None:
    split(house)
    root = house.repository.root
    house.backlog.close("big-a", Status.DONE, AT, "merged")
    assert closed(root) == {}
    house.backlog.close("big-b", Status.DONE, AT, "merged")
    assert closed(root) == {"big": "done"}


def closed(root: Path) -> dict[str, str]:
    return {t["item"]: t["verdict"] for t in reconcile(Call(repo=root), dry_run=True).result["items"]}


def test_work_that_turns_out_to_be_done_is_closed_with_what_the_check_said(house: House) -> None:
    claimed = house.backlog.claim("big", "big-1", AT)
    assert claimed is not None
    settle(house, claimed, Outcome(kind="nothing_to_do", code="already_done", reason="ruff does not report F401"))
    assert (house.backlog.get("big").status, house.backlog.get("big").reason) == (
        Status.DONE, "already_done: ruff does not report F401",
    )  # fmt: skip
