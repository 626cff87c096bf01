"""What the base shows of an item that no source reports any more: its check is asked, and git for the commit."""

from __future__ import annotations

from collections.abc import Sequence

from app.house import House
from app.remembered import baseline, findings
from backlog.closing import Closing, Seen, closing
from backlog.item import Item
from backlog.sighting import Sighting
from checks.check import CommandCheck, FindingCheck, TestCheck
from checks.holds import check_passes, proves, tests_pass
from checks.reason import Reason
from checks.repaired import finding_gone, matching, scan_files
from forge.touched import touched


def closer(house: House, item: Item, sightings: Sequence[Sighting]) -> Closing | None:
    """How the item ends; None: it stays open. Raises ScannerFailed, SandboxUnavailable."""
    check = item.check
    if isinstance(check, FindingCheck):
        seen = _by_scanner(house, check)
    elif isinstance(check, TestCheck):
        seen = _by_tests(house, check)
    else:
        seen = _by_command(house, check)
    return closing(sightings, Seen(house.base, _touched(house, item, sightings), *seen))


Shown = tuple[bool | None, str, bool]
"""Whether the check holds, what it said, and whether a comment silences it."""


def _by_scanner(house: House, check: FindingCheck) -> Shown:
    left = matching(check, findings(house, house.base_tree, check.tool))
    if left:
        return False, _said(finding_gone(check, left)), False
    hidden = scan_files(house.site, house.base_tree, check, (check.path,), suppressed=True)
    if matching(check, hidden):
        return None, f"a comment silences {check.tool} {check.rule} in {check.path}", True
    return True, f"{check.tool} does not report {check.rule} in {check.path}", False


def _by_tests(house: House, check: TestCheck) -> Shown:
    if not check.ids:
        return None, "", False
    run = baseline(house, house.base_tree)
    reasons = proves(run) or tests_pass(check, run)
    return not reasons, _said(reasons) or f"{', '.join(check.ids)} passes", False


def _by_command(house: House, check: CommandCheck) -> Shown:
    verdict = check_passes(house.site, house.base_tree, check, house.suite)
    return verdict.passed, _said(verdict.reasons) or f"`{' '.join(check.argv)}` exits with 0", False


def _said(reasons: Sequence[Reason]) -> str:
    return "; ".join(reason.sentence for reason in reasons)


def _touched(house: House, item: Item, sightings: Sequence[Sighting]) -> str:
    """The commit that changed the item's file since it was reported last."""
    since = next((s.commit for s in sightings if s.commit), None)
    if item.path is None or since is None:
        return ""
    touch = touched(house.repository.git, item.path, since, house.base)
    return touch.sentence if touch else ""
