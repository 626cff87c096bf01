"""GREEN: the smallest change that makes the check pass, with the tests locked."""

from __future__ import annotations

from checks.check import CommandCheck, FindingCheck, TestCheck
from checks.verdict import Reason
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.judge import gate_of, judge_change
from graph.phases.permission import contract_files
from graph.phases.trial import strength_of, too_weak
from graph.proof import proof_of
from graph.state import ItemState
from prompts.letter import letter
from tools.catalogue import WORK
from tools.submit import Finished, Stop

_STRONGER = (
    "The tests are locked: call stop with test_wrong to write stronger ones, or leave out code they do not need."
)


def brief(state: ItemState, deps: Deps) -> str:
    contract = state["contract"]
    files = ", ".join(contract.files) if contract else ""
    if problems := state.get("problems"):
        return letter("findings", source="A later check", problems=problems, files=files)
    return letter("green", files=files, check=check_in_words(state))


def check_in_words(state: ItemState) -> str:
    match state["item"].check:
        case TestCheck():
            return "The check is these tests:\n" + "\n".join(f"- {i}" for i in state["ids"])
        case FindingCheck(tool=tool, rule=rule, path=path):
            return f"The check is that {tool} no longer reports {rule} in {path}, and nothing new elsewhere."
        case CommandCheck(argv=argv):
            return f"The check is that this command exits with 0: {' '.join(argv)}."


def gate(state: ItemState, deps: Deps) -> Gate:
    done = state["submission"]
    assert isinstance(done, Finished)
    verdict = judge_change(state, deps)
    if not verdict.passed:
        return gate_of(verdict)
    weak = too_weak(state, deps, strength_of(state, deps))
    if weak:
        return Gate(False, tuple(Reason(r.code, f"{r.sentence} {_STRONGER}") for r in weak))
    notes = state["notes"] | {"green": done.note}
    return Gate(True, verdict.reasons, {"notes": notes, "problems": ""}, proof_of(verdict))


def stopped(state: ItemState, stop: Stop) -> ItemState | None:
    """A test that is wrong may be mended once: back to RED, with the code as it was before."""
    brought = isinstance(state["item"].check, TestCheck) and not state["item"].check.ids
    if stop.kind != "test_wrong" or not brought or "tests_mended" in state["notes"]:
        return None
    notes = state["notes"] | {"tests_mended": stop.reason}
    return {"test_wrong": stop.reason, "tree": state["trees"]["red"], "notes": notes}


GREEN = Phase(
    name="green",
    system="system",
    brief=brief,
    catalogue=WORK,
    tools=(
        *("read_file", "find_files", "search", "edit_file", "write_file", "run", "run_tests"),
        *("submit_done", "stop"),
    ),
    may_write=contract_files,
    gate=gate,
    turns=80,
    stopped=stopped,
)
