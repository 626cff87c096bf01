"""What an outcome means for the backlog."""

from __future__ import annotations

from app.house import House
from backlog.item import Inputs, Item, Status
from graph.outcome import Outcome


def settle(house: House, item: Item, outcome: Outcome) -> None:
    """Move the item to where its outcome puts it. Doing it twice changes nothing."""
    backlog, now = house.backlog, house.now()
    current = backlog.get(item.id)
    if current.status is not Status.DOING:
        return
    match outcome.kind:
        case "published":
            backlog.save(current.move(Status.PR, now, outcome.branch or ""))
        case "needs_person":
            backlog.save(current.model_copy(update={"reason": f"{outcome.code}: {outcome.reason}", "updated_at": now}))
        case "limit" if outcome.code == "interrupted":
            return
        case _:
            known = {i.id for i in backlog.all()}
            for child in children(current, outcome):
                if child.id not in known:
                    backlog.add(child)
            backlog.save(current.move(Status.BLOCKED, now, outcome.reason))


def children(item: Item, outcome: Outcome) -> list[Item]:
    """The smaller items of a split: of the parent's kind, half its size, one criterion each."""
    size = max(1, item.inputs.size // 2)
    return [
        Item(
            id=f"{item.id[:58]}-{chr(ord('a') + number)}",
            title=part[:300],
            kind=item.kind,
            source=item.source,
            status=Status.READY,
            criteria=(part,),
            inputs=Inputs(**item.inputs.model_dump() | {"size": size}),
            path=item.path,
            trust=item.trust,
            links=(item.id,),
            created_at=item.created_at,
            updated_at=item.updated_at,
        )
        for number, part in enumerate(outcome.parts[:20])
    ]
