"""What does a new look at a source mean for the items it reported before? Pure; the store carries it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from backlog.item import MOVES, OPEN, Inputs, Item, Status
from backlog.source import Found

NO_LONGER_FOUND = "no longer found"
IDLE = frozenset({Status.NEW, Status.REFINED, Status.READY, Status.BLOCKED})
"""Open and in nobody's hands."""
REFRESHED = (
    "kind", "title", "path", "line", "check", "inputs", "criteria", "story", "labels", "links", "depends_on",
    "security_notes", "test_notes", "hold",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """An item together with what identifies it in its source."""

    item: Item
    fingerprint: str = ""
    content: str = ""
    digest: str = ""
    """Of everything the source said last time: the same again means nothing to do."""
    present: bool = True
    """The source reported it at the last look."""


@dataclass(frozen=True, slots=True)
class Intake:
    added: tuple[Known, ...] = ()
    changed: tuple[Known, ...] = ()
    known: tuple[str, ...] = ()
    """Ids of items reported again, changed or not."""
    gone: tuple[str, ...] = ()
    """Ids of open items that were reported before and are not any more."""


def take_in(known: Sequence[Known], taken: Iterable[str], found: Sequence[Found], source: str, now: datetime) -> Intake:
    """Compare `found`, everything `source` reports now, with `known`, all it ever reported.

    `taken` holds the ids of the whole backlog. An item whose file was renamed keeps its id. One that is gone
    is cancelled and comes back when it is reported again. One that was finished and vanished, and is reported
    again, becomes a new item.
    """
    latest = _latest(known)
    fresh = {f.fingerprint: f for f in found}
    missing = [k for k in latest.values() if k.present and k.fingerprint not in fresh]
    moved = _renamed(missing, [f for f in fresh.values() if f.fingerprint not in latest])
    ids = set(taken)
    added: list[Known] = []
    changed: list[Known] = []
    again: list[str] = []
    for f in fresh.values():
        before = latest.get(f.fingerprint) or moved.get(f.fingerprint)
        if before is None and f.named and f.fingerprint in ids:
            again.append(f.fingerprint)
        elif before is None or _returned(before):
            added.append(_born(f, source, now, ids))
        else:
            again.append(before.item.id)
            after = _seen_again(before, f, now)
            if after != before:
                changed.append(after)
    followed = {k.item.id for k in moved.values()}
    gone = [k for k in missing if k.item.id not in followed]
    changed.extend(_gone(k, source, now) for k in gone)
    open_ones = tuple(k.item.id for k in gone if k.item.status in OPEN)
    return Intake(tuple(added), tuple(changed), tuple(again), open_ones)


def _latest(known: Sequence[Known]) -> dict[str, Known]:
    """The youngest item per fingerprint."""
    ordered = sorted(known, key=lambda k: (k.item.created_at, k.item.id))
    return {k.fingerprint: k for k in ordered}


def _renamed(missing: Sequence[Known], unknown: Sequence[Found]) -> dict[str, Known]:
    """New fingerprint to the missing item that has the same content, where that is unambiguous."""
    old: dict[str, list[Known]] = {}
    new: dict[str, list[Found]] = {}
    for k in missing:
        old.setdefault(k.content, []).append(k)
    for f in unknown:
        new.setdefault(f.content, []).append(f)
    return {
        fs[0].fingerprint: old[content][0]
        for content, fs in new.items()
        if content and len(fs) == len(old.get(content, ())) == 1 and old[content][0].item.path != fs[0].path
    }


def _returned(before: Known) -> bool:
    return before.item.status is Status.DONE and not before.present


def _born(found: Found, source: str, now: datetime, ids: set[str]) -> Known:
    status = _first_status(found)
    item = Item(
        id=_free(found.fingerprint, ids),
        source=source,
        status=status,
        reason=found.reason,
        trust=found.trust,
        blocked_from=Status.REFINED if status is Status.BLOCKED else None,
        blocked_at=now if status is Status.BLOCKED else None,
        created_at=found.created_at or now,
        updated_at=now,
        **{name: getattr(found, name) for name in REFRESHED},
    )
    ids.add(item.id)
    return Known(item, found.fingerprint, found.content, digest(found))


def _first_status(found: Found) -> Status:
    """Only an item with criteria, of a member, can be READY."""
    wanted = found.status or Status.READY
    if wanted is not Status.READY:
        return wanted
    if found.trust == "untrusted":
        return Status.NEW
    return Status.READY if found.criteria else Status.NEW


def _free(wanted: str, ids: set[str]) -> str:
    candidate, number = wanted, 1
    while candidate in ids:
        number += 1
        candidate = f"{wanted[:58]}-{number}"
    return candidate


def _seen_again(before: Known, found: Found, now: datetime) -> Known:
    if before.digest == digest(found) and before.present:
        return before
    item = before.item
    if item.status is Status.CANCELLED and item.reason.startswith(NO_LONGER_FOUND):
        item = _revived(item, now)
    item = _refreshed(item, found, now)
    return Known(item, found.fingerprint, found.content, digest(found))


def _revived(item: Item, now: datetime) -> Item:
    new = item.move(Status.NEW, now, "found again")
    return new.move(Status.READY, now, "found again") if new.criteria and new.trust == "member" else new


def _refreshed(item: Item, found: Found, now: datetime) -> Item:
    """What the source says now, except in fields a person set and in items that are being worked on."""
    if item.status not in IDLE:
        return item
    changes: dict[str, Any] = {
        name: getattr(found, name) for name in REFRESHED if name not in item.edited and name != "inputs"
    }
    changes["inputs"] = _inputs(item, found)
    if any(getattr(item, name) != value for name, value in changes.items()):
        item = item.model_copy(update={**changes, "updated_at": now})
    return _as_requested(item, found, now)


def _inputs(item: Item, found: Found) -> Inputs:
    """The found numbers, with those a person set in their place."""
    kept = [n for n, source in item.inputs.source.items() if source == "person" and n in Inputs.model_fields]
    numbers = {n: getattr(item.inputs, n) for n in kept}
    return found.inputs.model_copy(update={**numbers, "source": found.inputs.source | dict.fromkeys(kept, "person")})


def _as_requested(item: Item, found: Found, now: datetime) -> Item:
    """A status written in a file is a request: followed when it is a legal move to another status. A NEW item
    that got its criteria is READY without one."""
    wanted = found.status or (_first_status(found) if item.status is Status.NEW else None)
    if wanted is None or wanted is item.status or wanted not in MOVES[item.status]:
        return item
    if wanted is Status.READY and not item.criteria:
        return item
    return item.move(wanted, now, found.reason)


def _gone(before: Known, source: str, now: datetime) -> Known:
    item = before.item
    if item.status in IDLE:
        item = item.move(Status.CANCELLED, now, f"{NO_LONGER_FOUND} by {source}")
    return replace(before, item=item, present=False)


def digest(found: Found) -> str:
    return hashlib.sha256(found.model_dump_json().encode("utf-8", "backslashreplace")).hexdigest()[:16]
