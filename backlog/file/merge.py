"""What do the file and the backlog say together? A three-way merge per field. Pure.

Merging the result with the backlog again gives the same: a sync that was cut short is simply done again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backlog.file.fields import EMPTY, LISTS, SHARED, told, with_fields
from backlog.file.status import settle_status
from backlog.file.synced import Agreed, Conflict, Value
from backlog.item import Item

Edits = dict[str, Value | None]
"""What is to be written into an entry; None: the key goes."""


@dataclass(slots=True)
class Merged:
    item: Item
    agreed: Agreed
    edits: Edits
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Both:
    """What a field says after the merge, on each side; they differ in a conflict alone."""

    file: Value
    backlog: Value


def merge(said: Mapping[str, Value], item: Item, before: Agreed, now: datetime) -> Merged:
    """`said` is what the entry names. Raises pydantic.ValidationError where the item can not be what is said."""
    here = told(item)
    fields: dict[str, Value] = {}
    conflicts: dict[str, Conflict] = {}
    edits: Edits = {}
    taken: dict[str, Value] = {}
    for name in SHARED:
        base = before.fields.get(name)
        there = _there(name, said, before, here[name])
        both = merged(name, base, there, here[name])
        if both.file != there:
            edits[name] = both.file
        if both.backlog != here[name]:
            taken[name] = both.backlog
        if both.file == both.backlog:
            fields[name] = both.file
        else:
            conflicts[name] = Conflict(both.file, both.backlog)
            if base is not None:
                fields[name] = base
    after = with_fields(item, taken, now)
    status = settle_status(said, after, item, before, now)
    edits |= status.edits
    # A key that was taken out against a change of ours stays in question.
    written = (
        frozenset(said) | {n for n, value in edits.items() if value is not None} | before.written & conflicts.keys()
    )
    agreed = Agreed(
        item.id, before.name, fields | status.fields, written - _removed(edits), conflicts | status.conflicts
    )
    return Merged(status.item, agreed, edits, status.notes)


def merged(name: str, base: Value | None, file: Value, backlog: Value) -> Both:
    """One field. Without a base, nobody knows which side changed."""
    if file == backlog:
        return Both(file, backlog)
    if name in LISTS:
        together = _list(base or (), file, backlog)
        return Both(together, together)
    if file == base:
        return Both(backlog, backlog)
    if backlog == base:
        return Both(file, file)
    return Both(file, backlog)


def _list(base: Value, file: Value, backlog: Value) -> Value:
    """In the file's order: what neither took out, then what the backlog added."""
    assert isinstance(base, tuple)
    assert isinstance(file, tuple)
    assert isinstance(backlog, tuple)
    stays = tuple(e for e in file if e in backlog or e not in base)
    return (*stays, *(e for e in backlog if e not in file and e not in base))


def _there(name: str, said: Mapping[str, Value], before: Agreed, here: Value) -> Value:
    """What the file says: by a key that is no longer there, that the field is empty; by one that never was, nothing."""
    if name in said:
        return said[name]
    if name in before.written and name != "kind":
        return EMPTY[name]
    return before.fields.get(name, here)


def _removed(edits: Edits) -> frozenset[str]:
    return frozenset(name for name, value in edits.items() if value is None)


def first(item: Item, name: str, said: Mapping[str, Value]) -> Agreed:
    """The ancestor of an item that was never synced: what a source or a default gave, the file may say otherwise;
    what a person gave by other means is not overruled in silence."""
    here = told(item)
    fields = {field: here[field] for field in SHARED if not _of_a_person(item, field) or here[field] == EMPTY[field]}
    return Agreed(item.id, name, fields)


def _of_a_person(item: Item, name: str) -> bool:
    return item.source == "hand" or name in item.edited or item.inputs.source.get(name) == "person"
