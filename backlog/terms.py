"""The numbers of a score in words: what each is, where it comes from and by which rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backlog.composite import composite_shares
from backlog.item import Item
from backlog.scoring import Scoring
from backlog.worth import Facts, boosted_by, by_member, looked, sized

Role = Literal["part", "factor"]


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a score. Factors multiply to the score; parts make up the base as its rule says."""

    name: str
    value: float
    source: str
    rule: str
    role: Role = "factor"


def parts(of: Facts, source: Mapping[str, str], scoring: Scoring) -> tuple[Term, ...]:
    """What the base is made of."""
    weights = scoring.weights
    numbers = (
        _part(of, source, "value", _weighted(weights.value, scoring)),
        _part(of, source, "time_criticality", _weighted(weights.time_criticality, scoring)),
        _part(of, source, "risk_reduction", _weighted(weights.risk_reduction, scoring)),
        *_sizes(of, source, scoring),
    )
    if scoring.model == "wsjf" or scoring.custom is not None:
        return numbers
    shares = composite_shares(looked(of, scoring), scoring)
    return (*numbers, *(Term(f"share_{s.name}", s.value, s.source, s.rule, "part") for s in shares))


def _part(of: Facts, source: Mapping[str, str], name: str, rule: str) -> Term:
    given = source.get(name, "default")
    if not of.trusted and not by_member(given):
        given = "the default: its text is a stranger's"
    return Term(name, float(getattr(of, name)), given, rule, "part")


def _weighted(weight: float, scoring: Scoring) -> str:
    return "given to the scoring function" if scoring.custom else f"times {weight:g}"


def _sizes(of: Facts, source: Mapping[str, str], scoring: Scoring) -> tuple[Term, ...]:
    use = "given to the scoring function" if scoring.custom else "divides the sum"
    used = sized(of, scoring)
    if not scoring.calibration.version or of.measured:
        return (_part(of, source, "size", use),)
    by = f"calibration {scoring.calibration.version}"
    rule = f"size times {scoring.calibration.factor(of.kind):.4g}, within 1 to 13; {use}"
    return (_part(of, source, "size", "as estimated"), Term("calibrated_size", used, by, rule, "part"))


def base_rule(of: Facts, scoring: Scoring) -> str:
    if scoring.custom is not None:
        return f"scoring function {scoring.custom.name}"
    if scoring.model == "composite":
        return "sum of the shares, 0 to 100"
    size = "calibrated_size" if scoring.calibration.version and not of.measured else "size"
    return f"(value + time_criticality + risk_reduction) / {size}, weighted"


def boost_source(item: Item, of: Facts, scoring: Scoring) -> str:
    names = boosted_by(of, scoring) if scoring.combine != "none" else []
    if names:
        return ", ".join(names)
    if not of.trusted and (item.kind.value in scoring.boosts or any(n in scoring.boosts for n in item.labels)):
        return "none: the text is not a member's"
    return "none"


def boost_rule(scoring: Scoring) -> str:
    return f"{scoring.combine} of the boosts, at most {scoring.boost_cap:g}"


def aging_rule(scoring: Scoring) -> str:
    a = scoring.aging
    return f"1 + {a.rate:g} for each day after {a.grace_days:g}, at most {a.cap:g}"
