"""The composite score: four views of one item, each brought to 0..100 by declared bounds, then weighted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from backlog.item import Kind
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


class Angle(NamedTuple):
    """One look at an item, with the bounds that bring it to 0..100 and what it then counts."""

    name: str
    number: float
    low: float
    high: float
    weight: float

    @property
    def value(self) -> float:
        span = self.high - self.low
        normal = 100 * (self.number - self.low) / span if span else 0.0
        return round(self.weight * normal, 4)


class Looked(NamedTuple):
    """What the composite looks at; `wsjf` is the plain quotient of the same numbers."""

    kind: str
    value: int
    risk_reduction: int
    size: float
    criteria: bool
    wsjf: float


def composite_base(of: Looked, scoring: Scoring) -> float:
    """The sum of the shares, without the words."""
    return sum(view.value for view in _angles(of, scoring))


def composite_shares(of: Looked, scoring: Scoring) -> tuple[Share, ...]:
    """The shares whose sum is the composite's base."""
    what = {
        "wsjf": "the quotient",
        "debt": "value of debt, lint, refactor, test, dependency",
        "ice": f"value x confidence {_confidence(of)} x ease",
        "security": "risk_reduction of security",
    }
    return tuple(
        Share(
            v.name,
            v.value,
            f"{v.number:.4g}",
            f"{what[v.name]}, from {v.low:.4g}..{v.high:.4g} to 0..100, times {v.weight:g}",
        )
        for v in _angles(of, scoring)
    )


def _angles(of: Looked, scoring: Scoring) -> Iterator[Angle]:
    w, shares = scoring.weights, scoring.shares
    weight = w.value + w.time_criticality + w.risk_reduction
    ice = of.value * _confidence(of) * (HIGHEST + LOWEST - of.size)
    debt = of.value if of.kind in DEBT else LOWEST
    security = of.risk_reduction if of.kind == Kind.SECURITY else LOWEST
    yield Angle("wsjf", of.wsjf, weight * LOWEST / HIGHEST, weight * HIGHEST / LOWEST, shares.wsjf)
    yield Angle("debt", debt, LOWEST, HIGHEST, shares.debt)
    yield Angle("ice", ice, LOWEST, HIGHEST**3, shares.ice)
    yield Angle("security", security, LOWEST, HIGHEST, shares.security)


def _confidence(of: Looked) -> int:
    return SURE if of.criteria else UNSURE
