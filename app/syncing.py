"""Bring the backlog file of the work tree and the backlog to agree, and let a person decide where they do not."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.answer import GATE, OK, PERSON, Answer
from app.call import Call
from app.disagreeing import told_conflict
from app.house import House, open_house
from backlog.edit import EditInvalid
from backlog.file import synced
from backlog.file.plan import DELETED
from backlog.file.steps import exchange
from backlog.file.swap import Swap
from backlog.file.sync import Order, Synced, sync
from backlog.file.synced import ENTRY, Agreed, Conflict
from backlog.item import OPEN, Item, Status
from backlog.score import rank
from backlog.source import SourceBroken
from backlog.sources.files import YAML_PLACES


@dataclass(frozen=True, slots=True)
class Asked:
    """What `backlog sync` was called with."""

    dry_run: bool = False
    check: bool = False
    everything: bool = False
    top: int | None = None
    deleted: bool = False


def sync_file(call: Call, asked: Asked) -> Answer:
    house = open_house(call)
    swap, notes = place(house)
    order = Order(lambda items: _wanted(house, items, asked), asked.deleted, write=not (asked.check or asked.dry_run))
    if not os.path.lexists(swap.file) and not (asked.everything or asked.top) and not _synced_before(house):
        line = f"there is no {swap.shown}: lamplighter backlog sync --all (or --top N) makes one"
        return Answer({"file": None, "changed": False, "conflicts": []}, (line,))
    done = sync(house.backlog, swap, order, house.now())
    return _answer(done, swap.shown, asked, [*notes, *done.notes])


def place(house: House) -> tuple[Swap, list[str]]:
    """The file that people keep: the first of its places where there is one. Raises SourceBroken."""
    root = house.repository.root
    there = [name for name in YAML_PLACES if os.path.lexists(root / name)]
    shown = there[0] if there else YAML_PLACES[0]
    real = (root / shown).resolve()
    inside = real.is_relative_to(root.resolve()) and not real.is_relative_to(house.state.resolve())
    if not inside or ".git" in real.relative_to(root.resolve()).parts:
        raise SourceBroken(f"{shown}: leads to {real}, outside of the repository's files: it is not touched")
    others = [n for n in there[1:] if not _same(root / n, real)]
    notes = [f"{name} is not read, {shown} is" for name in others]
    return Swap(real, house.state / "sync", shown, exchange), notes


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _synced_before(house: House) -> bool:
    with house.backlog.reading() as connection:
        return any(agreed.present for agreed in synced.load(connection).values())


def _wanted(house: House, items: Sequence[Item], asked: Asked) -> list[str]:
    if not asked.everything and not asked.top:
        return []
    ranked = rank((i for i in items if i.status in OPEN), house.scoring, house.now())
    return [scored.item.id for scored in ranked][: None if asked.everything else asked.top]


def _answer(done: Synced, shown: str, asked: Asked, notes: Sequence[str]) -> Answer:
    plan = done.plan
    waiting = [(a.item, name, c) for a in plan.agreed for name, c in a.conflicts.items()]
    changed = done.after != done.before or not plan.quiet
    lines = [*_diff(done, shown), *(f"new in the backlog: {i.id}  {i.title}" for i in plan.born)]
    lines += [f"changed in the backlog: {i.id}  {i.status}  {i.title}" for i in plan.changed if i.id not in plan.gone]
    lines += [f"cancelled, for it is not in the file any more: {item}" for item in plan.gone]
    lines += [told_conflict(item, name, c) for item, name, c in waiting]
    lines += [*plan.notes, *notes, _summary(shown, changed, asked, len(waiting))]
    result = {
        "file": shown,
        "changed": changed,
        "written": done.after != done.before and not (asked.dry_run or asked.check),
        "new": [i.id for i in plan.born],
        "updated": [i.id for i in plan.changed],
        "cancelled": plan.gone,
        "conflicts": [{"item": i, "field": n, "file": c.file, "backlog": c.backlog} for i, n, c in waiting],
        "notes": [*plan.notes, *notes],
        "diff": "\n".join(_diff(done, shown)),
    }
    return Answer(result, tuple(lines), PERSON if waiting else GATE if asked.check and changed else OK)


def _summary(shown: str, changed: bool, asked: Asked, waiting: int) -> str:
    if not changed:
        return f"{shown} and the backlog agree" + (f", but for {waiting} that you decide" if waiting else "")
    return "nothing was changed: this is what a sync would do" if asked.dry_run or asked.check else f"{shown} is synced"


def _diff(done: Synced, shown: str) -> list[str]:
    before, after = done.before.splitlines(), done.after.splitlines()
    return [line.rstrip("\n") for line in difflib.unified_diff(before, after, shown, shown, n=1, lineterm="")]


def resolve(call: Call, item: str, name: str, side: str) -> Answer:
    """Take one side of a conflict, and sync. Raises EditInvalid where there is none."""
    house = open_house(call)
    add = [item] if _decide(house, item, name, side) else []
    swap, notes = place(house)
    done = sync(house.backlog, swap, Order(lambda _items: add), house.now())
    return _answer(done, swap.shown, Asked(), [*notes, *done.notes])


def _decide(house: House, item: str, name: str, side: str) -> bool:
    """Whether the entry is to be written into the file again."""
    stored = house.backlog.get(item)
    with house.backlog.writing() as connection:
        agreed = synced.load(connection).get(item)
        conflict = agreed.conflicts.get(name) if agreed else None
        if agreed is None or conflict is None:
            known = ", ".join(agreed.conflicts) if agreed and agreed.conflicts else "nothing"
            raise EditInvalid(f"{item}: the file and the backlog do not disagree about {name}, but about {known}")
        if stored.status is Status.DOING and side == "file" and name in (ENTRY, "status"):
            raise EditInvalid(f"{item}: is being worked: end its run first, then decide")
        if name != ENTRY:
            synced.keep(connection, [_settled(agreed, name, conflict, side)])
            return False
        synced.keep(connection, [agreed.gone()])
    if side == "file" and stored.status in OPEN:
        house.backlog.close(item, Status.CANCELLED, house.now(), DELETED)
    return side == "backlog"


def _settled(agreed: Agreed, name: str, conflict: Conflict, side: str) -> Agreed:
    """What the other side says counts as agreed on: so the chosen one is a change, and is taken."""
    assert conflict.file is not None
    loser = conflict.backlog if side == "file" else conflict.file
    left = {key: c for key, c in agreed.conflicts.items() if key != name}
    return replace(agreed, fields={**agreed.fields, name: loser}, conflicts=left)
