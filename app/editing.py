"""Add, edit and close items by hand."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from app.answer import Answer
from app.call import Call
from app.history import history
from app.house import House, open_house
from backlog.edit import NUMBERS, EditInvalid, edited
from backlog.estimate import size_from_history
from backlog.identity import item_id, slug
from backlog.item import Inputs, Item, Kind, Status
from checks.check import Check, CommandCheck, TestCheck


@dataclass(frozen=True)
class NewItem:
    """All that a person can say of an item. None: not said."""

    title: str
    kind: str = "feature"
    story: str = ""
    criteria: tuple[str, ...] = ()
    path: str | None = None
    command: str | None = None
    tests: tuple[str, ...] = ()
    value: int | None = None
    time_criticality: int | None = None
    risk_reduction: int | None = None
    size: int | None = None
    links: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    security_notes: str = ""
    test_notes: str = ""
    hold: bool = False


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
    known = {name: number for name in NUMBERS if (number := getattr(new, name)) is not None}
    source = dict.fromkeys(known, "person")
    past = None if new.size is not None else size_from_history(kind.value, "hand", history(house))
    if past is not None:
        known["size"], source["size"] = past
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
        inputs=Inputs(**known, source=source),
        path=new.path,
        links=new.links,
        labels=new.labels,
        depends_on=tuple(name for other in new.depends_on if (name := slug(other))),
        security_notes=new.security_notes,
        test_notes=new.test_notes,
        hold=new.hold,
        created_at=now,
        updated_at=now,
    )


def _check(new: NewItem) -> Check:
    """Raises EditInvalid."""
    try:
        argv = tuple(shlex.split(new.command or ""))
    except ValueError as error:
        raise EditInvalid(f"command {new.command!r}: {error}".lower()) from None
    return CommandCheck(argv=argv) if argv else TestCheck(ids=new.tests)


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
