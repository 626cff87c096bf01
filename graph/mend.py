"""Findings of a later check send the change back to GREEN, a bounded number of times."""

from __future__ import annotations

from langgraph.runtime import Runtime

from graph.deps import Deps
from graph.outcome import blocked
from graph.state import ItemState


def mend(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    limit = runtime.context.limits.mends
    if state["mended"] >= limit:
        first = state["problems"].splitlines()[0].removeprefix("- ")
        return {"outcome": blocked("findings", f"still not clean after {limit} tries to mend it: {first}")}
    return {"mended": state["mended"] + 1}
