"""The rankings that discoveries left: the last few, each with its best places."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, insert, select

from backlog.item import Item, Status
from backlog.moments import stamp
from backlog.rankdiff import KEPT, Line, Scan
from backlog.rows import portions
from backlog.score import Scored
from backlog.scoring import Scoring
from backlog.store import Backlog
from backlog.tables import MOVES, SCANS
from backlog.worth import facts

MOST = 30
"""Scans that are kept."""


class ScanUnknown(Exception):
    """No scan has this number or was made before this day; the message says which there are."""


def scan_of(ranked: Sequence[Scored], total: int, scoring: Scoring, now: datetime) -> Scan:
    """`ranked` holds the best places, `total` says how many there are in all."""
    return Scan(0, now, scoring.digest, scoring.said, total, tuple(_line(s) for s in ranked[:KEPT]))


def _line(scored: Scored) -> Line:
    item: Item = scored.item
    of = facts(item)
    numbers = (of.value, of.time_criticality, of.risk_reduction, of.size)
    return Line(item.id, scored.score, scored.base, scored.boost, scored.aging, *numbers)


def keep_scan(backlog: Backlog, scan: Scan) -> int:
    """Its number. The oldest are let go."""
    with backlog.writing() as connection:
        made = connection.execute(
            insert(SCANS).values(
                at=stamp(scan.at), scoring=scan.scoring, said=scan.said, total=scan.total, lines=json.dumps(scan.lines)
            )
        )
        assert made.inserted_primary_key is not None
        number: int = made.inserted_primary_key[0]
        connection.execute(delete(SCANS).where(SCANS.c.number <= number - MOST))
    return number


def scans(backlog: Backlog) -> list[tuple[int, datetime]]:
    """Number and moment of each, oldest first."""
    with backlog.reading() as connection:
        rows = connection.execute(select(SCANS.c.number, SCANS.c.at).order_by(SCANS.c.number))
        return [(row.number, datetime.fromisoformat(row.at)) for row in rows]


def since(backlog: Backlog, asked: str | None) -> Scan | None:
    """The scan of that number, or the last before or on that day (UTC); without either the last but one, or the
    only one. None when there was no scan yet. Raises ScanUnknown."""
    known = scans(backlog)
    if not known:
        return None
    number = _number(asked, known) if asked is not None else known[-min(2, len(known))][0]
    with backlog.reading() as connection:
        row = connection.execute(select(SCANS).where(SCANS.c.number == number)).one()
    return _scan(row)


def _number(asked: str, known: Sequence[tuple[int, datetime]]) -> int:
    kept = f"kept are {known[0][0]} to {known[-1][0]}, from {known[0][1]:%Y-%m-%d %H:%M} on"
    if asked.isdecimal():
        if int(asked) not in [number for number, _ in known]:
            raise ScanUnknown(f"there is no scan {asked}: {kept}")
        return int(asked)
    try:
        day = datetime.fromisoformat(asked).date()
    except ValueError:
        raise ScanUnknown(f"--since {asked}: write a scan's number or a day as 2026-03-01; {kept}") from None
    before = [number for number, at in known if at.date() <= day]
    if not before:
        raise ScanUnknown(f"no scan was made on or before {asked}: {kept}")
    return before[-1]


def _scan(row: Row[tuple[object, ...]]) -> Scan:
    lines = tuple(Line(*line) for line in json.loads(row.lines))
    return Scan(row.number, datetime.fromisoformat(row.at), row.scoring, row.said, row.total, lines)


def entered(backlog: Backlog, items: Sequence[str]) -> dict[str, datetime]:
    """When each of these items came into the backlog, which may be long after what it is about began."""
    found: dict[str, datetime] = {}
    with backlog.reading() as connection:
        for some in portions(items):
            began = select(MOVES.c.item, MOVES.c.at).where(MOVES.c.item.in_(some), MOVES.c.was.is_(None))
            found |= {row.item: datetime.fromisoformat(row.at) for row in connection.execute(began)}
    return found


def moved_since(backlog: Backlog, status: Status, since: datetime) -> list[str]:
    """The items that went to that status since then."""
    query = select(MOVES.c.item).where(MOVES.c.now == status.value, MOVES.c.at >= stamp(since)).distinct()
    with backlog.reading() as connection:
        return list(connection.execute(query).scalars())
