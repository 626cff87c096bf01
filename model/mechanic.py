"""The embedded default: no network, no key. It plays a recipe through the same tools and gates as any model.

It reads the same letters: the last line that begins with `Phase:` tells it where it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from model.port import Message, ToolCall, ToolSpec, Turn

Call = tuple[str, Mapping[str, Any]]
_PHASE = re.compile(r"^Phase: (\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Recipe:
    """What to do for one finding: the contract, and the calls that make the change."""

    name: str
    contract: Mapping[str, Any]
    green: tuple[Call, ...]
    note: str


class Mechanic:
    """Who thinks when there is nothing to think about."""

    def __init__(self, recipe: Recipe) -> None:
        self.name = f"mechanic ({recipe.name})"
        self._recipe = recipe

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        phase, played, last = _whereabouts(messages)
        calls = self._calls(phase)
        if played >= len(calls):
            name, arguments = _give_up(phase, last)
        else:
            name, arguments = calls[played]
        call = ToolCall(id=f"call_{len(messages)}", name=name, arguments=json.dumps(arguments))
        return Turn(calls=(call,), model=self.name)

    def _calls(self, phase: str) -> tuple[Call, ...]:
        done: Call = ("submit_done", {"note": "nothing to do"})
        known: dict[str, tuple[Call, ...]] = {
            "clarify": (("submit_contract", self._recipe.contract),),
            "green": (*self._recipe.green, ("submit_done", {"note": self._recipe.note})),
            "refactor": (done,),
            "document": (done,),
            "review": (("submit_review", {"problems": [], "checklist": "scanners only, no reading"}),),
        }
        return known.get(phase, ())


def _whereabouts(messages: Sequence[Message]) -> tuple[str, int, str]:
    """The phase, how many turns were taken in it, and the last thing said."""
    last = str(messages[-1].get("content") or "")
    for back in range(len(messages) - 1, -1, -1):
        message = messages[back]
        if message["role"] == "user" and (found := _PHASE.search(str(message["content"]))):
            again = str(message["content"]).startswith("Phase: green again")
            played = sum(1 for m in messages[back:] if m["role"] == "assistant")
            return ("mend" if again else found[1]), played, last
    return "review", sum(1 for m in messages if m["role"] == "assistant"), last


def _give_up(phase: str, last: str) -> Call:
    said = " ".join(last.split())[:300]
    if phase == "review":
        return "submit_review", {"problems": [], "checklist": "scanners only, no reading"}
    return "stop", {"kind": "blocked", "reason": f"the recipe did not lead through {phase}: {said}"}
