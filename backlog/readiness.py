"""May an item be started, and which one is next? Pure; every item left aside has a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backlog.item import OPEN, Item, Status
from backlog.score import Scored, Scoring, rank, score


@dataclass(frozen=True, slots=True)
class Picked:
    """The next item, or None; `reasons` says of each open item ranked before it why it was not that."""

    item: Item | None
    reasons: dict[str, str] = field(default_factory=dict)
    scored: Scored | None = None


def why_not_ready(item: Item, by_id: Mapping[str, Item], scoring: Scoring, now: datetime) -> str | None:
    """One reason that keeps the item from being started, or None when it may be."""
    return _standing(item) or _waits_for(item, by_id) or _below(item, scoring, now)


def pick(items: Iterable[Item], scoring: Scoring, now: datetime, workable: Callable[[Item], str | None]) -> Picked:
    """The highest ranked item that is ready and to which `workable` (scope, recipe, budget) does not object.

    `items` is the whole backlog, closed items too: dependencies are looked up in it.
    """
    by_id = {item.id: item for item in items}
    reasons: dict[str, str] = {}
    for scored in rank((i for i in by_id.values() if i.status in OPEN), scoring, now):
        item = scored.item
        reason = why_not_ready(item, by_id, scoring, now) or workable(item)
        if reason is None:
            return Picked(item, reasons, scored)
        reasons[item.id] = reason
    return Picked(None, reasons)


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


def _waits_for(item: Item, by_id: Mapping[str, Item]) -> str | None:
    for other in item.depends_on:
        needed = by_id.get(other)
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
