"""Modules that import each other while they are loaded: whichever comes first sees the others half made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found
from backlog.sources.structure.code import Code
from backlog.sources.structure.rings import components, shortest
from backlog.sources.structure.wiring import Wires
from backlog.sources.text import clean
from backlog.sources.valued import Worth

RULE = "import-cycle"
WORTH = Worth(f"rule:{RULE}", Kind.REFACTOR, 3, 1, 3, 2)
FEW = 8
"""Up to so many modules it is one piece of work to leave no circle among them."""
NAMED = 20


def import_cycles(code: Code) -> Iterator[Found]:
    for members in components(code.loading):
        yield _found(members, shortest(code.loading, members), code.loading)


def _found(members: Sequence[str], ring: Sequence[str], wires: Wires) -> Found:
    """Known by its first module: it stays the same circle when others enter and leave it."""
    first, count = members[0], len(members)
    return Found(
        fingerprint=item_id(f"architecture:{RULE}", first, ""),
        kind=WORTH.kind,
        title=_title(members, ring),
        path=first,
        line=min(line for other, line in wires[first].items() if other in members),
        inputs=WORTH.inputs((count > 2) + (count > FEW), f"{count} modules"),
        criteria=(_criterion(members, ring), "All tests pass as before."),
        story=_story(members, ring, wires),
        labels=("architecture", RULE),
    )


def _title(members: Sequence[str], ring: Sequence[str]) -> str:
    if len(members) == 2:
        return f"Break the circle of imports between {clean(members[0], 110)} and {clean(members[1], 110)}"
    return f"Break the circle of imports of {len(members)} modules around {clean(ring[0], 200)}"


def _criterion(members: Sequence[str], ring: Sequence[str]) -> str:
    if len(members) <= FEW:
        return f"No circle of imports at module level is left among {_listed(members)}."
    round_ = f"{_listed(ring)} do not import each other in a circle at module level any more"
    return f"{round_}, and fewer than {len(members)} modules are in a circle with {clean(members[0], 150)}."


def _story(members: Sequence[str], ring: Sequence[str], wires: Wires) -> str:
    steps = ", ".join(
        f"{clean(one, 150)} imports {clean(other, 150)} (line {wires[one][other]})"
        for one, other in zip(ring, (*ring[1:], ring[0]), strict=True)
    )
    who = f"{len(members)} modules import each other while they are loaded: {_listed(members)}. "
    return f"{who if len(members) > len(ring) else ''}A shortest way round: {steps}."


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    return ", ".join(clean(path, 150) for path in paths[:NAMED]) + more
