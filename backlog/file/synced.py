"""What the backlog file and the database agreed on last, item by item: the common ancestor of the next merge."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import Connection, RowMapping, select
from sqlalchemy.dialects.sqlite import insert

from backlog.tables import SYNCED

Value: TypeAlias = str | int | bool | tuple[str, ...]
"""What one field of an entry says, in the words of this program."""

ENTRY = "entry"
"""The entry as a whole, where a conflict is about its being there."""
RANKING_ONLY = frozenset({"value", "time_criticality", "risk_reduction", "size", "labels", "links"})
"""A conflict in these does not change what is to be done."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both changed a field, and differently. None: the entry is not in the file."""

    file: Value | None
    backlog: Value


@dataclass(frozen=True, slots=True)
class Agreed:
    item: str
    name: str
    """The id that the entry has in the file, as a slug."""
    fields: Mapping[str, Value]
    """A field that is missing was never agreed on."""
    written: frozenset[str] = frozenset()
    """Fields that the entry named. Of the others the file has no opinion."""
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)
    present: bool = True
    """The entry was in the file. One that was taken out is remembered: an older commit does not bring it back."""

    def gone(self) -> Agreed:
        return replace(self, present=False, conflicts={})

    @property
    def waits(self) -> str:
        """Why the item should not be worked before a person decided; empty when it may be."""
        about = [name for name in self.conflicts if name not in RANKING_ONLY and name != ENTRY]
        return f"the file and the backlog disagree about {', '.join(about)}: lamplighter inbox" if about else ""


def load(connection: Connection) -> dict[str, Agreed]:
    """By item."""
    rows = connection.execute(select(SYNCED).order_by(SYNCED.c.item)).mappings()
    return {row["item"]: _of(row) for row in rows}


def conflicted(connection: Connection) -> tuple[Agreed, ...]:
    rows = connection.execute(select(SYNCED).where(SYNCED.c.conflicted).order_by(SYNCED.c.item)).mappings()
    return tuple(_of(row) for row in rows)


def names(connection: Connection) -> frozenset[str]:
    """Of all entries that were ever synced, as the file names them."""
    return frozenset(connection.execute(select(SYNCED.c.name)).scalars())


def keep(connection: Connection, agreed: Iterable[Agreed]) -> None:
    rows = [_row(one) for one in agreed]
    if rows:
        fresh = insert(SYNCED)
        again = {name: fresh.excluded[name] for name in ("name", "body", "conflicted")}
        connection.execute(fresh.on_conflict_do_update(index_elements=["item"], set_=again), rows)


def _row(agreed: Agreed) -> dict[str, Any]:
    body = {
        "fields": dict(agreed.fields),
        "written": sorted(agreed.written),
        "conflicts": {name: {"file": c.file, "backlog": c.backlog} for name, c in agreed.conflicts.items()},
        "present": agreed.present,
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    return {"item": agreed.item, "name": agreed.name, "body": text, "conflicted": bool(agreed.conflicts)}


def _of(row: RowMapping) -> Agreed:
    body = json.loads(row["body"])
    return Agreed(
        item=row["item"],
        name=row["name"],
        fields={name: _value(v) for name, v in body["fields"].items()},
        written=frozenset(body["written"]),
        conflicts={
            name: Conflict(None if c["file"] is None else _value(c["file"]), _value(c["backlog"]))
            for name, c in body["conflicts"].items()
        },
        present=body["present"],
    )


def _value(found: Any) -> Value:
    return tuple(found) if isinstance(found, list) else found
