"""Why a test run proves nothing, in one sentence for the one who must act; empty when it does prove."""

from __future__ import annotations

import re

from checks.outcomes import Story
from sandbox.policy import Result

_ERROR = re.compile(r"^(ERROR|E|INTERNALERROR> E|\w*Error:)\b(?!: usage)|: error: ")
_EXITS = {
    2: "pytest was interrupted",
    3: "pytest had an internal error",
    4: "pytest did not accept how it was called",
}
NO_TESTS = "no tests were collected: the suite must find at least one test"


def trouble(story: Story, result: Result, python: str, *, forged: bool) -> str:
    """The first that applies, from the machinery to the tests."""
    if forged:
        return "something in the tested code wrote into the test report: a run counts only when it does not"
    if story.unusable:
        return (
            f"{python} can not import pytest ({story.unusable}): install it there "
            f"(`{python} -m pip install pytest`) or configure another interpreter"
        )
    if result.killed:
        return f"the run was stopped for crossing its {result.killed} limit{_during(story)}"
    if story.exit_code is None:
        return _died(story, result)
    return _ended(story, result)


def _died(story: Story, result: Result) -> str:
    if not story.begin:
        return f"pytest did not start (exit code {result.code}): {last_line(result)}"
    end = f"signal {-result.code}" if result.code is not None and result.code < 0 else f"exit code {result.code}"
    return f"the process ended with {end} before pytest had finished{_during(story)}"


def _ended(story: Story, result: Result) -> str:
    if story.exit_code in _EXITS:
        return f"{_EXITS[story.exit_code]}: {last_line(result)}"
    if not story.outcomes:
        return NO_TESTS
    left = [name for name in story.collected if name not in story.outcomes]
    if left:
        return f"{len(left)} collected tests were not run, {left[0]} the first: the session ended early"
    return ""


def _during(story: Story) -> str:
    return f" while running {next(reversed(story.running))}" if story.running else ""


def last_line(result: Result) -> str:
    """The most telling line: the last that names an error, else the last that was printed."""
    printed = (result.stdout + b"\n" + result.stderr).decode(errors="replace")
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    errors = [line for line in lines if _ERROR.search(line)]
    return (errors or lines or ["it printed nothing"])[-1][:300]
