"""One measured figure: its samples, what they should be, and whether they are."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """The median is to be at most this, or at least this."""

    limit: float
    at_least: bool = False

    def missed_by(self, value: float) -> float:
        """How far beyond the limit; 0 when the goal is met."""
        return max(0.0, self.limit - value if self.at_least else value - self.limit)


@dataclass(frozen=True)
class Figure:
    """`unit` is printed after every number: ` ms`, `×`, ` B`, ` %`."""

    name: str
    unit: str
    samples: Sequence[float]
    goal: Goal | None = None

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def verdict(self) -> str:
        """`met`, `missed by …`, `not measured`, or nothing where there is no goal."""
        if not self.samples:
            return "not measured"
        if self.goal is None:
            return ""
        missed = self.goal.missed_by(self.median)
        return f"missed by {number(missed, self.unit)}" if missed else "met"

    def cells(self) -> tuple[str, ...]:
        """Name, n, median, min, max, goal, verdict."""
        goal = ""
        if self.goal:
            goal = f"{'≥' if self.goal.at_least else '≤'} {number(self.goal.limit, self.unit)}"
        if not self.samples:
            return (self.name, "0", "", "", "", goal, self.verdict)
        spread = [number(s, self.unit) for s in (self.median, min(self.samples), max(self.samples))]
        return (self.name, str(len(self.samples)), *spread, goal, self.verdict)

    def as_json(self) -> dict[str, Any]:
        known = {"name": self.name, "unit": self.unit.strip(), "n": len(self.samples)}
        if self.samples:
            known |= {"median": self.median, "min": min(self.samples), "max": max(self.samples)}
        if self.goal:
            known |= {"goal": self.goal.limit, "goal_is": "at least" if self.goal.at_least else "at most"}
            known |= {"met": self.verdict == "met" if self.samples else None}
        return known


@dataclass(frozen=True)
class Section:
    """Figures that belong together. `compared` says exactly what stands against what."""

    title: str
    compared: str
    figures: Sequence[Figure] = ()
    trouble: str = ""
    """Why nothing was measured."""

    def as_json(self) -> dict[str, Any]:
        figures = [figure.as_json() for figure in self.figures]
        return {"title": self.title, "compared": self.compared, "figures": figures, "trouble": self.trouble}


def number(value: float, unit: str) -> str:
    """Three digits are enough, but no digit before the point is lost: 1.23×, 12.3 ms, 4321 B."""
    if unit == " B":
        return f"{value:.0f}{unit}"
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}{unit}"


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> list[float]:
    """Round by round: what was measured in the same round is compared."""
    return [a / b for a, b in zip(ours, theirs, strict=True)]
