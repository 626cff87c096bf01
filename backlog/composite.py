"""The composite score: four views of one item, each brought to 0..100 by declared bounds, then weighted."""

from __future__ import annotations

from dataclasses import dataclass

from backlog.item import Inputs, Item, Kind
from backlog.scoring import HIGHEST, LOWEST, Scoring

DEBT = frozenset({Kind.DEBT, Kind.REFACTOR, Kind.LINT, Kind.TEST, Kind.DEPENDENCY})
SURE, UNSURE = 8, 3


@dataclass(frozen=True, slots=True)
class Share:
    name: str
    value: float
    """0..100 times its weight."""
    source: str
    rule: str


def composite_parts(item: Item, inputs: Inputs, scoring: Scoring, wsjf: float) -> tuple[Share, ...]:
    """The shares whose sum is the composite's base; `wsjf` is the plain quotient of the same inputs."""
    w, shares = scoring.weights, scoring.shares
    weight = w.value + w.time_criticality + w.risk_reduction
    confidence = SURE if item.criteria else UNSURE
    ice = inputs.value * confidence * (HIGHEST + LOWEST - inputs.size)
    debt = inputs.value if item.kind in DEBT else LOWEST
    security = inputs.risk_reduction if item.kind is Kind.SECURITY else LOWEST
    return (
        _share("wsjf", wsjf, weight * LOWEST / HIGHEST, weight * HIGHEST / LOWEST, shares.wsjf, "the quotient"),
        _share("debt", debt, LOWEST, HIGHEST, shares.debt, "value of debt, lint, refactor, test, dependency"),
        _share("ice", ice, LOWEST, HIGHEST**3, shares.ice, f"value x confidence {confidence} x ease"),
        _share("security", security, LOWEST, HIGHEST, shares.security, "risk_reduction of security"),
    )


def _share(name: str, number: float, low: float, high: float, weight: float, what: str) -> Share:
    span = high - low
    normal = 100 * (number - low) / span if span else 0.0
    rule = f"{what}, from {low:.4g}..{high:.4g} to 0..100, times {weight:g}"
    return Share(name, round(weight * normal, 4), f"{number:.4g}", rule)
