"""What work of a kind is worth before anybody has said so: the tables of the sources, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backlog.item import Inputs, Kind
from backlog.scoring import FIBONACCI

Grade = Literal["critical", "high", "medium", "low", "unknown"]
"""How bad the author of a report calls it, in the words that most of them share."""


@dataclass(frozen=True, slots=True)
class Worth:
    """One row of such a table; `rule` is what `explain` shows as the source of the numbers."""

    rule: str
    kind: Kind
    value: int
    time_criticality: int
    risk_reduction: int
    size: int

    def inputs(self, steps: int = 0, why: str = "") -> Inputs:
        """`steps` sizes bigger than the row says, for the reason `why`."""
        size = FIBONACCI[min(FIBONACCI.index(self.size) + steps, len(FIBONACCI) - 1)]
        source = dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), self.rule)
        if steps:
            source["size"] = f"{self.rule}, {why}"
        return Inputs(
            value=self.value,
            time_criticality=self.time_criticality,
            risk_reduction=self.risk_reduction,
            size=size,
            source=source,
        )


WEAKNESS: dict[Grade, Worth] = {
    "critical": Worth("rule:security-critical", Kind.SECURITY, 13, 8, 13, 3),
    "high": Worth("rule:security-high", Kind.SECURITY, 8, 5, 13, 3),
    "medium": Worth("rule:security-medium", Kind.SECURITY, 5, 3, 8, 3),
    "low": Worth("rule:security-low", Kind.SECURITY, 1, 1, 2, 2),
    "unknown": Worth("rule:security-medium", Kind.SECURITY, 5, 3, 8, 3),
}
"""A weakness in the repository's own code. A severity that nobody gave is taken for medium."""

VULNERABLE: dict[Grade, Worth] = {
    "critical": Worth("rule:dependency-critical", Kind.SECURITY, 13, 8, 13, 2),
    "high": Worth("rule:dependency-high", Kind.SECURITY, 8, 5, 13, 2),
    "medium": Worth("rule:dependency-medium", Kind.SECURITY, 5, 3, 8, 2),
    "low": Worth("rule:dependency-low", Kind.SECURITY, 3, 2, 3, 2),
    "unknown": Worth("rule:dependency-medium", Kind.SECURITY, 5, 3, 8, 2),
}
"""A version of a package with published vulnerabilities."""

SECRET = Worth("rule:secret", Kind.SECURITY, 13, 13, 13, 2)

_GRADES: dict[str, Grade] = {
    "critical": "critical", "high": "high", "important": "high", "medium": "medium", "moderate": "medium",
    "low": "low", "negligible": "low", "minor": "low", "note": "low", "info": "low",
}  # fmt: skip


def grade(word: object) -> Grade:
    """The grade that a report's own word for it means."""
    return _GRADES.get(str(word).strip().lower(), "unknown")


def grade_of_cvss(score: float) -> Grade:
    """The grade of a CVSS base score, by the bands of its specification."""
    if score >= 9:
        return "critical"
    if score >= 7:
        return "high"
    return "medium" if score >= 4 else "low"


def worst(grades: list[Grade]) -> Grade:
    order: tuple[Grade, ...] = ("critical", "high", "medium", "unknown", "low")
    return next((g for g in order if g in grades), "unknown")
