"""Calibration helps where kinds are estimated differently, and stays put on noise and on few items."""

from __future__ import annotations

from datetime import timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.calibration.compute import BOUNDS, FEWEST, calibrated, fitted, rank_correlation
from backlog.calibration.shadow import effect, places
from backlog.calibration.versions import CalibrationUnknown, adopt, in_force, keep, kept, revert, sizes_of
from backlog.item import Kind
from backlog.score import Scoring, rank
from backlog.scoring import Sizes
from backlog.store import Backlog
from backlog.worth import facts, sized
from evals.calibration import ALL_DOUBLE, BIASED, FAIR, history, shuffled, tried
from tests.backlog.conftest import NOON, make_item

LEARNT = calibrated(history(BIASED, 200, 1))


def test_a_known_bias_is_learnt_and_puts_the_unseen_half_into_a_better_order() -> None:
    tries = [tried(history(BIASED, 200, seed)) for seed in range(12)]
    gains = [t.after - t.before for t in tries]
    assert fmean(gains) >= 0.12
    assert min(gains) >= -0.02
    assert sum(1 for t in tries if t.factors) >= 10


def test_factors_come_close_to_the_bias_relative_to_the_mean() -> None:
    found = fitted([(o.kind, float(o.size), o.actual or 0) for o in history(BIASED, 2_000, 3)])
    middle = 1.0 / found.get("bug", 1.0)
    for kind, bias in BIASED.items():
        assert found.get(kind, 1.0) * middle == pytest.approx(bias, rel=0.35)


@pytest.mark.parametrize("times", [0.2, 1.0, 4.0])
def test_the_unit_of_size_does_not_matter(times: float) -> None:
    told = [(o.kind, float(o.size), o.actual or 0) for o in history(BIASED, 300, 3)]
    assert fitted([(kind, size, actual * times) for kind, size, actual in told]) == fitted(told)


@pytest.mark.parametrize("biases", [FAIR, ALL_DOUBLE])
def test_where_kinds_do_not_differ_nothing_changes(biases: dict[str, float]) -> None:
    assert [seed for seed in range(12) if calibrated(history(biases, 100, seed)).changes] == []


def test_measures_that_say_nothing_change_nothing() -> None:
    told = [calibrated(shuffled(history(BIASED, 100, seed), seed)) for seed in range(12)]
    assert [c.verdict for c in told if c.changes] == []


@pytest.mark.parametrize("n", [0, 1, 7, FEWEST - 1])
def test_below_the_stated_number_nothing_changes_whatever_was_seen(n: int) -> None:
    found = calibrated(history(BIASED, n, 5))
    assert (found.changes, found.verdict) == (False, f"nothing changed: n={n} < 20")


def test_a_kind_with_few_items_keeps_its_sizes() -> None:
    told = history(BIASED, 200, 1)
    few = [o.model_copy(update={"kind": "security"}) if n < 4 else o for n, o in enumerate(told)]
    assert "security" not in calibrated(few).factors


def test_kinds_that_only_strangers_named_teach_nothing_about_a_kind() -> None:
    nameless = [o.model_copy(update={"kind": ""}) if o.kind == "lint" else o for o in history(BIASED, 200, 1)]
    assert "" not in calibrated(nameless).factors


def test_items_of_which_nothing_was_measured_do_not_count() -> None:
    told = [o.model_copy(update={"tokens": None, "lines": None}) for o in history(BIASED, 100, 1)]
    assert calibrated(told).n == 0


def test_the_same_outcomes_give_the_same_bytes() -> None:
    again = calibrated(history(BIASED, 200, 1))
    assert again.model_dump_json() == LEARNT.model_dump_json()


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 13), st.floats(1, 13)), min_size=2, max_size=60))
def test_factors_stay_in_their_bounds(told: list[tuple[str, int, float]]) -> None:
    found = fitted([(kind, float(size), actual) for kind, size, actual in told])
    assert all(BOUNDS[0] - 0.01 <= factor <= BOUNDS[1] for factor in found.values())


