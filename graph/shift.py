"""The shift: sync → discover → rank → pick → work → settle → measure, and again, as long as there is room.

The outer machine. It holds the order of things and the reason it ended; each step is a function handed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from backlog.item import Item
from graph.outcome import Outcome


class Worked(TypedDict):
    item: str
    title: str
    outcome: Outcome


class ShiftState(TypedDict, total=False):
    worked: list[Worked]
    item: Item | None
    outcome: Outcome | None
    ended: str
    """Why the shift is over; empty while it goes on."""
    left: dict[str, str]
    """Items that were not done, and why."""


@dataclass(frozen=True)
class Choice:
    item: Item | None
    left: dict[str, str]


@dataclass(frozen=True)
class ShiftDeps:
    sync: Callable[[], None]
    """Take in what changed outside: the base, interrupted runs."""
    discover: Callable[[], None]
    room: Callable[[int], str]
    """Why no further item may be begun, given how many were worked; empty when one may."""
    pick: Callable[[], Choice]
    """Ranks what is there now and takes the best that may be done."""
    work: Callable[[Item], Outcome]
    settle: Callable[[Item, Outcome], None]
    measure: Callable[[list[Worked]], None]


ShiftGraph = CompiledStateGraph[ShiftState, ShiftDeps, ShiftState, ShiftState]


def shift_machine() -> ShiftGraph:
    graph = StateGraph(ShiftState, context_schema=ShiftDeps)
    graph.add_node("sync", sync)
    graph.add_node("discover", discover)
    graph.add_node("rank", rank)
    graph.add_node("pick", pick)
    graph.add_node("work", work)
    graph.add_node("settle", settle)
    graph.add_node("measure", measure)
    graph.add_edge(START, "sync")
    graph.add_edge("sync", "discover")
    graph.add_edge("discover", "rank")
    graph.add_conditional_edges("rank", after_rank)
    graph.add_conditional_edges("pick", after_pick)
    graph.add_edge("work", "settle")
    graph.add_edge("settle", "measure")
    graph.add_edge("measure", "rank")
    return graph.compile()


def sync(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    runtime.context.sync()
    return {"worked": [], "ended": "", "left": {}}


def discover(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    runtime.context.discover()
    return {}


def rank(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    """Is there room for another item at all?"""
    last = state.get("outcome")
    if last is not None and last.code == "interrupted":
        return {"ended": "interrupted"}
    return {"ended": runtime.context.room(len(state["worked"]))}


def after_rank(state: ShiftState) -> Literal["pick", "__end__"]:
    return "__end__" if state["ended"] else "pick"


def pick(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    choice = runtime.context.pick()
    return {"item": choice.item, "left": choice.left, "ended": "" if choice.item else "nothing to do"}


def after_pick(state: ShiftState) -> Literal["work", "__end__"]:
    return "work" if state["item"] else "__end__"


def work(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    item = state["item"]
    assert item is not None
    return {"outcome": runtime.context.work(item)}


def settle(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    item, outcome = state["item"], state["outcome"]
    assert item is not None
    assert outcome is not None
    runtime.context.settle(item, outcome)
    worked: Worked = {"item": item.id, "title": item.title, "outcome": outcome}
    return {"worked": [*state["worked"], worked]}


def measure(state: ShiftState, runtime: Runtime[ShiftDeps]) -> ShiftState:
    runtime.context.measure(state["worked"])
    return {}
