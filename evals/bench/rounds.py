"""The contenders in turn, round after round, so that the machine's moods fall on all alike."""

from __future__ import annotations

from dataclasses import dataclass

from evals.bench.contender import floor, lamplighter, work
from evals.bench.exchange import Worked
from evals.bench.ground import Ground
from evals.bench.share import Share, box, shares

STEPS = 30
PAIRS = 20
"""Commands in the sandbox (and as a plain process) in each round."""


@dataclass(frozen=True)
class Round:
    ours: Worked
    openai: Worked
    langgraph: Worked
    share: Share


def rounds(ground: Ground, number: int) -> list[Round]:
    """So many rounds, after one that warms up and does not count. Raises BenchFailed."""
    items = [ground.add(f"Parts of a duration are lost ({n})") for n in range(number + 1)]
    inside = box(ground.house())
    openai, langgraph = floor(ground, "floor_openai.py"), floor(ground, "floor_langgraph.py")
    done = [
        Round(
            openai=work(openai, ground, STEPS),
            ours=work(lamplighter(ground, item), ground, STEPS),
            langgraph=work(langgraph, ground, STEPS),
            share=shares(inside, PAIRS),
        )
        for item in items
    ]
    return done[1:]
