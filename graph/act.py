"""Carry out what the model asked for. Every call is a transaction on the workspace's tree.

The tree before is put back if the disk differs, the tool runs, the tree after is taken. A call that changed what
it may not change is undone as a whole and says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType

from checks.suite import run_tests
from checks.testrun import Outcome, TestRun
from evidence.event import ToolRan
from graph.deps import Deps
from graph.state import ItemState
from model.port import ToolCall
from sandbox.files import Files
from sandbox.plan import Writes, plan_writes
from sandbox.policy import Box
from sandbox.scope import Permission, is_test
from sandbox.workspace import TreeRefused
from tools.submit import Submission
from tools.tool import Hands, Tool, ToolError, parse

WritePermission = Callable[[ItemState, Deps], Callable[[str], Permission]]
NO_CALL = (
    "That was no tool call, so nothing happened. Work with the tools; "
    "when the phase's work is there, hand it in: {how}."
)
AFTER_SUBMIT = "not carried out: what was handed in before it is being judged"
SHOWN_FAILURES = 5
SHOWN_TEXT = 1500
NO_LITTER = MappingProxyType({"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_ADDOPTS": "-p no:cacheprovider"})
SHOWN_NAMES = 100


def carry_out(
    phase: str,
    catalogue: Mapping[str, Tool],
    allowed: Sequence[str],
    may_write: WritePermission,
    state: ItemState,
    deps: Deps,
) -> ItemState:
    """Every call of the last answer, in order, up to the first that hands something in."""
    name = state["conversation"]
    asked = deps.record.messages(name)[state["said"][name] - 1]
    calls = [
        ToolCall(id=c["id"], name=c["function"]["name"], arguments=c["function"]["arguments"])
        for c in asked.get("tool_calls", ())
    ]
    if not calls:
        return _nudge(allowed, catalogue, state, deps)
    act = _Act(phase, catalogue, allowed, may_write(state, deps), state, deps)
    for call in calls:
        act.one(call)
    return act.update()


def _nudge(allowed: Sequence[str], catalogue: Mapping[str, Tool], state: ItemState, deps: Deps) -> ItemState:
    how = " or ".join(n for n in allowed if catalogue[n].run is None)
    name = state["conversation"]
    said = deps.record.say(name, state["said"][name], {"role": "user", "content": NO_CALL.format(how=how)})
    return {"said": state["said"] | {name: said}, "faults": state["faults"] + 1, "heading": "think"}


class _Act:
    """The calls of one answer. Collects what they change in the state."""

    def __init__(
        self,
        phase: str,
        catalogue: Mapping[str, Tool],
        allowed: Sequence[str],
        may_write: Callable[[str], Permission],
        state: ItemState,
        deps: Deps,
    ) -> None:
        self.phase, self.catalogue, self.allowed = phase, catalogue, allowed
        self.may_write, self.deps = may_write, deps
        contract = state["contract"]
        self.named = contract.files if contract else ()
        self.name = state["conversation"]
        self.said = state["said"]
        self.tree = state["tree"]
        self.faults = state["faults"]
        self.submission: Submission | None = None
        self.answering = ""

    def update(self) -> ItemState:
        update: ItemState = {"said": self.said, "tree": self.tree, "faults": self.faults, "heading": "think"}
        if self.submission is not None:
            update |= {"heading": "gate", "submission": self.submission, "answering": self.answering}
        return update

    def one(self, call: ToolCall) -> None:
        if self.submission is not None:
            return self._say(call, AFTER_SUBMIT)
        try:
            tool, arguments = parse(call, self.catalogue, self.allowed, self.phase)
        except ToolError as error:
            self.faults += 1
            return self._say(call, str(error))
        if tool.run is None:
            self.submission, self.answering = arguments, call.id  # type: ignore[assignment]
            return None
        ran = self.deps.record.once(f"tool:{self._key()}", lambda: self._transaction(tool, arguments))
        self.tree = ran.after
        self.faults = 0 if ran.ok else self.faults + 1
        return self._say(call, ran.output)

    def _transaction(self, tool: Tool, arguments: object) -> ToolRan:
        before, workspace = self.tree, self.deps.workspace
        workspace.restore(before)
        assert tool.run is not None
        try:
            output, ok = tool.run(arguments, self._hands(before)), True
            after = workspace.snapshot()
            self._only_allowed(before, after)
        except (ToolError, TreeRefused) as error:
            output, ok, after = str(error), False, before
            workspace.restore(before)
        return ToolRan(name=tool.name, ok=ok, output=output, before=before, after=after)

    def _only_allowed(self, before: str, after: str) -> None:
        if before == after:
            return
        denied = [
            f"{c.path} ({p.reason})"
            for c in self.deps.site.trees.diff(before, after)
            if not (p := self.may_write(c.path)).ok
        ]
        if denied:
            shown = "; ".join(denied[:5])
            raise ToolError(f"undone as a whole, because it changed what this phase may not write: {shown}")

    def _hands(self, tree: str) -> Hands:
        extra = [path for path in self.named if self.may_write(path).ok]
        return hands(self.deps, tree, self.may_write, extra)

    def _key(self) -> str:
        return f"{self.name}:{self.said[self.name]}"

    def _say(self, call: ToolCall, text: str) -> None:
        message = {"role": "tool", "tool_call_id": call.id, "content": text}
        self.said = self.said | {self.name: self.deps.record.say(self.name, self.said[self.name], message)}


def hands(deps: Deps, tree: str, may_write: Callable[[str], Permission], extra: Sequence[str]) -> Hands:
    """The workspace in a sandbox where just what may be written can be written; `extra` may not exist yet."""
    plan = plan_writes(deps.site.trees.entries(tree), lambda path: may_write(path).ok, extra)
    box = _equipped(deps, plan)

    def tests(ids: Sequence[str]) -> str:
        suite = replace(deps.suite, timeout_s=min(deps.suite.timeout_s, 300.0))
        return told(run_tests(deps.site, tree, ids=ids, suite=suite))

    return Hands(box=box, files=Files(box, deps.site.own.base_python), may_write=may_write, run_tests=tests)


def _in_a_line(outcome: Outcome) -> str:
    raised = outcome.raised
    why = f": {raised.type}: {raised.message}".partition("\n")[0] if raised else ""
    return f"{outcome.id} {outcome.ending}{why[:200]}"


def _is_doctest(name: str) -> bool:
    """pytest names one by its module or its file; a test function's name has no dot."""
    path, _, within = name.partition("[")[0].partition("::")
    return "." in within or (within == PurePosixPath(path).stem and not is_test(path))


