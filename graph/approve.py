"""A change that is riskier than the scope allows by itself waits here for a person."""

from __future__ import annotations

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from graph.deps import Deps
from graph.outcome import blocked
from graph.state import ItemState


def approve(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    reasons = triggers(state, runtime.context)
    if not reasons:
        return {}
    decision: str = interrupt({"what": "approval", "questions": reasons})
    if decision == "approved":
        return {"notes": state["notes"] | {"approved": "; ".join(reasons)}}
    return {"outcome": blocked("rejected", f"a person rejected it: {decision}")}


def triggers(state: ItemState, deps: Deps) -> list[str]:
    """Why a person has to look before this is published. Empty: nobody has to."""
    patch = deps.site.trees.patch(state["base_tree"], state["tree"])
    lines = sum(1 for line in patch.splitlines() if line[:1] in (b"+", b"-") and line[:3] not in (b"+++", b"---"))
    limit = deps.scope.limits.max_lines
    return [f"the change has {lines} lines, more than {limit}"] if lines > limit else []
