"""What is an item worth now? Pure: the same item, scoring and time give the same bytes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from backlog.custom import CustomInvalid
from backlog.item import Item
from backlog.moments import utc
from backlog.scoring import FIBONACCI, PRESETS, Scoring
from backlog.terms import Term, aging_rule, base_rule, boost_rule, boost_source, parts
from backlog.worth import NUMBERS, PLACES, Facts, base_of, boost_of, facts, worth

__all__ = [
    "PRESETS", "Band", "Facts", "Key", "Scored", "Scoring", "Term", "age_days", "aged", "aging_factor", "bands_of",
    "counted_from",
    "days_of", "days_since", "facts", "key_of", "rank", "ranking_key", "score", "worth",
]  # fmt: skip

Band = Literal["critical", "high", "medium", "low"]
Key = tuple[float, datetime, int, str]

QUANTILES = (0.75, 0.5, 0.25)
FEWEST_FOR_QUANTILES = 8


@dataclass(frozen=True, slots=True)
class Scored:
    item: Item
    score: float
    base: float
    aging: float
    boost: float
    band: Band
    terms: tuple[Term, ...]
    warnings: tuple[str, ...] = ()


def score(item: Item, scoring: Scoring, now: datetime) -> Scored:
    """The item's score at `now`. Every factor is rounded to four places before it is multiplied, and so is
    the product: whoever multiplies what is shown, in the order it is shown, gets what is shown.

    Raises CustomInvalid when a scoring function of the user's own fails.
    """
    of = facts(item)
    base, boost = _base_of(item, of, scoring), boost_of(of, scoring)
    days = age_days(item, scoring, now)
    aging = aging_factor(days, scoring)
    return Scored(
        item=item,
        score=aged(base * boost, aging),
        base=base,
        aging=aging,
        boost=boost,
        band=_band(base, scoring.band_edges),
        terms=(
            *parts(of, item.inputs.source, scoring),
            Term("base", base, "computed", base_rule(of, scoring)),
            Term("boost", boost, boost_source(item, of, scoring), boost_rule(scoring)),
            Term("aging", aging, f"{days:g} days old", aging_rule(scoring)),
        ),
        warnings=_off_scale(of, scoring),
    )


def aged(worth: float, aging: float) -> float:
    """The score of an item of that worth (see `backlog.worth.worth`) and aging factor."""
    return round(worth * aging, PLACES)


def rank(items: Iterable[Item], scoring: Scoring, now: datetime) -> list[Scored]:
    """Highest score first; ties go to the older by the age that counts, then the smaller, then the lower id."""
    ranked = sorted((score(item, scoring, now) for item in items), key=lambda s: key_of(s, scoring, now))
    bands = bands_of([s.base for s in ranked], scoring)
    return [replace(s, band=band) for s, band in zip(ranked, bands, strict=True)]


def bands_of(bases: Sequence[float], scoring: Scoring) -> list[Band]:
    """The band of each of these bases, which are all that are compared."""
    edges = scoring.band_edges
    if scoring.bands == "quantile" and len(bases) >= FEWEST_FOR_QUANTILES:
        edges = _quantile_edges(bases)
    return [_band(base, edges) for base in bases]


def age_days(item: Item, scoring: Scoring, now: datetime) -> float:
    """Days since the item was made, without the time it was BLOCKED where the scoring says so."""
    return days_since(counted_from(item, scoring, now), scoring, now)


def days_since(since: datetime, scoring: Scoring, now: datetime) -> float:
    """`since` as `counted_from` gives it."""
    return days_of((utc(now) - since).total_seconds(), scoring)


def days_of(seconds: float, scoring: Scoring) -> float:
    days = max(0.0, seconds / 86_400)
    return float(math.floor(days)) if scoring.aging.whole_days else round(days, PLACES)


def aging_factor(days: float, scoring: Scoring) -> float:
    aging = scoring.aging
    return round(min(aging.cap, 1 + aging.rate * max(0.0, days - aging.grace_days)), PLACES)


def counted_from(item: Item, scoring: Scoring, now: datetime) -> datetime:
    """Since when the item waits, by the age that counts: later by the time it was BLOCKED where the scoring
    says that does not age it."""
    made = utc(item.created_at)
    return made + timedelta(seconds=item.blocked_until(now)) if scoring.aging.pause_while_blocked else made


def ranking_key(score: float, since: datetime, size: int, item: str) -> Key:
    """Sorts the best first: score, then older by `counted_from`, then smaller as estimated, then the lower id."""
    return (-score, since, size, item)


def key_of(scored: Scored, scoring: Scoring, now: datetime) -> Key:
    item = scored.item
    return ranking_key(scored.score, counted_from(item, scoring, now), facts(item).size, item.id)


def _base_of(item: Item, of: Facts, scoring: Scoring) -> float:
    try:
        return base_of(of, scoring)
    except CustomInvalid as error:
        raise CustomInvalid(f"item {item.id}: {error}") from error


def _band(base: float, edges: tuple[float, float, float]) -> Band:
    if base > edges[0]:
        return "critical"
    if base >= edges[1]:
        return "high"
    return "medium" if base >= edges[2] else "low"


def _quantile_edges(bases: Sequence[float]) -> tuple[float, float, float]:
    ordered = sorted(bases)
    first, second, third = (ordered[int(q * (len(ordered) - 1))] for q in QUANTILES)
    return first, second, third


def _off_scale(of: Facts, scoring: Scoring) -> tuple[str, ...]:
    if scoring.scale == "linear":
        return ()
    return tuple(
        f"{name} {number} is not on the scale 1-2-3-5-8-13; it is scored as given"
        for name in NUMBERS
        if (number := getattr(of, name)) not in FIBONACCI
    )
