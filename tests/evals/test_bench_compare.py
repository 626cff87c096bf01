"""The ratios that the goals are about, from rounds whose answers are known."""

from __future__ import annotations

import json

import pytest

from evals.bench.compare import compared
from evals.bench.exchange import Exchange, Worked
from evals.bench.rounds import Round
from evals.bench.share import Share

MS = 1_000_000


def worked(first: int, gap: int, exit_: int) -> Worked:
    """Three requests; all times in ms."""
    at, exchanges = first, []
    for number in range(3):
        words = [{"role": "user", "content": "go on"}] * (number + 1)
        messages = [{"role": "system", "content": "s"}, *words]
        body = json.dumps({"messages": messages, "tools": []}).encode()
        exchanges.append(Exchange(at * MS, (at + 1) * MS, body))
        at += 1 + gap
    return Worked(0, (at - gap + exit_) * MS, exchanges)


ROUND = Round(
    ours=worked(first=900, gap=20, exit_=50),
    openai=worked(first=500, gap=8, exit_=20),
    langgraph=worked(first=750, gap=10, exit_=30),
    share=Share(boxed=(12.0, 12.0), bare=(2.0, 2.0)),
)


def figures() -> dict[tuple[str, str], float]:
    return {(s.title, f.name): f.median for s in compared([ROUND, ROUND]) for f in s.figures}


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("Time per step", "without the sandbox's share / openai loop", (20 - 12 + 2) / 8),
        ("Time per step", "without the sandbox's share / LangGraph loop", (20 - 12 + 2) / 10),
        ("Time per step", "the whole / the whole openai loop", 20 / 8),
        ("Time per step", "without commands / openai loop without", (20 - 12) / (8 - 2)),
        ("Start to first request", "Lamplighter / LangGraph loop", 900 / 750),
        ("Exit after the last answer", "Lamplighter", 50),
        ("Stable prefix", "Lamplighter, within a phase", 100),
    ],
)
def test_the_figure_compares_what_it_says(section: str, name: str, value: float) -> None:
    assert figures()[section, name] == pytest.approx(value)


def test_every_goal_that_was_set_is_judged() -> None:
    goals = [f.goal.limit for s in compared([ROUND]) for f in s.figures if f.goal]
    assert goals == [15, 1.5, 1.3, 6000, 100, 100]
