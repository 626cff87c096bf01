"""Between an item and its row: the columns repeat what queries need, the body is the item itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from backlog.item import Item, Status
from backlog.moments import microseconds, stamp
from backlog.tables import ITEMS, MOVES, STANDINGS, UNPLACED, BacklogBroken
from backlog.worth import facts

AT_ONCE = 500
"""Ids in one question: far below what SQLite takes."""

T = TypeVar("T")


def columns(item: Item) -> dict[str, Any]:
    return {
        "source": item.source,
        "status": item.status.value,
        "kind": item.kind.value,
        "path": item.path,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "body": item.model_dump_json(),
    }


def standing(item: Item) -> dict[str, Any]:
    """What the item's place in the order is made of."""
    of = facts(item)
    return {
        "item": item.id,
        "status": item.status.value,
        "startable": item.status is Status.READY and bool(item.criteria) and not item.hold,
        # Without the path, so that there are far fewer of them than items.
        "facts": json.dumps(of._replace(path=""), ensure_ascii=False, separators=(",", ":")),
        "path": of.path,
        "size": of.size,
        "born": microseconds(item.created_at),
        "blocked": round(item.blocked_seconds * 1_000_000),
        "blocked_at": microseconds(item.blocked_at) if item.blocked_at else None,
    }


def item_of(row: RowMapping) -> Item:
    """Raises BacklogBroken."""
    try:
        return Item.model_validate_json(row["body"])
    except ValidationError as error:
        raise BacklogBroken(
            f"backlog: item {row['id']} can not be read ({error.error_count()} fields are wrong): "
            "move the database away and discover again"
        ) from error


def items_of(connection: Connection, names: Iterable[str]) -> Iterator[Item]:
    """Those of the ids that there are. Raises BacklogBroken."""
    for some in portions(list(names)):
        rows = connection.execute(select(ITEMS.c.id, ITEMS.c.body).where(ITEMS.c.id.in_(some))).mappings()
        yield from (item_of(row) for row in rows)


def portions(things: Sequence[T]) -> Iterator[Sequence[T]]:
    return (things[at : at + AT_ONCE] for at in range(0, len(things), AT_ONCE))


def insert_items(connection: Connection, items: Sequence[Item], reason: str = "") -> None:
    """Each with the beginning of its history. `reason` is for those that have none of their own."""
    if items:
        connection.execute(insert(ITEMS), [{"id": item.id, **columns(item)} for item in items])
        _stand(connection, items)
        began = [_move(i, None, i.reason or reason or f"found by {i.source}", None) for i in items]
        connection.execute(insert(MOVES), began)


def row_of(connection: Connection, item: str) -> RowMapping | None:
    return connection.execute(select(ITEMS).where(ITEMS.c.id == item)).mappings().first()


def replace_row(connection: Connection, before: Item, values: dict[str, Any], item: Item) -> None:
    """Write the item over its row and, when its status moved, the move into the history."""
    connection.execute(update(ITEMS).where(ITEMS.c.id == item.id).values(**values))
    _stand(connection, [item])
    if item.status is not before.status:
        connection.execute(insert(MOVES), [_move(item, before.status, item.reason, values.get("run"))])


def _stand(connection: Connection, items: Sequence[Item]) -> None:
    """Whatever is written anew is put in order anew."""
    put = upsert(STANDINGS)
    values = {column.name: put.excluded[column.name] for column in STANDINGS.c}
    connection.execute(put.on_conflict_do_update(index_elements=["item"], set_=values), [standing(i) for i in items])
    connection.execute(upsert(UNPLACED).on_conflict_do_nothing(), [{"item": item.id} for item in items])


def _move(item: Item, was: Status | None, reason: str, run: str | None) -> dict[str, Any]:
    at = stamp(item.updated_at)
    return {"item": item.id, "at": at, "was": was, "now": item.status.value, "reason": reason, "run": run}
