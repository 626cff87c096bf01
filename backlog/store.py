"""The backlog itself: items in a database that several processes may use at once."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select
from sqlalchemy.exc import DatabaseError

from backlog.intake import IDLE, Look
from backlog.item import MOVES as LEGAL
from backlog.item import OPEN, IllegalMove, Item, Status
from backlog.moments import stamp
from backlog.rows import columns, insert_items, item_of, items_of, replace_row, row_of
from backlog.sighting import Sighting
from backlog.tables import ITEMS, MOVES, NAMED, SIGHTINGS, BacklogBroken, broken, open_engine
from backlog.taking import sighting_of, take

__all__ = [
    "Backlog",
    "BacklogBroken",
    "Claim",
    "ClaimLost",
    "Discovery",
    "ItemExists",
    "ItemUnknown",
    "Moved",
]


class ItemUnknown(Exception):
    """No item has this id; the message names those that are near."""


class ItemExists(Exception):
    """An item with this id is in the backlog already."""


class ClaimLost(Exception):
    """The item is not, or no longer, in the hands of this run."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One line of an item's history; `was` is None for its beginning."""

    at: datetime
    was: Status | None
    now: Status
    reason: str
    run: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """An item in the hands of a run."""

    item: str
    run: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Discovery:
    """Ids, by what a look at a source meant for them."""

    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


