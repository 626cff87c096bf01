"""From what a source saw to its report, so that a look that was not complete never passes for `nothing there`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from backlog.source import Found, Report
from backlog.sources.text import clean

MOST = 2_000
"""Items of one source; a report with more says something about its rules, not about work."""


def everything(files: Collection[str]) -> frozenset[str | None]:
    """For `Report.unseen`: no item of the source counts as gone, with a path or without one."""
    return frozenset((*files, None))


def outcome(
    name: str, found: Iterable[Found], files: Collection[str], *, notes: Sequence[str] = (), gaps: Sequence[str] = ()
) -> Report:
    """`gaps` says what was not looked at. With one, and nothing found, the source is `not run`; with one and
    something found it is `ready`, and nothing that was found before counts as gone."""
    first = list({f.fingerprint: f for f in found}.values())
    if len(first) > MOST:
        gaps = (*gaps, f"only the first {MOST} of {len(first)} are taken")
    told = "; ".join(clean(text, 300) for text in (*gaps, *notes) if text)
    if gaps and not first:
        return Report(name, "not run", told)
    return Report(name, "ready", told, tuple(first[:MOST]), unseen=everything(files) if gaps else frozenset())
