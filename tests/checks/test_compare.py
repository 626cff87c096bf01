"""Nothing lost, nothing broken, nothing newly set aside: over every pair of endings."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from checks.compare import regressions, still_failing
from checks.testrun import Ending, Outcome, TestRun

BAD = ("failed", "error")
ASIDE = ("skipped", "xfailed", "xpassed")

endings = st.sampled_from(get_args(Ending))
runs = st.dictionaries(st.sampled_from(["a", "b", "c"]), endings).map(
    lambda told: TestRun({name: Outcome(name, ending) for name, ending in told.items()}, finished=True)
)


def worse(before: TestRun, after: TestRun, name: str) -> bool:
    """The rule, said once more and one test at a time."""
    if name not in after.outcomes:
        return name in before.outcomes
    now = after.outcomes[name].ending
    if name not in before.outcomes:
        return now != "passed"
    was = before.outcomes[name].ending
    return (was == "passed" and now in BAD) or (now in ASIDE and was not in ASIDE)


@given(runs, runs)
def test_a_run_is_worse_exactly_when_one_of_its_tests_is(before: TestRun, after: TestRun) -> None:
    names = before.outcomes.keys() | after.outcomes.keys()
    assert bool(regressions(before, after)) == any(worse(before, after, name) for name in names)


@given(runs)
def test_the_same_run_again_is_never_worse(run: TestRun) -> None:
    assert regressions(run, run) == ()


@given(runs, runs)
def test_exempt_tests_may_do_anything(before: TestRun, after: TestRun) -> None:
    assert regressions(before, after, exempt=frozenset("abc")) == ()


@given(runs, runs)
def test_what_failed_before_is_stated(before: TestRun, after: TestRun) -> None:
    both = before.with_ending(*BAD) & after.with_ending(*BAD)  # type: ignore[arg-type]  # a subset of Ending
    assert bool(still_failing(before, after)) == bool(both)
