"""What is an item worth now? Pure: the same item, scoring and time give the same bytes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from backlog.composite import composite_parts
from backlog.item import Inputs, Item
from backlog.scoring import FIBONACCI, PRESETS, Scoring

__all__ = ["PRESETS", "Band", "Scored", "Scoring", "Term", "rank", "score"]

Band = Literal["critical", "high", "medium", "low"]
Role = Literal["part", "factor"]

PLACES = 4
QUANTILES = (0.75, 0.5, 0.25)
FEWEST_FOR_QUANTILES = 8
DEFAULTS = Inputs()
GIVEN_BY_MEMBERS = ("default", "label", "person")


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a score. Factors multiply to the score; parts make up the base as its rule says."""

    name: str
    value: float
    source: str
    rule: str
    role: Role = "factor"


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
    the product: whoever multiplies what is shown gets what is shown."""
    inputs, parts = _base_parts(item, scoring)
    rule, base = _base(inputs, parts, scoring)
    days = age_days(item, scoring, now)
    aging = aging_factor(days, scoring)
    boost, boosted_by = boost_factor(item, scoring)
    factors = (
        Term("base", base, "computed", rule),
        Term("aging", aging, f"{days:g} days old", _aging_rule(scoring)),
        Term("boost", boost, boosted_by, f"{scoring.combine} of the boosts, at most {scoring.boost_cap:g}"),
    )
    return Scored(
        item=item,
        score=round(base * aging * boost, PLACES),
        base=base,
        aging=aging,
        boost=boost,
        band=_band(base, scoring.band_edges),
        terms=(*parts, *factors),
        warnings=_off_scale(inputs, scoring),
    )


def rank(items: Iterable[Item], scoring: Scoring, now: datetime) -> list[Scored]:
    """Highest score first; ties go to the older, then the smaller, then the lower id."""
    scored = sorted((score(item, scoring, now) for item in items), key=_ranking)
    if scoring.bands == "quantile" and len(scored) >= FEWEST_FOR_QUANTILES:
        edges = _quantile_edges([s.base for s in scored])
        scored = [replace(s, band=_band(s.base, edges)) for s in scored]
    return scored


def age_days(item: Item, scoring: Scoring, now: datetime) -> float:
    """Days since the item was made, without the time it was BLOCKED where the scoring says so."""
    seconds = (_utc(now) - _utc(item.created_at)).total_seconds()
    if scoring.aging.pause_while_blocked:
        seconds -= item.blocked_until(now)
    days = max(0.0, seconds / 86_400)
    return float(math.floor(days)) if scoring.aging.whole_days else round(days, PLACES)


def aging_factor(days: float, scoring: Scoring) -> float:
    aging = scoring.aging
    return round(min(aging.cap, 1 + aging.rate * max(0.0, days - aging.grace_days)), PLACES)


def boost_factor(item: Item, scoring: Scoring) -> tuple[float, str]:
    """The multiplier for the item's kind and labels, and where it came from."""
    names = [n for n in dict.fromkeys((item.kind.value, *item.labels)) if n in scoring.boosts]
    if not names or scoring.combine == "none":
        return 1.0, "none"
    if item.trust == "untrusted" and not _by_member(item.inputs.source.get("kind", "")):
        return 1.0, "none: the text is not a member's"
    values = [scoring.boosts[n] for n in names]
    combined = max(values) if scoring.combine == "max" else math.prod(values)
    return round(min(scoring.boost_cap, combined), PLACES), ", ".join(names)


def trusted_inputs(item: Item) -> Inputs:
    """The item's inputs; if the text is not a member's, none beats the default unless a member set it."""
    if item.trust == "member":
        return item.inputs
    capped: dict[str, int] = {}
    for name in ("value", "time_criticality", "risk_reduction", "size"):
        if not _by_member(item.inputs.source.get(name, "")):
            limit = max if name == "size" else min
            capped[name] = limit(getattr(item.inputs, name), getattr(DEFAULTS, name))
    source = item.inputs.source | {name: "untrusted: at most the default" for name in capped}
    return item.inputs.model_copy(update={**capped, "source": source})


def _by_member(source: str) -> bool:
    return source.partition(":")[0] in GIVEN_BY_MEMBERS


def _base_parts(item: Item, scoring: Scoring) -> tuple[Inputs, tuple[Term, ...]]:
    inputs, weights = trusted_inputs(item), scoring.weights
    wsjf = (
        _part(inputs, "value", f"times {weights.value:g}"),
        _part(inputs, "time_criticality", f"times {weights.time_criticality:g}"),
        _part(inputs, "risk_reduction", f"times {weights.risk_reduction:g}"),
        _part(inputs, "size", "divides the sum"),
    )
    if scoring.model == "wsjf":
        return inputs, wsjf
    shares = composite_parts(item, inputs, scoring, _wsjf(inputs, scoring))
    composite = tuple(Term(f"share_{s.name}", s.value, s.source, s.rule, "part") for s in shares)
    return inputs, (*wsjf, *composite)


def _base(inputs: Inputs, parts: Sequence[Term], scoring: Scoring) -> tuple[str, float]:
    if scoring.model == "wsjf":
        rule = "(value + time_criticality + risk_reduction) / size, weighted"
        return rule, round(_wsjf(inputs, scoring), PLACES)
    total = sum(p.value for p in parts if p.name.startswith("share_"))
    return "sum of the shares, 0 to 100", round(total, PLACES)


def _wsjf(inputs: Inputs, scoring: Scoring) -> float:
    w = scoring.weights
    total = (
        w.value * inputs.value + w.time_criticality * inputs.time_criticality + w.risk_reduction * inputs.risk_reduction
    )
    return total / inputs.size


def _part(inputs: Inputs, name: str, rule: str) -> Term:
    return Term(name, float(getattr(inputs, name)), inputs.source.get(name, "default"), rule, "part")


def _aging_rule(scoring: Scoring) -> str:
    a = scoring.aging
    return f"1 + {a.rate:g} for each day after {a.grace_days:g}, at most {a.cap:g}"


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


def _off_scale(inputs: Inputs, scoring: Scoring) -> tuple[str, ...]:
    if scoring.scale == "linear":
        return ()
    given = {n: getattr(inputs, n) for n in ("value", "time_criticality", "risk_reduction", "size")}
    return tuple(
        f"{name} {number} is not on the scale 1-2-3-5-8-13; it is scored as given"
        for name, number in given.items()
        if number not in FIBONACCI
    )


def _ranking(scored: Scored) -> tuple[float, datetime, int, str]:
    item = scored.item
    return (-scored.score, _utc(item.created_at), trusted_inputs(item).size, item.id)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
