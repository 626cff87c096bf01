"""Open items that turned out to stand for one matter: two sources gave them the same name. Never by their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backlog.item import Item, Status


def duplicates(named: Iterable[tuple[str, Sequence[Item]]]) -> Mapping[str, tuple[str, str]]:
    """Item to the item that it repeats and the name they share.

    `named` gives each name with the items that carry it. The one that is furthest along is kept, then the older.
    """
    found: dict[str, tuple[str, str]] = {}
    for name, items in named:
        kept, *others = sorted(items, key=_first)
        for item in others:
            if item.id not in found and item.status not in (Status.DOING, Status.PR):
                found[item.id] = (kept.id, name)
    return found


def _first(item: Item) -> tuple[bool, object, str]:
    return item.status not in (Status.DOING, Status.PR), item.created_at, item.id
