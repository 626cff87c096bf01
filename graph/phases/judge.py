"""The verdict on a change, as GREEN, REFACTOR and VALIDATE ask for it."""

from __future__ import annotations

from checks.check import TestCheck
from checks.doubts import idle
from checks.strength import Strength
from checks.verdict import Reason, Verdict, judge_green
from graph.deps import Deps
from graph.phase import Gate
from graph.phases.trial import change_of
from graph.proof import proof_of
from graph.state import ItemState
from sandbox.scope import is_test, protected


def judge_change(state: ItemState, deps: Deps) -> Verdict:
    """The check passes, nothing that passed fails, nothing cheats, and the change stays within its size."""
    check, change = state["item"].check, change_of(state, deps)
    if over := size_reasons(state, deps) or change.refused:
        return Verdict(False, over)
    if change.idle and isinstance(check, TestCheck):
        return Verdict(False, (idle(change),))
    contract = state["contract"]
    return judge_green(
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


def gate_of(verdict: Verdict, strength: Strength | None = None) -> Gate:
    """The verdict as a gate's word; where it passed, with the runs behind it."""
    return Gate(verdict.passed, verdict.reasons, {}, proof_of(verdict, strength) if verdict.passed else b"")


def size_reasons(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    changed = deps.site.trees.diff(state["base_tree"], state["tree"])
    if not changed:
        return (Reason("no_change", "nothing was changed, so nothing can be better than before"),)
    limit = deps.scope.limits.max_files
    if len(changed) > limit:
        return (Reason("too_many_files", f"{len(changed)} files were changed, {limit} are allowed: change fewer"),)
    return ()
