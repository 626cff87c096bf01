"""What does a new look at a source mean for the items that it reported before? Pure; the store carries it out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backlog.item import MOVES, OPEN, Inputs, Item, Status
from backlog.matching import Exists, match
from backlog.sighting import Sighting, sighted
from backlog.source import Found
from checks.check import TestCheck

NO_LONGER_FOUND = "no longer found"
IDLE = frozenset({Status.NEW, Status.REFINED, Status.READY, Status.BLOCKED})
"""Open and in nobody's hands."""
REFRESHED = (
    "kind", "title", "path", "line", "check", "inputs", "criteria", "story", "labels", "links", "depends_on",
    "security_notes", "test_notes", "hold",
)  # fmt: skip

APPROVED = ("title", "story", "criteria", "check", "path", "links", "security_notes", "test_notes")
"""What a member read who made a stranger's item READY."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look of one source that could look."""

    source: str
    found: Sequence[Found]
    now: datetime
    commit: str = ""
    """The base it looked at."""
    unseen: frozenset[str | None] = frozenset()
    exists: Exists = lambda _path: False


@dataclass(frozen=True, slots=True)
class Held:
    """What the backlog holds that a look may bear on."""

    item: Callable[[str], Item]
    """By its id."""
    named: Mapping[str, str]
    """Names of matters, such as `issue:#12`, to the item that stands for them."""
    others: Callable[[str, str], Sequence[tuple[Sighting, Found]]]
    """Of an item (by id), what sources other than this one (by name) report of it now."""
    taken: Callable[[str], bool]
    """Whether an id is in use."""


@dataclass(slots=True)
class Intake:
    born: dict[str, Item] = field(default_factory=dict)
    changed: dict[str, Item] = field(default_factory=dict)
    sightings: list[tuple[Sighting | None, Sighting, Found | None]] = field(default_factory=list)
    """The sighting as it was before, as it is now, and what it says where that is new."""
    named: dict[str, str] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)
    """Ids of items reported again, changed or not."""
    gone: list[str] = field(default_factory=list)
    """Ids of open items that nobody reports any more."""


def take_in(known: Sequence[Sighting], look: Look, held: Held) -> Intake:
    """Compare all that the source reports with `known`, all it ever reported.

    An item keeps its identity as `backlog.matching` says. One that was cancelled because it was gone comes back when it
    is reported again. One that was finished and vanished, and is reported again, is a new item. What has a name
    under which another source reported an item is a further sighting of that item.
    """
    matched = match(known, look.found, look.exists)
    step = _Step(look, held, Intake())
    for found in look.found:
        before = matched.same.get(found.fingerprint)
        if before is None or _returned(before, held):
            step.new(found)
        else:
            step.again(before, found)
    for missing in matched.missing:
        if missing.path not in look.unseen:
            step.missing(missing)
    return step.intake


