"""Any phase, as the same small graph: brief → think ⇄ act → gate.

A phase is data (see graph/phases/): what it says, which tools are open, what may be written, and its gate. Every
step is found again in the record by its key, so a step that is repeated after a crash asks no model twice and
says nothing twice; the workspace is put back to the state's tree before anything touches it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.runtime import Runtime

from checks.verdict import Reason
from evidence.event import Answered, Judged, answered
from graph.act import WritePermission, carry_out
from graph.claimed import not_done
from graph.deps import Deps
from graph.outcome import Outcome, blocked
from graph.state import ItemState, PhaseName, from_json, to_json
from model.port import ToolSpec
from prompts.letter import letter
from tools.submit import Stop, Submission
from tools.tool import Tool


@dataclass(frozen=True)
class Gate:
    """What the harness found. `update` is what is known from now on; `proof` the runs behind it, as JSON."""

    passed: bool
    reasons: tuple[Reason, ...] = ()
    update: ItemState | None = None
    proof: bytes = b""


@dataclass(frozen=True)
class Phase:
    name: PhaseName
    system: str
    """The letter that opens this phase's conversation, when it is the first in it."""
    brief: Callable[[ItemState, Deps], str]
    catalogue: Mapping[str, Tool]
    tools: tuple[str, ...]
    """The tools of the catalogue that are open."""
    may_write: WritePermission
    gate: Callable[[ItemState, Deps], Gate]
    turns: int
    refusals: int = 4
    conversation: Callable[[ItemState], str] = lambda _state: "work"
    given: Callable[[ItemState, Deps], Submission | None] = lambda _state, _deps: None
    """What the harness hands in by itself, when there is nothing for a model to do."""
    stopped: Callable[[ItemState, Stop], ItemState | None] | None = None
    """A phase's own answer to a stop; None ends the item."""


PhaseGraph = CompiledStateGraph[ItemState, Deps, ItemState, ItemState]


