"""Which item may be started, and why the others may not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from backlog.item import Item, Status
from backlog.readiness import pick, why_not_ready
from backlog.score import Scoring
from backlog.store import Backlog

Make = Callable[..., Item]


def held(backlog: Backlog, *items: Item) -> Backlog:
    for item in items:
        backlog.add(item)
    return backlog


def anything(_item: Item) -> None:
    return None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"criteria": ()}, "no acceptance criteria"),
        ({"status": Status.NEW, "criteria": ()}, "no acceptance criteria"),
        ({"status": Status.REFINED}, "is REFINED, not READY"),
        ({"status": Status.BLOCKED, "reason": "needs a decision"}, "blocked: needs a decision"),
        ({"status": Status.DOING}, "being worked on"),
        ({"status": Status.PR}, "its pull request is open"),
        ({"status": Status.DONE, "reason": "merged"}, "closed: DONE (merged)"),
        ({"hold": True}, "on hold: a person wants it left alone"),
        ({"depends_on": ("b",)}, "depends on b, which is READY"),
        ({"depends_on": ("done",)}, None),
        ({"depends_on": ("dropped",)}, "depends on dropped, which is CANCELLED"),
        ({"depends_on": ("nobody",)}, "depends on nobody, which does not exist"),
        ({"value": 1, "size": 13}, "score 0.2308 is below the threshold 1"),
    ],
)
def test_one_reason_keeps_an_item_back(item: Make, noon: datetime, fields: dict[str, Any], reason: str | None) -> None:
    others = (item(id="b"), item(id="done", status="DONE"), item(id="dropped", status="CANCELLED"))
    asked = item(**fields)
    assert why_not_ready(asked, {i.id: i for i in (asked, *others)}.get, Scoring(), noon) == reason


def test_the_best_workable_item_is_picked_and_those_before_it_have_reasons(
    backlog: Backlog, item: Make, noon: datetime
) -> None:
    items = [item(id="big", value=13, depends_on=("good",)), item(id="odd", value=8), item(id="good", value=5)]
    held(backlog, *items)
    picked = pick(backlog, Scoring(), noon, lambda i: "out of scope" if i.id == "odd" else None)
    assert picked.item == items[2]
    assert picked.reasons == {"big": "depends on good, which is READY", "odd": "out of scope"}


def test_nothing_to_do_lists_a_reason_for_every_open_item(backlog: Backlog, item: Make, noon: datetime) -> None:
    held(backlog, item(id="a", criteria=()), item(id="b", status="BLOCKED"), item(id="c", status="DONE"))
    held(backlog, item(id="d", hold=True), item(id="e", value=1, size=13))
    picked = pick(backlog, Scoring(), noon, anything)
    assert picked.item is None
    assert picked.reasons == {
        "a": "no acceptance criteria",
        "b": "blocked: no reason was given",
        "d": "on hold: a person wants it left alone",
        "e": "score 0.2308 is below the threshold 1",
    }


def test_an_item_waits_until_what_it_depends_on_is_done(backlog: Backlog, item: Make, noon: datetime) -> None:
    first, second = item(id="first", value=1), item(id="second", value=13, depends_on=("first",))
    held(backlog, first, second)
    assert pick(backlog, Scoring(), noon, anything).item == first
    backlog.close("first", Status.DONE, noon, "merged")
    assert pick(backlog, Scoring(), noon, anything).item == second


def test_a_circle_of_dependencies_is_not_picked(backlog: Backlog, item: Make, noon: datetime) -> None:
    held(backlog, item(id="a", depends_on=("b",)), item(id="b", depends_on=("a",)))
    picked = pick(backlog, Scoring(), noon, anything)
    assert set(picked.reasons) == {"a", "b"}
    assert picked.item is None


def test_an_objection_is_not_asked_for_items_that_are_not_ready(backlog: Backlog, item: Make, noon: datetime) -> None:
    asked: list[str] = []
    pick(held(backlog, item(id="a", hold=True)), Scoring(), noon, lambda i: asked.append(i.id))
    assert asked == []
