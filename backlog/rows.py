"""Between an item and its row: the columns repeat what queries need, the body is the item itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, RowMapping, insert, select, update

from backlog.intake import Known
from backlog.item import Item, Status
from backlog.tables import ITEMS, MOVES, BacklogBroken


def columns(item: Item) -> dict[str, Any]:
    return {
        "source": item.source,
        "status": item.status.value,
        "kind": item.kind.value,
        "path": item.path,
        "value": item.inputs.value,
        "time_criticality": item.inputs.time_criticality,
        "risk_reduction": item.inputs.risk_reduction,
        "size": item.inputs.size,
        "created_at": stamp(item.created_at),
        "updated_at": stamp(item.updated_at),
        "body": item.model_dump_json(),
    }


def known_columns(known: Known) -> dict[str, Any]:
    return {
        **columns(known.item),
        "fingerprint": known.fingerprint,
        "content": known.content,
        "digest": known.digest,
        "present": known.present,
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


def known_of(row: RowMapping) -> Known:
    return Known(item_of(row), row["fingerprint"], row["content"], row["digest"], row["present"])


def insert_known(connection: Connection, known: Known, reason: str) -> None:
    connection.execute(insert(ITEMS).values(id=known.item.id, **known_columns(known)))
    note_move(connection, known.item, None, reason)


def note_move(connection: Connection, item: Item, was: Status | None, reason: str, run: str | None = None) -> None:
    connection.execute(
        insert(MOVES).values(
            item=item.id, at=stamp(item.updated_at), was=was, now=item.status.value, reason=reason, run=run
        )
    )


def row_of(connection: Connection, item: str) -> RowMapping | None:
    return connection.execute(select(ITEMS).where(ITEMS.c.id == item)).mappings().first()


def replace_row(connection: Connection, before: Item, values: dict[str, Any], item: Item) -> None:
    """Write the item over its row and, when its status moved, the move into the history."""
    connection.execute(update(ITEMS).where(ITEMS.c.id == item.id).values(**values))
    if item.status is not before.status:
        note_move(connection, item, before.status, item.reason, values.get("run"))


def stamp(moment: datetime) -> str:
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return aware.isoformat(timespec="microseconds")
