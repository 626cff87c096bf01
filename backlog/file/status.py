"""What becomes of the status? It is the engine's; what a person writes there is a request. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from backlog.file.synced import Agreed, Conflict, Value
from backlog.item import MOVES, Item, Status
from backlog.sources.text import clean

ASKED = "asked for in the backlog file"
BEGINNING = (Status.NEW, Status.REFINED, Status.READY)
IN_HANDS = (Status.DOING, Status.PR)
"""Only a run makes an item these."""


@dataclass(slots=True)
class Settled:
    item: Item
    fields: dict[str, Value] = field(default_factory=dict)
    edits: dict[str, Value | None] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def settle_status(said: Mapping[str, Value], item: Item, earlier: Item, before: Agreed, now: datetime) -> Settled:
    """`item` has its merged fields already, `earlier` is as it was before them."""
    item = _grown(item, earlier, said, before, now)
    base = _base(said, item, before)
    wanted = Status(str(said.get("status", base.value)))
    settled = Settled(item)
    if wanted is base:
        # The file did not ask for anything: it is told what is.
        settled.edits |= {} if item.status is base else {"status": item.status.value}
    elif wanted is not item.status:
        _ask(settled, wanted, base, said, now)
    settled.fields.setdefault("status", settled.item.status.value)
    _reason(settled, said, before, now)
    return settled


def _grown(item: Item, earlier: Item, said: Mapping[str, Value], before: Agreed, now: datetime) -> Item:
    """A NEW item that got its criteria is READY, unless the file asks for something else."""
    asks = said.get("status") not in (None, before.fields.get("status"), Status.READY.value)
    grown = item.criteria and not earlier.criteria and item.trust == "member"
    if item.status is Status.NEW and grown and not asks:
        return item.move(Status.READY, now, "has its criteria now")
    return item


def _base(said: Mapping[str, Value], item: Item, before: Agreed) -> Status:
    """The status agreed on. Of an item that was never synced: what the file says where it only says that work has
    not begun, else what a new entry would be."""
    if "status" in before.fields:
        return Status(str(before.fields["status"]))
    if "status" not in said:
        return Status.READY if item.criteria else Status.NEW
    wanted = Status(str(said["status"]))
    if wanted in BEGINNING and item.status not in BEGINNING:
        return wanted
    return item.status


def _ask(settled: Settled, wanted: Status, base: Status, said: Mapping[str, Value], now: datetime) -> None:
    item = settled.item
    refusal = _refusal(wanted, item)
    if refusal:
        settled.edits["status"] = item.status.value
        settled.notes.append(f"{item.id}: {refusal}: it stays {item.status}")
    elif item.status is not base or item.status is Status.DOING:
        settled.conflicts["status"] = Conflict(wanted.value, item.status.value)
        settled.fields["status"] = base.value
    else:
        settled.item = moved(item, wanted, now, str(said.get("reason") or ASKED))


def _refusal(wanted: Status, item: Item) -> str:
    """Why a request can not be followed; empty when it can be."""
    if wanted in IN_HANDS:
        return f"{wanted} is not for the file to say"
    if wanted is Status.READY and not item.criteria:
        return "without acceptance criteria it can not be READY"
    if wanted not in MOVES[item.status] and not _by_way_of_new(wanted, item):
        return f"from {item.status} it can not go to {wanted}"
    return ""


def _by_way_of_new(wanted: Status, item: Item) -> bool:
    return item.status is Status.CANCELLED and wanted in BEGINNING


def moved(item: Item, wanted: Status, now: datetime, reason: str) -> Item:
    """Raises IllegalMove."""
    if _by_way_of_new(wanted, item) and wanted is not Status.NEW:
        item = item.move(Status.NEW, now, reason)
    return item.move(wanted, now, reason)


def _reason(settled: Settled, said: Mapping[str, Value], before: Agreed, now: datetime) -> None:
    """The file says why an item is BLOCKED, and says nothing of the kind of one that is not."""
    there, known = str(said.get("reason", "")), str(before.fields.get("reason", ""))
    if "status" in settled.conflicts:
        settled.fields["reason"] = known
    elif settled.item.status is Status.BLOCKED:
        _why_blocked(settled, there, known, now)
    else:
        stale = settled.item.status in BEGINNING or (settled.item.status in IN_HANDS and there == known)
        if "reason" in said and stale:
            settled.edits["reason"] = None
        settled.fields["reason"] = "" if stale else there


def _why_blocked(settled: Settled, there: str, known: str, now: datetime) -> None:
    here = clean(settled.item.reason, 500)
    if there and there not in (here, known) and here in (known, ASKED):
        settled.item = settled.item.model_copy(update={"reason": there, "updated_at": now})
        here = there
    if here not in (there, ASKED):
        settled.edits["reason"] = here
    settled.fields["reason"] = here
