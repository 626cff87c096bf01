"""May an item be started, and which one is next? Every item left aside has a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from backlog.item import OPEN, Item, Status
from backlog.ranking import best, order, put_in_order
from backlog.score import Scored, Scoring, score
from backlog.store import Backlog

MOST_REASONS = 1_000
"""Open items that are told why they are left aside when nothing is next."""

Find = Callable[[str], Item | None]


@dataclass(frozen=True, slots=True)
class Picked:
    """The next item, or None. `reasons` says of each that comes before it and is READY why it was not that; where
    nothing is next, of each open item, the best first."""

    item: Item | None
    reasons: dict[str, str] = field(default_factory=dict)
    scored: Scored | None = None


def why_not_ready(item: Item, find: Find, scoring: Scoring, now: datetime) -> str | None:
    """One reason that keeps the item from being started, or None when it may be."""
    return _standing(item) or _waits_for(item, find) or _below(item, scoring, now)


def pick(backlog: Backlog, scoring: Scoring, now: datetime, workable: Callable[[Item], str | None]) -> Picked:
    """The highest ranked item that is ready and to which `workable` (scope, recipe, budget) does not object.

    Raises CustomInvalid.
    """
    put_in_order(backlog, scoring)
    reasons: dict[str, str] = {}
    for place, item in best(backlog, scoring, now):
        if place.score < scoring.execution_threshold:
            break
        reason = why_not_ready(item, backlog.find, scoring, now) or workable(item)
        if reason is None:
            return Picked(item, reasons, score(item, scoring, now))
        if len(reasons) < MOST_REASONS:
            reasons[item.id] = reason
    return Picked(None, reasons | _left_aside(backlog, scoring, now, reasons))


def _left_aside(backlog: Backlog, scoring: Scoring, now: datetime, said: dict[str, str]) -> dict[str, str]:
    places = [place.id for place in order(backlog, scoring, now, OPEN) if place.id not in said]
    items = backlog.some(places[: MOST_REASONS - len(said)])
    return {
        name: why
        for name in places
        if name in items and (why := why_not_ready(items[name], backlog.find, scoring, now)) is not None
    }


def _standing(item: Item) -> str | None:
    """What the item's own state says."""
    if item.status not in OPEN:
        return f"closed: {item.status}" + (f" ({item.reason})" if item.reason else "")
    if item.hold:
        return "on hold: a person wants it left alone"
    if item.status is Status.BLOCKED:
        return f"blocked: {item.reason or 'no reason was given'}"
    if item.status is Status.DOING:
        return "being worked on"
    if item.status is Status.PR:
        return "its pull request is open"
    if not item.criteria:
        return "no acceptance criteria"
    return None if item.status is Status.READY else f"is {item.status}, not READY"


def _waits_for(item: Item, find: Find) -> str | None:
    for other in item.depends_on:
        needed = find(other)
        if needed is None:
            return f"depends on {other}, which does not exist"
        if needed.status is not Status.DONE:
            return f"depends on {other}, which is {needed.status}"
    return None


def _below(item: Item, scoring: Scoring, now: datetime) -> str | None:
    worth = score(item, scoring, now).score
    if worth >= scoring.execution_threshold:
        return None
    return f"score {worth:g} is below the threshold {scoring.execution_threshold:g}"