@given(st.lists(st.floats(-9, 9), min_size=2, max_size=30))
def test_the_rank_correlation_is_one_with_itself_and_less_one_with_its_reverse(values: list[float]) -> None:
    same = rank_correlation(values, values)
    assert same == (None if len(set(values)) == 1 else pytest.approx(1))
    if same is not None:
        assert rank_correlation(values, [-v for v in values]) == pytest.approx(-1)


class TestInForce:
    def test_a_new_calibration_changes_no_rank_before_it_is_adopted(self, backlog: Backlog) -> None:
        version = keep(backlog, LEARNT, "", NOON)
        assert in_force(backlog) == Sizes()
        assert [k.state for k in kept(backlog)] == ["shadow"]
        adopt(backlog, version, NOON)
        assert in_force(backlog) == Sizes(version=version, factors=LEARNT.factors)

    def test_reverting_goes_back_to_the_one_before_and_then_to_none(self, backlog: Backlog) -> None:
        first, second = keep(backlog, LEARNT, "", NOON), keep(backlog, LEARNT, "", NOON)
        adopt(backlog, first, NOON)
        adopt(backlog, second, NOON + timedelta(hours=1))
        assert revert(backlog, NOON + timedelta(hours=2)) == (second, first)
        assert [k.state for k in kept(backlog)] == ["in force", "retired"]
        assert revert(backlog, NOON + timedelta(hours=3)) == (first, 0)
        with pytest.raises(CalibrationUnknown, match="nothing to revert"):
            revert(backlog, NOON)

    def test_only_what_changes_something_can_be_adopted(self, backlog: Backlog) -> None:
        keep(backlog, calibrated([]), "2026-03", NOON)
        with pytest.raises(CalibrationUnknown, match="calibration 1 changes nothing: can be adopted: none yet"):
            adopt(backlog, 1, NOON)
        with pytest.raises(CalibrationUnknown, match="does not exist"):
            adopt(backlog, 9, NOON)

    def test_a_rank_is_made_again_from_what_is_stored(self, backlog: Backlog) -> None:
        items = [make_item(id=f"i-{n}", kind=kind, size=n % 5 + 2) for n, kind in enumerate(Kind)]
        for item in items:
            backlog.add(item)
        version = keep(backlog, LEARNT, "", NOON)
        then = rank(items, Scoring(calibration=sizes_of(version, LEARNT)), NOON)
        again = next(k for k in kept(backlog) if k.version == version)
        scoring = Scoring(calibration=sizes_of(again.version, again.calibration))
        made = rank(backlog.all(), scoring, NOON)
        assert [(s.item.id, s.score, s.terms) for s in made] == [(s.item.id, s.score, s.terms) for s in then]


def test_sizes_are_multiplied_by_the_factor_of_the_kind_within_the_scale() -> None:
    scoring = Scoring(calibration=Sizes(version=1, factors={"lint": 0.5, "feature": 3.0}))
    sizes = {
        (k, s): sized(facts(make_item(kind=k, size=s)), scoring) for k in ("lint", "feature", "bug") for s in (1, 8)
    }
    assert sizes == {
        ("lint", 1): 1, ("lint", 8): 4, ("feature", 1): 3, ("feature", 8): 13, ("bug", 1): 1, ("bug", 8): 8,
    }  # fmt: skip


def test_the_effect_says_how_many_of_the_first_would_be_others() -> None:
    items = [make_item(id=f"lint-{n:02}", kind="lint", value=5) for n in range(20)]
    items += [make_item(id=f"feature-{n:02}", value=6) for n in range(20)]
    shadow = Scoring(calibration=Sizes(version=1, factors={"lint": 0.5}))
    found = effect(items, Scoring(), shadow, NOON)
    assert (found.n, found.top, found.new_in_top) == (40, 20, 20)
    assert found.correlation == pytest.approx(-0.5009, abs=1e-3)
    assert len(found.rows) == 40
    assert effect(items, Scoring(), Scoring(), NOON).new_in_top == 0
    assert places(items, Scoring(), NOON)["feature-00"] == 1