class Backlog:
    """Every method is one transaction. Raises BacklogBroken when the file is damaged or not ours."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine = open_engine(path)

    def __enter__(self) -> Backlog:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.dispose()

    def dispose(self) -> None:
        """Let go of the file."""
        self._engine.dispose()

    def add(self, item: Item) -> None:
        """Raises ItemExists."""
        with self.writing() as connection:
            if row_of(connection, item.id) is not None:
                raise ItemExists(f"{item.id}: the backlog has this item already: choose another id, or edit it")
            insert_items(connection, [item], f"added by {item.source}")

    def get(self, item: str) -> Item:
        """Raises ItemUnknown."""
        with self.reading() as connection:
            return item_of(_row(connection, item))

    def find(self, item: str) -> Item | None:
        with self.reading() as connection:
            row = row_of(connection, item)
            return item_of(row) if row is not None else None

    def some(self, items: Iterable[str]) -> dict[str, Item]:
        """Those of these ids that there are."""
        with self.reading() as connection:
            return {item.id: item for item in items_of(connection, items)}

    def all(self, statuses: Iterable[Status] | None = None) -> tuple[Item, ...]:
        """Oldest first."""
        query = select(ITEMS).order_by(ITEMS.c.created_at, ITEMS.c.id)
        if statuses is not None:
            query = query.where(ITEMS.c.status.in_([s.value for s in statuses]))
        with self.reading() as connection:
            return tuple(item_of(row) for row in connection.execute(query).mappings())

    def save(self, item: Item) -> None:
        """Write an item over its former self. Raises ItemUnknown; IllegalMove when what is stored now can not
        go to the item's status. For a change that must not lose another's, use `update`."""
        self.update(item.id, lambda _stored: item)

    def update(self, item: str, change: Callable[[Item], Item]) -> Item:
        """Read, change and write in one transaction. Raises ItemUnknown, IllegalMove, and as `change`."""
        with self.writing() as connection:
            row = _row(connection, item)
            before = item_of(row)
            return _written(connection, before, change(before), row["run"], row["claimed_at"])

    def take(self, look: Look) -> Discovery:
        """Take in all that a source reports now. Only for a source that could look: what it does not report any more
        counts as gone."""
        with self.writing() as connection:
            intake = take(connection, look)
        return Discovery(tuple(intake.born), tuple(dict.fromkeys(intake.known)), tuple(intake.gone))

    def sightings(self, item: str) -> tuple[Sighting, ...]:
        """Who reported the item, those that still do first. Raises ItemUnknown."""
        mine = select(SIGHTINGS).where(SIGHTINGS.c.item == item)
        query = mine.order_by(SIGHTINGS.c.present.desc(), SIGHTINGS.c.source)
        with self.reading() as connection:
            _row(connection, item)
            return tuple(sighting_of(row) for row in connection.execute(query))

    def lost(self) -> tuple[tuple[Item, tuple[Sighting, ...]], ...]:
        """Open items in nobody's hands that were reported once, and that no source reports any more."""
        c = SIGHTINGS.c
        nowhere = select(c.item).group_by(c.item).having(func.max(c.present) == 0)
        idle = ITEMS.c.status.in_([s.value for s in IDLE])
        with self.reading() as connection:
            items = [
                item_of(r) for r in connection.execute(select(ITEMS).where(idle, ITEMS.c.id.in_(nowhere))).mappings()
            ]
        return tuple((item, self.sightings(item.id)) for item in items)

    def shared_names(self) -> tuple[tuple[str, tuple[Item, ...]], ...]:
        """Names of matters that several open items carry, with those items."""
        is_open = ITEMS.c.status.in_([s.value for s in OPEN])
        named = (
            select(NAMED).join(ITEMS, ITEMS.c.id == NAMED.c.item).where(is_open).order_by(NAMED.c.name, NAMED.c.item)
        )
        with self.reading() as connection:
            rows = connection.execute(named).all()
        names = [name for name, count in Counter(row.name for row in rows).items() if count > 1]
        items = self.some(row.item for row in rows if row.name in set(names))
        return tuple((name, tuple(items[row.item] for row in rows if row.name == name)) for name in names)

    def claim(self, item: str, run: str, now: datetime) -> Item | None:
        """Take a READY item into the hands of `run`: it is DOING now. None when another was faster or the item
        is not READY; of all who claim it one wins, whatever they call their run. Raises ItemUnknown."""
        with self.writing() as connection:
            row = _row(connection, item)
            before = item_of(row)
            if before.status is not Status.READY:
                return None
            return _written(connection, before, before.move(Status.DOING, now, "claimed"), run, stamp(now))

    def release(self, item: str, run: str, now: datetime, reason: str = "released") -> Item:
        """Put a claimed item back to READY. Raises ItemUnknown, ClaimLost."""
        with self.writing() as connection:
            row = _row(connection, item)
            before = item_of(row)
            if before.status is not Status.DOING or row["run"] != run:
                holder = f"is held by run {row['run']}" if row["run"] else f"is {before.status}"
                raise ClaimLost(f"{item}: {holder}, not held by run {run}: leave it alone")
            return _written(connection, before, before.move(Status.READY, now, reason), None, None)

    def close(self, item: str, status: Status, now: datetime, reason: str = "") -> Item:
        """Move an item to `status` (DONE, CANCELLED, BLOCKED, PR …) and let go of it. Raises ItemUnknown,
        IllegalMove."""
        with self.writing() as connection:
            before = item_of(_row(connection, item))
            return _written(connection, before, before.move(status, now, reason), None, None)

    def claims(self) -> tuple[Claim, ...]:
        """What is in whose hands, oldest first."""
        query = select(ITEMS).where(ITEMS.c.status == Status.DOING.value).order_by(ITEMS.c.claimed_at)
        with self.reading() as connection:
            rows = connection.execute(query).mappings()
            return tuple(
                Claim(r["id"], r["run"] or "", datetime.fromisoformat(r["claimed_at"] or r["updated_at"])) for r in rows
            )

    def history(self, item: str) -> tuple[Moved, ...]:
        """Every status move, oldest first. Raises ItemUnknown."""
        with self.reading() as connection:
            _row(connection, item)
            query = select(MOVES).where(MOVES.c.item == item).order_by(MOVES.c.seq)
            return tuple(_moved(row) for row in connection.execute(query).mappings())

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._connection(write=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._connection(write=True) as connection:
            yield connection

    @contextmanager
    def _connection(self, *, write: bool) -> Iterator[Connection]:
        try:
            with self._engine.connect().execution_options(write=write) as connection, connection.begin():
                yield connection
        except DatabaseError as error:
            raise broken(self.path, error) from error


def _row(connection: Connection, item: str) -> RowMapping:
    row = row_of(connection, item)
    if row is not None:
        return row
    ids = connection.execute(select(ITEMS.c.id)).scalars().all()
    near = difflib.get_close_matches(item, ids, n=3, cutoff=0.5) or [i for i in ids if item and item in i][:3]
    hint = f"did you mean {' or '.join(near)}?" if near else "see the ids in the backlog's list"
    raise ItemUnknown(f"{item}: no such item: {hint}")


def _written(connection: Connection, before: Item, item: Item, run: str | None, claimed_at: str | None) -> Item:
    if item.status is not before.status and item.status not in LEGAL[before.status]:
        raise IllegalMove(f"{item.id}: an item can not go from {before.status} to {item.status}")
    held = item.status is Status.DOING
    values: dict[str, Any] = {
        **columns(item),
        "run": run if held else None,
        "claimed_at": claimed_at if held else None,
    }
    replace_row(connection, before, values, item)
    return item


def _moved(row: RowMapping) -> Moved:
    was = Status(row["was"]) if row["was"] else None
    at = datetime.fromisoformat(row["at"])
    return Moved(at, was, Status(row["now"]), row["reason"], row["run"])
