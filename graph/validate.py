"""VALIDATE: the finished tree, judged once more as a whole, from a clean copy."""

from __future__ import annotations

from langgraph.runtime import Runtime

from evidence.event import Judged
from graph.deps import Deps
from graph.phase import Gate, judged
from graph.phases.judge import judge_change
from graph.phases.refactor import worse_lint
from graph.phases.security import scanner_reasons
from graph.state import ItemState


def validate(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    deps = runtime.context
    verdict: Judged = deps.record.once(
        f"gate:validate:{state['mended']}", lambda: judged("validate", _gate(state, deps), state, deps)
    )
    if verdict.passed:
        return {"proofs": state["proofs"] | {"validate": verdict.proof}, "problems": ""}
    return {"problems": "\n".join(f"- {r['sentence']}" for r in verdict.reasons)}


def _gate(state: ItemState, deps: Deps) -> Gate:
    found = (*worse_lint(state, deps), *scanner_reasons(state, deps))
    return Gate(False, found) if found else judge_change(state, deps)
