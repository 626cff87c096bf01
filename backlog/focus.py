"""Focus areas: named changes to weights and boosts, for a time in which one thing matters more."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backlog.scoring import Scoring, Weights


class FocusUnknown(Exception):
    """No focus area has this name; the message says which there are."""


@dataclass(frozen=True, slots=True)
class Focus:
    """Factors on the weights, and boosts that are at least so high."""

    weights: Mapping[str, float] = field(default_factory=dict)
    boosts: Mapping[str, float] = field(default_factory=dict)


FOCUSES: Mapping[str, Focus] = MappingProxyType(
    {
        "security": Focus({"risk_reduction": 2.0}, {"security": 2.5, "compliance": 2.0, "dependency": 1.5}),
        "performance": Focus({"value": 1.5}, {"performance": 2.5}),
        "debt": Focus({"risk_reduction": 1.5}, {"debt": 2.0, "refactor": 2.0, "lint": 1.5, "dependency": 1.5}),
        "reliability": Focus({"time_criticality": 1.5}, {"critical_bug": 2.5, "bug": 2.0, "test": 1.5}),
        "documentation": Focus({}, {"docs": 2.5}),
        "delivery": Focus({"value": 2.0}, {"feature": 2.0}),
    }
)


def focused(scoring: Scoring, name: str) -> Scoring:
    """The scoring with the area's changes; "" changes nothing. Raises FocusUnknown."""
    if not name:
        return scoring
    focus = _known(name)
    weights = {n: w * focus.weights.get(n, 1.0) for n, w in scoring.weights.model_dump().items()}
    boosts = scoring.boosts | {n: max(b, scoring.boosts.get(n, 1.0)) for n, b in focus.boosts.items()}
    combine = "max" if scoring.combine == "none" else scoring.combine
    return scoring.model_copy(
        update={"focus": name, "weights": Weights(**weights), "boosts": boosts, "combine": combine}
    )


def focus_changes(before: Scoring, after: Scoring) -> tuple[str, ...]:
    """What a focus changed, a line each."""
    old = before.weights.model_dump()
    lines = [f"weight of {n}: {old[n]:g} → {w:g}" for n, w in after.weights.model_dump().items() if w != old[n]]
    for name, boost in after.boosts.items():
        was = before.boosts.get(name, 1.0)
        if boost != was:
            lines.append(f"boost of {name}: {was:g} → {boost:g}")
    return tuple(lines)


def _known(name: str) -> Focus:
    if name in FOCUSES:
        return FOCUSES[name]
    near = difflib.get_close_matches(name, FOCUSES, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(FOCUSES)}"
    raise FocusUnknown(f"there is no focus area {name!r}: {hint}")
