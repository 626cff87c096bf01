"""A scoring function of the user's own gives the base, and fails in one line."""

from __future__ import annotations

import math
from datetime import timedelta
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from backlog.custom import GROUP, Custom, CustomInvalid, load_custom
from backlog.explain import Why, explain_lines
from backlog.score import Facts, Scoring, score
from tests.backlog.conftest import NOON, make_item

HERE = __name__


def doubled(facts: Facts, scoring: Scoring) -> float:
    return 2 * facts.value / facts.size


def fails(facts: Facts, scoring: Scoring) -> float:
    raise KeyError("no\nsuch key")


def answer(value: Any) -> Custom:
    return Custom("mine", lambda facts, scoring: value, "0")


def test_it_gives_the_base_and_aging_and_boost_still_apply() -> None:
    scoring = Scoring(custom=load_custom(f"{HERE}:doubled"))
    item = make_item(kind="security", value=6, size=4)
    scored = score(item, scoring, NOON + timedelta(days=5))
    assert (scored.base, scored.boost, scored.aging, scored.score) == (3.0, 1.5, 1.4, 6.3)
    lines = explain_lines(Why(scored, scoring, None))
    assert f"  base                     3  from computed; scoring function {HERE}:doubled" in lines


@pytest.mark.parametrize("value", [math.nan, math.inf, -0.1, True, None, "many"])
def test_what_is_no_number_of_zero_or_more_is_refused_and_names_item_and_function(value: Any) -> None:
    with pytest.raises(CustomInvalid, match=r"^item a-1: scoring function mine: ") as told:
        score(make_item(), Scoring(custom=answer(value)), NOON)
    assert "\n" not in str(told.value)


def test_a_failure_is_one_line_that_names_item_and_function() -> None:
    with pytest.raises(CustomInvalid) as told:
        score(make_item(), Scoring(custom=load_custom(f"{HERE}:fails")), NOON)
    assert str(told.value) == f"item a-1: scoring function {HERE}:fails: KeyError: 'no\\nsuch key'"


@pytest.mark.parametrize("name", ["nothing", "no_such_module:f", f"{HERE}:nothing", f"{HERE}:HERE", ":", "a:"])
def test_a_function_that_is_not_there_is_told_in_one_line(name: str) -> None:
    with pytest.raises(CustomInvalid, match=f"^scoring function {name}") as told:
        load_custom(name)
    assert "\n" not in str(told.value)


def test_an_installed_function_is_known_by_its_name() -> None:
    point = EntryPoint("twice", f"{HERE}:doubled", GROUP)
    assert load_custom("twice", [point]).function is doubled


def test_another_function_is_another_scoring() -> None:
    digests = {Scoring(custom=load_custom(f"{HERE}:{n}")).digest for n in ("doubled", "fails")} | {Scoring().digest}
    assert len(digests) == 3
