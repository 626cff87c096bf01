"""The backlog file and the backlog are brought to agree, whoever else writes to either at the same time.

First the file is written, then the database: what was agreed on is in the database, so a sync that was cut short in
between finds the file and the backlog saying the same, and comes to the same end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, select

from backlog.file import synced
from backlog.file.edit import edited
from backlog.file.entry import SOURCE
from backlog.file.fields import said
from backlog.file.nodes import Document, EditRefused, document
from backlog.file.plan import Plan, State, Written, plan, refuse_half
from backlog.file.swap import FileBusy, Seen, Swap
from backlog.item import Item
from backlog.rows import columns, insert_items, item_of, portions, replace_row
from backlog.source import SourceBroken
from backlog.sources.entries import each_found
from backlog.store import Backlog
from backlog.tables import ITEMS, SIGHTINGS

ATTEMPTS = 50
MARKERS = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)

__all__ = ["EditRefused", "FileBusy", "Synced", "sync"]


@dataclass(frozen=True, slots=True)
class Synced:
    plan: Plan
    before: str
    after: str
    """The file's text, as it was and as it is now, or would be."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a sync."""

    add: Callable[[Sequence[Item]], Sequence[str]] = lambda _items: ()
    """Of all items the ids of those that are to be in the file as well."""
    deleted: bool = False
    """Entries may vanish, however many."""
    write: bool = True


def sync(backlog: Backlog, swap: Swap, order: Order, now: datetime) -> Synced:
    """Raises SourceBroken, EditRefused, FileBusy, OSError; then nothing was changed."""
    lock: AbstractContextManager[list[str]] = swap.locked() if order.write else nullcontext([])
    with lock as notes:
        for _ in range(ATTEMPTS):
            done = _attempt(backlog, swap, order, now)
            if done is not None:
                return replace(done, notes=tuple(notes))
    raise FileBusy(f"{swap.shown}: was changed {ATTEMPTS} times while it was read: try again when nobody writes it")


def _attempt(backlog: Backlog, swap: Swap, order: Order, now: datetime) -> Synced | None:
    """None when somebody changed the file meanwhile: nothing was done."""
    try:
        with backlog.writing() if order.write else backlog.reading() as connection:
            seen = swap.read()
            done = _planned(connection, seen, swap.shown, order, now)
            if not order.write:
                return done
            if done.after != done.before and not swap.put(seen, done.after.encode()):
                raise _Changed
            _keep(connection, done.plan)
            return done
    except _Changed:
        return None


class _Changed(Exception):
    """The file is not as it was read; ends the transaction."""


def _planned(connection: Connection, seen: Seen, file: str, order: Order, now: datetime) -> Synced:
    text = decoded(seen.data or b"", file)
    state = _state(connection)
    if seen.data is None and any(a.present for a in state.agreed.values()) and not order.deleted:
        raise SourceBroken(f"{file}: is gone: put it back, or say lamplighter backlog sync --deleted")
    doc = document(text, file)
    written = read(doc)
    add = order.add(list(state.items.values()))
    made = plan(written, state, add, file, now)
    if not order.deleted:
        refuse_half(made, state, len(written), file)
    return Synced(made, text, edited(doc, made.edits, made.added))


def decoded(data: bytes, file: str) -> str:
    """The text as it is, line ends and all. Raises SourceBroken."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceBroken(f"{file}:{line}: is not UTF-8: save it as UTF-8") from None
    marker = MARKERS.search(text)
    if marker:
        line = text.count("\n", 0, marker.start()) + 1
        raise SourceBroken(f"{file}:{line}: has a merge conflict's marks: resolve the conflict, then sync")
    return text


def read(doc: Document) -> list[Written]:
    """Raises SourceBroken."""
    entries = doc.read()
    both = zip(entries, each_found(entries, doc.file), strict=True)
    return [Written(one, said(entry, one, doc.file), entry.line, one.named) for entry, one in both]


def _state(connection: Connection) -> State:
    items = (item_of(row) for row in connection.execute(select(ITEMS)).mappings())
    mine = select(SIGHTINGS.c.fingerprint, SIGHTINGS.c.item).where(SIGHTINGS.c.source == SOURCE)
    homes = {fingerprint: item for fingerprint, item in connection.execute(mine)}
    agreed = synced.load(connection)
    homes |= {one.name: one.item for one in agreed.values()}
    return State({item.id: item for item in items}, agreed, homes)


def _keep(connection: Connection, made: Plan) -> None:
    """The items, what was agreed, and that discovery leaves these entries to us."""
    insert_items(connection, made.born)
    rows = {row["id"]: row for row in connection.execute(select(ITEMS)).mappings()} if made.changed else {}
    for item in made.changed:
        row = rows[item.id]
        held = {"run": row["run"], "claimed_at": row["claimed_at"]} if item.status == row["status"] else {}
        replace_row(connection, item_of(row), {"run": None, "claimed_at": None, **columns(item), **held}, item)
    known = synced.load(connection)
    synced.keep(connection, [a for a in made.agreed if a != known.get(a.item)])
    for some in portions([a.item for a in made.agreed]):
        connection.execute(delete(SIGHTINGS).where(SIGHTINGS.c.source == SOURCE, SIGHTINGS.c.item.in_(some)))
