"""VALIDATE: the finished tree, judged once more as a whole, from a clean copy, and its tests put to the trial."""

from __future__ import annotations

from dataclasses import replace

from langgraph.runtime import Runtime

from checks.criteria import unmet
from evidence.event import Judged
from graph.deps import Deps
from graph.phase import Gate, judged
from graph.phases.judge import gate_of, judge_change
from graph.phases.refactor import worse_lint
from graph.phases.security import scanner_reasons
from graph.phases.trial import again, criteria_of, doubts, strength_of, too_weak
from graph.state import ItemState, from_json


def validate(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    deps = runtime.context
    verdict: Judged = deps.record.once(
        f"gate:validate:{state['mended']}", lambda: judged("validate", _gate(state, deps), state, deps)
    )
    if verdict.passed:
        open_: ItemState = {"proofs": state["proofs"] | {"validate": verdict.proof}, "problems": ""}
        return {**open_, **from_json(verdict.update)}
    return {"problems": "\n".join(f"- {r['sentence']}" for r in verdict.reasons)}


def _gate(state: ItemState, deps: Deps) -> Gate:
    found = (*worse_lint(state, deps), *scanner_reasons(state, deps))
    if found:
        return Gate(False, found)
    verdict = judge_change(state, deps)
    if not verdict.passed:
        return gate_of(verdict)
    if broken := unmet(deps.site, state["tree"], criteria_of(state), deps.suite):
        return Gate(False, broken)
    strength = strength_of(state, deps)
    wrong = (*too_weak(state, deps, strength), *again(state, deps, verdict.runs[0]))
    if wrong:
        return Gate(False, wrong)
    left = tuple(reason.sentence for reason in doubts(state, deps, strength, verdict.runs[-1]))
    return replace(gate_of(verdict, strength), update={"doubts": left})
