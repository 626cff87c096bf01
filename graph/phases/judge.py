"""The verdict on a change, as GREEN, REFACTOR and VALIDATE ask for it."""

from __future__ import annotations

from checks.check import TestCheck
from checks.verdict import Reason, judge_green
from graph.deps import Deps
from graph.phase import Gate
from graph.proof import proof_of
from graph.state import ItemState
from sandbox.scope import is_test, protected


def judge_change(state: ItemState, deps: Deps) -> Gate:
    """The check passes, nothing that passed fails, and the change stays within its size."""
    if over := size_reasons(state, deps):
        return Gate(False, over)
    contract = state["contract"]
    check = state["item"].check
    verdict = judge_green(
        deps.site,
        base_tree=state["base_tree"],
        result_tree=state["tree"],
        locked=state["locked"],
        check=TestCheck(ids=state["ids"]) if isinstance(check, TestCheck) else check,
        baseline=deps.baseline(),
        suite=deps.suite,
        protected=protected,
        contract_files=contract.files if contract else (),
        is_test=is_test,
    )
    if not verdict.passed:
        return Gate(False, verdict.reasons)
    return Gate(True, verdict.reasons, {}, proof_of(verdict))


def size_reasons(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    changed = deps.site.trees.diff(state["base_tree"], state["tree"])
    if not changed:
        return (Reason("no_change", "nothing was changed, so nothing can be better than before"),)
    limit = deps.scope.limits.max_files
    if len(changed) > limit:
        return (Reason("too_many_files", f"{len(changed)} files were changed, {limit} are allowed: change fewer"),)
    return ()
