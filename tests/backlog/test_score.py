"""What an item is worth."""

from __future__ import annotations

import math
import pickle
import random
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.item import Inputs, Item, Kind, Status
from backlog.score import PRESETS, Scored, Scoring, aging_factor, rank, score
from tests.backlog.conftest import NOON, make_item

NUMBER = st.integers(1, 13)
PRESET = st.sampled_from(sorted(PRESETS))
DAYS = st.floats(0, 400)
NAMES = ("value", "time_criticality", "risk_reduction", "size")
NUMBERS = st.fixed_dictionaries(dict.fromkeys(NAMES, NUMBER))
Make = Callable[..., Item]


def test_the_worked_example_is_6(item: Make, noon: datetime) -> None:
    worked = item(value=5, time_criticality=3, risk_reduction=4, size=2)
    assert score(worked, PRESETS["seed001"], noon).base == 6.0


@pytest.mark.parametrize(
    ("preset", "factors"),
    [
        ("seed002", (1.0, 1.1, 1.2, 1.5, 2.0, 2.0)),
        ("seed001", (1.0, 1.0, 1.1, 1.4, 1.9, 2.0)),
        ("default", (1.0, 1.0, 1.1, 1.4, 1.9, 2.0)),
        ("seed004", (1.0,) * 6),
    ],
)
def test_aging_on_the_reference_days(preset: str, factors: tuple[float, ...]) -> None:
    assert tuple(aging_factor(d, PRESETS[preset]) for d in (0, 1, 2, 5, 10, 30)) == factors


def test_a_base_lies_between_three_thirteenths_and_39(item: Make, noon: datetime) -> None:
    lowest = item(value=1, time_criticality=1, risk_reduction=1, size=13)
    highest = item(value=13, time_criticality=13, risk_reduction=13, size=1)
    assert score(lowest, Scoring(), noon).base == 0.2308
    assert score(highest, Scoring(), noon).base == 39.0


def test_half_a_day_counts_only_where_days_are_not_whole(item: Make, noon: datetime) -> None:
    now = noon + timedelta(days=2.5)
    assert score(item(), PRESETS["seed001"], now).aging == 1.15
    assert score(item(), PRESETS["default"], now).aging == 1.1


def test_time_spent_blocked_does_not_age(item: Make, noon: datetime) -> None:
    blocked = item().move(Status.BLOCKED, noon, "waits")
    back = blocked.move(Status.READY, noon + timedelta(days=20))
    assert score(back, Scoring(), noon + timedelta(days=21)).aging == 1.0
    assert score(blocked, Scoring(), noon + timedelta(days=20)).aging == 1.0


def test_an_item_from_the_future_is_not_younger_than_new(item: Make, noon: datetime) -> None:
    assert score(item(created_at=noon + timedelta(days=9)), Scoring(), noon).aging == 1.0


def test_a_time_without_zone_is_utc(item: Make, noon: datetime) -> None:
    naive = item(created_at=noon.replace(tzinfo=None))
    assert score(naive, Scoring(), noon).score == score(item(), Scoring(), noon).score


@pytest.mark.parametrize(
    ("combine", "cap", "boost"),
    [("max", 9, 2.0), ("product", 9, 3.0), ("none", 9, 1.0), ("product", 2.5, 2.5)],
)
def test_boosts_combine_as_configured(item: Make, noon: datetime, combine: str, cap: float, boost: float) -> None:
    scoring = Scoring.model_validate(
        {"boosts": {"security": 1.5, "compliance": 2.0}, "combine": combine, "boost_cap": cap}
    )
    assert score(item(kind="security", labels=("compliance",)), scoring, noon).boost == boost


def test_bands_of_the_first_seed(item: Make, noon: datetime) -> None:
    sums = {(8, 1): "critical", (2, 1): "critical", (1, 2): "high", (1, 3): "medium", (1, 5): "low"}
    got = {(v, s): score(item(value=v, size=s), PRESETS["seed001"], noon).band for v, s in sums}
    assert got == sums


def test_quantile_bands_spread_a_backlog(item: Make, noon: datetime) -> None:
    items = [item(id=f"a-{n}", value=n, size=1) for n in range(1, 13)]
    assert {s.band for s in rank(items, Scoring(), noon)} == {"critical", "high", "medium", "low"}


def test_a_number_off_the_scale_is_told_and_scored_as_given(item: Make, noon: datetime) -> None:
    odd = score(item(value=4, size=1), Scoring(), noon)
    assert odd.base == 6.0
    assert odd.warnings == ("value 4 is not on the scale 1-2-3-5-8-13; it is scored as given",)
    assert score(item(value=4), PRESETS["seed002"], noon).warnings == ()


