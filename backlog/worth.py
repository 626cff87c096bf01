"""What is an item worth before the clock is asked? Base times boost, from plain values, cheap enough for 100,000
items. Strangers' words are taken out first, in `facts_of`: nothing after it has to think about trust."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from backlog.composite import Looked, composite_base
from backlog.item import Inputs, Item
from backlog.scoring import HIGHEST, LOWEST, Scoring

PLACES = 4
NUMBERS = ("value", "time_criticality", "risk_reduction", "size")
GIVEN_BY_MEMBERS = ("label", "person")
HISTORY = "history"
"""How the source of a size begins that comes of delivered items."""
NOBODY_KNOWS = ""
"""The kind of an item whose kind only a stranger's text gave: nothing is boosted or calibrated by it."""


class Facts(NamedTuple):
    """All that worth depends on. A tuple, because one is made for every item of every ranking."""

    kind: str
    labels: tuple[str, ...]
    value: int
    time_criticality: int
    risk_reduction: int
    size: int
    """As estimated; `sized` gives it as calibrated."""
    criteria: bool
    """Somebody who may say so said when it is done."""
    path: str
    """Empty where there is none or a stranger gave it."""
    trusted: bool
    """The text is a member's."""
    measured: bool = False
    """The size is that of delivered items of its kind: there is nothing to calibrate."""


def facts(item: Item) -> Facts:
    i = item.inputs
    return facts_of(
        kind=item.kind.value,
        labels=item.labels,
        numbers=(i.value, i.time_criticality, i.risk_reduction, i.size),
        source=i.source,
        criteria=bool(item.criteria),
        path=item.path or "",
        trust=item.trust,
        edited=item.edited,
    )


def facts_of(
    *,
    kind: str,
    labels: tuple[str, ...],
    numbers: tuple[int, int, int, int],
    source: Mapping[str, str],
    criteria: bool,
    path: str,
    trust: str,
    edited: Collection[str] = (),
) -> Facts:
    """`numbers` in the order of NUMBERS. Of a stranger's item only what a member set (by hand, or by a label) counts,
    the rest is the default; `source["labels"]` says whether members set the labels."""
    value, time_criticality, risk_reduction, size = numbers
    if trust == "member":
        measured = source.get("size", "").startswith(HISTORY)
        return Facts(kind, labels, value, time_criticality, risk_reduction, size, criteria, path, True, measured)
    return Facts(
        kind=kind if _set(source, edited, "kind") else NOBODY_KNOWS,
        labels=labels if _set(source, edited, "labels") else (),
        value=_counted("value", value, source),
        time_criticality=_counted("time_criticality", time_criticality, source),
        risk_reduction=_counted("risk_reduction", risk_reduction, source),
        size=_counted("size", size, source),
        criteria=criteria and "criteria" in edited,
        path=path if "path" in edited else "",
        trusted=False,
    )


def by_member(source: str) -> bool:
    return source.partition(":")[0] in GIVEN_BY_MEMBERS


def _set(source: Mapping[str, str], edited: Collection[str], name: str) -> bool:
    return name in edited or by_member(source.get(name, ""))


def _counted(name: str, number: int, source: Mapping[str, str]) -> int:
    if by_member(source.get(name, "")):
        return number
    default: int = Inputs.model_fields[name].default
    return default


def worth(of: Facts, scoring: Scoring) -> float:
    """Base times boost. A score is `round(worth * aging, 4)`, exactly. Raises CustomInvalid."""
    return base_of(of, scoring) * boost_of(of, scoring)


def base_of(of: Facts, scoring: Scoring) -> float:
    """Rounded to four places. Raises CustomInvalid."""
    if scoring.custom is not None:
        return round(scoring.custom.base(of, scoring), PLACES)
    if scoring.model == "wsjf":
        return round(wsjf(of, scoring), PLACES)
    return round(composite_base(looked(of, scoring), scoring), PLACES)


def looked(of: Facts, scoring: Scoring) -> Looked:
    return Looked(of.kind, of.value, of.risk_reduction, sized(of, scoring), of.criteria, wsjf(of, scoring))


def wsjf(of: Facts, scoring: Scoring) -> float:
    w = scoring.weights
    total = w.value * of.value + w.time_criticality * of.time_criticality + w.risk_reduction * of.risk_reduction
    return total / sized(of, scoring)


def sized(of: Facts, scoring: Scoring) -> float:
    """The size as calibrated by what items of its kind turned out to take."""
    if not scoring.calibration.version or of.measured:
        return of.size
    return min(HIGHEST, max(LOWEST, round(of.size * scoring.calibration.factor(of.kind), PLACES)))


def boost_of(of: Facts, scoring: Scoring) -> float:
    """The multiplier for the item's kind and labels, rounded to four places."""
    if not scoring.boosts or scoring.combine == "none":
        return 1.0
    values = [scoring.boosts[name] for name in boosted_by(of, scoring)]
    if not values:
        return 1.0
    combined = max(values) if scoring.combine == "max" else math.prod(values)
    return round(min(scoring.boost_cap, combined), PLACES)


def boosted_by(of: Facts, scoring: Scoring) -> list[str]:
    names = dict.fromkeys((of.kind, *of.labels)) if of.labels else (of.kind,)
    return [name for name in names if name in scoring.boosts]
