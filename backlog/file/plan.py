"""What must change in the backlog file and in the backlog so that they agree? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pydantic import ValidationError

from backlog.file.edit import EntryEdit
from backlog.file.entry import SOURCE, born, entry_of
from backlog.file.fields import SHARED, told
from backlog.file.merge import Merged, first, merge
from backlog.file.status import moved
from backlog.file.synced import ENTRY, Agreed, Conflict, Value
from backlog.identity import item_id
from backlog.intake import IDLE, NO_LONGER_FOUND
from backlog.item import OPEN, Item, Status
from backlog.source import Found, SourceBroken

DELETED = "deleted from the backlog file"
FEW = 2
"""So many entries may vanish at once without a question, or half of them."""


@dataclass(frozen=True, slots=True)
class Written:
    """One entry as it was read."""

    found: Found
    said: Mapping[str, Value]
    line: int
    has_id: bool


@dataclass(frozen=True, slots=True)
class State:
    """What the backlog knows."""

    items: Mapping[str, Item]
    agreed: Mapping[str, Agreed]
    """By item."""
    homes: Mapping[str, str]
    """Ids of entries, as they were synced or as a source reported them, to their items."""


@dataclass(slots=True)
class Plan:
    edits: list[EntryEdit] = field(default_factory=list)
    added: list[dict[str, Value]] = field(default_factory=list)
    born: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)
    agreed: list[Agreed] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Ids of items whose entries a person took out, and which are cancelled for it."""
    notes: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Nothing is to be changed in the file or in an item."""
        return not (self.edits or self.added or self.born or self.changed)


def plan(written: Sequence[Written], state: State, add: Sequence[str], file: str, now: datetime) -> Plan:
    """`add` names items that are to be in the file as well. Raises SourceBroken."""
    made = Plan()
    names = _names(written, state, file)
    homes = {name: _home(name, state) for name in names}
    _refuse_twins(written, names, homes, file)
    for at, (entry, name) in enumerate(zip(written, names, strict=True)):
        item = state.items.get(homes[name])
        merged = _merged(entry, item, homes[name], name, state, file, now)
        values = dict(merged.edits) if entry.has_id else {"id": name, **merged.edits}
        if values:
            made.edits.append(EntryEdit(at, values))
        if item is None:
            made.born.append(merged.item)
        elif merged.item != item:
            made.changed.append(merged.item)
        made.agreed.append(merged.agreed)
        made.notes += merged.notes
    there = set(homes.values())
    for agreed in state.agreed.values():
        if agreed.present and agreed.item not in there:
            _taken_out(made, agreed, state.items[agreed.item], now)
    _committed_only(made, state, there, now)
    for wanted in add:
        if wanted not in there and wanted not in made.gone:
            _put_in(made, state.items[wanted])
    return made


def refuse_half(made: Plan, state: State, entries: int, file: str) -> None:
    """Half a file looks like one out of which entries were taken. Raises SourceBroken."""
    present = len({*made.gone, *(a.item for a in state.agreed.values() if a.present)})
    missing = len(made.gone)
    if missing and (entries == 0 or (missing > FEW and missing * 2 > present)):
        raise SourceBroken(
            f"{file}: {missing} of {present} items are not in it any more: "
            "if they are meant to be cancelled, say lamplighter backlog sync --deleted"
        )


def _names(written: Sequence[Written], state: State, file: str) -> list[str]:
    """The id of each entry; one without an id gets the one that a source would give it, or the next that is free."""
    given = {w.found.fingerprint for w in written if w.has_id}
    names: list[str] = []
    for entry in written:
        name, number = entry.found.fingerprint, 0
        while not entry.has_id and (name in given or name in names or _finished(name, state)):
            number += 1
            name = item_id(file, "", entry.found.title, number, prefix="yml")
        names.append(name)
    return names


def _finished(name: str, state: State) -> bool:
    """An entry that is written anew, after its item was closed, is a new item."""
    home = _home(name, state)
    return home in state.items and state.items[home].status not in OPEN and not _withdrawn(state.items[home])


def _home(name: str, state: State) -> str:
    return state.homes.get(name, name)


def _refuse_twins(written: Sequence[Written], names: Sequence[str], homes: Mapping[str, str], file: str) -> None:
    seen: dict[str, int] = {}
    for entry, name in zip(written, names, strict=True):
        if homes[name] in seen:
            raise SourceBroken(f"{file}:{entry.line}: is the same item as line {seen[homes[name]]}: {homes[name]}")
        seen[homes[name]] = entry.line


def _merged(entry: Written, item: Item | None, home: str, name: str, state: State, file: str, now: datetime) -> Merged:
    """Raises SourceBroken."""
    try:
        if item is None:
            fresh = born(entry.found, home, now)
            fields = told(fresh) | {"status": fresh.status.value, "reason": str(entry.said.get("reason", ""))}
            return merge(entry.said, fresh, Agreed(home, name, fields), now)
        if item.status is Status.CANCELLED and _withdrawn(item):
            item = _back(item, now)
        before = state.agreed.get(home)
        if before is None or not before.present:
            before = first(item, name, entry.said)
        return merge(entry.said, item, before, now)
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(str(part) for part in wrong["loc"])
        raise SourceBroken(f"{file}:{entry.line}: {where}: {wrong['msg'].lower()}") from None


def _withdrawn(item: Item) -> bool:
    """Cancelled only because its entry was not there."""
    return item.reason in (DELETED, f"{NO_LONGER_FOUND} by {SOURCE}")


def _back(item: Item, now: datetime) -> Item:
    ready = item.criteria and item.trust == "member"
    return moved(item, Status.READY if ready else Status.NEW, now, "is in the backlog file again")


def _taken_out(made: Plan, agreed: Agreed, item: Item, now: datetime) -> None:
    if item.status not in OPEN:
        made.agreed.append(agreed.gone())
    elif item.status in IDLE and not _edited_since(agreed, item):
        made.changed.append(item.move(Status.CANCELLED, now, DELETED))
        made.gone.append(item.id)
        made.agreed.append(agreed.gone())
    else:
        made.agreed.append(replace(agreed, conflicts={ENTRY: Conflict(None, item.status.value)}))


def _edited_since(agreed: Agreed, item: Item) -> bool:
    """A person changed the item by other means, so taking it out of the file is not the only word on it."""
    here = told(item)
    return any(here[name] != agreed.fields.get(name, here[name]) for name in SHARED if name in _mine(item))


def _mine(item: Item) -> set[str]:
    return {*item.edited, *(name for name, source in item.inputs.source.items() if source == "person")}


def _committed_only(made: Plan, state: State, there: set[str], now: datetime) -> None:
    """What a source read in the commit, and a person has taken out of the file since."""
    for item in {state.items[home].id: state.items[home] for home in state.homes.values()}.values():
        if item.id not in there and item.id not in state.agreed and item.source == SOURCE and item.status in IDLE:
            made.changed.append(item.move(Status.CANCELLED, now, DELETED))
            made.gone.append(item.id)
            made.agreed.append(Agreed(item.id, _name_of(item.id, state), {}, present=False))


def _name_of(item: str, state: State) -> str:
    return next(name for name, home in state.homes.items() if home == item)


def _put_in(made: Plan, item: Item) -> None:
    """An item of the engine's own that a person wants to see in the file."""
    values = entry_of(item)
    made.added.append(values)
    fields = told(item) | {"status": item.status.value, "reason": str(values.get("reason", ""))}
    made.agreed.append(Agreed(item.id, item.id, fields, frozenset(values) - {"id"}))
