"""REFACTOR: the same behaviour, tidier. Judged like GREEN, and lint may not get worse."""

from __future__ import annotations

from checks.delta import new_findings
from checks.verdict import Reason
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.judge import gate_of, judge_change
from graph.phases.permission import contract_files
from graph.phases.shown import shown_change
from graph.state import ItemState
from prompts.letter import letter
from tools.catalogue import WORK
from tools.submit import Finished


def brief(state: ItemState, deps: Deps) -> str:
    contract = state["contract"]
    files = ", ".join(contract.files) if contract else ""
    return letter("refactor", files=files, diff=shown_change(state, deps))


def gate(state: ItemState, deps: Deps) -> Gate:
    assert isinstance(state["submission"], Finished)
    if lint := worse_lint(state, deps):
        return Gate(False, lint)
    if state["tree"] == state["trees"]["green"]:
        return Gate(True)
    return gate_of(judge_change(state, deps))


def worse_lint(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    changes = deps.site.trees.diff(state["base_tree"], state["tree"])
    paths = [c.path for c in changes if c.path.endswith(".py") and c.after]
    if not paths:
        return ()
    known = [c.path for c in changes if c.path in paths and c.before]
    before = deps.scan(state["base_tree"], "ruff", known) if known else ()
    after = deps.scan(state["tree"], "ruff", paths)
    return tuple(
        Reason("lint", f"{f.path}:{f.line}: {f.rule} {f.message}: new in this change, mend it")
        for f in new_findings(before, after)[:10]
    )


REFACTOR = Phase(
    name="refactor",
    system="system",
    brief=brief,
    catalogue=WORK,
    tools=(
        *("read_file", "find_files", "search", "edit_file", "write_file", "run", "run_tests"),
        *("submit_done", "stop"),
    ),
    may_write=contract_files,
    gate=gate,
    turns=40,
)