def compile_phase(phase: Phase) -> PhaseGraph:
    specs = [tool.spec for tool in phase.catalogue.values()]

    def brief(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
        return open_phase(phase, state, runtime.context)

    def think(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
        return ask_model(phase, specs, state, runtime.context)

    def act(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
        return carry_out(phase.name, phase.catalogue, phase.tools, phase.may_write, state, runtime.context)

    def gate(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
        return judge(phase, state, runtime.context)

    graph = StateGraph(ItemState, context_schema=Deps)
    graph.add_node("brief", brief)
    graph.add_node("think", think)
    graph.add_node("act", act)
    graph.add_node("gate", gate)
    graph.add_edge(START, "brief")
    graph.add_conditional_edges("brief", after_brief)
    graph.add_conditional_edges("think", after_think)
    graph.add_conditional_edges("act", after_act)
    graph.add_conditional_edges("gate", after_gate)
    return graph.compile()


def after_brief(state: ItemState) -> Literal["think", "gate"]:
    return "gate" if state["heading"] == "gate" else "think"


def after_think(state: ItemState) -> Literal["act", "__end__"]:
    return "act" if state["heading"] == "act" else "__end__"


def after_act(state: ItemState) -> Literal["think", "gate", "__end__"]:
    heading = state["heading"]
    return "think" if heading == "think" else "gate" if heading == "gate" else "__end__"


def after_gate(state: ItemState) -> Literal["think", "__end__"]:
    return "think" if state["heading"] == "think" else "__end__"


def open_phase(phase: Phase, state: ItemState, deps: Deps) -> ItemState:
    """Say what the phase asks for."""
    name = phase.conversation(state)
    said = state["said"].get(name, 0)
    if said == 0:
        said = deps.record.say(name, said, {"role": "system", "content": letter(phase.system)})
    given = phase.given(state, deps)
    text = phase.brief(state, deps)
    if given is None:
        text += f"\n\nOpen tools: {', '.join(phase.tools)}"
    said = deps.record.say(name, said, {"role": "user", "content": text})
    return {
        "conversation": name,
        "said": state["said"] | {name: said},
        "heading": "gate" if given else "think",
        "turns": 0,
        "refusals": 0,
        "faults": 0,
        "submission": given,
        "answering": "",
    }


def ask_model(phase: Phase, specs: Sequence[ToolSpec], state: ItemState, deps: Deps) -> ItemState:
    """One question to the model, unless a limit says that it was the last."""
    if over := _limit(phase, state, deps):
        return {"heading": "leave", "outcome": over}
    name, record = state["conversation"], deps.record
    number = state["said"][name]

    def ask() -> Answered:
        turn = deps.model.complete(record.messages(name), specs)
        return answered(name, record.fingerprint(name), turn)

    answer = record.once(f"{name}:{number}", ask)
    if why := answer.turn.too_long:
        return {"heading": "leave", "outcome": Outcome(kind="limit", code="context", reason=f"{phase.name}: {why}")}
    return {
        "said": state["said"] | {name: number + 1},
        "turns": state["turns"] + 1,
        "tokens": state["tokens"] + answer.turn.usage.total,
        "heading": "act",
    }


def _limit(phase: Phase, state: ItemState, deps: Deps) -> Outcome | None:
    if state["turns"] >= phase.turns:
        return blocked(f"{phase.name}_turns", f"{phase.name} did not end within {phase.turns} turns")
    if state["faults"] >= deps.limits.faults:
        return blocked("faults", f"{state['faults']} calls in a row could not be carried out in {phase.name}")
    if state["tokens"] >= deps.limits.tokens:
        used = f"{state['tokens']:,} of {deps.limits.tokens:,} tokens are used"
        return Outcome(kind="limit", code="tokens", reason=f"the item's budget is spent in {phase.name}: {used}")
    return None


def judge(phase: Phase, state: ItemState, deps: Deps) -> ItemState:
    """The harness decides. A refusal goes back to the model with its reasons, a bounded number of times."""
    submission = state["submission"]
    if isinstance(submission, Stop) and submission.kind != "already_done":
        return _stop(phase, state, deps, submission)
    deps.workspace.restore(state["tree"])
    verdict = deps.record.once(
        f"gate:{state['conversation']}:{state['said'][state['conversation']]}",
        lambda: judged(phase.name, _gate(phase, state, deps), state, deps),
    )
    if verdict.passed and isinstance(submission, Stop):
        return _stop(phase, state, deps, submission)
    if verdict.passed:
        done = from_json(verdict.update)
        kept: ItemState = {"trees": state["trees"] | {phase.name: state["tree"]}, "heading": "leave"}
        if verdict.proof:
            kept["proofs"] = state["proofs"] | {phase.name: verdict.proof}
        return {**_answer(state, deps, _in_words("accepted", verdict)), **kept, **done}
    refusals = state["refusals"] + 1
    if refusals > phase.refusals or not state["answering"]:
        first = verdict.reasons[0] if verdict.reasons else {"code": "refused", "sentence": "refused"}
        why = f"{phase.name} was refused {refusals} time(s), last because {first['sentence']}"
        return {"heading": "leave", "outcome": blocked(first["code"], why), "refusals": refusals}
    return {**_answer(state, deps, _in_words("refused", verdict)), "heading": "think", "refusals": refusals}


def _gate(phase: Phase, state: ItemState, deps: Deps) -> Gate:
    if isinstance(state["submission"], Stop):
        reasons = not_done(state, deps)
        return Gate(not reasons, reasons)
    return phase.gate(state, deps)


def _in_words(word: str, verdict: Judged) -> str:
    """A refusal with all its reasons; of what is good to know after an acceptance, the first three."""
    told = [f"- {r['sentence']}" for r in verdict.reasons]
    if verdict.passed and len(told) > 3:
        told = [*told[:3], f"- … and {len(told) - 3} more like these"]
    return "\n".join([word + (":" if told else ""), *told])


def judged(name: str, gate: Gate, state: ItemState, deps: Deps) -> Judged:
    return Judged(
        phase=name,
        tree=state["tree"],
        passed=gate.passed,
        reasons=tuple({"code": r.code, "sentence": r.sentence} for r in gate.reasons),
        update=to_json(gate.update or {}),
        proof=deps.record.keep(gate.proof) if gate.proof else "",
    )


def _answer(state: ItemState, deps: Deps, text: str) -> ItemState:
    """The gate's word, as the answer to the call that handed in."""
    name = state["conversation"]
    said = state["said"][name]
    message = (
        {"role": "tool", "tool_call_id": state["answering"], "content": text}
        if state["answering"]
        else {"role": "user", "content": text}
    )
    said = deps.record.say(name, said, message)
    return {"said": state["said"] | {name: said}, "submission": None, "answering": ""}


def _stop(phase: Phase, state: ItemState, deps: Deps, stop: Stop) -> ItemState:
    if phase.stopped and (own := phase.stopped(state, stop)):
        return {**_answer(state, deps, "accepted"), "heading": "leave", **own}
    return {"heading": "leave", "outcome": blocked(stop.kind, f"stopped in {phase.name}: {stop.reason}")}
