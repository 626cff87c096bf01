"""The contenders in turn, step by step, so that the machine's moods fall on all alike.

All processes of a round are there at the same time, but while one works the others wait for their answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from evals.bench.contender import Contender, floor, lamplighter
from evals.bench.exchange import Worked
from evals.bench.ground import Ground
from evals.bench.player import Player
from evals.bench.share import Share, bare, boxed, clarify_box
from sandbox.policy import Box

STEPS = 30


@dataclass(frozen=True)
class Round:
    openai: Worked
    ours: Worked
    langgraph: Worked
    share: Share


def rounds(ground: Ground, number: int) -> list[Round]:
    """So many rounds, after one that warms up and does not count. Raises BenchFailed."""
    items = [ground.add(f"Parts of a duration are lost ({n})") for n in range(number + 1)]
    openai, langgraph = floor(ground, "floor_openai.py"), floor(ground, "floor_langgraph.py")
    inside = clarify_box(ground.house())
    return [one(ground, (openai, lamplighter(ground, item), langgraph), inside) for item in items][1:]


def one(ground: Ground, contenders: Sequence[Contender], inside: Box) -> Round:
    """In this order no command in the sandbox comes right after another one: it would be cheaper."""
    commands = []
    with ExitStack() as stack:
        players = [stack.enter_context(Player(contender, ground)) for contender in contenders]
        for _ in range(STEPS):
            for player in players:
                player.step()
            commands.append((boxed(inside), bare()))
        openai, ours, langgraph = (player.finish() for player in players)
    return Round(openai, ours, langgraph, Share.of(commands))