@dataclass(frozen=True, slots=True)
class _Step:
    look: Look
    held: Held
    intake: Intake

    def new(self, found: Found) -> None:
        item = self._same_matter(found)
        if item is None:
            item = _born(found, self.look.source, self.look.now, self._free(found.fingerprint))
            self.intake.born[item.id] = item
        else:
            self.intake.known.append(item.id)
            self._adopt_if_better(item, found)
        self._sight(found, item.id, None)

    def again(self, before: Sighting, found: Found) -> None:
        self.intake.known.append(before.item)
        if before.digest == digest(found) and before.present:
            return
        item = self._item(before.item)
        if item.status is Status.CANCELLED and item.reason.startswith(NO_LONGER_FOUND):
            item = _revived(item, self.look.now)
        if item.source == self.look.source:
            item = refreshed(item, found, self.look.now)
        self._change(item)
        self._sight(found, item.id, before)

    def missing(self, before: Sighting) -> None:
        self.intake.sightings.append((before, before.gone(), None))
        item = self._item(before.item)
        others = self.held.others(item.id, self.look.source)
        if others and item.source == self.look.source:
            sighting, found = max(others, key=lambda one: _standing(one[1]))
            self._change(refreshed(item.model_copy(update={"source": sighting.source}), found, self.look.now))
        elif not others and item.status in OPEN:
            self.intake.gone.append(item.id)

    def _same_matter(self, found: Found) -> Item | None:
        """The item for which another source gave the same name, unless it is finished."""
        for name in names(found):
            held = self.intake.named.get(name) or self.held.named.get(name)
            if held and (item := self._item(held)).status is not Status.DONE:
                return item
        return None

    def _adopt_if_better(self, item: Item, found: Found) -> None:
        """Of two that report the same, the one whose word can be checked by running it speaks for the item."""
        if item.status is Status.CANCELLED and item.reason.startswith(NO_LONGER_FOUND):
            item = _revived(item, self.look.now)
        if _standing(found) > (_can_be_run(item.check), item.trust == "member") and item.status in IDLE:
            adopted = item.model_copy(update={"source": self.look.source, "trust": found.trust})
            item = refreshed(adopted, found, self.look.now)
        self._change(item)

    def _sight(self, found: Found, item: str, before: Sighting | None) -> None:
        sighting = sighted(found, self.look.source, item, digest(found), self.look.commit)
        self.intake.sightings.append((before, sighting, found))
        self.intake.named.update(dict.fromkeys(names(found), item))

    def _item(self, name: str) -> Item:
        return self.intake.born.get(name) or self.intake.changed.get(name) or self.held.item(name)

    def _change(self, item: Item) -> None:
        into = self.intake.born if item.id in self.intake.born else self.intake.changed
        into[item.id] = item

    def _free(self, wanted: str) -> str:
        candidate, number = wanted, 1
        while candidate in self.intake.born or self.held.taken(candidate):
            number += 1
            candidate = f"{wanted[:58]}-{number}"
        return candidate


def names(found: Found) -> tuple[str, ...]:
    """Of the matter itself: those that the source gives, and the id that a person gave."""
    return (*found.same_as, f"id:{found.fingerprint}") if found.named else found.same_as


def digest(found: Found) -> str:
    return hashlib.sha256(found.model_dump_json().encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _returned(before: Sighting, held: Held) -> bool:
    return not before.present and held.item(before.item).status is Status.DONE


def _standing(found: Found) -> tuple[bool, bool]:
    return _can_be_run(found.check), found.trust == "member"


def _can_be_run(check: object) -> bool:
    return not isinstance(check, TestCheck) or bool(check.ids)


def _born(found: Found, source: str, now: datetime, name: str) -> Item:
    status = _first_status(found)
    return Item(
        id=name,
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


def _first_status(found: Found) -> Status:
    """Only an item with criteria, of a member, can be READY."""
    wanted = found.status or Status.READY
    if wanted is not Status.READY:
        return wanted
    if found.trust == "untrusted":
        return Status.NEW
    return Status.READY if found.criteria else Status.NEW


def _revived(item: Item, now: datetime) -> Item:
    new = item.move(Status.NEW, now, "found again")
    return new.move(Status.READY, now, "found again") if new.criteria and new.trust == "member" else new


def refreshed(item: Item, found: Found, now: datetime) -> Item:
    """What the source says now, except in fields a person set and in items that are being worked on."""
    if item.status not in IDLE:
        return item
    changes: dict[str, Any] = {
        name: getattr(found, name) for name in REFRESHED if name not in item.edited and name != "inputs"
    }
    changes["inputs"] = _inputs(item, found)
    if found.created_at:
        # How old it is may be found out later, and a line that is touched does not make its matter young again.
        changes["created_at"] = min(found.created_at, item.created_at)
    approved = item.trust == "untrusted" and item.status is Status.READY
    if approved and any(changes.get(name, getattr(item, name)) != getattr(item, name) for name in APPROVED):
        item = item.move(Status.REFINED, now, "its text was changed after a member approved it: look at it again")
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
