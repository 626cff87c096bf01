"""What is asked of a change and of its tests beyond the verdict: that neither cheats, and that the tests are strong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from checks.check import TestCheck
from checks.doubts import doubtful
from checks.reading import Change, read_change
from checks.red import modules, not_reverted, why_red
from checks.rightreason import RedReason
from checks.steady import steady
from checks.strength import Strength, fitted, judge_strength, measure, not_run, unmeasured, unseen
from checks.suite import run_tests
from checks.testrun import TestRun
from checks.verdict import Reason, check_fails
from evidence.event import Measured
from graph.deps import Deps
from graph.phases.promise import asked_by, promised_by
from graph.state import ItemState
from sandbox.scope import is_test


def change_of(state: ItemState, deps: Deps) -> Change:
    """The change so far, read as anybody's would be."""
    return read_change(deps.site.trees, state["base_tree"], state["tree"], is_test)


def wrote_tests(state: ItemState) -> bool:
    """The tests are the item's own, not brought with it."""
    check = state["item"].check
    return isinstance(check, TestCheck) and not check.ids


def criteria_of(state: ItemState) -> tuple[str, ...]:
    """The criteria that are tried. A finding's check says all that it asks for."""
    return asked_by(state["item"], state["contract"]) if state["ids"] else ()


def strength_of(state: ItemState, deps: Deps) -> Strength | None:
    """None where the check is no test. Measured once for each tree and its tests."""
    base, tree, ids = state["base_tree"], state["tree"], state["ids"]
    if not ids:
        return None

    def measured() -> Measured:
        found = measure(deps.site, base_tree=base, result_tree=tree, ids=ids, suite=deps.suite)
        return Measured(tree=tree, strength=_adapter().dump_python(replace(found, seconds=0.0), mode="json"))

    named = hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]
    return _adapter().validate_python(deps.record.once(f"strength:{tree}:{named}", measured).strength)


@cache
def _adapter() -> TypeAdapter[Strength]:
    return TypeAdapter(Strength)


def too_weak(state: ItemState, deps: Deps, strength: Strength | None) -> tuple[Reason, ...]:
    """Tests that came with the item are not its author's to strengthen: of those the score is only told."""
    if strength is None or not wrote_tests(state):
        return ()
    return (*judge_strength(strength), *unmeasured(strength, deps.suite))


def again(state: ItemState, deps: Deps, first: TestRun) -> tuple[Reason, ...]:
    """The tests once more: green each time and in any order, and red again without the change."""
    if not state["ids"]:
        return ()
    shaken = steady(deps.site, state["tree"], ids=state["ids"], suite=deps.suite, first=first)
    return shaken.reasons or _still_red(state, deps)


def doubts(state: ItemState, deps: Deps, strength: Strength | None, whole: TestRun) -> tuple[Reason, ...]:
    """What passes its tests and may still be a trap."""
    if not strength:
        return ()
    change, seen = change_of(state, deps), unseen(strength) if wrote_tests(state) else ()
    left = (*seen, *not_run(strength), *fitted(strength, change.python_tests))
    return (*left, *doubtful(deps.site, state["base_tree"], state["tree"], change, state["ids"], deps.suite, whole))


def _still_red(state: ItemState, deps: Deps) -> tuple[Reason, ...]:
    if not wrote_tests(state):
        return check_fails(deps.site, state["base_tree"], state["item"].check, deps.suite).reasons
    return not_reverted(_red(state, deps))


def _red(state: ItemState, deps: Deps) -> Mapping[str, RedReason]:
    run = run_tests(deps.site, state["trees"]["red"], ids=state["ids"], suite=deps.suite)
    known = modules(deps.site.trees.entries(state["base_tree"]))
    promised = promised_by(state["contract"])
    return why_red(run, state["ids"], promised=promised, is_test=is_test, modules=known)
