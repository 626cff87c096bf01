"""The fields that an entry of the backlog file and an item share, and what each of the two says in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backlog.file.synced import Value
from backlog.identity import slug
from backlog.item import Inputs, Item, Kind, Status
from backlog.source import Found
from backlog.sources.entries import Entry, known_fields
from backlog.sources.text import clean
from backlog.sources.vocabulary import STATUSES, status_key

TEXTS = ("title", "story", "security_notes", "test_notes")
NUMBERS = ("value", "time_criticality", "risk_reduction", "size")
LISTS = ("criteria", "labels", "links", "depends_on")
SHARED = (*TEXTS, "kind", *NUMBERS, *LISTS, "hold")
"""People own these; `status` and `reason` are the engine's, and a person asks for a status."""

EMPTY: Mapping[str, Value] = {
    **dict.fromkeys(TEXTS, ""),
    **dict.fromkeys(LISTS, ()),
    **{name: getattr(Inputs(), name) for name in NUMBERS},
    "kind": Kind.FEATURE.value,
    "hold": False,
}
"""What a field says that nobody filled in."""


def said(entry: Entry, found: Found, file: str) -> dict[str, Value]:
    """What the entry says, for the fields it names; `found` is the same entry, read.

    Raises SourceBroken.
    """
    given = known_fields(entry, file)
    named = {"size" if key == "hours" else key for key in given}
    result: dict[str, Value] = {name: _of_found(found, name) for name in SHARED if name in named}
    if status := _status(given, found):
        result["status"] = status.value
    if "reason" in named:
        result["reason"] = found.reason
    return result


def told(item: Item) -> dict[str, Value]:
    """What the item says in the shared fields."""
    return {name: _of_item(item, name) for name in SHARED}


def with_fields(item: Item, changes: Mapping[str, Value], now: datetime) -> Item:
    """The item with what a person wrote into the file: theirs from now on. Raises pydantic.ValidationError."""
    if not changes:
        return item
    data = item.model_dump() | {name: v for name, v in changes.items() if name not in NUMBERS}
    numbers = {name: v for name, v in changes.items() if name in NUMBERS}
    source = item.inputs.source | dict.fromkeys([*numbers, *(n for n in changes if n == "kind")], "person")
    if "labels" in changes:
        data["labels"] = (*changes["labels"], *_marks(item.labels))  # type: ignore[misc]
    data["inputs"] = item.inputs.model_dump() | numbers | {"source": source}
    data["edited"] = tuple(sorted({*item.edited, *(n for n in changes if n not in NUMBERS)}))
    return Item.model_validate(data | {"updated_at": now})


def _of_found(found: Found, name: str) -> Value:
    if name in NUMBERS:
        return int(getattr(found.inputs, name))
    return _plain(name, getattr(found, name))


def _of_item(item: Item, name: str) -> Value:
    if name in NUMBERS:
        return int(getattr(item.inputs, name))
    return _plain(name, getattr(item, name))


def _plain(name: str, value: Any) -> Value:
    """As it would come back from the file."""
    if name in LISTS:
        texts = dict.fromkeys(element(name, v) for v in value)
        return tuple(v for v in texts if v and not (name == "labels" and v.startswith("id:")))
    if name == "hold":
        return bool(value)
    text = str(value.value if isinstance(value, Kind) else value)
    return clean(text, 300) if name == "title" else "\n".join(text.splitlines()).strip()


def element(name: str, value: Any) -> str:
    """One part of a list, as it is compared."""
    return slug(str(value)) if name == "depends_on" else clean(str(value), 1_000)


def _marks(labels: Iterable[str]) -> tuple[str, ...]:
    """The label that remembers how the file writes an id which is no slug."""
    return tuple(label for label in labels if label.startswith("id:"))


def _status(given: Mapping[str, Any], found: Found) -> Status | None:
    """As it is written: DOING and PR are what they are, where a source would read READY."""
    if found.status is Status.BLOCKED:
        return Status.BLOCKED
    if "status" not in given:
        return None
    key = status_key(str(given["status"]))
    return Status[key] if key in Status.__members__ else STATUSES[key]
