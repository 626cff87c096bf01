"""Close an item by hand, and say what came of it."""

from __future__ import annotations

from typing import Any

from app.answer import Answer
from app.call import Call
from app.delivered import by_hand, collect
from app.house import open_house
from backlog.calibration.outcomes import delivered, impact_lines, keep_outcomes
from backlog.edit import EditInvalid
from backlog.item import Status


def close(call: Call, item_id: str, reason: str, done: bool, hours: float | None = None) -> Answer:
    """What a person closes as done is an outcome as well, unless a run delivered it. Raises EditInvalid."""
    if hours is not None and not done:
        raise EditInvalid("--hours goes with --done: it says what the work took")
    house = open_house(call)
    now = house.now()
    collect(house)
    item = house.backlog.close(item_id, Status.DONE if done else Status.CANCELLED, now, reason)
    lines = [f"{item.id}  {item.status}  {reason}"]
    result: dict[str, Any] = {"item": item.model_dump(mode="json")}
    if done:
        outcome = by_hand(house, item, hours, now)
        delivered_by_run = delivered(house.backlog, item.id)
        if not delivered_by_run:
            keep_outcomes(house.backlog, [outcome])
        lines += impact_lines(outcome, item.inputs.source.get("size", "default"), delivered_by_run)
        result["impact"] = outcome.model_dump(mode="json") | {"actual": outcome.actual, "by_run": delivered_by_run}
    return Answer(result, tuple(lines))
