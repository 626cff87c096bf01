"""Figures, their goals, and the words for them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.figure import Figure, Goal, Section, number, ratios

FINITE = st.floats(min_value=0, max_value=1e9)


@given(FINITE, FINITE)
def test_a_goal_is_missed_by_exactly_what_is_beyond_it(limit: float, value: float) -> None:
    assert Goal(limit).missed_by(value) == (value - limit if value > limit else 0)
    assert Goal(limit, at_least=True).missed_by(value) == (limit - value if value < limit else 0)


def test_the_median_is_judged_and_not_the_worst() -> None:
    assert Figure("step", "×", [1.0, 1.4, 9.0], Goal(1.5)).verdict == "met"


def test_a_missed_goal_says_by_how_much() -> None:
    assert Figure("step", "×", [2.0], Goal(1.5)).verdict == "missed by 0.50×"
    assert Figure("prefix", " %", [80.0], Goal(100, at_least=True)).verdict == "missed by 20.0 %"


def test_a_figure_without_a_goal_has_no_verdict() -> None:
    assert Figure("step", " ms", [2.0]).verdict == ""


def test_no_samples_are_not_measured_whatever_the_goal() -> None:
    figure = Figure("step", " ms", [], Goal(1))
    assert figure.cells() == ("step", "0", "", "", "", "≤ 1.00 ms", "not measured")
    assert figure.as_json()["met"] is None


def test_cells_are_name_n_median_min_max_goal_verdict() -> None:
    figure = Figure("step", " ms", [3.0, 1.0, 2.0], Goal(15))
    assert figure.cells() == ("step", "3", "2.00 ms", "1.00 ms", "3.00 ms", "≤ 15.0 ms", "met")


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(1.234, "×", "1.23×"), (12.34, " ms", "12.3 ms"), (123.4, " ms", "123 ms"), (5790.0, " B", "5790 B")],
)
def test_numbers_have_the_digits_that_matter(value: float, unit: str, said: str) -> None:
    assert number(value, unit) == said


def test_ratios_are_taken_within_a_round() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]


def test_rounds_that_do_not_pair_up_are_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        ratios([1.0], [1.0, 2.0])


def test_a_section_is_json() -> None:
    section = Section("Disk", "bytes", (Figure("ratio", "×", [3.0, 5.0], Goal(6)),))
    [figure] = json.loads(json.dumps(section.as_json()))["figures"]
    assert figure == {
        "name": "ratio", "unit": "×", "n": 2, "median": 4.0, "min": 3.0, "max": 5.0,
        "goal": 6, "goal_is": "at most", "met": True,
    }  # fmt: skip
