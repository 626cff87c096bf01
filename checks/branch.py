"""Is a change proven, whoever wrote it? Its new tests fail before it for the right reason and pass after it,
nothing that passed fails, no test was weakened, nothing depends on being watched, and the new tests are strong.

The same judgement as an item's gates, without a contract: what is a test and what is new is read from the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from checks.compare import listed
from checks.doubts import doubtful, idle
from checks.examples import examples_changed
from checks.holds import baseline_holds
from checks.reading import Change, Look, read_change
from checks.reason import Reason
from checks.red import modules, not_reverted, why_red
from checks.rightreason import RedReason
from checks.steady import steady
from checks.strength import Strength, fitted, judge_strength, measure, unmeasured, unseen
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from checks.whole import by_the_old_tests, whole_run
from sandbox.convention import protected
from sandbox.site import Site

Word = Literal["proven", "refused", "inconclusive"]

_OPEN = frozenset({
    "no_change", "no_code_change", "no_new_tests", "no_baseline", "strength_unknown", "flaky_before", "one_sided",
    "special_case", "unseen_return", "red_died", "fitted",
    "red_double_raised", "red_double_signature",
})  # fmt: skip
"""Reasons that say that something is not known, not that it is wrong."""


_ALONE, _ALONE_S = 10, 60.0
"""So many new tests are run one by one where one of them takes the others with it, each for so many seconds at most."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What a branch is judged on, and with what."""

    site: Site
    base_tree: str
    head_tree: str
    suite: Suite
    is_test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class BranchVerdict:
    word: Word
    reasons: tuple[Reason, ...] = ()
    """Why it is not proven; empty when it is."""
    looks: tuple[Look, ...] = ()
    red: Mapping[str, RedReason] = field(default_factory=dict)
    """Each new test, and how it ended before the change."""
    before: TestRun | None = None
    after: TestRun | None = None
    strength: Strength | None = None
    revert_fails: bool | None = None
    """Without the change, its tests fail again. None: it was not tried."""


def judge_branch(bench: Bench) -> BranchVerdict:
    """Raises SandboxUnavailable, TreeRefused."""
    change = read_change(bench.site.trees, bench.base_tree, bench.head_tree, bench.is_test)
    if not (change.tests or change.code or change.words):
        return _worded(BranchVerdict("refused", (Reason("no_change", "nothing was changed"),)), change)
    before = run_tests(bench.site, bench.base_tree, suite=bench.suite)
    unfit = baseline_holds(before)
    found = BranchVerdict("refused", (*change.refused, *unfit), change.looks, before=before)
    if not unfit:
        found = _by_its_tests(bench, change, _green(bench, change, found, before), before)
    asked = (*change.asked, *examples_changed(change.texts, before.ids))
    return _worded(found, replace(change, asked=asked))


def _green(bench: Bench, change: Change, found: BranchVerdict, before: TestRun) -> BranchVerdict:
    """Nothing that passed fails: by the tests as they are now, and by the tests as they were."""
    site, tree, suite = bench.site, bench.head_tree, bench.suite
    moved = frozenset(name for name in before.ids if name.split("[")[0] in change.moved)
    after, reasons = whole_run(
        site, tree, base_tree=bench.base_tree, beside=change.tests, baseline=before, suite=suite, exempt=moved
    )
    old = by_the_old_tests(
        site,
        base_tree=bench.base_tree,
        tree=tree,
        baseline=before,
        suite=suite,
        is_test=lambda path: bench.is_test(path) or protected(path),
    )
    return replace(found, reasons=(*found.reasons, *reasons, *old), after=after)


def _by_its_tests(bench: Bench, change: Change, found: BranchVerdict, before: TestRun) -> BranchVerdict:
    """Red before the change, for the right reason; green after it each time; and strong."""
    assert found.after is not None
    new = tuple(sorted(found.after.with_ending("passed") - before.ids))
    if not new:
        return replace(found, reasons=(*found.reasons, _no_new_tests(change)))
    red = _red(bench, change, new)
    right = tuple(name for name, reason in red.items() if reason.right)
    found = replace(found, red=red)
    if not right:
        return replace(found, reasons=(*found.reasons, *_never_red(red)))
    if change.idle:
        return replace(found, reasons=(*found.reasons, idle(change)))
    return found if found.reasons else _tried(bench, change, found, right)


def _tried(bench: Bench, change: Change, found: BranchVerdict, ids: tuple[str, ...]) -> BranchVerdict:
    """What costs most comes last: again and again, with mutants, and with the change taken back."""
    assert found.after is not None
    site, tree, suite = bench.site, bench.head_tree, bench.suite
    shaken = steady(site, tree, ids=ids, suite=suite, first=found.after)
    strength = measure(site, base_tree=bench.base_tree, result_tree=tree, ids=ids, suite=suite, is_test=bench.is_test)
    again = _red(bench, change, ids)
    kept = not_reverted(again)
    reasons = (*shaken.reasons, *judge_strength(strength), *unmeasured(strength, suite), *kept)
    doubts = () if reasons else doubtful(site, bench.base_tree, tree, change, ids, suite, found.after)
    reasons = (*reasons, *unseen(strength), *fitted(strength, change.python_tests), *doubts)
    return replace(found, reasons=reasons, strength=strength, revert_fails=not kept)


def _red(bench: Bench, change: Change, ids: tuple[str, ...]) -> Mapping[str, RedReason]:
    """How each of the tests ends on the base with the new tests laid over it."""
    run = run_tests(bench.site, change.red_tree, ids=ids, suite=bench.suite)
    known = modules(bench.site.trees.entries(bench.base_tree))

    def why(run: TestRun, ids: tuple[str, ...]) -> dict[str, RedReason]:
        return why_red(run, ids, promised=change.promised, is_test=bench.is_test, modules=known)

    if run.finished or len(ids) > _ALONE:
        return why(run, ids)
    brief = replace(bench.suite, timeout_s=min(bench.suite.timeout_s, _ALONE_S))
    alone = {name: run_tests(bench.site, change.red_tree, ids=(name,), suite=brief) for name in ids}
    return {name: why(one, (name,))[name] if one.finished else _died(name, one) for name, one in alone.items()}


def _died(name: str, run: TestRun) -> RedReason:
    """Without the change the code may go on for ever, and take the whole process with it."""
    why = run.killed or "the process ended"
    return RedReason(False, "died", f"{name} does not come to its end without the change ({why}): see that it should")


def _never_red(red: Mapping[str, RedReason]) -> tuple[Reason, ...]:
    wrong = {reason.code: reason for reason in red.values() if reason.code != "passes"}
    if wrong:
        return tuple(Reason(f"red_{code}", reason.sentence) for code, reason in wrong.items())
    return (Reason("not_red", f"{listed(red)} passes without the change too: no new test shows what it does"),)


def _no_new_tests(change: Change) -> Reason:
    if change.code:
        return Reason("no_new_tests", f"{listed(change.code)} was changed and no new test shows what for")
    return Reason("no_code_change", "no code was changed: there is nothing that a test could show")


def _worded(found: BranchVerdict, change: Change) -> BranchVerdict:
    reasons = tuple(dict.fromkeys((*found.reasons, *change.asked)))
    wrong = any(r.code not in _OPEN for r in found.reasons)
    word: Word = "refused" if wrong else "inconclusive" if reasons else "proven"
    return replace(found, word=word, reasons=reasons)
