"""How items are scored, as data: the weights, the aging, the boosts, and the presets that users know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, Field

from backlog.custom import Custom

FIBONACCI = (1, 2, 3, 5, 8, 13)
LOWEST, HIGHEST = 1, 13


class Weights(BaseModel, frozen=True, extra="forbid"):
    """What each part counts in `value + time_criticality + risk_reduction`."""

    value: float = Field(default=1.0, ge=0)
    time_criticality: float = Field(default=1.0, ge=0)
    risk_reduction: float = Field(default=1.0, ge=0)


class Aging(BaseModel, frozen=True, extra="forbid"):
    """`min(cap, 1 + rate * max(0, days - grace_days))`; days are counted in UTC."""

    grace_days: float = Field(default=1.0, ge=0)
    rate: float = Field(default=0.1, ge=0)
    """Per day."""
    cap: float = Field(default=2.0, ge=1)
    whole_days: bool = True
    pause_while_blocked: bool = True


class Shares(BaseModel, frozen=True, extra="forbid"):
    """What each part counts in the composite score; every part is first brought to 0..100."""

    wsjf: float = Field(default=0.5, ge=0)
    debt: float = Field(default=0.3, ge=0)
    ice: float = Field(default=0.1, ge=0)
    security: float = Field(default=0.1, ge=0)


class Sizes(BaseModel, frozen=True, extra="forbid"):
    """A calibration as it is used: an item counts as `factor * size`, within 1 to 13."""

    version: int = Field(default=0, ge=0)
    """0: none."""
    factors: dict[str, float] = Field(default_factory=dict)
    """Per kind."""
    everything: float = Field(default=1.0, gt=0)
    """For kinds without a factor of their own."""

    def factor(self, kind: str) -> float:
        return self.factors.get(kind, self.everything)


class Scoring(BaseModel, frozen=True, extra="forbid", arbitrary_types_allowed=True):
    """Everything that decides a score besides the item and the clock."""

    model: Literal["wsjf", "composite"] = "wsjf"
    scale: Literal["fibonacci", "linear"] = "fibonacci"
    """On fibonacci, a number that is not a step is scored as given and a warning says so."""
    weights: Weights = Weights()
    shares: Shares = Shares()
    aging: Aging = Aging()
    boosts: dict[str, float] = Field(default_factory=lambda: {"security": 1.5})
    """Multiplier per kind or label."""
    combine: Literal["max", "product", "none"] = "max"
    boost_cap: float = Field(default=2.5, ge=1)
    execution_threshold: float = Field(default=1.0, ge=0)
    """On the aged and boosted score; below it an item waits."""
    bands: Literal["absolute", "quantile"] = "quantile"
    band_edges: tuple[float, float, float] = (2.0, 1.5, 1.0)
    """On the base: above the first is critical, from the second high, from the third medium, below low."""
    focus: str = ""
    """The focus area that was applied, or nothing."""
    calibration: Sizes = Sizes()
    custom: Custom | None = None
    """A function of the user's that gives the base in place of the model."""

    @property
    def digest(self) -> str:
        """Names everything above: two scorings with the same digest give the same scores."""
        said = self.model_dump_json(exclude={"custom"}) + (self.custom.digest if self.custom else "")
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    @property
    def said(self) -> str:
        """In a few words, for people; the digest is what tells two apart."""
        parts = [self.custom.name if self.custom else self.model]
        parts += [f"focus {self.focus}"] if self.focus else []
        parts += [f"calibration {self.calibration.version}"] if self.calibration.version else []
        return ", ".join((*parts, f"rules {self.digest[:6]}"))


PRESETS: Mapping[str, Scoring] = MappingProxyType(
    {
        "default": Scoring(),
        "seed001": Scoring(aging=Aging(whole_days=False), bands="absolute"),
        "seed002": Scoring(
            scale="linear", aging=Aging(grace_days=0), boosts={}, execution_threshold=0, bands="absolute"
        ),
        "seed004": Scoring(
            model="composite",
            scale="linear",
            aging=Aging(rate=0),
            boosts={"security": 2.5, "compliance": 2.0, "performance": 1.8},
            execution_threshold=0,
            # The composite has no published edges; these are quarters of what its 0..100 can show.
            band_edges=(50.0, 25.0, 10.0),
        ),
    }
)
