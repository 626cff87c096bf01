"""How ranks would change under another scoring. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backlog.calibration.compute import rank_correlation
from backlog.counterfactual import standing
from backlog.item import Item
from backlog.scoring import Scoring

TOP = 20


@dataclass(frozen=True, slots=True)
class Effect:
    """`rows` are the places of those that are among the first TOP under either: id, place now, place then."""

    n: int
    top: int
    new_in_top: int
    correlation: float | None
    """Of all places (Spearman's); None for fewer than two items."""
    rows: tuple[tuple[str, int, int], ...]


def effect(items: Sequence[Item], active: Scoring, shadow: Scoring, now: datetime) -> Effect:
    one, other = places(items, active, now), places(items, shadow, now)
    names = list(one)
    rows = [(name, one[name], other[name]) for name in names if one[name] <= TOP or other[name] <= TOP]
    return Effect(
        n=len(names),
        top=min(TOP, len(names)),
        new_in_top=sum(1 for name in names if other[name] <= TOP < one[name]),
        correlation=rank_correlation([one[n] for n in names], [other[n] for n in names]),
        rows=tuple(sorted(rows, key=lambda row: (row[2], row[1]))),
    )


def places(items: Sequence[Item], scoring: Scoring, now: datetime) -> dict[str, int]:
    """Each id with its place, 1 is the best."""
    keys = sorted(standing(item, scoring, now).key() for item in items)
    return {key[3]: place for place, key in enumerate(keys, 1)}
