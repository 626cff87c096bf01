"""Many reports of one test become one ending."""

from __future__ import annotations

from typing import Any

import pytest

from checks.outcomes import fold
from checks.testrun import Ending, Stage

RAISED = {"type": "ValueError", "bases": ["Exception"], "message": "no", "frames": [["/repo/a.py", 3, "f"]]}


def report(stage: str, outcome: str, **more: Any) -> dict[str, Any]:
    base = {"event": "report", "id": "t", "text": "", "seconds": 0.1, "xfail": False, "raised": None}
    return {**base, "stage": stage, "outcome": outcome, **more}


UP, DOWN = report("setup", "passed"), report("teardown", "passed")
CASES: list[tuple[list[dict[str, Any]], Ending, Stage]] = [
    ([UP, report("call", "passed"), DOWN], "passed", "call"),
    ([UP, report("call", "failed", raised=RAISED), DOWN], "failed", "call"),
    ([UP, report("call", "passed", raised=RAISED), DOWN], "failed", "call"),
    ([report("setup", "failed", raised=RAISED), DOWN], "error", "setup"),
    ([UP, report("call", "passed"), report("teardown", "failed", raised=RAISED)], "error", "teardown"),
    ([UP, report("call", "failed"), report("teardown", "failed")], "failed", "call"),
    ([report("setup", "skipped"), DOWN], "skipped", "setup"),
    ([UP, report("call", "skipped"), DOWN], "skipped", "call"),
    ([UP, report("call", "skipped", xfail=True, raised=RAISED), DOWN], "xfailed", "call"),
    ([UP, report("call", "passed", xfail=True), DOWN], "xpassed", "call"),
    ([UP, report("call", "failed"), report("call", "passed"), DOWN], "failed", "call"),
    ([UP, report("call", "rerun"), DOWN, UP, report("call", "passed"), DOWN], "passed", "call"),
    ([UP, report("???", "failed")], "error", "call"),
]


@pytest.mark.parametrize(("events", "ending", "stage"), CASES)
def test_the_worst_report_decides(events: list[dict[str, Any]], ending: Ending, stage: Stage) -> None:
    outcome = fold(events, "/repo").outcomes["t"]
    assert (outcome.ending, outcome.stage) == (ending, stage)


def test_the_running_test_is_known_when_the_process_dies() -> None:
    story = fold([{"event": "start", "id": "a"}, {**DOWN, "id": "a"}, {"event": "start", "id": "b"}], "/repo")
    assert list(story.running) == ["b"]


def test_frames_in_the_repository_are_relative_and_others_are_not() -> None:
    frames = [["/repo/a.py", 3, "f"], ["/repository/b.py", 4, "g"], ["/usr/lib/c.py", 5, "h"]]
    story = fold([report("call", "failed", raised={**RAISED, "frames": frames})], "/repo")
    raised = story.outcomes["t"].raised
    assert raised is not None
    assert [frame.path for frame in raised.frames] == ["a.py", "/repository/b.py", "/usr/lib/c.py"]
