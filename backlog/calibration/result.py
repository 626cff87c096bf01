"""What a calibration says, apart from how it is computed, which takes imports that a ranking does not need."""

from __future__ import annotations

from pydantic import BaseModel

FORMULA = 1
"""Of `backlog.calibration.compute`: another number when another formula gives the factors."""


class KindSeen(BaseModel, frozen=True, extra="forbid"):
    n: int
    mean: float
    """Of ln(actual / estimated)."""
    factor: float
    """1 when nothing changes."""


class Calibration(BaseModel, frozen=True, extra="forbid"):
    """What was computed, from what, and why it does or does not change anything."""

    formula: int = FORMULA
    n: int
    inputs: str
    """Digest of the outcomes it was computed from: the same ones give the same calibration."""
    verdict: str
    factors: dict[str, float] = {}
    """Per kind; empty when nothing changes."""
    kinds: dict[str, KindSeen] = {}
    chance: float | None = None
    """How often shuffled kinds differ as much. None: not computed."""
    before: float | None = None
    """Rank correlation of estimated with actual sizes, on the newer half."""
    after: float | None = None
    """The same with sizes times factors learnt from the older half."""

    @property
    def changes(self) -> bool:
        return bool(self.factors)
