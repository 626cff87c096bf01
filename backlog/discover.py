"""Look at every source and take what they report into the backlog."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backlog.source import NotConfigured, Report, Source, View
from backlog.store import Backlog, Discovery


@dataclass(frozen=True, slots=True)
class Discovered:
    """One report per source, and the ids that all of them together added, knew and lost."""

    reports: tuple[Report, ...] = ()
    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


def discover(
    backlog: Backlog,
    sources: Sequence[Source],
    view: View,
    now: datetime,
    tick: Callable[[], float] = time.perf_counter,
) -> Discovered:
    """A source that can not look is reported as such; its items stay as they are and the others go on."""
    reports: list[Report] = []
    outcomes: list[Discovery] = []
    for source in sources:
        report = look(source, view, tick)
        reports.append(report)
        if report.status == "ready":
            outcomes.append(backlog.upsert_found(report.found, report.name, now))
    return Discovered(
        reports=tuple(reports),
        added=tuple(i for o in outcomes for i in o.added),
        known=tuple(i for o in outcomes for i in o.known),
        gone=tuple(i for o in outcomes for i in o.gone),
    )


def look(source: Source, view: View, tick: Callable[[], float] = time.perf_counter) -> Report:
    """The source's report, whatever happens in it."""
    start = tick()
    try:
        report = source.look(view)
    except NotConfigured as absent:
        report = Report(source.name, "not configured", _one_line(absent))
    except Exception as failure:
        # Whatever a source trips over in a strange repository must not keep the other sources from working.
        report = Report(source.name, "not run", _one_line(failure))
    return replace(report, seconds=round(tick() - start, 3))


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text or type(error).__name__
