"""A change that is riskier than the scope allows by itself waits here for a person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from langgraph.runtime import Runtime
from langgraph.types import interrupt

from checks.examples import examples_changed
from checks.kinds import floats_for_whole
from checks.reach import newly_reached, packages
from checks.reading import Change
from checks.reason import Reason
from checks.selfrunning import runs_by_itself
from checks.topic import off_topic
from graph.deps import Deps
from graph.outcome import blocked
from graph.phases.trial import change_of
from graph.state import ItemState

HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")


def approve(state: ItemState, runtime: Runtime[Deps]) -> ItemState:
    reasons = triggers(state, runtime.context)
    if not reasons:
        return {}
    decision: str = interrupt({"what": "approval", "questions": reasons})
    if decision == "approved":
        return {"notes": state["notes"] | {"approved": "; ".join(reasons)}}
    return {"outcome": blocked("rejected", f"a person rejected it: {decision}")}


def triggers(state: ItemState, deps: Deps) -> list[str]:
    """Why a person has to look before this is published. Empty: nobody has to."""
    patch = deps.site.trees.patch(state["base_tree"], state["tree"])
    limit, lines = deps.scope.limits.max_lines, changed_lines(patch)
    found = [f"the change has {lines} lines, more than {limit}"] if lines > limit else []
    binary = ["the change has binary files"] if b"\nGIT binary patch\n" in patch else []
    change, item = change_of(state, deps), state["item"]
    topic = off_topic((item.title, *item.criteria), change.python, change.python_tests) if state["ids"] else ()
    examples = examples_changed(change.texts, deps.baseline().ids)
    kinds = floats_for_whole(change.python)
    more = (*topic, *examples, *kinds, *runs_by_itself(change.texts), *_reaches(change, state, deps))
    asked = [reason.sentence for reason in dict.fromkeys((*change.asked, *more))]
    return [*found, *binary, *asked, *state.get("doubts", ())]


def _reaches(change: Change, state: ItemState, deps: Deps) -> Iterator[Reason]:
    """What a fix may well do, and an unattended engineer may not bring in unseen."""
    files = deps.site.trees.entries(state["base_tree"])
    paths = [*files, *deps.site.trees.entries(state["tree"])]
    found = tuple(newly_reached(change.python, packages(paths, ())))
    if any(reach == "unknown packages" for reach, _ in found):  # then it is worth reading what all files import
        python = [e for path, e in files.items() if path.endswith(".py") and e.is_file]
        texts = [deps.site.trees.blob(entry.oid).decode("utf-8", "replace") for entry in python]
        found = tuple(newly_reached(change.python, packages(paths, texts)))
    return (reason for _, reason in found)


def changed_lines(patch: bytes) -> int:
    """Added and removed lines, counted where the patch says that they are: within its hunks."""
    count, left = 0, [0, 0]
    for line in patch.split(b"\n"):
        if any(left):
            kind = line[:1]
            left = [left[0] - (kind in b" -"), left[1] - (kind in b" +")]
            count += kind in (b"+", b"-")
        elif hunk := HUNK.match(line):
            left = [int(hunk[1] or 1), int(hunk[2] or 1)]
    return count
