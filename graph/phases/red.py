"""RED: a check that fails now, for the right reason. Then it is locked."""

from __future__ import annotations

from checks.check import TestCheck
from checks.compare import each_id
from checks.red import judge_red
from checks.verdict import Verdict, check_fails
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.permission import tests_only
from graph.phases.promise import promised_by
from graph.phases.trial import change_of
from graph.proof import proof_of
from graph.state import ItemState
from prompts.letter import letter
from sandbox.scope import is_test
from tools.catalogue import WORK
from tools.submit import Submission, Tests


def brief(state: ItemState, deps: Deps) -> str:
    if given(state, deps):
        return letter("red_given", failing=_given_in_words(state))
    if reason := state.get("test_wrong"):
        return letter("tests_again", reason=reason)
    contract = state["contract"]
    symbols = contract.symbols if contract else ()
    return letter("red", promised=f" ({', '.join(symbols)})" if symbols else " (yours promises none)")


def _given_in_words(state: ItemState) -> str:
    check = state["item"].check
    return ", ".join(check.ids) if isinstance(check, TestCheck) else str(check)


def given(state: ItemState, _deps: Deps) -> Submission | None:
    """An item that brings its check has nothing to write: the gate only looks whether it fails."""
    check = state["item"].check
    if isinstance(check, TestCheck):
        return Tests(ids=check.ids) if check.ids else None
    return Tests(ids=())


def gate(state: ItemState, deps: Deps) -> Gate:
    handed = state["submission"]
    assert isinstance(handed, Tests)
    if given(state, deps):
        verdict = check_fails(deps.site, state["base_tree"], state["item"].check, deps.suite)
    else:
        verdict = _judge_tests(state, deps, handed.ids)
    if not verdict.passed:
        return Gate(False, verdict.reasons)
    ids = each_id(handed.ids, verdict.runs[0]) if verdict.runs else handed.ids
    update: ItemState = {"ids": ids, "locked": locked(state, deps), "test_wrong": ""}
    return Gate(True, verdict.reasons, update, proof_of(verdict))


def _judge_tests(state: ItemState, deps: Deps, ids: tuple[str, ...]) -> Verdict:
    weakened = change_of(state, deps).refused
    if weakened:
        return Verdict(False, weakened)
    contract = state["contract"]
    return judge_red(
        deps.site,
        base_tree=state["base_tree"],
        red_tree=state["tree"],
        ids=ids,
        promised=promised_by(contract),
        baseline=deps.baseline(),
        is_test=is_test,
        suite=deps.suite,
    )


def locked(state: ItemState, deps: Deps) -> dict[str, str]:
    """Every test file as it is now."""
    contract = state["contract"]
    named = contract.files if contract else ()
    entries = deps.site.trees.entries(state["tree"]).items()
    return {path: e.oid for path, e in entries if is_test(path) and path not in named and e.mode.startswith("100")}


RED = Phase(
    name="red",
    system="system",
    brief=brief,
    catalogue=WORK,
    tools=(
        *("read_file", "find_files", "search", "edit_file", "write_file", "run", "run_tests"),
        *("submit_tests", "stop"),
    ),
    may_write=tests_only,
    gate=gate,
    turns=50,
    given=given,
)