def _equipped(deps: Deps, plan: Writes) -> Box:
    """The repository's toolchain first, then our tools (ruff and what the file tools run with)."""
    site = deps.site
    ours = () if site.toolchain.origin == "ours" else site.own.mounts
    box = site.box(deps.workspace, writable=plan.writable, readonly=plan.readonly, mounts=ours, environment=NO_LITTER)
    return Box(box.sandbox, replace(box.policy, path=(*box.policy.path, *site.own.path)))


def told(run: TestRun) -> str:
    """A test run as a model reads it: the count, every failure in a line if they are many, then some reports."""
    if not run.finished:
        return f"the tests did not run to their end: {run.trouble}\n{run.output[-SHOWN_TEXT:]}"
    endings: dict[str, int] = {}
    for outcome in run.outcomes.values():
        endings[outcome.ending] = endings.get(outcome.ending, 0) + 1
    counted = ", ".join(f"{n} {ending}" for ending, n in sorted(endings.items())) or "no tests were collected"
    if run.runner.startswith("pytest") and endings:
        counted += f" (doctests among them: {sum(map(_is_doctest, run.outcomes)) or 'none'})"
    bad = [o for o in run.outcomes.values() if o.ending in ("failed", "error")]
    names = ["\n".join(_in_a_line(o) for o in bad[:SHOWN_NAMES])] if len(bad) > SHOWN_FAILURES else []
    reports = [f"{o.id} {o.ending} in {o.stage}\n{o.text[-SHOWN_TEXT:]}" for o in bad[:SHOWN_FAILURES]]
    return "\n\n".join([counted, *names, *reports])
