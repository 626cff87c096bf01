"""What would put an item first is what does: every change is made and the ranking computed anew."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given

from backlog.counterfactual import NONE_WOULD, Change, change_lines, would_be_first
from backlog.item import Item
from backlog.score import Key, Scoring, key_of, rank, score
from backlog.scoring import PRESETS
from tests.backlog.conftest import NOON, make_item
from tests.backlog.scoring.making import SCORINGS, backlogs


def best_of(others: list[Item], scoring: Scoring) -> Key | None:
    return min((key_of(score(i, scoring, NOON), scoring, NOON) for i in others), default=None)


def applied(item: Item, what: str, to: float | str) -> Item:
    """The item as it would be had a person made the change."""
    if what == "days":
        return item.model_copy(update={"created_at": item.created_at - timedelta(days=float(to))})
    if what == "label":
        shown = item.labels if item.trust == "member" or trusted_labels(item) else ()
        return item.model_copy(update={"labels": (*shown, str(to)), "edited": (*item.edited, "labels")})
    source = item.inputs.source | {what: "person"}
    return item.model_copy(update={"inputs": item.inputs.model_copy(update={what: int(to), "source": source})})


def trusted_labels(item: Item) -> bool:
    return "labels" in item.edited or item.inputs.source.get("labels", "").startswith(("label", "person"))


def first(item: Item, others: list[Item], scoring: Scoring) -> bool:
    return rank([item, *others], scoring, NOON)[0].item.id == item.id


def smaller(change: Change) -> list[float]:
    """Every change in the same direction that is less."""
    if change.what == "label" or isinstance(change.to, str) or isinstance(change.was, str):
        return []
    step = -1 if change.what == "size" else 1
    return [n for n in range(int(change.was) + step, int(change.to), step)][-400:]


def full(item: Item, what: str) -> Item:
    """As far as this one thing can be taken."""
    to = {"size": 1, "days": 4000}.get(what, 13)
    return applied(item, what, to)


@given(backlogs(2, 6), SCORINGS)
def test_the_change_puts_it_first_and_no_smaller_one_does(items: list[Item], scoring: Scoring) -> None:
    item, others = items[0], items[1:]
    changes = would_be_first(item, scoring, NOON, best_of(others, scoring))
    assert (changes is None) == first(item, others, scoring)
    if changes is None:
        return
    for change in changes:
        done = applied(item, change.what, change.to)
        assert first(done, others, scoring)
        assert score(done, scoring, NOON).score == change.score
        assert not [n for n in smaller(change) if first(applied(item, change.what, n), others, scoring)]


@given(backlogs(2, 6), SCORINGS)
def test_what_is_not_named_would_not_do_however_far_it_is_taken(items: list[Item], scoring: Scoring) -> None:
    item, others = items[0], items[1:]
    changes = would_be_first(item, scoring, NOON, best_of(others, scoring))
    named = {c.what for c in changes} if changes is not None else None
    for what in ("value", "time_criticality", "risk_reduction", "size", "days"):
        if named is not None and what not in named:
            assert not first(full(item, what), others, scoring), what
    for label in scoring.boosts if named is not None and "label" not in named else ():
        assert not first(applied(item, "label", label), others, scoring)


def test_the_lines_say_each_change_by_itself() -> None:
    item = make_item(value=5, size=2)
    best = key_of(score(make_item(id="best", value=8, size=2), Scoring(), NOON), Scoring(), NOON)
    changes = would_be_first(item, Scoring(), NOON, best)
    assert change_lines(changes) == [
        "it would be first with one of these alone:",
        "  value 8 in place of 5 (score 5)",
        "  time_criticality 4 in place of 1 (score 5)",
        "  risk_reduction 4 in place of 1 (score 5)",
        "  size 1 in place of 2 (score 7)",
        "  6 more days of waiting, the others staying as they are (score 5.25)",
        "  the label security (score 5.25)",
    ]


def test_where_nothing_alone_would_do_that_is_said() -> None:
    item = make_item(value=1, size=13)
    best = key_of(score(make_item(id="best", value=13, size=1), Scoring(), NOON), Scoring(), NOON)
    assert change_lines(would_be_first(item, Scoring(), NOON, best)) == [NONE_WOULD]
    assert change_lines(would_be_first(item, Scoring(), NOON, None)) == ["first: nothing would have to change"]


def test_where_aging_does_nothing_only_being_older_breaks_a_tie() -> None:
    scoring = PRESETS["seed004"]
    item = make_item(created_at=NOON - timedelta(days=1))
    older = make_item(id="older", created_at=NOON - timedelta(days=3, hours=1))
    changes = would_be_first(item, scoring, NOON, best_of([older], scoring))
    assert changes is not None
    assert [c.to for c in changes if c.what == "days"] == [3]


def test_of_the_labels_that_would_do_the_weakest_is_named() -> None:
    scoring = Scoring(boosts={"security": 2.5, "compliance": 2.0, "performance": 1.2})
    item, better = make_item(value=3), make_item(id="better", value=4)
    changes = would_be_first(item, scoring, NOON, best_of([better], scoring))
    assert changes is not None
    assert [(c.was, c.to, c.score) for c in changes if c.what == "label"] == [("none", "performance", 2.0)]
    far = make_item(id="far", value=9)
    changes = would_be_first(item, scoring, NOON, best_of([far], scoring))
    assert changes is not None
    assert [(c.to, c.score) for c in changes if c.what == "label"] == [("security", 4.1668)]
