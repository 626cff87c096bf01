"""Figures from the record. Pure; what nothing was measured for says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

NOT_MEASURED = "not measured (n=0)"


@dataclass(frozen=True)
class RunFacts:
    run: str
    kind: str
    thinker: str
    outcome: str
    requests: int
    tokens: int


def figures(runs: Sequence[RunFacts], pulls: Sequence[datetime], open_items: int) -> dict[str, Any]:
    """Counts and medians, each with the number of runs behind it."""
    ended = [r for r in runs if r.outcome != "under way"]
    published = [r for r in ended if r.outcome == "published"]
    by_model = [r for r in published if r.thinker == "model"]
    return {
        "open_items": open_items,
        "runs": len(runs),
        "outcomes": dict(sorted(Counter(r.outcome for r in runs).items())),
        "published_share": _share(len(published), len(ended)),
        "pull_requests": len(pulls),
        "tokens": sum(r.tokens for r in runs),
        "requests": sum(r.requests for r in runs),
        "median_tokens_published_by_model": _median([r.tokens for r in by_model]),
    }


def figure_lines(found: dict[str, Any]) -> list[str]:
    return [f"{name.replace('_', ' '):<36} {_shown(value)}" for name, value in found.items()]


def _shown(value: Any) -> str:
    if value is None:
        return NOT_MEASURED
    if isinstance(value, dict):
        if "of" in value:
            return f"{value['n']} of {value['of']}"
        return ", ".join(f"{k} {v}" for k, v in value.items()) or NOT_MEASURED
    return f"{value:,}"


def _share(part: int, whole: int) -> dict[str, int] | None:
    return {"n": part, "of": whole} if whole else None


def _median(values: Sequence[int]) -> float | None:
    return median(values) if values else None
