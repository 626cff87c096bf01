"""Which way of asking does a model answer with an action? One tiny question for each way, in a fixed order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from model.port import Message, ModelMisconfigured, ToolSpec, Turn, Usage
from model.ways import Way

READY: ToolSpec = {
    "type": "function",
    "function": {
        "name": "ready",
        "description": "Say that you are ready.",
        "parameters": {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"]},
    },
}
QUESTION: Sequence[Message] = ({"role": "user", "content": 'Call the tool `ready` with the word "yes".'},)
"""About nothing, so that what is measured is whether a model can, not whether it wants to."""

Ask = Callable[[Way, Sequence[Message], Sequence[ToolSpec]], Turn]


def first_that_works(ways: Sequence[Way], ask: Ask) -> tuple[Way | None, Usage]:
    """The first way that gets an action, and what asking cost.

    Raises ModelUnavailable, and ModelMisconfigured where every way is refused.
    """
    spent, refused = Usage(), list[ModelMisconfigured]()
    for way in ways:
        try:
            turn = ask(way, QUESTION, (READY,))
        except ModelMisconfigured as error:
            refused.append(error)  # an endpoint may refuse what it does not know
            continue
        spent = spent.plus(turn.usage)
        if _ready(turn):
            return way, spent
    if len(refused) == len(ways):
        raise refused[0]
    return None, spent


def _ready(turn: Turn) -> bool:
    if len(turn.calls) != 1 or turn.calls[0].name != "ready":
        return False
    try:
        arguments = json.loads(turn.calls[0].arguments)
    except (ValueError, RecursionError):
        return False
    return isinstance(arguments, dict) and isinstance(arguments.get("word"), str)
