"""What a long run leaves on disk: hundreds of steps, each with a message of some kilobytes.

No phase allows so many turns, so this compiles clarify itself with a higher limit, between the item machine's
own first and last node. Record, workspace, sandbox and checkpointer are those of every run.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

from app.house import House
from app.run_item import deps_for, open_record
from app.runs import Begun, Runs
from evals.bench.contender import calling
from evals.bench.exchange import serialised
from evals.bench.figure import Figure, Goal, Section
from evals.bench.ground import Ground
from evidence.record import Record
from graph.close import close
from graph.deps import Deps
from graph.item import ItemGraph
from graph.phase import compile_phase
from graph.phases.clarify import CLARIFY
from graph.prepare import prepare
from graph.run import STEPS as GRAPH_STEPS
from graph.run import serializer
from graph.state import ItemState
from model.port import Message, ToolSpec, Turn
from model.scripted import Script, Scripted

STEPS = 400
COMMAND = "printf %04000d {n}"
"""Writes 4000 bytes, other ones each time."""


@dataclass(frozen=True)
class Left:
    """Bytes, by the files' lengths."""

    run: int
    """In the run's own folder."""
    objects: int
    """New git objects."""
    conversation: int
    """All messages as serialised JSON."""
    asked: Sequence[float]
    """When the model was asked, in seconds."""

    @property
    def ratio(self) -> float:
        return (self.run + self.objects) / self.conversation


def disk(ground: Ground) -> Section:
    left = long_run(ground.house(), ground.add("A long talk"))
    steps = [(b - a) * 1000 for a, b in pairwise(left.asked)]
    tenth = STEPS // 10
    return Section(
        "Disk",
        f"All bytes that {STEPS} steps with answers of 4 kB leave in the run's folder and as git objects, "
        "against the bytes of the conversation. Clarify is compiled with more turns than it has, and the "
        "model is asked in this process; all else is as in any run.",
        (
            Figure("left on disk", " B", [left.run + left.objects]),
            Figure("conversation", " B", [left.conversation]),
            Figure("disk / conversation", "×", [left.ratio], Goal(6)),
            Figure(f"a step, first {tenth}", " ms", steps[:tenth]),
            Figure(f"a step, last {tenth}", " ms", steps[-tenth:]),
        ),
    )


def long_run(house: House, item_id: str) -> Left:
    runs = Runs(house.state / "runs")
    begun = runs.begin(runs.next_id(item_id), house.backlog.get(item_id), house.base, house.base_tree, "model")
    folder = house.state / "runs" / begun.run
    objects = size(house.state / "git")
    asked: list[float] = []
    record = Record(folder, house.now)
    with closing(record), closing(_connected(folder)) as connection:
        deps = deps_for(house, begun, record, Scripted(_script(asked)))
        open_record(house, begun, record, deps)
        _talk(deps, begun, SqliteSaver(connection, serde=serializer()))
        conversation = sum(len(serialised(message)) for message in record.messages("work"))
    return Left(size(folder), size(house.state / "git") - objects, conversation, asked)


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _connected(folder: Path) -> sqlite3.Connection:
    """As every run has it."""
    connection = sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection


def _script(asked: list[float]) -> Script:
    def answer(_messages: Sequence[Message], _tools: Sequence[ToolSpec]) -> Turn:
        asked.append(time.perf_counter())
        number = len(asked)
        if number > STEPS:
            return calling(number, "stop", {"kind": "blocked", "reason": "the measurement is over"})
        return calling(number, "run", {"command": COMMAND.format(n=number)})

    return answer


def _talk(deps: Deps, begun: Begun, saver: SqliteSaver) -> None:
    state: ItemState = {"item": begun.item, "base": begun.base, "base_tree": begun.base_tree}
    config: RunnableConfig = {"configurable": {"thread_id": begun.run}, "recursion_limit": GRAPH_STEPS}
    _machine(saver).invoke(state, config, context=deps, durability="sync")


def _machine(saver: SqliteSaver) -> ItemGraph:
    graph = StateGraph(ItemState, context_schema=Deps)
    graph.add_node("prepare", prepare)
    graph.add_node("clarify", compile_phase(replace(CLARIFY, turns=STEPS + 100)))
    graph.add_node("close", close)
    graph.add_edge(START, "prepare")
    graph.add_edge("prepare", "clarify")
    graph.add_edge("clarify", "close")
    graph.add_edge("close", END)
    return graph.compile(checkpointer=saver)
