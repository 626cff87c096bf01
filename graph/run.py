"""Work one item: start it, or go on where it stopped. Everything that works items enters here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command

from backlog.item import Inputs, Item, Kind, Status
from checks.check import CommandCheck, FindingCheck, TestCheck
from graph.deps import Deps
from graph.item import item_machine
from graph.outcome import Outcome
from graph.state import ItemState
from tools.submit import Contract, Finished, Problem, Review, Stop, Tests

CHECKPOINTED = (
    *(Item, Kind, Status, Inputs, TestCheck, FindingCheck, CommandCheck, Outcome),
    *(Contract, Tests, Finished, Problem, Review, Stop),
)
"""The types that a checkpoint may hold. Any other type in one is refused when it is read back."""

STEPS = 1_000_000
"""LangGraph's own limit is no budget: ours are in the phases and in ItemLimits."""


@dataclass(frozen=True)
class Start:
    item: Item
    base: str
    base_tree: str


def serializer() -> JsonPlusSerializer:
    return JsonPlusSerializer(allowed_msgpack_modules=list(CHECKPOINTED))


def run_item(
    deps: Deps,
    start: Start,
    saver: BaseCheckpointSaver[str],
    control: RunControl | None = None,
    answer: str | None = None,
) -> Outcome:
    """The item's outcome. A run that was begun goes on from its last finished step.

    `answer` is a person's word to what the run waits for. `control` can ask it to stop after the step under way;
    then, and when it waits for a person, the outcome says so and the run can be continued.
    """
    machine = item_machine(saver)
    config: RunnableConfig = {"configurable": {"thread_id": deps.run}, "recursion_limit": STEPS}
    known = machine.get_state(config)
    if known.values and not known.next:
        return _outcome(known.values)
    state: ItemState = {"item": start.item, "base": start.base, "base_tree": start.base_tree}
    given: ItemState | Command[str] | None = None if known.next else state
    if known.interrupts:
        if answer is None:
            return _waits([i.value for i in known.interrupts])
        given = Command(resume=answer)
    try:
        final = machine.invoke(given, config, context=deps, durability="sync", control=control)
    except GraphDrained:
        return Outcome(kind="limit", code="interrupted", reason="stopped after the step under way; resume goes on")
    if waits := final.get("__interrupt__"):
        return _waits([i.value for i in waits])
    return _outcome(final)


def _outcome(final: dict[str, object]) -> Outcome:
    outcome = final["outcome"]
    assert isinstance(outcome, Outcome), "the machine ends only with an outcome"
    return outcome


def _waits(values: Sequence[dict[str, object]]) -> Outcome:
    what = str(values[0]["what"])
    questions = values[0]["questions"]
    asked = " / ".join(map(str, questions)) if isinstance(questions, list) else str(questions)
    return Outcome(kind="needs_person", code=what, reason=asked)
