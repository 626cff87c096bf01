"""The commits of the last year as the rules count them: without merges and without those that change very much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from backlog.source import Change, Past

DAYS = 365
SWEEPING = 30
"""A commit that changes more files than this says nothing of any of them: it moved, renamed or reformatted."""


@dataclass(frozen=True)
class History:
    changes: Sequence[Change] = ()
    sweeping: int = 0
    """Commits that were left out because they change too many files."""
    cut: datetime | None = None
    """No commit older than this was read, for want of time; None: all were."""

    @cached_property
    def counts(self) -> Counter[str]:
        """For each path the commits that changed it."""
        return Counter(path for change in self.changes for path in set(change.paths))


def read_history(past: Past, now: datetime, seconds: float, tick: Callable[[], float]) -> History:
    """As much as can be read in so many seconds, the newest first. Raises GitFailed."""
    end = tick() + seconds
    kept: list[Change] = []
    sweeping = 0
    for change in past.changes(now - timedelta(days=DAYS)):
        if len(change.paths) > SWEEPING:
            sweeping += 1
        else:
            kept.append(change)
        if tick() >= end:
            return History(kept, sweeping, change.at)
    return History(kept, sweeping)
