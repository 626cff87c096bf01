"""Look for work in the base commit and put it into the backlog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from app.answer import Answer
from app.cache_folder import CacheFolder
from app.call import Call
from app.comparing import leave_scan
from app.gone import how_it_ended
from app.house import House, open_working_house
from app.listing import ranked, row
from app.remembered import baseline, findings
from app.reports import artefacts
from app.sources import sources
from backlog.discover import Discovered
from backlog.discover import discover as look
from backlog.item import Status
from backlog.source import Ran, Report, View
from backlog.sources.text import clean
from checks.holds import run_command
from forge.attributes import attributed
from forge.checkout import Checkout, attributes
from forge.past import GitPast


def discover(call: Call, only: Sequence[str]) -> Answer:
    house = open_working_house(call)
    found = discovered(house, only)
    items = ranked(house, tuple(Status), only={*found.added, *found.known})
    told = [
        {"name": r.name, "status": r.status, "reason": r.reason, "found": len(r.found), "seconds": round(r.seconds, 3)}
        for r in found.reports
    ]
    lines = [*table(found.reports, every=bool(only))]
    lines.append(f"{len(found.added)} new, {len(found.known)} known; lamplighter backlog list shows them")
    return Answer({"items": [row(s) for s in items], "sources": told, "added": len(found.added)}, tuple(lines))


def table(reports: Sequence[Report], every: bool = False) -> Iterator[str]:
    """One line for each source that looked or failed to; those not configured share one, unless `every` is asked."""
    shown = [r for r in reports if every or r.status != "not configured"]
    width = max([12, *(len(r.name) for r in shown)])
    for report in shown:
        reason = clean(report.reason, 160)
        yield f"{report.name:<{width}} {report.status:<15} {len(report.found):>4} found  {reason}".rstrip()
    rest = [r.name for r in reports if r not in shown]
    if rest:
        yield f"not configured: {', '.join(rest)} (--json and docs/sources.md say what each needs)"


def discovered(house: House, only: Sequence[str] = ()) -> Discovered:
    """Run the sources (all, or those named) and merge what they found. Raises ConfigError for an unknown name."""
    seen = view(house)
    found = look(house.backlog, sources(house, seen, only), seen, house.now(), close=partial(how_it_ended, house))
    leave_scan(house)
    return found


def view(house: House) -> View:
    """What sources may look at: committed files, reports, scanners and the base's tests. Nothing of the work tree."""
    checkout = Checkout(house.repository, house.trees, house.base_tree, attributes(house.around.home))
    return View(
        commit=house.base,
        files=checkout.entries,
        read=checkout.read,
        scan=lambda tool: findings(house, house.base_tree, tool),
        failing=lambda: baseline(house, house.base_tree),
        run=lambda argv, wall_s: on_base(house, argv, wall_s),
        past=GitPast(house.trees.git, house.base, house.repository.common),
        artefacts=artefacts(house.repository.root, house.settings.reports),
        root=house.repository.root,
        now=house.now(),
        holding=checkout.holding,
        kept=CacheFolder(house.state / "cache"),
        attributed=partial(attributed, house.trees.git, checkout.entries),
    )


def on_base(house: House, argv: Sequence[str], wall_s: float) -> Ran:
    """Raises SandboxUnavailable."""
    result = run_command(house.site, house.base_tree, argv, wall_s)
    return Ran(result.code, result.stdout, result.stderr, result.killed or "")
