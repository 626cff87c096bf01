"""Before anything is asked: the workspace holds the base, and the item is still worth working."""

from __future__ import annotations

from langgraph.runtime import Runtime

from graph.deps import Deps
from graph.state import ItemState
from graph.workable import not_workable


def prepare(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    deps = runtime.context
    deps.workspace.restore(state["base_tree"])
    return {
        "tree": state["base_tree"],
        "said": {},
        "tokens": 0,
        "mended": 0,
        "contract": None,
        "ids": (),
        "locked": {},
        "trees": {},
        "notes": {},
        "proofs": {},
        "problems": "",
        "test_wrong": "",
        "outcome": not_workable(state["item"], deps.scope),
    }
