"""Is what the backlog says still true? Each item that is not is closed with what shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from app.answer import Answer
from app.call import Call
from app.delivered import collect
from app.discovering import discovered
from app.house import House, open_working_house
from backlog.calibration.outcomes import note_rework, rework
from backlog.duplicates import duplicates
from backlog.intake import IDLE
from backlog.item import OPEN, Item, Status
from checks.check import FindingCheck, TestCheck
from checks.finding import ScannerFailed
from checks.verdict import check_passes
from forge.landed import Landed, landed, undone
from forge.pulls import Pull, pulls
from sandbox.git import GitFailed


@dataclass(frozen=True, slots=True)
class Truth:
    """What was found out about one item. `verdict`: done, cancelled, duplicate, merged, taken back, or unknown."""

    item: str
    verdict: str
    evidence: str
    status: Status | None
    """Where it is moved; None: it stays."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one pull request."""

    pull: Pull
    place: Landed | None
    """Where it is in the base; None: it is not, or nobody knows."""
    back: bool = False
    """Every file that it touched is as before it again."""
    trouble: str = ""
    """Why nobody knows."""


def reconcile(call: Call, dry_run: bool) -> Answer:
    """A dry run looks at no source, and moves nothing."""
    house = open_working_house(call)
    truths = [] if dry_run else list(_by_sources(house))
    fates = _fates(house, pulls(house.state))
    if not dry_run:
        _note_rework(house, fates)
    for truth in (*_by_pulls(house, fates), *_by_checks(house), *_by_parts(house), *_by_names(house)):
        truths.append(truth)
        if truth.status and not dry_run:
            house.backlog.close(truth.item, truth.status, house.now(), truth.evidence)
    rows = [asdict(truth) for truth in truths]
    open_items = len(house.backlog.all(OPEN))
    lines = [f"{t.verdict:<10} {t.item}\n           {t.evidence}" for t in truths]
    would = "would be closed" if dry_run else "closed"
    moved = sum(1 for t in truths if t.status)
    lines.append(f"{moved} {would}, {len(truths) - moved} to look at, {open_items} open")
    return Answer({"items": rows, "open": open_items, "dry_run": dry_run}, tuple(lines))


def take_in_pulls(house: House) -> None:
    """What became of handed-over work moves its items, without a look at any source."""
    waiting = {item.id for item in house.backlog.all({Status.PR})}
    fates = _fates(house, [pull for pull in pulls(house.state) if pull.item in waiting])
    for truth in _by_pulls(house, fates):
        if truth.status:
            house.backlog.close(truth.item, truth.status, house.now(), truth.evidence)


def _by_sources(house: House) -> Iterator[Truth]:
    found = discovered(house)
    for item, closing in found.closed.items():
        yield Truth(item, "done" if closing.status is Status.DONE else "cancelled", closing.reason, closing.status)
    for item, why in found.unsettled.items():
        yield Truth(item, "unknown", why, None)


def _fates(house: House, made: Sequence[Pull]) -> list[Fate]:
    git, trees = house.repository.git, house.trees
    found = []
    for pull in made:
        span = {"started": pull.base, "head": pull.head, "base": house.base}
        try:
            place = landed(git, trees, **span)
            found.append(Fate(pull, place, place is not None and undone(trees, **span)))
        except GitFailed as error:
            found.append(Fate(pull, None, trouble=str(error)))
    return found


def _by_pulls(house: House, fates: Sequence[Fate]) -> Iterator[Truth]:
    """What was handed over: is it in the base, and is it there still? Of several the latest counts."""
    latest = {fate.pull.item: fate for fate in fates}
    for item in house.backlog.some(latest).values():
        if (truth := _by_pull(item, latest[item.id])) is not None:
            yield truth


def _by_pull(item: Item, fate: Fate) -> Truth | None:
    branch, place = fate.pull.branch, fate.place
    if fate.trouble:
        return Truth(item.id, "unknown", f"{branch}: {fate.trouble}", None)
    if place is None:
        return None
    if fate.back:
        told = f"{branch} was merged as {place.commit[:10]} and its files are as before it again"
        return Truth(item.id, "taken back", told, Status.READY if item.status is Status.PR else None)
    if item.status is not Status.PR:
        return None
    return Truth(item.id, "merged", f"{branch} is in the base as {place.commit[:10]} ({place.how})", Status.DONE)


def _note_rework(house: House, fates: Sequence[Fate]) -> None:
    """What became of delivered work is what sizes are learned from."""
    collect(house)
    now = house.now()
    for fate in fates:
        reworked = rework(fate.pull.created, now if fate.back else None, now) if fate.place else None
        if reworked is not None:
            note_rework(house.backlog, fate.pull.item, reworked)


def _by_checks(house: House) -> Iterator[Truth]:
    """Items whose own check can be run, and that no source looks after."""
    for item in house.backlog.all(IDLE):
        check = item.check
        if (isinstance(check, TestCheck) and not check.ids) or isinstance(check, FindingCheck):
            continue
        if house.backlog.sightings(item.id):
            continue
        try:
            verdict = check_passes(house.site, house.base_tree, check, house.suite)
        except ScannerFailed as error:
            yield Truth(item.id, "unknown", str(error), None)
            continue
        if verdict.passed:
            yield Truth(item.id, "done", f"its check passes at {house.base[:10]} already", Status.DONE)


def _by_parts(house: House) -> Iterator[Truth]:
    """An item that was split is done when each of its parts is."""
    for item in house.backlog.all({Status.BLOCKED}):
        parts = house.backlog.some(item.parts)
        if item.parts and all(parts[name].status is Status.DONE for name in item.parts if name in parts):
            yield Truth(item.id, "done", f"all its parts are done: {', '.join(item.parts)}", Status.DONE)


def _by_names(house: House) -> Iterator[Truth]:
    for item, (kept, name) in duplicates(house.backlog.shared_names()).items():
        yield Truth(item, "duplicate", f"the same as {kept}: both are {name}", Status.CANCELLED)
