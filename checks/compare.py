"""What a change did to the tests that were there: nothing lost, nothing broken, nothing newly skipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checks.reason import Reason
from checks.testrun import Ending, Outcome, TestRun

_ASIDE: tuple[Ending, ...] = ("skipped", "xfailed", "xpassed")
_NAMED = 5


def regressions(before: TestRun, after: TestRun, *, exempt: frozenset[str] = frozenset()) -> tuple[Reason, ...]:
    """Why `after` is worse than `before`, tests in `exempt` left out.

    Tests that failed before may go on failing.
    """
    return (
        *_lost(before, after, exempt),
        *_broken(before, after, exempt),
        *_aside(before, after, exempt),
        *_new_failures(before, after, exempt),
    )


def still_failing(before: TestRun, after: TestRun) -> tuple[Reason, ...]:
    """For the reader of a verdict that passed: what failed before and fails still."""
    names = before.with_ending("failed", "error") & after.with_ending("failed", "error")
    if not names:
        return ()
    return (Reason("already_failing", f"failed before the change and fails still: {listed(names)}"),)


def _lost(before: TestRun, after: TestRun, exempt: frozenset[str]) -> tuple[Reason, ...]:
    lost = before.ids - after.ids - exempt
    if not lost:
        return ()
    why = "no test may disappear: restore it under its name"
    return (Reason("tests_lost", f"{len(lost)} tests are no longer run ({listed(lost)}): {why}"),)


def _broken(before: TestRun, after: TestRun, exempt: frozenset[str]) -> tuple[Reason, ...]:
    broken = (before.with_ending("passed") & after.with_ending("failed", "error")) - exempt
    return tuple(
        Reason(
            "test_broken",
            f"{name} passed before and fails now{message(after.outcomes[name])}: repair the code",
        )
        for name in sorted(broken)[:_NAMED]
    )


def _aside(before: TestRun, after: TestRun, exempt: frozenset[str]) -> tuple[Reason, ...]:
    new = after.with_ending(*_ASIDE) - before.with_ending(*_ASIDE) - exempt
    if not new:
        return ()
    why = "skips and expected failures may not grow: make the test run and pass"
    return (Reason("newly_skipped", f"{listed(new)} is newly skipped or expected to fail: {why}"),)


def _new_failures(before: TestRun, after: TestRun, exempt: frozenset[str]) -> tuple[Reason, ...]:
    new = after.with_ending("failed", "error") - before.outcomes.keys() - exempt
    return tuple(
        Reason("new_failure", f"{name} is new and fails{message(after.outcomes[name])}")
        for name in sorted(new)[:_NAMED]
    )


def each_id(ids: Sequence[str], run: TestRun) -> tuple[str, ...]:
    """The tests meant: an id without its parameters means every one of them that was run."""

    def meant(name: str) -> tuple[str, ...]:
        cases = tuple(i for i in run.outcomes if i.startswith(f"{name}["))
        return (name,) if name in run.outcomes or not cases else cases

    return tuple(dict.fromkeys(case for name in ids for case in meant(name)))


def message(outcome: Outcome) -> str:
    """The failure in a few words, to be put into a sentence."""
    if outcome.raised is None:
        return ""
    first = outcome.raised.message.strip().split("\n", 1)[0][:200]
    return f" ({outcome.raised.type}: {first})"


def listed(names: Iterable[str]) -> str:
    """The first few, and how many more."""
    ordered = sorted(names)
    more = f" and {len(ordered) - _NAMED} more" if len(ordered) > _NAMED else ""
    return ", ".join(ordered[:_NAMED]) + more
