"""Who is measured: Lamplighter and the two bare loops, and the script that all are played."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench.ground import Ground
from model.port import ToolCall, Turn

HERE = Path(__file__).parent
TASK = "Run the command true as often as you are told, then stop."
BLOCKED = 4
"""Lamplighter's exit code when an item ends with the model's `stop`."""


@dataclass(frozen=True)
class Contender:
    argv: tuple[str, ...]
    tool: str
    """What it calls its shell."""
    last: Turn
    """The answer that ends its work."""
    code: int = 0

    def turn(self, number: int) -> Turn:
        """`true 1`, `true 2`, …: no two calls are the same."""
        return calling(number, self.tool, {"command": f"true {number}"})


def calling(number: int, tool: str, arguments: dict[str, Any]) -> Turn:
    return Turn(calls=(ToolCall(id=f"call_{number}", name=tool, arguments=json.dumps(arguments)),))


def floor(ground: Ground, file: str) -> Contender:
    return Contender((ground.python, "-I", str(HERE / file), TASK), "bash", Turn(text="Done."))


def lamplighter(ground: Ground, item: str) -> Contender:
    """The item is worked in clarify, where nothing but looking is allowed, and ends there with `stop`."""
    last = calling(0, "stop", {"kind": "blocked", "reason": "the measurement is over"})
    return Contender((ground.lamplighter, "run", item), "run", last, BLOCKED)
