"""Look at every source and take what they report into the backlog."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from backlog.closing import Close, Closing, no_longer_found
from backlog.intake import Look
from backlog.source import NotConfigured, Report, Source, View
from backlog.store import Backlog, Discovery


@dataclass(frozen=True, slots=True)
class Discovered:
    """One report per source, and the ids that all of them together added, knew and lost."""

    reports: tuple[Report, ...] = ()
    added: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    closed: Mapping[str, Closing] = field(default_factory=dict)
    """Of those that no source reports any more, how they ended."""
    unsettled: Mapping[str, str] = field(default_factory=dict)
    """And why they stay open."""


def discover(
    backlog: Backlog,
    sources: Sequence[Source],
    view: View,
    now: datetime,
    tick: Callable[[], float] = time.perf_counter,
    close: Close = no_longer_found,
) -> Discovered:
    """A source that can not look is reported as such; its items stay as they are and the others go on.

    What no source reports any more is closed as `close` says.
    """
    reports: list[Report] = []
    outcomes: list[Discovery] = []
    for source in sources:
        report = look(source, view, tick)
        reports.append(report)
        if report.status == "ready":
            outcomes.append(backlog.take(_look(report, view, now)))
    closed, unsettled = _closed(backlog, close, now)
    return Discovered(
        reports=tuple(reports),
        added=tuple(i for o in outcomes for i in o.added),
        known=tuple(i for o in outcomes for i in o.known),
        gone=tuple(i for o in outcomes for i in o.gone),
        closed=closed,
        unsettled=unsettled,
    )


def _closed(backlog: Backlog, close: Close, now: datetime) -> tuple[dict[str, Closing], dict[str, str]]:
    """What no source reports any more: how it ended, or why that can not be told."""
    closed: dict[str, Closing] = {}
    unsettled: dict[str, str] = {}
    for item, sightings in backlog.lost():
        try:
            closing = close(item, sightings)
        except Exception as failure:
            # Asking the check may trip over as much as a source may; the item then stays as it is.
            unsettled[item.id] = _one_line(failure)
            continue
        if closing is None:
            unsettled[item.id] = "no source reports it, and its check does not pass"
        else:
            backlog.close(item.id, closing.status, now, closing.reason)
            closed[item.id] = closing
    return closed, unsettled


def _look(report: Report, view: View, now: datetime) -> Look:
    return Look(report.name, report.found, now, view.commit, report.unseen, view.files.__contains__)


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
