"""A focus area is a named change of weights and boosts."""

from __future__ import annotations

import pytest

from backlog.focus import FOCUSES, FocusUnknown, focus_changes, focused
from backlog.score import score
from backlog.scoring import PRESETS, Scoring
from tests.backlog.conftest import NOON, make_item


@pytest.mark.parametrize("preset", sorted(PRESETS))
@pytest.mark.parametrize("name", sorted(FOCUSES))
def test_every_focus_changes_something_and_says_what(name: str, preset: str) -> None:
    after = focused(PRESETS[preset], name)
    assert focus_changes(PRESETS[preset], after)
    assert after.digest != PRESETS[preset].digest


def test_what_is_in_focus_rises_past_what_is_not() -> None:
    slow, bug = make_item(kind="performance", value=5), make_item(kind="bug", value=8)

    def first(scoring: Scoring) -> bool:
        return score(slow, scoring, NOON).score > score(bug, scoring, NOON).score

    assert (first(Scoring()), first(focused(Scoring(), "performance"))) == (False, True)


def test_no_focus_changes_nothing() -> None:
    assert focused(Scoring(), "") == Scoring()
    assert focus_changes(Scoring(), Scoring()) == ()


def test_the_changes_are_named() -> None:
    assert focus_changes(Scoring(), focused(Scoring(), "security")) == (
        "weight of risk_reduction: 1 → 2",
        "boost of security: 1.5 → 2.5",
        "boost of compliance: 1 → 2",
        "boost of dependency: 1 → 1.5",
    )


def test_an_unknown_focus_names_the_nearest() -> None:
    with pytest.raises(FocusUnknown, match="did you mean security"):
        focused(Scoring(), "securty")
