"""The backlog as people and programs read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.answer import Answer
from app.call import Call
from app.disagreeing import disagreement
from app.history import history
from app.house import House, open_house
from app.thinker import NOBODY, who
from backlog.counterfactual import would_be_first
from backlog.estimate import size_from_history
from backlog.explain import Stands, Why, explain, explain_lines
from backlog.item import OPEN, Item, Status
from backlog.moments import moment_of
from backlog.ranking import order, put_in_order
from backlog.readiness import pick as pick_ready
from backlog.readiness import why_not_ready
from backlog.score import Scored, facts, ranking_key, score
from graph.workable import not_workable


def ranked(
    house: House,
    statuses: Collection[Status] = OPEN,
    top: int | None = None,
    only: Collection[str] | None = None,
) -> list[Scored]:
    """The items in one of these statuses, best first: the first `top` of them, or those with `only` these ids."""
    now = house.now()
    put_in_order(house.backlog, house.scoring)
    places = [p for p in order(house.backlog, house.scoring, now, statuses) if only is None or p.id in only][:top]
    items = house.backlog.some(place.id for place in places)
    return [score(items[place.id], house.scoring, now) for place in places if place.id in items]


def pick(house: House) -> tuple[Item | None, dict[str, str]]:
    """The best item that may be done now; and for the others that are open, why not they."""
    picked = pick_ready(house.backlog, house.scoring, house.now(), lambda item: objection(house, item))
    return picked.item, dict(picked.reasons)


def objection(house: House, item: Item) -> str | None:
    """Why nobody could work this item here."""
    ending = not_workable(item, house.scope)
    if ending:
        return ending.reason
    return disagreement(house, item) or (None if who(item, house.settings) else NOBODY)


def row(scored: Scored) -> dict[str, Any]:
    """One item for `--json`."""
    item = scored.item
    return {
        "id": item.id,
        "title": item.title,
        "kind": item.kind.value,
        "source": item.source,
        "path": item.path,
        "line": item.line,
        "status": item.status.value,
        "score": round(scored.score, 4),
        "terms": [asdict(t) for t in scored.terms],
    }


def table(scored: list[Scored]) -> tuple[str, ...]:
    if not scored:
        return ("the backlog is empty: lamplighter discover looks for work",)
    head = f"{'#':>3}  {'score':>6}  {'status':<8}  {'kind':<12}  {'id':<22}  title"
    return (head, *(_line(n, s) for n, s in enumerate(scored, 1)))


def _line(number: int, scored: Scored) -> str:
    item = scored.item
    return (
        f"{number:>3}  {scored.score:>6.2f}  {item.status.value:<8}  {item.kind.value:<12}  {item.id:<22}  {item.title}"
    )


def listed(call: Call, everything: bool, top: int | None) -> Answer:
    house = open_house(call)
    scored = ranked(house, tuple(Status) if everything else OPEN, top)
    return Answer({"items": [row(s) for s in scored]}, table(scored))


def shown(call: Call, item_id: str) -> Answer:
    house = open_house(call)
    item = house.backlog.get(item_id)
    scored = score(item, house.scoring, house.now())
    fields = item.model_dump(mode="json")
    lines = [f"{item.id}  {item.title}", f"score {scored.score:.2f}  status {item.status}  kind {item.kind}"]
    said = ("id", "title", "status", "kind")
    lines += [f"{key}: {value}" for key, value in fields.items() if value and key not in said]
    seen = [asdict(s) for s in house.backlog.sightings(item.id)]
    lines += [_seen(sighting) for sighting in seen]
    return Answer({"item": fields | {"score": scored.score, "seen": seen}}, tuple(lines))


def _seen(sighting: dict[str, Any]) -> str:
    where = f"{sighting['path']}:{sighting['line']}" if sighting["line"] else sighting["path"] or ""
    still = "reported by" if sighting["present"] else "not reported any more by"
    at = f" at {sighting['commit'][:10]}" if sighting["commit"] else ""
    return f"{still} {sighting['source']}{at}  {where}".rstrip()


def explained(call: Call, item_id: str) -> Answer:
    house = open_house(call)
    item = house.backlog.get(item_id)
    now = house.now()
    scored = score(item, house.scoring, now)
    why_not = why_not_ready(item, house.backlog.find, house.scoring, now)
    past = size_from_history(facts(item).kind, item.source, history(house))
    notes = (*house.focus_changes, *((f"size {past[0]} by {past[1]}",) if past else ()))
    why = Why(scored, house.scoring, why_not, stands(house, item, now), notes)
    return Answer({"explain": explain(why)}, tuple(explain_lines(why)))


def stands(house: House, item: Item, now: datetime) -> Stands | None:
    """Where the item stands among the open ones and what would put it first; None for a closed one."""
    if item.status not in OPEN:
        return None
    put_in_order(house.backlog, house.scoring)
    places = order(house.backlog, house.scoring, now, OPEN)
    rank = next((n for n, place in enumerate(places, 1) if place.id == item.id), len(places))
    other = next((place for place in places if place.id != item.id), None)
    key = ranking_key(other.score, moment_of(other.aged_from), other.size, other.id) if other else None
    return Stands(rank, len(places), would_be_first(item, house.scoring, now, key))


def next_item(call: Call) -> Answer:
    house = open_house(call)
    item, left = pick(house)
    if item is None:
        lines = ("nothing to do", *(f"  {i}: {why}" for i, why in left.items()))
        return Answer({"item": None, "left": left}, lines)
    scored = score(item, house.scoring, house.now())
    by = who(item, house.settings)
    lines = (f"{item.id}  {item.title}", *explain_lines(Why(scored, house.scoring, None)), f"by: {by}")
    return Answer({"item": row(scored), "left": left, "by": by}, lines)
