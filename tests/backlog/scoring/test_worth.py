"""What an item is worth without the clock, and how a score comes of it."""

from __future__ import annotations

import math
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from backlog.item import Inputs, Item, Status
from backlog.score import (
    Scoring,
    age_days,
    aged,
    aging_factor,
    counted_from,
    days_since,
    facts,
    key_of,
    rank,
    ranking_key,
    score,
    worth,
)
from backlog.scoring import PRESETS
from tests.backlog.conftest import NOON, make_item
from tests.backlog.scoring.making import NUMBERS, SCORINGS, backlogs, items

HOURS = st.integers(0, 24 * 60)


@given(items(), SCORINGS, HOURS)
def test_worth_and_aging_make_exactly_the_score(item: Item, scoring: Scoring, hours: int) -> None:
    now = NOON + timedelta(hours=hours)
    since = counted_from(item, scoring, now)
    aging = aging_factor(days_since(since, scoring, now), scoring)
    assert days_since(since, scoring, now) == age_days(item, scoring, now)
    of = facts(item)
    assert aged(worth(of, scoring), aging) == score(item, scoring, now).score
    assert ranking_key(aged(worth(of, scoring), aging), since, of.size, item.id) == key_of(
        score(item, scoring, now), scoring, now
    )


@given(items(), SCORINGS, HOURS)
def test_what_is_shown_multiplies_to_the_score(item: Item, scoring: Scoring, hours: int) -> None:
    scored = score(item, scoring, NOON + timedelta(hours=hours))
    assert round(math.prod(t.value for t in scored.terms if t.role == "factor"), 4) == scored.score


@given(items(), SCORINGS, st.sampled_from(NUMBERS))
def test_more_is_never_worth_less_and_bigger_never_more(item: Item, scoring: Scoring, name: str) -> None:
    numbers = item.inputs.model_dump()
    numbers[name] = min(12, numbers[name])
    low = item.model_copy(update={"inputs": Inputs(**numbers)})
    high = item.model_copy(update={"inputs": Inputs(**numbers | {name: numbers[name] + 1})})
    less, more = worth(facts(low), scoring), worth(facts(high), scoring)
    assert more <= less if name == "size" else more >= less


@given(backlogs(2), SCORINGS, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_the_order_of_the_question(items: list[Item], scoring: Scoring, shuffler) -> None:  # type: ignore[no-untyped-def]
    mixed = list(items)
    shuffler.shuffle(mixed)
    assert repr(rank(mixed, scoring, NOON)) == repr(rank(items, scoring, NOON))


def test_of_two_with_one_score_the_one_that_waited_longer_is_first_not_the_one_that_was_made_first() -> None:
    blocked = make_item(id="a", created_at=NOON - timedelta(hours=9))
    blocked = blocked.move(Status.BLOCKED, NOON - timedelta(hours=8), "waits").move(Status.READY, NOON)
    plain = make_item(id="b", created_at=NOON - timedelta(hours=2))
    assert [s.item.id for s in rank([blocked, plain], Scoring(), NOON)] == ["b", "a"]
    regardless = Scoring.model_validate({"aging": {"pause_while_blocked": False}})
    assert [s.item.id for s in rank([blocked, plain], regardless, NOON)] == ["a", "b"]


def test_a_digest_names_everything_that_decides() -> None:
    assert len({s.digest for s in PRESETS.values()}) == len(PRESETS)
    assert Scoring().digest == Scoring().digest
