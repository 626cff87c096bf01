"""The backlog as people and programs read it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.answer import Answer
from app.call import Call
from app.house import House, open_house
from app.thinker import NOBODY, who
from backlog.explain import explain, explain_lines
from backlog.item import OPEN, Item
from backlog.readiness import pick as pick_ready
from backlog.readiness import why_not_ready
from backlog.score import Scored, rank, score
from graph.workable import not_workable


def ranked(house: House) -> list[Scored]:
    return list(rank(house.backlog.all(OPEN), house.scoring, house.now()))


def pick(house: House) -> tuple[Item | None, dict[str, str]]:
    """The best item that may be done now; and for the others that are open, why not they."""
    picked = pick_ready(
        house.backlog.all(),
        house.scoring,
        house.now(),
        lambda item: objection(house, item),
    )
    return picked.item, dict(picked.reasons)


def objection(house: House, item: Item) -> str | None:
    """Why nobody could work this item here."""
    ending = not_workable(item, house.scope)
    if ending:
        return ending.reason
    return None if who(item, house.settings) else NOBODY


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
    items = house.backlog.all(None if everything else OPEN)
    scored = list(rank(items, house.scoring, house.now()))[:top]
    return Answer({"items": [row(s) for s in scored]}, table(scored))


def shown(call: Call, item_id: str) -> Answer:
    house = open_house(call)
    item = house.backlog.get(item_id)
    scored = score(item, house.scoring, house.now())
    fields = item.model_dump(mode="json")
    lines = [f"{item.id}  {item.title}", f"score {scored.score:.2f}  status {item.status}  kind {item.kind}"]
    said = ("id", "title", "status", "kind")
    lines += [f"{key}: {value}" for key, value in fields.items() if value and key not in said]
    return Answer({"item": fields | {"score": scored.score}}, tuple(lines))


def explained(call: Call, item_id: str) -> Answer:
    house = open_house(call)
    item = house.backlog.get(item_id)
    by_id = {i.id: i for i in house.backlog.all(None)}
    now = house.now()
    scored = score(item, house.scoring, now)
    why_not = why_not_ready(item, by_id, house.scoring, now)
    lines = explain_lines(item, scored, house.scoring, why_not)
    return Answer({"explain": explain(item, scored, house.scoring, why_not)}, tuple(lines))


def next_item(call: Call) -> Answer:
    house = open_house(call)
    item, left = pick(house)
    if item is None:
        lines = ("nothing to do", *(f"  {i}: {why}" for i, why in left.items()))
        return Answer({"item": None, "left": left}, lines)
    scored = score(item, house.scoring, house.now())
    by = who(item, house.settings)
    lines = (f"{item.id}  {item.title}", *explain_lines(item, scored, house.scoring, None), f"by: {by}")
    return Answer({"item": row(scored), "left": left, "by": by}, lines)
