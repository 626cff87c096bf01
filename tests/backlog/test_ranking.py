"""The order kept in the database is the order that scoring every item would give."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.item import OPEN, Item, Kind, Status
from backlog.ranking import best, order, put_in_order
from backlog.score import rank
from backlog.scoring import PRESETS, Aging, Scoring
from backlog.store import Backlog
from tests.backlog.conftest import NOON, make_item

Make = Callable[..., Item]
STEPS = st.sampled_from([1, 2, 3, 5, 8, 13])
SCORINGS = (
    *PRESETS.values(),
    Scoring(aging=Aging(whole_days=False, rate=0.03, cap=3.0)),
    Scoring(aging=Aging(pause_while_blocked=False, grace_days=0)),
)
LATER = NOON + timedelta(days=9, hours=5)


@st.composite
def items(draw: st.DrawFn) -> list[Item]:
    one = st.fixed_dictionaries(
        {
            "value": STEPS,
            "time_criticality": STEPS,
            "risk_reduction": STEPS,
            "size": STEPS,
            "kind": st.sampled_from(list(Kind)),
            "status": st.sampled_from([Status.READY, Status.READY, Status.NEW, Status.DONE]),
            "hold": st.booleans(),
            "criteria": st.sampled_from([(), ("it is done",)]),
            "labels": st.sampled_from([(), ("security",), ("compliance", "x")]),
            "trust": st.sampled_from(["member", "untrusted"]),
            "created_at": st.integers(0, 30 * 24).map(lambda hours: NOON - timedelta(hours=hours)),
            "blocked_seconds": st.sampled_from([0.0, 0.0, 3600.0, 200_000.5]),
        }
    )
    return [make_item(id=f"i-{n}", **fields) for n, fields in enumerate(draw(st.lists(one, max_size=25)))]


@contextmanager
def holding(found: list[Item]) -> Iterator[Backlog]:
    with tempfile.TemporaryDirectory() as folder, Backlog(Path(folder) / "backlog.db") as backlog:
        for item in found:
            backlog.add(item)
        yield backlog


def startable(item: Item) -> bool:
    return item.status is Status.READY and bool(item.criteria) and not item.hold


def assert_in_order(backlog: Backlog, scoring: Scoring, now: datetime) -> None:
    put_in_order(backlog, scoring)
    ranked = [s for s in rank(backlog.all(), scoring, now) if startable(s.item)]
    assert [(p.id, p.score) for p, _ in best(backlog, scoring, now)] == [(s.item.id, s.score) for s in ranked]
    everything = rank(backlog.all(OPEN), scoring, now)
    assert [(p.id, p.score) for p in order(backlog, scoring, now, OPEN)] == [(s.item.id, s.score) for s in everything]


@settings(max_examples=40, deadline=None)
@given(items(), st.sampled_from(SCORINGS), st.sampled_from(SCORINGS))
def test_the_kept_order_is_the_order_of_the_scores(found: list[Item], first: Scoring, then: Scoring) -> None:
    with holding(found) as backlog:
        for scoring, now in ((first, NOON), (first, LATER), (then, LATER)):
            assert_in_order(backlog, scoring, now)


@settings(max_examples=25, deadline=None)
@given(items(), st.data())
def test_what_is_written_later_finds_its_place(found: list[Item], data: st.DataObject) -> None:
    with holding(found) as backlog:
        put_in_order(backlog, Scoring())
        for item in found[:3]:
            size = data.draw(STEPS)
            inputs = item.inputs.model_copy(update={"size": size})
            backlog.update(item.id, lambda i, inputs=inputs: i.model_copy(update={"inputs": inputs}))  # type: ignore[misc]
        backlog.add(make_item(id="new", value=13))
        assert put_in_order(backlog, Scoring()) == len(found[:3]) + 1
        assert_in_order(backlog, Scoring(), LATER)


def test_an_item_that_is_blocked_now_does_not_age_in_the_order(backlog: Backlog, item: Make, noon: datetime) -> None:
    backlog.add(item(id="free", created_at=noon))
    backlog.add(item(id="blocked", status="BLOCKED", blocked_at=noon, created_at=noon - timedelta(minutes=1)))
    assert_in_order(backlog, Scoring(), noon + timedelta(days=8))
    assert [p.id for p in order(backlog, Scoring(), noon + timedelta(days=8), OPEN)] == ["free", "blocked"]


def test_order_that_is_up_to_date_is_not_made_again(backlog: Backlog, item: Make) -> None:
    backlog.add(item())
    assert put_in_order(backlog, Scoring()) == 1
    assert put_in_order(backlog, Scoring()) == 0
    assert put_in_order(backlog, PRESETS["seed002"]) == 1


@pytest.mark.parametrize("status", [Status.NEW, Status.REFINED, Status.BLOCKED, Status.DOING, Status.PR, Status.DONE])
def test_what_can_not_be_started_is_not_next(backlog: Backlog, item: Make, noon: datetime, status: Status) -> None:
    backlog.add(item(status=status))
    put_in_order(backlog, Scoring())
    assert list(best(backlog, Scoring(), noon)) == []
