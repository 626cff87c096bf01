"""CLOSE: the ending goes into the record; unfinished work is kept as a patch, never lost."""

from __future__ import annotations

from langgraph.runtime import Runtime

from evidence.event import Ended
from graph.deps import Deps
from graph.outcome import Outcome
from graph.state import ItemState


def close(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    deps = runtime.context
    outcome = state["outcome"]
    assert outcome is not None, "an item is closed only with an outcome"
    outcome = _with_patch(outcome, state, deps)
    deps.record.once("ended", lambda: Ended(outcome=outcome.model_dump(mode="json")))
    return {"outcome": outcome}


def _with_patch(outcome: Outcome, state: ItemState, deps: Deps) -> Outcome:
    if outcome.kind == "published" or state["tree"] == state["base_tree"]:
        return outcome
    path = deps.record.folder / "unfinished.patch"
    path.write_bytes(deps.site.trees.patch(state["base_tree"], state["tree"]))
    return outcome.model_copy(update={"patch": str(path)})
