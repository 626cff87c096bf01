"""A model that says what it was told to say: for tests and behaviour evals."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from model.port import Message, ToolCall, ToolSpec, Turn

Script = Callable[[Sequence[Message], Sequence[ToolSpec]], Turn]


class Scripted:
    """Answers from a list of turns in order (then with empty words), or from a function of the conversation."""

    def __init__(self, script: Iterable[Turn] | Script, name: str = "scripted") -> None:
        self.name = name
        self.asked: list[int] = []
        """Number of messages of each request, in order."""
        self._answer = script if callable(script) else _from_list(script)

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        self.asked.append(len(messages))
        return self._answer(messages, tools)


def _from_list(turns: Iterable[Turn]) -> Script:
    left = iter(turns)

    def answer(_messages: Sequence[Message], _tools: Sequence[ToolSpec]) -> Turn:
        return next(left, Turn(text="(the script has ended)"))

    return answer


def call(name: str, /, **arguments: object) -> Turn:
    """A turn with one tool call."""
    return calls((name, arguments))


def calls(*wanted: tuple[str, dict[str, object]]) -> Turn:
    """A turn with several tool calls."""
    made = tuple(
        ToolCall(id=f"call_{i}", name=name, arguments=json.dumps(arguments))
        for i, (name, arguments) in enumerate(wanted)
    )
    return Turn(calls=made)
