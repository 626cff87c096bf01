"""The backlog itself: items in a database that several processes may use at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.exc import DatabaseError

from backlog.intake import Known, take_in
from backlog.item import MOVES as LEGAL
from backlog.item import IllegalMove, Item, Status
from backlog.rows import (
    columns,
    insert_known,
    item_of,
    known_columns,
    known_of,
    replace_row,
    row_of,
    stamp,
)
from backlog.source import Found
from backlog.tables import ITEMS, MOVES, BacklogBroken, broken, open_engine

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
        with self._write() as connection:
            if row_of(connection, item.id) is not None:
                raise ItemExists(f"{item.id}: the backlog has this item already: choose another id, or edit it")
            insert_known(connection, Known(item), item.reason or f"added by {item.source}")

    def get(self, item: str) -> Item:
        """Raises ItemUnknown."""
        with self._read() as connection:
            return item_of(_row(connection, item))

    def all(self, statuses: Iterable[Status] | None = None) -> tuple[Item, ...]:
        """Oldest first."""
        query = select(ITEMS).order_by(ITEMS.c.created_at, ITEMS.c.id)
        if statuses is not None:
            query = query.where(ITEMS.c.status.in_([s.value for s in statuses]))
        with self._read() as connection:
            return tuple(item_of(row) for row in connection.execute(query).mappings())

    def save(self, item: Item) -> None:
        """Write an item over its former self. Raises ItemUnknown; IllegalMove when what is stored now can not
        go to the item's status. For a change that must not lose another's, use `update`."""
        self.update(item.id, lambda _stored: item)

    def update(self, item: str, change: Callable[[Item], Item]) -> Item:
        """Read, change and write in one transaction. Raises ItemUnknown, IllegalMove, and as `change`."""
        with self._write() as connection:
            row = _row(connection, item)
            before = item_of(row)
            return _written(connection, before, change(before), row["run"], row["claimed_at"])

    def upsert_found(self, found: Sequence[Found], source: str, now: datetime) -> Discovery:
        """Take in everything that `source` reports now. Only for a source that could look: what it does not
        report any more counts as gone."""
        with self._write() as connection:
            # Items without a fingerprint were made by hand or by a split: no source can miss them.
            mine = select(ITEMS).where(ITEMS.c.source == source, ITEMS.c.fingerprint != "")
            known = [known_of(row) for row in connection.execute(mine).mappings()]
            taken = connection.execute(select(ITEMS.c.id)).scalars().all()
            intake = take_in(known, taken, found, source, now)
            for new in intake.added:
                insert_known(connection, new, new.item.reason or f"found by {source}")
            before = {k.item.id: k.item for k in known}
            for changed in intake.changed:
                replace_row(connection, before[changed.item.id], known_columns(changed), changed.item)
        return Discovery(tuple(k.item.id for k in intake.added), intake.known, intake.gone)

    def claim(self, item: str, run: str, now: datetime) -> Item | None:
        """Take a READY item into the hands of `run`: it is DOING now. None when another was faster or the item
        is not READY; of all who claim it one wins, whatever they call their run. Raises ItemUnknown."""
        with self._write() as connection:
            row = _row(connection, item)
            before = item_of(row)
            if before.status is not Status.READY:
                return None
            return _written(connection, before, before.move(Status.DOING, now, "claimed"), run, stamp(now))

    def release(self, item: str, run: str, now: datetime, reason: str = "released") -> Item:
        """Put a claimed item back to READY. Raises ItemUnknown, ClaimLost."""
        with self._write() as connection:
            row = _row(connection, item)
            before = item_of(row)
            if before.status is not Status.DOING or row["run"] != run:
                holder = f"is held by run {row['run']}" if row["run"] else f"is {before.status}"
                raise ClaimLost(f"{item}: {holder}, not held by run {run}: leave it alone")
            return _written(connection, before, before.move(Status.READY, now, reason), None, None)

    def close(self, item: str, status: Status, now: datetime, reason: str = "") -> Item:
        """Move an item to `status` (DONE, CANCELLED, BLOCKED, PR …) and let go of it. Raises ItemUnknown,
        IllegalMove."""
        with self._write() as connection:
            before = item_of(_row(connection, item))
            return _written(connection, before, before.move(status, now, reason), None, None)

    def claims(self) -> tuple[Claim, ...]:
        """What is in whose hands, oldest first."""
        query = select(ITEMS).where(ITEMS.c.status == Status.DOING.value).order_by(ITEMS.c.claimed_at)
        with self._read() as connection:
            rows = connection.execute(query).mappings()
            return tuple(
                Claim(r["id"], r["run"] or "", datetime.fromisoformat(r["claimed_at"] or r["updated_at"])) for r in rows
            )

    def history(self, item: str) -> tuple[Moved, ...]:
        """Every status move, oldest first. Raises ItemUnknown."""
        with self._read() as connection:
            _row(connection, item)
            query = select(MOVES).where(MOVES.c.item == item).order_by(MOVES.c.seq)
            return tuple(_moved(row) for row in connection.execute(query).mappings())

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._connection(write=False) as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
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
