"""Scores can be compared where the same rules make them, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from backlog.custom import Custom
from backlog.item import Item
from backlog.score import score
from backlog.scoring import PRESETS, Aging, Scoring, Shares, Sizes, Weights
from backlog.yardstick import SAME, yardstick
from tests.backlog.conftest import NOON
from tests.backlog.scoring.making import SCORINGS, items

OTHERWISE: dict[str, Any] = {
    "model": "composite",
    "weights": Weights(value=2),
    "shares": Shares(wsjf=0.4),
    "aging": Aging(cap=3),
    "boosts": {"security": 9.0},
    "combine": "none",
    "boost_cap": 9.0,
    "custom": Custom("by_value", lambda facts, scoring: 1.0, "1"),
}
"""Every part of a scoring that makes a score, with another value."""


@settings(deadline=None)
@given(items(), SCORINGS)
def test_what_leaves_the_yardstick_alone_leaves_every_score_alone(item: Item, scoring: Scoring) -> None:
    plain = scoring.model_copy(update={"calibration": Sizes()})
    other = plain.model_copy(
        update={"execution_threshold": 7.0, "bands": "absolute", "band_edges": (9.0, 8.0, 7.0), "scale": "linear"}
    )
    assert yardstick(plain) == yardstick(other)
    assert score(item, plain, NOON).score == score(item, other, NOON).score


@pytest.mark.parametrize("name", sorted(OTHERWISE))
def test_what_makes_a_score_makes_another_yardstick(name: str) -> None:
    assert yardstick(Scoring().model_copy(update={name: OTHERWISE[name]})) != yardstick(Scoring())


def test_every_part_of_a_scoring_is_decided_on() -> None:
    assert set(SAME) | set(OTHERWISE) == set(Scoring.model_fields)


def test_no_two_presets_can_be_compared() -> None:
    assert len({yardstick(preset) for preset in PRESETS.values()}) == len(PRESETS)
