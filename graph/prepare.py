"""Before anything is asked: the workspace holds the base, and the item is still worth working."""

from __future__ import annotations

from langgraph.runtime import Runtime

from checks.check import TestCheck
from checks.verdict import check_fails
from graph.deps import Deps
from graph.outcome import Outcome
from graph.state import ItemState
from graph.workable import not_workable

HOLDS = "check_holds_already"


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
        "outcome": not_workable(state["item"], deps.scope) or _done_already(state, deps),
    }


def _done_already(state: ItemState, deps: Deps) -> Outcome | None:
    """An item that brings its check is found to be done before a model is paid. Anything else that keeps the check
    from failing is RED's to tell."""
    check = state["item"].check
    if isinstance(check, TestCheck) and not check.ids:
        return None
    held = [r for r in check_fails(deps.site, state["base_tree"], check, deps.suite).reasons if r.code == HOLDS]
    return Outcome(kind="nothing_to_do", code="already_done", reason=held[0].sentence) if held else None
