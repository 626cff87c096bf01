"""Add, edit and close items by hand."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import Answer
from app.call import Call
from app.house import House, open_house
from backlog.edit import EditInvalid, edited
from backlog.identity import item_id
from backlog.item import Inputs, Item, Kind, Status
from checks.check import Check, CommandCheck, TestCheck


@dataclass(frozen=True)
class NewItem:
    title: str
    kind: str
    story: str
    criteria: tuple[str, ...]
    path: str | None
    command: str | None
    tests: tuple[str, ...]
    value: int | None
    size: int | None


def add(call: Call, new: NewItem) -> Answer:
    house = open_house(call)
    item = made(house, new)
    house.backlog.add(item)
    return Answer({"item": item.model_dump(mode="json")}, (f"{item.id}  {item.status}  {item.title}",))


def made(house: House, new: NewItem) -> Item:
    """The item. READY with a criterion, else NEW. Raises EditInvalid."""
    try:
        kind = Kind(new.kind)
    except ValueError:
        raise EditInvalid(f"kind {new.kind!r} is none of {', '.join(k.value for k in Kind)}") from None
    if not new.title.strip():
        raise EditInvalid("an item needs a title")
    given = {"value": new.value, "size": new.size}
    known = {key: number for key, number in given.items() if number is not None}
    criteria = new.criteria or (("the check passes",) if new.command or new.tests else ())
    now = house.now()
    same = sum(1 for i in house.backlog.all(None) if i.source == "hand" and i.title == new.title)
    return Item(
        id=item_id("hand", new.path or "", new.title, same),
        title=new.title[:300],
        kind=kind,
        source="hand",
        status=Status.READY if criteria else Status.NEW,
        story=new.story,
        criteria=criteria,
        check=_check(new),
        inputs=Inputs(**known, source=dict.fromkeys(known, "person")),
        path=new.path,
        created_at=now,
        updated_at=now,
    )


def _check(new: NewItem) -> Check:
    if new.command:
        return CommandCheck(argv=tuple(shlex.split(new.command)))
    return TestCheck(ids=new.tests)


def edit(call: Call, item_id: str, changes: Sequence[str]) -> Answer:
    house = open_house(call)
    pairs = dict(_pair(change) for change in changes)
    item = house.backlog.update(item_id, lambda stored: edited(stored, pairs, house.now()))
    return Answer({"item": item.model_dump(mode="json")}, (f"{item.id}  {item.status}  {item.title}",))


def _pair(change: str) -> tuple[str, str]:
    key, equals, value = change.partition("=")
    if not equals:
        raise EditInvalid(f"{change!r} is not KEY=VALUE")
    return key, value


def close(call: Call, item_id: str, reason: str, done: bool) -> Answer:
    house = open_house(call)
    item = house.backlog.close(item_id, Status.DONE if done else Status.CANCELLED, house.now(), reason)
    return Answer({"item": item.model_dump(mode="json")}, (f"{item.id}  {item.status}  {reason}",))
