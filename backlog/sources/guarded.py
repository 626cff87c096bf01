"""A source that somebody else wrote: what it answers is checked before it is believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backlog.source import Found, NotConfigured, Report, SourceBroken, View

STATUSES = ("ready", "not configured", "not run")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Its report carries its own name, so that it can close no item of another source."""

    name: str
    source: Any

    def look(self, view: View) -> Report:
        """Raises SourceBroken when the answer is no report; otherwise as the source does."""
        try:
            report = self.source.look(view)
        except (NotConfigured, SourceBroken):
            raise
        except Exception as failure:
            raise SourceBroken(f"{type(failure).__name__}: {failure}") from failure
        if not isinstance(report, Report):
            raise SourceBroken(f"look() gave {type(report).__name__}, not a backlog.source.Report")
        if report.name != self.name:
            raise SourceBroken(f"it reported in the name of {report.name!r}")
        if report.status not in STATUSES:
            raise SourceBroken(f"its status is {report.status!r}, none of {', '.join(STATUSES)}")
        if not (isinstance(report.found, tuple) and all(isinstance(f, Found) for f in report.found)):
            raise SourceBroken("what it found is not a tuple of backlog.source.Found")
        return report


@dataclass(frozen=True, slots=True)
class Unusable:
    """A source that could not even be loaded."""

    name: str
    why: str

    def look(self, view: View) -> Report:
        return Report(self.name, "not run", self.why)
