"""The item machine: every node and every edge of how one item is worked, and nothing else."""

from __future__ import annotations

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from graph import route
from graph.approve import approve
from graph.ask import ask
from graph.close import close
from graph.deps import Deps
from graph.mend import mend
from graph.phase import compile_phase
from graph.phases.clarify import CLARIFY
from graph.phases.document import DOCUMENT
from graph.phases.green import GREEN
from graph.phases.red import RED
from graph.phases.refactor import REFACTOR
from graph.phases.security import SECURITY
from graph.prepare import prepare
from graph.publish import publish
from graph.split import split
from graph.state import ItemState
from graph.validate import validate

ItemGraph = CompiledStateGraph[ItemState, Deps, ItemState, ItemState]


def item_machine(saver: BaseCheckpointSaver[str] | None = None) -> ItemGraph:
    """The machine, ready to run; with a saver it can be stopped at any instant and resumed."""
    graph = StateGraph(ItemState, context_schema=Deps)

    graph.add_node("prepare", prepare)
    graph.add_node("clarify", compile_phase(CLARIFY))
    graph.add_node("ask", ask)
    graph.add_node("split", split)
    graph.add_node("red", compile_phase(RED))
    graph.add_node("green", compile_phase(GREEN))
    graph.add_node("refactor", compile_phase(REFACTOR))
    graph.add_node("security", compile_phase(SECURITY))
    graph.add_node("mend", mend)
    graph.add_node("document", compile_phase(DOCUMENT))
    graph.add_node("validate", validate)
    graph.add_node("approve", approve)
    graph.add_node("publish", publish)
    graph.add_node("close", close)

    graph.add_edge(START, "prepare")
    graph.add_conditional_edges("prepare", route.after_prepare)
    graph.add_conditional_edges("clarify", route.after_clarify)
    graph.add_edge("ask", "clarify")
    graph.add_edge("split", "close")
    graph.add_conditional_edges("red", route.after_red)
    graph.add_conditional_edges("green", route.after_green)
    graph.add_conditional_edges("refactor", route.after_refactor)
    graph.add_conditional_edges("security", route.after_security)
    graph.add_conditional_edges("mend", route.after_mend)
    graph.add_conditional_edges("document", route.after_document)
    graph.add_conditional_edges("validate", route.after_validate)
    graph.add_conditional_edges("approve", route.after_approve)
    graph.add_edge("publish", "close")
    graph.add_edge("close", END)

    return graph.compile(checkpointer=saver)
