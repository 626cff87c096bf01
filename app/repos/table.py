"""One ranking over several repositories. Pure: the same rankings give the same tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backlog.score import Key, Scored, key_of
from backlog.scoring import Scoring


@dataclass(frozen=True, slots=True)
class Ranking:
    """What one repository has to offer."""

    repository: str
    scored_by: str
    """In words."""
    yardstick: str
    best: tuple[tuple[Key, Scored], ...]
    total: int
    """All there are, of which `best` are the first."""
    idle: str = ""
    """Why there is no best, where there is none."""
    note: str = ""
    """What else there is to know about its scores."""


@dataclass(frozen=True, slots=True)
class Row:
    repository: str
    scored: Scored


@dataclass(frozen=True, slots=True)
class Table:
    """Repositories whose scores can be compared."""

    scored_by: tuple[str, ...]
    repositories: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    notes: tuple[str, ...] = ()


def keyed(scored: Sequence[Scored], scoring: Scoring, now: datetime) -> tuple[tuple[Key, Scored], ...]:
    return tuple((key_of(one, scoring, now), one) for one in scored)


def tables(rankings: Sequence[Ranking], top: int) -> list[Table]:
    """The table over the most repositories first, then by the order of the list. Equals stand in that order as well."""
    groups: dict[str, list[Ranking]] = {}
    for ranking in rankings:
        groups.setdefault(ranking.yardstick, []).append(ranking)
    return [_table(group, top) for group in sorted(groups.values(), key=len, reverse=True)]


def _table(group: Sequence[Ranking], top: int) -> Table:
    placed = [
        # Score, then older, then smaller, as in one repository; then by the list. An id says nothing elsewhere.
        ((*key[:3], at, key[3]), Row(ranking.repository, scored))
        for at, ranking in enumerate(group)
        for key, scored in ranking.best
    ]
    rows = [row for _, row in sorted(placed, key=lambda pair: pair[0])[:top]]
    said = tuple(dict.fromkeys(ranking.scored_by for ranking in group))
    notes = tuple(f"{r.repository}: {r.note}" for r in group if r.note)
    return Table(said, tuple(r.repository for r in group), tuple(rows), sum(r.total for r in group), notes)