class TestTrust:
    def test_text_of_strangers_can_not_raise_a_score(self, noon: datetime) -> None:
        loud = make_item(trust="untrusted", kind="security", value=13, time_criticality=13, risk_reduction=13, size=1)
        plain = make_item(trust="untrusted")
        assert score(loud, Scoring(), noon).score == score(plain, Scoring(), noon).score

    def test_a_label_that_a_member_set_counts(self, noon: datetime) -> None:
        inputs = Inputs(value=8, source={"value": "label:urgent", "kind": "label:security"})
        labelled = score(make_item(trust="untrusted", kind="security", inputs=inputs), Scoring(), noon)
        assert (labelled.terms[0].value, labelled.boost) == (8.0, 1.5)


def multiplied(scored: Scored) -> float:
    return round(math.prod(t.value for t in scored.terms if t.role == "factor"), 4)


@given(NUMBERS, PRESET, DAYS, st.sampled_from(list(Kind)))
def test_the_factors_multiply_to_the_score(numbers: dict[str, int], preset: str, days: float, kind: Kind) -> None:
    scored = score(make_item(kind=kind, **numbers), PRESETS[preset], NOON + timedelta(days=days))
    assert multiplied(scored) == scored.score


@given(NUMBERS, PRESET)
def test_the_parts_make_the_base(numbers: dict[str, int], preset: str) -> None:
    scored = score(make_item(**numbers), PRESETS[preset], NOON)
    part = {t.name: t.value for t in scored.terms if t.role == "part"}
    if PRESETS[preset].model == "wsjf":
        base = (part["value"] + part["time_criticality"] + part["risk_reduction"]) / part["size"]
    else:
        base = sum(v for n, v in part.items() if n.startswith("share_"))
    assert round(base, 4) == scored.base


@given(NUMBERS, PRESET, st.sampled_from(NAMES), st.sampled_from([Kind.SECURITY, Kind.DEBT, Kind.FEATURE]))
def test_more_is_never_worth_less_and_bigger_never_more(
    numbers: dict[str, int], preset: str, name: str, kind: Kind
) -> None:
    if numbers[name] == 13:
        numbers = numbers | {name: 12}
    lower = score(make_item(kind=kind, **numbers), PRESETS[preset], NOON).score
    higher = score(make_item(kind=kind, **numbers | {name: numbers[name] + 1}), PRESETS[preset], NOON).score
    assert higher <= lower if name == "size" else higher >= lower


@given(NUMBERS, PRESET, DAYS, DAYS)
def test_older_is_never_worth_less(numbers: dict[str, int], preset: str, one: float, other: float) -> None:
    early, late = sorted((one, other))
    scores = [score(make_item(**numbers), PRESETS[preset], NOON + timedelta(days=d)).score for d in (early, late)]
    assert scores == sorted(scores)


@given(NUMBERS, DAYS)
def test_the_composite_stays_in_its_bounds(numbers: dict[str, int], days: float) -> None:
    scored = score(make_item(**numbers), PRESETS["seed004"], NOON + timedelta(days=days))
    assert 0 <= scored.base <= 100


@given(NUMBERS, PRESET, DAYS)
def test_the_same_gives_the_same_bytes(numbers: dict[str, int], preset: str, days: float) -> None:
    now = NOON + timedelta(days=days)
    twice = [repr(score(make_item(**numbers), PRESETS[preset], now)) for _ in range(2)]
    assert twice[0] == twice[1]


@given(st.randoms(use_true_random=False))
def test_ties_are_older_then_smaller_then_id(shuffler: random.Random) -> None:
    ordered = [
        make_item(id="d", created_at=NOON - timedelta(hours=2)),
        make_item(id="c", value=1, time_criticality=1, risk_reduction=1, size=2),
        make_item(id="a", value=2, time_criticality=3, risk_reduction=1, size=4),
        make_item(id="b", value=2, time_criticality=3, risk_reduction=1, size=4),
    ]
    ordered[0] = ordered[0].model_copy(update={"inputs": ordered[1].inputs})
    mixed = list(ordered)
    shuffler.shuffle(mixed)
    assert [s.item.id for s in rank(mixed, Scoring(), NOON)] == ["d", "c", "a", "b"]


def test_a_scored_item_survives_pickling(item: Make, noon: datetime) -> None:
    scored = score(item(), Scoring(), noon)
    assert pickle.loads(pickle.dumps(scored)) == scored
