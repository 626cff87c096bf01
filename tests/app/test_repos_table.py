"""One table over several rankings: what belongs together, in one order, and nobody's order disturbed."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from app.repos.table import Ranking, keyed, tables
from backlog.item import Item
from backlog.score import PRESETS, rank
from backlog.scoring import Scoring
from backlog.yardstick import yardstick
from tests.backlog.conftest import NOON, make_item
from tests.backlog.scoring.making import backlogs


def ranking(name: str, items: list[Item], scoring: Scoring = PRESETS["default"], note: str = "") -> Ranking:
    best = keyed(rank(items, scoring, NOON), scoring, NOON)
    return Ranking(name, "by rules", yardstick(scoring), best, len(best), note=note)


@settings(max_examples=40, deadline=None)
@given(st.lists(backlogs(), min_size=1, max_size=4), st.integers(1, 12))
def test_each_repository_keeps_its_order_and_the_first_are_the_first_of_all(
    several: list[list[Item]], top: int
) -> None:
    rankings = [ranking(f"r{n}", items) for n, items in enumerate(several)]
    (whole,) = tables(rankings, 1_000)
    for one in rankings:
        own = [row.scored.item.id for row in whole.rows if row.repository == one.repository]
        assert own == [scored.item.id for _, scored in one.best]
    scores = [row.scored.score for row in whole.rows]
    assert scores == sorted(scores, reverse=True)
    (cut,) = tables(rankings, top)
    assert cut.rows == whole.rows[:top]
    assert cut.total == whole.total == len(whole.rows)


@settings(max_examples=40, deadline=None)
@given(st.lists(backlogs(), min_size=2, max_size=4))
def test_the_best_of_each_are_enough_for_the_best_of_all(several: list[list[Item]]) -> None:
    rankings = [ranking(f"r{n}", items) for n, items in enumerate(several)]
    short = [Ranking(r.repository, r.scored_by, r.yardstick, r.best[:3], r.total) for r in rankings]
    assert tables(short, 3)[0].rows == tables(rankings, 3)[0].rows


def test_scores_by_different_rules_never_stand_in_one_table() -> None:
    item = make_item()
    found = tables([ranking("a", [item], PRESETS["seed004"]), ranking("b", [item]), ranking("c", [item])], 9)
    assert [table.repositories for table in found] == [("b", "c"), ("a",)]


def test_a_threshold_and_a_calibration_leave_scores_comparable() -> None:
    other = PRESETS["default"].model_copy(update={"execution_threshold": 5.0})
    (table,) = tables([ranking("a", [make_item()], other, note="calibrated"), ranking("b", [make_item()])], 9)
    assert (table.repositories, table.notes) == (("a", "b"), ("a: calibrated",))


def test_equals_stand_older_first_then_smaller_then_by_the_list() -> None:
    old = make_item(id="z", created_at=NOON - timedelta(hours=1))
    found = tables([ranking("b", [make_item(id="y")]), ranking("a", [make_item(id="x"), old])], 9)
    assert [(row.repository, row.scored.item.id) for row in found[0].rows] == [("a", "z"), ("b", "y"), ("a", "x")]
