"""How many items are in which status?"""

from __future__ import annotations

from sqlalchemy import func, select

from backlog.item import Status
from backlog.store import Backlog
from backlog.tables import ITEMS


def counted(backlog: Backlog) -> dict[Status, int]:
    """Every status is in it."""
    query = select(ITEMS.c.status, func.count().label("n")).group_by(ITEMS.c.status)
    with backlog.reading() as connection:
        found = {row.status: row.n for row in connection.execute(query)}
    return {status: found.get(status.value, 0) for status in Status}
