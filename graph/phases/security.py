"""SECURITY: scanners on what changed, and a reviewer who has not seen the author's reasoning."""

from __future__ import annotations

from checks.delta import new_findings
from checks.finding import Finding
from checks.forbidden import forbidden
from checks.secrets import secrets
from checks.verdict import Reason
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.permission import nothing
from graph.phases.shown import shown_change
from graph.state import ItemState
from prompts.letter import letter
from tools.catalogue import REVIEW
from tools.submit import Review


def conversation(state: ItemState) -> str:
    return f"review{state['mended']}" if state["mended"] else "review"


def brief(state: ItemState, deps: Deps) -> str:
    contract = state["contract"]
    found = scanner_reasons(state, deps)
    return letter(
        "review",
        title=state["item"].title,
        kind=state["item"].kind.value,
        criteria="\n".join(f"- {c}" for c in (contract.criteria if contract else ())),
        diff=shown_change(state, deps),
        findings="; ".join(r.sentence for r in found) or "nothing new",
    )


def gate(state: ItemState, deps: Deps) -> Gate:
    """Always accepts the review as such; what it and the scanners found decides where the item goes."""
    review = state["submission"]
    assert isinstance(review, Review)
    said = [p.in_words() for p in review.problems]
    found = [r.sentence for r in scanner_reasons(state, deps)]
    notes = state["notes"] | {"security": review.checklist}
    return Gate(True, update={"problems": "\n".join(f"- {p}" for p in [*found, *said]), "notes": notes})


def scanner_reasons(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    """New findings of bandit, and constructs that no new line may have."""
    trees = deps.site.trees
    changes = [c for c in trees.diff(state["base_tree"], state["tree"]) if c.after]
    paths = [c.path for c in changes if c.path.endswith(".py") and c.path not in state["locked"]]
    new = _delta(state, deps, paths) if paths else ()
    reasons = [Reason("sast", f"{f.path}:{f.line}: bandit {f.rule}: {f.message}") for f in new]
    for change in changes:
        before = trees.blob(change.before.oid).decode("utf-8", "replace") if change.before else ""
        after = trees.blob(change.after.oid).decode("utf-8", "replace") if change.after else ""
        reasons += [Reason("secret", f"{s.path}:{s.line}: a {s.kind}") for s in secrets(before, after, change.path)]
        reasons += [
            Reason("forbidden", f"{change.path}:{bad.line}: {bad.construct} {bad.why}")
            for bad in forbidden(before, after, change.path)
        ]
    return tuple(reasons)


def _delta(state: ItemState, deps: Deps, paths: list[str]) -> tuple[Finding, ...]:
    before = deps.scan(state["base_tree"], "bandit", paths)
    return new_findings(before, deps.scan(state["tree"], "bandit", paths))


SECURITY = Phase(
    name="security",
    system="review_system",
    brief=brief,
    catalogue=REVIEW,
    tools=tuple(REVIEW),
    may_write=nothing,
    gate=gate,
    turns=20,
    conversation=conversation,
)
