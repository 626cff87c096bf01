"""PUBLISH: commits, branch, evidence and pull request, from what the gates accepted."""

from __future__ import annotations

from langgraph.runtime import Runtime

from backlog.item import Kind
from evidence.event import Done
from evidence.portable import portable
from evidence.statement import Statement
from forge.publish import Publication, Step
from graph.deps import Deps
from graph.letterhead import body, subject
from graph.outcome import Outcome
from graph.state import ItemState

TYPES = {
    Kind.FEATURE: "feat",
    Kind.REFACTOR: "refactor",
    Kind.DEBT: "refactor",
    Kind.LINT: "style",
    Kind.DOCS: "docs",
    Kind.PERFORMANCE: "perf",
    Kind.TEST: "test",
    Kind.INFRASTRUCTURE: "build",
    Kind.DEPENDENCY: "build",
}


def publish(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    deps = runtime.context
    done = deps.record.once("publish", lambda: _publish(state, deps))
    result = done.result
    outcome = Outcome(
        kind="published",
        code="published",
        reason="every gate accepted it",
        branch=result["branch"],
        pull_request=result["pull_request"],
        evidence=result["evidence"],
    )
    return {"outcome": outcome}


def _publish(state: ItemState, deps: Deps) -> Done:
    published = deps.publish(publication(state, deps))
    result = {
        "branch": published.branch,
        "pull_request": str(published.folder),
        "evidence": published.evidence_sha256,
        "head": published.head,
    }
    return Done(effect="publish", result=result)


def publication(state: ItemState, deps: Deps) -> Publication:
    item, trees = state["item"], state["trees"]
    statement = statement_of(state, deps)
    kind = TYPES.get(item.kind, "fix")
    steps = (
        Step(trees["red"], subject("test", item.title), "Fails before the change, for the reason in the evidence."),
        Step(trees["green"], subject(kind, item.title), state["notes"].get("green", "")),
        Step(trees["refactor"], subject("refactor", item.title), "Same behaviour, same checks."),
        Step(state["tree"], subject("docs", item.title), state["notes"].get("document", "")),
    )
    return Publication(
        item=item.id,
        run=deps.run.rpartition("-")[2],
        key=deps.run,
        base=state["base"],
        base_tree=state["base_tree"],
        steps=steps,
        evidence=statement.encode(),
        title=subject(kind, item.title),
        body=body(state, statement),
        patch=deps.site.trees.patch(state["base_tree"], state["tree"]),
        at=item.updated_at,
        record=portable(deps.record.folder, statement.record_head),
    )


def statement_of(state: ItemState, deps: Deps) -> Statement:
    """What was proven, from the state and the record, for anyone to check again."""
    contract = state["contract"]
    item = state["item"]
    return Statement.build(
        item={"id": item.id, "title": item.title, "kind": item.kind.value, "source": item.source},
        base=state["base"],
        base_tree=state["base_tree"],
        red_tree=state["trees"]["red"],
        result_tree=state["tree"],
        check=item.check.model_dump(mode="json"),
        ids=state["ids"],
        locked=_changed_tests(state, deps),
        symbols=contract.symbols if contract else (),
        files=contract.files if contract else (),
        patch=deps.site.trees.patch(state["base_tree"], state["tree"]),
        proofs={phase: deps.record.blob(blob) for phase, blob in sorted(state["proofs"].items())},
        record=deps.record,
    )


def _changed_tests(state: ItemState, deps: Deps) -> dict[str, str]:
    changed = {c.path for c in deps.site.trees.diff(state["base_tree"], state["trees"]["red"])}
    return {path: oid for path, oid in state["locked"].items() if path in changed}
