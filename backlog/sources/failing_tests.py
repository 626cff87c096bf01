"""Tests that fail on the base: each is a bug, and its own check."""

from __future__ import annotations

from collections.abc import Sequence

from backlog.identity import content_key, item_id
from backlog.item import Inputs, Kind
from backlog.source import Found, NotConfigured, Report, View
from backlog.sources.text import clean, showable
from checks.check import CommandCheck, TestCheck
from checks.testrun import Outcome, TestRun

NAME = "tests"
RULE = "rule:failing-test"
INPUTS = Inputs(
    value=8,
    time_criticality=5,
    risk_reduction=5,
    size=3,
    source=dict.fromkeys(("value", "time_criticality", "risk_reduction", "size"), RULE),
)


class FailingTests:
    name = NAME

    def look(self, view: View) -> Report:
        """One Found per failing test function, its parametrisations together, and one per file that can not
        be collected."""
        run = view.failing()
        if run.finished and not run.outcomes:
            raise NotConfigured("no tests were collected")
        if not run.proves:
            return Report(NAME, "not run", run.trouble or "the test run did not reach its end")
        return Report(NAME, "ready", "", tuple(_found(run)))


def _found(run: TestRun) -> list[Found]:
    failing = [run.outcomes[i] for i in sorted(run.with_ending("failed", "error"))]
    groups: dict[str, list[Outcome]] = {}
    for outcome in failing:
        if showable(outcome.id.replace("\n", "")):
            groups.setdefault(function_of(outcome.id), []).append(outcome)
    return [_one(function, outcomes) for function, outcomes in groups.items()]


def function_of(test: str) -> str:
    """The test's id without its parameters: `tests/test_a.py::test_b[1]` to `tests/test_a.py::test_b`."""
    path, colons, rest = test.partition("::")
    return path + colons + rest.partition("[")[0]


def _one(function: str, outcomes: Sequence[Outcome]) -> Found:
    path = function.partition("::")[0]
    collecting = all(o.stage == "collect" for o in outcomes)
    what = "can be collected" if collecting else "passes"
    name = clean(path if collecting else function.rpartition("::")[2], 120)
    title = f"Make {name} collectable" if collecting else f"Make {name} pass ({clean(path, 140)})"
    ids = tuple(o.id for o in outcomes)
    command = CommandCheck(argv=("python", "-m", "pytest", "--collect-only", "-q", path))
    return Found(
        fingerprint=item_id(NAME, path, function, prefix="test"),
        content=content_key(NAME, function.partition("::")[2]) if not collecting else "",
        same_as=() if collecting else (f"test:{function}",),
        kind=Kind.BUG,
        title=title,
        path=path,
        check=command if collecting else TestCheck(ids=ids),
        inputs=INPUTS,
        criteria=(f"{clean(function, 300)} {what}, and every test that passes now still does.",),
        story=_story(outcomes),
        test_notes=f"Failing: {', '.join(clean(i, 200) for i in ids[:20])}" + (" …" if len(ids) > 20 else ""),
    )


def _story(outcomes: Sequence[Outcome]) -> str:
    first = outcomes[0]
    if first.raised is not None:
        said = clean(f"{first.raised.type}: {first.raised.message}", 600)
    else:
        said = clean(first.text, 600) or "it gives no reason"
    return f"It fails on the base in {first.stage}: {said}"
