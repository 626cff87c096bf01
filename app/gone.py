"""What the base shows of an item that no source reports any more."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.house import House
from app.remembered import baseline, findings
from backlog.closing import Closing, Seen, closing
from backlog.item import Item
from backlog.sighting import Sighting
from checks.check import FindingCheck, TestCheck
from checks.compare import each_id
from checks.repaired import matching
from checks.scan import scan
from checks.verdict import check_passes
from forge.touched import touched


def how_it_ended(house: House, item: Item, sightings: Sequence[Sighting]) -> Closing | None:
    """Asks the item's check and the history. Raises SandboxUnavailable, ScannerFailed."""
    latest = sightings[0].commit if sightings else ""
    path = item.path or next((s.path for s in sightings if s.path), None)
    touch = touched(house.repository.git, path, latest, house.base) if path else None
    look = partial(Seen, base=house.base, touched=touch.sentence if touch else "")
    check = item.check
    if isinstance(check, FindingCheck):
        return closing(sightings, _scanned(house, check, look))
    if isinstance(check, TestCheck):
        return closing(sightings, _tested(house, check, look) if check.ids else look())
    verdict = check_passes(house.site, house.base_tree, check, house.suite)
    told = verdict.reasons[0].sentence if verdict.reasons else f"`{' '.join(check.argv)}` exits with 0"
    return closing(sightings, look(holds=verdict.passed, told=told))


def _scanned(house: House, check: FindingCheck, look: partial[Seen]) -> Seen:
    """The whole tree's findings are known from the look that missed it; whether a comment hides it is not."""
    place = f"{check.tool} {check.rule} in {check.path}"
    if matching(check, findings(house, house.base_tree, check.tool)):
        return look(holds=False, told=f"{place} is reported")
    there = check.path in house.trees.entries(house.base_tree)
    hidden = scan(house.site, house.base_tree, check.tool, (check.path,), suppressed=True) if there else ()
    if matching(check, hidden):
        return look(silenced=True, told=f"a comment silences {place}")
    return look(holds=True, told=f"{place} is not reported" if there else f"{check.path} is gone")


def _tested(house: House, check: TestCheck, look: partial[Seen]) -> Seen:
    run = baseline(house, house.base_tree)
    if not run.proves:
        return look(holds=False, told=run.trouble)
    if not any(name in run.outcomes for name in each_id(check.ids, run)):
        return look()  # the test is gone, which shows nothing
    failing = [name for name in each_id(check.ids, run) if name not in run.with_ending("passed")]
    if failing:
        return look(holds=False, told=f"{failing[0]} does not pass")
    return look(holds=True, told=f"{', '.join(check.ids[:3])} passes")
