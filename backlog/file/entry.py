"""An entry of the backlog file as a new item, and an item as a new entry."""

from __future__ import annotations

from datetime import datetime

from backlog.file.fields import EMPTY, SHARED, told
from backlog.file.synced import Value
from backlog.identity import slug
from backlog.item import Item, Status
from backlog.source import Found
from backlog.sources.text import clean

SOURCE = "backlog.yml"


def born(found: Found, name: str, now: datetime) -> Item:
    """An item of an entry that nobody knew."""
    status = found.status or Status.READY
    if status is Status.READY and (not found.criteria or found.trust == "untrusted"):
        status = Status.NEW
    blocked = status is Status.BLOCKED
    kept = (
        "title", "kind", "story", "criteria", "check", "inputs", "path", "line", "labels", "links", "depends_on",
        "security_notes", "test_notes", "hold",
    )  # fmt: skip
    return Item(
        id=name,
        source=SOURCE,
        status=status,
        reason=found.reason,
        trust=found.trust,
        blocked_from=Status.REFINED if blocked else None,
        blocked_at=now if blocked else None,
        created_at=found.created_at or now,
        updated_at=now,
        **{field: getattr(found, field) for field in kept},
    )


def entry_of(item: Item) -> dict[str, Value]:
    """An item as a new entry: what is not as in any item."""
    here = told(item)
    named = {name: here[name] for name in SHARED if here[name] != EMPTY[name] or name in ("title", "kind")}
    order = ("title", "kind", "story", "criteria")
    status: dict[str, Value] = {"status": item.status.value}
    if item.status is Status.BLOCKED and item.reason:
        status["reason"] = clean(item.reason, 500)
    if item.trust == "untrusted":
        status["trust"] = item.trust
    first_ones = {name: named.pop(name) for name in order if name in named}
    return {"id": _own_id(item), **first_ones, **status, **named}


def _own_id(item: Item) -> str:
    """As a person wrote it once, where the item remembers that."""
    marks = (label.removeprefix("id:") for label in item.labels if label.startswith("id:"))
    return next((mark for mark in marks if slug(mark) == item.id), item.id)
