"""What would put an item first? The smallest single change of each thing that its score is made of. Pure and exact:
every answer is the score computed anew with the change, compared with the best of the others as it is now."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backlog.item import Item
from backlog.score import (
    Facts,
    Key,
    aged,
    aging_factor,
    counted_from,
    days_since,
    facts,
    ranking_key,
    worth,
)
from backlog.scoring import HIGHEST, LOWEST, Scoring

RAISED = ("value", "time_criticality", "risk_reduction")
NONE_WOULD = "no single change would put it first"


@dataclass(frozen=True, slots=True)
class Change:
    """With `what` at `to` and everything else as it is, the item would be first; with less of a change it would
    not."""

    what: str
    """`value`, `time_criticality`, `risk_reduction`, `size`, `days` (waited so many more) or `label`."""
    was: float | str
    to: float | str
    score: float
    """What it would score then."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An item as the ranking sees it."""

    facts: Facts
    since: datetime
    id: str
    scoring: Scoring
    now: datetime

    def key(self, of: Facts | None = None, earlier: int = 0) -> Key:
        """Its ranking key with other facts, or had it begun to wait so many days earlier."""
        of = of or self.facts
        since = self.since - timedelta(days=earlier)
        aging = aging_factor(days_since(since, self.scoring, self.now), self.scoring)
        return ranking_key(aged(worth(of, self.scoring), aging), since, of.size, self.id)


def standing(item: Item, scoring: Scoring, now: datetime) -> Standing:
    return Standing(facts(item), counted_from(item, scoring, now), item.id, scoring, now)


def would_be_first(item: Item, scoring: Scoring, now: datetime, best_other: Key | None) -> tuple[Change, ...] | None:
    """One change for each thing that alone would do; none when no single change would; None when it is first already.

    `best_other` is the ranking key of the best of the other items, which is all that is needed of them.
    Raises CustomInvalid.
    """
    it = standing(item, scoring, now)
    if best_other is None or it.key() < best_other:
        return None
    found = [*(_number(it, name, best_other) for name in RAISED), _number(it, "size", best_other)]
    found += [_days(it, best_other), _label(it, best_other)]
    return tuple(change for change in found if change is not None)


def change_lines(changes: tuple[Change, ...] | None) -> list[str]:
    if changes is None:
        return ["first: nothing would have to change"]
    if not changes:
        return [NONE_WOULD]
    return ["it would be first with one of these alone:", *(f"  {_words(change)}" for change in changes)]


def _words(change: Change) -> str:
    match change.what:
        case "days":
            days = f"{change.to:g} more day" + ("" if change.to == 1 else "s")
            said = f"{days} of waiting, the others staying as they are"
        case "label":
            said = f"the label {change.to}"
        case _:
            said = f"{change.what} {change.to} in place of {change.was}"
    return f"{said} (score {change.score:g})"


def _number(it: Standing, name: str, best_other: Key) -> Change | None:
    was: int = getattr(it.facts, name)
    steps = range(was - 1, LOWEST - 1, -1) if name == "size" else range(was + 1, HIGHEST + 1)
    for number in steps:
        changed: dict[str, Any] = {name: number}
        key = it.key(it.facts._replace(**changed))
        if key < best_other:
            return Change(name, was, number, -key[0])
    return None


def _days(it: Standing, best_other: Key) -> Change | None:
    """Whole days. Waiting longer never moves an item down, so the least is found by halving."""
    most = _days_that_matter(it, best_other)
    if not it.key(earlier=most) < best_other:
        return None
    least = _least(1, most, lambda days: it.key(earlier=days) < best_other)
    return Change("days", 0, least, -it.key(earlier=least)[0])


def _days_that_matter(it: Standing, best_other: Key) -> int:
    """After so many days aging is at its cap, and the item is older than the best of the others."""
    aging = it.scoring.aging
    to_cap = aging.grace_days + (aging.cap - 1) / aging.rate if aging.rate else 0.0
    behind = (it.now - it.since).total_seconds() / 86_400  # negative for one from the future
    older = (it.since - best_other[1]).total_seconds() / 86_400
    return max(1, math.ceil(to_cap - min(0.0, behind)) + 1, math.ceil(older) + 1)


def _least(low: int, high: int, holds: Callable[[int], bool]) -> int:
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _label(it: Standing, best_other: Key) -> Change | None:
    """The weakest label that would do."""
    enough = [(key, name) for key, name in _labelled(it) if key < best_other]
    if not enough:
        return None
    key, name = max(enough, key=lambda found: (found[0][0], found[1]))
    return Change("label", ", ".join(it.facts.labels) or "none", name, -key[0])


def _labelled(it: Standing) -> Iterator[tuple[Key, str]]:
    for name in it.scoring.boosts:
        if name not in it.facts.labels:
            yield it.key(it.facts._replace(labels=(*it.facts.labels, name))), name
