"""The ranking as discoveries left it, and what became of it since."""

from __future__ import annotations

from app.answer import Answer
from app.call import Call
from app.house import House, open_house
from backlog.item import Item, Status
from backlog.rankdiff import KEPT, RankDiff, Scan, diff_data, diff_lines, rank_diff
from backlog.ranking import order, put_in_order
from backlog.scans import entered, keep_scan, scan_of, since
from backlog.score import score

RANKED = frozenset({Status.NEW, Status.REFINED, Status.READY, Status.DOING})
"""What waits to be done or is under way: who is BLOCKED, handed over or closed has left the ranking."""
SHOWN = 20


def scan_now(house: House) -> Scan:
    now = house.now()
    put_in_order(house.backlog, house.scoring)
    places = order(house.backlog, house.scoring, now, RANKED)
    items = house.backlog.some(place.id for place in places[:KEPT])
    best = [score(items[place.id], house.scoring, now) for place in places[:KEPT] if place.id in items]
    return scan_of(best, len(places), house.scoring, now)


def leave_scan(house: House) -> int:
    """Keep the ranking as it is now, for `backlog diff`; its number."""
    return keep_scan(house.backlog, scan_now(house))


def diff(call: Call, asked: str | None) -> Answer:
    """Raises ScanUnknown."""
    house = open_house(call)
    before = since(house.backlog, asked)
    if before is None:
        return Answer({"diff": None}, ("no scan was made yet: lamplighter discover leaves one each time",))
    after, found, items = compared(house, before)
    titles = {i: item.title for i, item in items.items()}
    result = {"since": {"scan": before.number, "at": before.at.isoformat(), "ranked": before.total}}
    lines = diff_lines(found, before, after, titles, SHOWN)
    return Answer({"diff": {**result, "now": after.total, **diff_data(found)}}, tuple(lines))


def compared(house: House, before: Scan) -> tuple[Scan, RankDiff, dict[str, Item]]:
    """The ranking now, what changed since, and the items that either names."""
    after = scan_now(house)
    items = house.backlog.some({line.id for line in (*before.lines, *after.lines)})
    closed = {i: _left(item) for i, item in items.items() if item.status not in RANKED}
    was = {line.id for line in before.lines}
    came = entered(house.backlog, [line.id for line in after.lines if line.id not in was])
    return after, rank_diff(before, after, closed, came), items


def _left(item: Item) -> str:
    return f"{item.status.value}: {item.reason}" if item.reason else item.status.value
