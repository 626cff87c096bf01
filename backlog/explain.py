"""Why does an item stand where it stands? Every number with its source, for people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from backlog.counterfactual import Change, change_lines
from backlog.score import Scored, Scoring, Term


@dataclass(frozen=True, slots=True)
class Stands:
    """Where the item stands among those that are open, and what would put it first (`would_be_first`)."""

    rank: int
    of: int
    changes: tuple[Change, ...] | None


@dataclass(frozen=True, slots=True)
class Why:
    """All that says why an item stands where it stands."""

    scored: Scored
    scoring: Scoring
    why_not: str | None
    """What `why_not_ready` said."""
    stands: Stands | None = None
    """None for a closed item."""
    notes: Sequence[str] = ()
    """What else decides."""


def explain(why: Why) -> dict[str, Any]:
    """As data."""
    item, scored, scoring = why.scored.item, why.scored, why.scoring
    return {
        "id": item.id,
        "title": item.title,
        "status": item.status.value,
        "model": scoring.model if scoring.custom is None else f"function {scoring.custom.name}",
        "focus": scoring.focus,
        "calibration": scoring.calibration.version,
        "scoring": scoring.digest,
        "score": scored.score,
        "band": scored.band,
        "terms": [asdict(term) for term in scored.terms],
        "threshold": {
            "value": scoring.execution_threshold,
            "on": "the aged and boosted score",
            "reached": scored.score >= scoring.execution_threshold,
        },
        "ready": why.why_not is None,
        "why_not": why.why_not,
        "warnings": list(scored.warnings),
        "given": {k: v for k, v in item.inputs.source.items() if k.startswith("given_")},
        "stands": asdict(why.stands) if why.stands else None,
        "notes": list(why.notes),
    }


def explain_lines(why: Why) -> list[str]:
    """As lines for people."""
    scored = why.scored
    factors = [t for t in scored.terms if t.role == "factor"]
    product = " × ".join(f"{t.name} {t.value:g}" for t in factors)
    return [
        f"score {scored.score:g} = {product}   ({scored.band})",
        *(_line(t) for t in scored.terms if t.role == "part"),
        *(_line(t) for t in factors),
        _threshold(scored, why.scoring),
        "ready: yes" if why.why_not is None else f"ready: no, {why.why_not}",
        *(f"note: {warning}" for warning in scored.warnings),
        *(
            f"note: its source gave {name.removeprefix('given_')} {value}; kept, not used"
            for name, value in scored.item.inputs.source.items()
            if name.startswith("given_")
        ),
        *(f"note: {note}" for note in why.notes),
        *(_standing(why.stands) if why.stands else ()),
    ]


def _standing(stands: Stands) -> list[str]:
    return [f"rank {stands.rank} of {stands.of} open", *change_lines(stands.changes)]


def _line(term: Term) -> str:
    return f"  {term.name:<17} {term.value:>8g}  from {term.source}; {term.rule}"


def _threshold(scored: Scored, scoring: Scoring) -> str:
    limit = scoring.execution_threshold
    verdict = "reached" if scored.score >= limit else "not reached"
    return f"threshold {limit:g} on the aged score: {verdict}"
