"""What an outcome means for the backlog."""

from __future__ import annotations

from app.house import House
from backlog.item import Inputs, Item, Status
from graph.outcome import Outcome

MOST_PARTS = 20


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
        case "nothing_to_do":
            backlog.save(current.move(Status.DONE, now, f"{outcome.code}: {outcome.reason}"))
        case "limit" if outcome.code == "interrupted":
            return
        case _:
            parts = children(current, outcome)
            known = backlog.some(child.id for child in parts)
            for child in parts:
                if child.id not in known:
                    backlog.add(child)
            split = current.model_copy(update={"parts": (*current.parts, *(p.id for p in parts))})
            backlog.save(split.move(Status.BLOCKED, now, outcome.reason))


def children(item: Item, outcome: Outcome) -> list[Item]:
    """The smaller items of a split: of the parent's kind, half its size, each with criteria of its own."""
    size = max(1, item.inputs.size // 2)
    names = [f"{item.id[:58]}-{chr(ord('a') + number)}" for number in range(len(outcome.parts[:MOST_PARTS]))]
    return [
        Item(
            id=name,
            title=part.title,
            kind=item.kind,
            source=item.source,
            status=Status.READY,
            criteria=tuple(c for c in part.criteria if c.strip()),
            inputs=Inputs(**item.inputs.model_dump() | {"size": size}),
            path=item.path,
            trust=item.trust,
            links=(item.id,),
            depends_on=tuple(names[number - 1] for number in part.needs if number <= len(names)),
            created_at=item.created_at,
            updated_at=item.updated_at,
        )
        for name, part in zip(names, outcome.parts, strict=False)
    ]
