"""Look for work in the base commit and put it into the backlog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.answer import Answer
from app.call import Call
from app.house import House, open_working_house
from app.listing import row
from app.remembered import baseline, findings
from app.settings import ConfigError
from backlog.discover import Discovered
from backlog.discover import discover as look
from backlog.score import rank
from backlog.source import Ran, Source, View
from backlog.sources.failing_tests import FailingTests
from backlog.sources.files import BacklogMd, BacklogYml
from backlog.sources.findings import Findings
from backlog.sources.markers import Markers
from forge.past import GitPast
from sandbox.limits import TESTS

SOURCES: tuple[Source, ...] = (
    Markers(),
    Findings("ruff"),
    Findings("bandit"),
    FailingTests(),
    BacklogYml(),
    BacklogMd(),
)


def discover(call: Call, only: Sequence[str]) -> Answer:
    house = open_working_house(call)
    found = discovered(house, only)
    ids = {*found.added, *found.known}
    items = [s for s in rank(house.backlog.all(None), house.scoring, house.now()) if s.item.id in ids]
    sources = [
        {"name": r.name, "status": r.status, "reason": r.reason, "found": len(r.found), "seconds": round(r.seconds, 3)}
        for r in found.reports
    ]
    lines = [f"{r.name:<12} {r.status:<15} {len(r.found):>4} found  {r.reason}".rstrip() for r in found.reports]
    lines.append(f"{len(found.added)} new, {len(found.known)} known; lamplighter backlog list shows them")
    return Answer({"items": [row(s) for s in items], "sources": sources, "added": len(found.added)}, tuple(lines))


def discovered(house: House, only: Sequence[str] = ()) -> Discovered:
    """Run the sources (all, or those named) and merge what they found. Raises ConfigError for an unknown name."""
    chosen = [s for s in SOURCES if not only or s.name in only]
    unknown = set(only) - {s.name for s in SOURCES}
    if unknown:
        raise ConfigError(f"no source is called {sorted(unknown)[0]!r}; known: {', '.join(s.name for s in SOURCES)}")
    return look(house.backlog, chosen, view(house), house.now())


def view(house: House) -> View:
    """What sources may look at: the committed files, scanners and the base's tests. Nothing of the work tree."""
    entries = house.trees.entries(house.base_tree)
    return View(
        files=entries,
        read=lambda path: house.trees.blob(entries[path].oid),
        scan=lambda tool: findings(house, house.base_tree, tool),
        failing=lambda: baseline(house, house.base_tree),
        run=lambda argv, wall_s: on_base(house, argv, wall_s),
        past=GitPast(house.repository.git, house.base),
        artefacts=(),
        root=house.repository.root,
        now=house.now(),
    )


def on_base(house: House, argv: Sequence[str], wall_s: float) -> Ran:
    """The command on a copy of the base that it may write to. Raises SandboxUnavailable."""
    with house.site.fresh(house.base_tree) as workspace:
        box = house.site.box(workspace, writable=(".",), environment={"PYTHONDONTWRITEBYTECODE": "1"})
        result = box.run(argv, limits=replace(TESTS, wall_s=wall_s))
    return Ran(result.code, result.stdout, result.stderr, result.killed or "")
