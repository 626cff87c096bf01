"""A source that needs to look only once in a while, although discovery runs often.

In between it is `not run`, and says when it looked: then its items stay as they are. To repeat what it said would pass
an old answer off as one about the present base, and to report nothing would close them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, ValidationError

from backlog.source import Report, Source, View

DAYS = 7


class Looked(BaseModel, frozen=True):
    """The last look that came to an end."""

    rules: str
    at: AwareDatetime
    commit: str
    found: int


@dataclass(frozen=True, slots=True)
class Weekly:
    source: Source
    rules: Callable[[], str]
    """The version of its rules: other rules look at once."""
    asked: bool = True
    """Somebody wants it to look now."""

    @property
    def name(self) -> str:
        return self.source.name

    def look(self, view: View) -> Report:
        rules = self.rules()
        last = _last(view, self._kept)
        if not self.asked and last and last.rules == rules and _fresh(last, view.now):
            return Report(self.name, "not run", _told(last, view.now, self.name))
        report = self.source.look(view)
        if report.status == "ready" and view.kept:
            looked = Looked(rules=rules, at=view.now, commit=view.commit, found=len(report.found))
            view.kept.save(self._kept, looked.model_dump_json().encode())
        return report

    @property
    def _kept(self) -> str:
        return f"{self.name}-looked"


def _last(view: View, name: str) -> Looked | None:
    """None where nothing is known, or what was kept is damaged: it looks again."""
    data = view.kept.load(name) if view.kept else None
    try:
        return Looked.model_validate_json(data) if data is not None else None
    except ValidationError:
        return None


def _fresh(last: Looked, now: datetime) -> bool:
    """A moment in the future is a wrong clock's."""
    return timedelta(0) <= now - last.at < timedelta(days=DAYS)


def _told(last: Looked, now: datetime, name: str) -> str:
    days = (now - last.at).days
    ago = "less than a day ago" if not days else f"{days} day{'s' if days > 1 else ''} ago"
    again = f"looks again from {last.at + timedelta(days=DAYS):%Y-%m-%d} on, or now with --source {name}"
    return f"looked {ago} at {last.commit[:10]} and found {last.found}, which stay as they are; {again}"
