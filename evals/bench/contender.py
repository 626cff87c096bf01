"""Who is measured: Lamplighter and the two bare loops, each played the same script by its own server."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.bench.exchange import Worked
from evals.bench.ground import Ground
from evals.bench.process import BenchFailed, timed
from evals.bench.server import Server
from model.port import ToolCall, Turn

HERE = Path(__file__).parent
TASK = "Run the command true as often as you are told, then stop."
BLOCKED = 4
"""Lamplighter's exit code when an item ends with the model's `stop`."""


@dataclass(frozen=True)
class Contender:
    name: str
    argv: tuple[str, ...]
    tool: str
    """What it calls its shell."""
    last: Turn
    """The answer that ends its work."""
    code: int = 0


def calling(number: int, tool: str, arguments: dict[str, Any]) -> Turn:
    return Turn(calls=(ToolCall(id=f"call_{number}", name=tool, arguments=json.dumps(arguments)),))


def floor(ground: Ground, file: str) -> Contender:
    argv = (ground.python, "-I", str(HERE / file), TASK)
    return Contender(file.removesuffix(".py"), argv, "bash", Turn(text="Done."))


def lamplighter(ground: Ground, item: str) -> Contender:
    """The item is worked in clarify, where nothing but looking is allowed, and ends there with `stop`."""
    last = calling(0, "stop", {"kind": "blocked", "reason": "the measurement is over"})
    return Contender("lamplighter", (ground.lamplighter, "run", item), "run", last, BLOCKED)


def script(contender: Contender, steps: int) -> Sequence[Turn]:
    """`true 1`, `true 2`, …, then the answer that ends it: no two calls are the same."""
    commands = [calling(n, contender.tool, {"command": f"true {n}"}) for n in range(1, steps + 1)]
    return [*commands, contender.last]


def work(contender: Contender, ground: Ground, steps: int) -> Worked:
    """One process from start to end. Raises BenchFailed when it did not take exactly the scripted steps."""
    turns = script(contender, steps)
    with Server(turns) as server:
        ended = timed(contender.argv, ground.repository, ground.environment(server.url), contender.code)
    if len(server.exchanges) != len(turns):
        asked = f"{len(server.exchanges)} requests instead of {len(turns)}"
        raise BenchFailed(f"{contender.name} made {asked} and said: {ended.said.strip()[-300:]}")
    return Worked(ended.started, ended.ended, server.exchanges)
