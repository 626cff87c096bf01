"""The order of the items, kept in the database, so that the next one is found without looking at all of them.

A score is worth times aging. Worth (base times boost) is kept with each item and changes with the item or the scoring
alone. Of the items of one worth the oldest has the highest score whatever the time is, so only the oldest of each
worth can be next, and no item whose worth times the cap of aging is below the best so far can be.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, text

from backlog.custom import CustomInvalid
from backlog.item import Item, Status
from backlog.moments import microseconds, moment_of
from backlog.rows import items_of
from backlog.score import aged, aging_factor, days_since
from backlog.scoring import Scoring
from backlog.store import Backlog
from backlog.tables import FACTS, PLACES, STANDINGS, UNPLACED
from backlog.worth import Facts, worth

ORDERED_BY = "ordered by"
"""The fact that names the scoring by which the items were put in order."""
AT_ONCE = 32

_WORTHS = text(
    "WITH RECURSIVE w(x) AS (SELECT max(worth) FROM places WHERE startable = 1 UNION ALL "
    "SELECT (SELECT max(worth) FROM places WHERE startable = 1 AND worth < x) FROM w WHERE x IS NOT NULL) "
    "SELECT x FROM w WHERE x IS NOT NULL"
)
_OF_ONE_WORTH = text(
    "SELECT aged_from, size, item FROM places WHERE startable = 1 AND worth = :worth "
    "AND (aged_from, size, item) > (:aged_from, :size, :item) ORDER BY aged_from, size, item LIMIT :most"
)
_WRITTEN = STANDINGS.c.item.in_(select(UNPLACED.c.item))


class Place(NamedTuple):
    """Where an item stands. Sorted, the best is the first: score, then older, then smaller, then the lower id."""

    minus_score: float
    aged_from: int
    size: int
    id: str

    @property
    def score(self) -> float:
        return -self.minus_score


def put_in_order(backlog: Backlog, scoring: Scoring) -> int:
    """Bring the kept order up to date with what was written and with the scoring; how many items that concerned.

    Raises CustomInvalid.
    """
    with backlog.reading() as connection:
        if _ordered_by(connection) == scoring.digest and connection.execute(select(UNPLACED)).first() is None:
            return 0
    with backlog.writing() as connection:
        standings = select(STANDINGS)
        if _ordered_by(connection) == scoring.digest:
            connection.execute(delete(PLACES).where(PLACES.c.item.in_(select(UNPLACED.c.item))))
            standings = standings.where(_WRITTEN)
        else:
            connection.execute(delete(PLACES))
            connection.execute(delete(FACTS).where(FACTS.c.name == ORDERED_BY))
            connection.execute(insert(FACTS).values(name=ORDERED_BY, value=scoring.digest))
        places = _places(connection.execute(standings), scoring)
        connection.execute(delete(UNPLACED))
        if places:
            connection.exec_driver_sql("INSERT INTO places VALUES (?, ?, ?, ?, ?, ?, ?)", places)
        return len(places)


def _places(rows: Iterable[Any], scoring: Scoring) -> list[tuple[Any, ...]]:
    """Rows of `places`, in the order in which that table keeps them."""
    worths: dict[str, float] = {}
    pauses = scoring.aging.pause_while_blocked
    found = []
    for item, status, startable, told, path, size, born, blocked, blocked_at in rows:
        # Nothing but a function of the user's own looks at the path.
        key = told if scoring.custom is None else f"{path}\n{told}"
        value = worths.get(key)
        if value is None:
            value = worths[key] = _worth(item, told, path, scoring)
        found.append((startable, value, born + (blocked if pauses else 0), size, item, status, blocked_at))
    return sorted(found)


def best(backlog: Backlog, scoring: Scoring, now: datetime) -> Iterator[tuple[Place, Item]]:
    """The items that may be started as far as they themselves say (READY, with criteria, not on hold), best first.

    The order must be up to date: `put_in_order`.
    """
    with backlog.reading() as connection:
        for place in _merged(connection, scoring, now):
            for item in items_of(connection, [place.id]):
                yield place, item


def order(backlog: Backlog, scoring: Scoring, now: datetime, statuses: Collection[Status]) -> list[Place]:
    """Every item in one of these statuses, best first. The order must be up to date: `put_in_order`."""
    names = [status.value for status in statuses]
    c = PLACES.c
    wanted = select(c.worth, c.aged_from, c.size, c.item, c.blocked_at).where(c.status.in_(names))
    moment = microseconds(now)

    def place(worth: float, aged_from: int, size: int, name: str, blocked_at: int | None) -> Place:
        if blocked_at is not None and scoring.aging.pause_while_blocked:
            aged_from += moment - blocked_at
        return Place(-aged(worth, _aging(aged_from, now, scoring)), aged_from, size, name)

    with backlog.reading() as connection:
        return sorted(place(*row) for row in connection.execute(wanted))


@dataclass(slots=True)
class _Group:
    """The items of one worth, oldest first, read a few at a time."""

    connection: Connection
    worth: float
    last: tuple[int, int, str] = (-(2**62), 0, "")
    waiting: list[tuple[int, int, str]] = field(default_factory=list)

    def next(self) -> tuple[int, int, str] | None:
        if not self.waiting:
            aged_from, size, name = self.last
            asked = {"worth": self.worth, "aged_from": aged_from, "size": size, "item": name, "most": AT_ONCE}
            rows = self.connection.execute(_OF_ONE_WORTH, asked).all()
            self.waiting = [(row.aged_from, row.size, row.item) for row in reversed(rows)]
        if not self.waiting:
            return None
        self.last = self.waiting.pop()
        return self.last


def _merged(connection: Connection, scoring: Scoring, now: datetime) -> Iterator[Place]:
    heap: list[tuple[Place, int]] = []
    groups: list[_Group] = []

    def push(number: int) -> None:
        head = groups[number].next()
        if head is not None:
            score = aged(groups[number].worth, _aging(head[0], now, scoring))
            heapq.heappush(heap, (Place(-score, *head), number))

    for value in connection.execute(_WORTHS).scalars():
        # A group whose best possible score equals the best so far may still hold an older item.
        while heap and heap[0][0].score > aged(value, scoring.aging.cap):
            place, number = heapq.heappop(heap)
            push(number)
            yield place
        groups.append(_Group(connection, value))
        push(len(groups) - 1)
    while heap:
        place, number = heapq.heappop(heap)
        push(number)
        yield place


def _aging(aged_from: int, now: datetime, scoring: Scoring) -> float:
    return aging_factor(days_since(moment_of(aged_from), scoring, now), scoring)


def _worth(item: str, told: str, path: str, scoring: Scoring) -> float:
    kind, labels, *rest = json.loads(told)
    try:
        return worth(Facts(kind, tuple(labels), *rest)._replace(path=path), scoring)
    except CustomInvalid as error:
        raise CustomInvalid(f"item {item}: {error}") from error


def _ordered_by(connection: Connection) -> str | None:
    return connection.execute(select(FACTS.c.value).where(FACTS.c.name == ORDERED_BY)).scalar()
