"""Carries out what a look at a source means, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, select, tuple_
from sqlalchemy.dialects.sqlite import insert

from backlog.intake import Held, Intake, Look, names, take_in
from backlog.item import Item, Status
from backlog.rows import columns, insert_items, item_of, items_of, portions, replace_row, row_of
from backlog.sighting import Sighting
from backlog.source import Found
from backlog.tables import ITEMS, NAMED, SIGHTINGS

_COLUMNS = [c for c in SIGHTINGS.c if c.name != "found"]


def take(connection: Connection, look: Look) -> Intake:
    """Take in everything that a source reports now: what it does not report any more counts as gone."""
    known = _sightings(connection, look.source)
    shelf = _Shelf(connection)
    shelf.lay_out(k.item for k in _needed(known, look))
    named = _named(connection, {name for found in look.found for name in names(found)})
    held = Held(shelf.item, named, lambda item, source: _others(connection, item, source), shelf.taken)
    intake = take_in(known, look, held)
    insert_items(connection, list(intake.born.values()))
    for item in intake.changed.values():
        before = shelf.item(item.id)
        if item != before:
            replace_row(connection, before, columns(item), item)
    _keep(connection, look.source, intake)
    return intake


@dataclass(slots=True)
class _Shelf:
    """Items as they were before, read when they are needed."""

    connection: Connection
    items: dict[str, Item] = field(default_factory=dict)
    ids: set[str] | None = None

    def lay_out(self, wanted: Iterable[str]) -> None:
        self.items.update({item.id: item for item in items_of(self.connection, dict.fromkeys(wanted))})

    def item(self, name: str) -> Item:
        if name not in self.items:
            row = row_of(self.connection, name)
            assert row is not None, f"a sighting of {name}, which is not there"
            self.items[name] = item_of(row)
        return self.items[name]

    def taken(self, name: str) -> bool:
        if self.ids is None:
            self.ids = set(self.connection.execute(select(ITEMS.c.id)).scalars())
        return name in self.ids


def _sightings(connection: Connection, source: str) -> list[Sighting]:
    rows = connection.execute(select(*_COLUMNS).where(SIGHTINGS.c.source == source))
    return [sighting_of(row) for row in rows]


def sighting_of(row: Row[tuple[object, ...]]) -> Sighting:
    return Sighting(**{column.name: getattr(row, column.name) for column in _COLUMNS})


def _needed(known: Sequence[Sighting], look: Look) -> list[Sighting]:
    """Whose items the look will surely touch: those that are not reported word for word as before."""
    now = {f.fingerprint for f in look.found}
    return [k for k in known if k.present and k.fingerprint not in now]


def _named(connection: Connection, wanted: set[str]) -> dict[str, str]:
    """A name to its item. `id:x` also names the item x that a person made."""
    found: dict[str, str] = {}
    for some in portions(sorted(wanted)):
        ids = [name.removeprefix("id:") for name in some if name.startswith("id:")]
        there = connection.execute(select(ITEMS.c.id).where(ITEMS.c.id.in_(ids))).scalars()
        found.update({f"id:{item}": item for item in there})
        standing = NAMED.join(ITEMS, ITEMS.c.id == NAMED.c.item)
        rows = select(NAMED).select_from(standing).where(NAMED.c.name.in_(some), ITEMS.c.status != Status.DONE.value)
        found.update({row.name: row.item for row in connection.execute(rows.order_by(ITEMS.c.created_at.desc()))})
    return found


def _others(connection: Connection, item: str, source: str) -> list[tuple[Sighting, Found]]:
    present = (SIGHTINGS.c.item == item, SIGHTINGS.c.source != source, SIGHTINGS.c.present)
    rows = connection.execute(select(SIGHTINGS).where(*present).order_by(SIGHTINGS.c.source)).all()
    return [(sighting_of(row), Found.model_validate_json(row.found)) for row in rows]


def _keep(connection: Connection, source: str, intake: Intake) -> None:
    """First what is not so any more: a sighting may get the fingerprint that another had."""
    gone = [s for _, s, found in intake.sightings if found is None]
    moved = [before for before, now, found in intake.sightings if found and before and before.key != now.key]
    for some in portions([s.key for s in gone]):
        connection.execute(SIGHTINGS.update().where(_those(source, some)).values(present=False))
    for some in portions([s.key for s in moved]):
        connection.execute(delete(SIGHTINGS).where(_those(source, some)))
    said = [{**asdict(s), "found": f.model_dump_json()} for _, s, f in intake.sightings if f is not None]
    if said:
        put = insert(SIGHTINGS)
        values = {c.name: put.excluded[c.name] for c in SIGHTINGS.c}
        connection.execute(put.on_conflict_do_update(index_elements=list(SIGHTINGS.primary_key), set_=values), said)
    if intake.named:
        named = [{"name": name, "item": item} for name, item in intake.named.items()]
        connection.execute(insert(NAMED).on_conflict_do_nothing(), named)


def _those(source: str, keys: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    return and_(SIGHTINGS.c.source == source, tuple_(SIGHTINGS.c.fingerprint, SIGHTINGS.c.item).in_(keys))
