"""Where do the backlog file and the backlog disagree, so that a person must decide?"""

from __future__ import annotations

from app.house import House
from backlog.file import synced
from backlog.file.synced import ENTRY, Conflict, Value
from backlog.item import Item


def conflicts(house: House) -> list[tuple[str, str, Conflict]]:
    """Item, field, and what each side says."""
    with house.backlog.reading() as connection:
        return [(a.item, name, c) for a in synced.conflicted(connection) for name, c in a.conflicts.items()]


def disagreement(house: House, item: Item) -> str | None:
    """Why the item waits for a person's decision, or None."""
    with house.backlog.reading() as connection:
        found = next((a.waits for a in synced.conflicted(connection) if a.item == item.id), "")
    return found or None


def synced_names(house: House) -> frozenset[str]:
    """Ids of the entries that `backlog sync` looks after, as the file writes them."""
    with house.backlog.reading() as connection:
        return synced.names(connection)


def told_conflict(item: str, name: str, conflict: Conflict) -> str:
    """One line for people."""
    if name == ENTRY:
        what = f"was taken out of the backlog file, and is {conflict.backlog} here"
    else:
        what = f"{name} is {_short(conflict.file)} in the file and {_short(conflict.backlog)} here"
    return f"{item}: {what}: lamplighter backlog resolve {item} {name} file (or backlog)"


def _short(value: Value | None) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:78]}…'"
