"""One item worked through every phase, to see what its conversations look like from end to end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evals.bench.contender import calling
from evals.bench.exchange import prefix_shares
from evals.bench.figure import Figure, Goal, Section
from evals.bench.ground import CRITERION, Ground
from evals.bench.process import BenchFailed, timed
from model.playback import Playback
from model.port import Turn

SOURCE, TEST = "timers/duration.py", "tests/test_parts.py"
TEST_TEXT = """\
from timers.duration import parse


def test_parts_add_up():
    assert parse("1h30m") == 5400
"""
PLAN = "parse of 1h30m must give 5400 and gives 1800"
CONTRACT = {"criteria": [CRITERION], "files": [SOURCE], "plan": PLAN, "effort": 1}
WRONG = """\
        # FIXME: parse("1h30m") gives 1800: only the last part counts, they should add up
        seconds = int(amount) * SECONDS[unit]
"""
CHECKLIST = "input is checked; no authorization, secrets, errors or logs are touched"
RIGHT = "        seconds += int(amount) * SECONDS[unit]\n"


def whole_item(ground: Ground) -> Section:
    """Raises BenchFailed when the item does not end as a pull request."""
    item = ground.add("Only the last part of a duration counts")
    turns = script()
    with Playback(turns) as server:
        timed((ground.lamplighter, "run", item), ground.repository, ground.environment(server.url))
    if len(server.requests) != len(turns):
        raise BenchFailed(f"the whole item took {len(server.requests)} requests instead of {len(turns)}")
    return Section(
        "Stable prefix, whole item",
        f"The same for one item on its way through all phases: {len(turns)} requests, in one conversation "
        "for the work and one for the security review.",
        (Figure("Lamplighter, all phases", " %", prefix_shares(server.requests), Goal(100, at_least=True)),),
    )


def script() -> Sequence[Turn]:
    """An honest engineer's answers, phase by phase."""
    calls: tuple[tuple[str, dict[str, Any]], ...] = (
        ("submit_contract", CONTRACT),
        ("write_file", {"path": TEST, "text": TEST_TEXT}),
        ("submit_tests", {"ids": [f"{TEST}::test_parts_add_up"]}),
        ("read_file", {"path": SOURCE}),
        ("edit_file", {"path": SOURCE, "old": WRONG, "new": RIGHT}),
        ("submit_done", {"note": "The parts of a duration are added up."}),
        ("submit_done", {"note": "Nothing to tidy."}),
        ("read_file", {"path": SOURCE}),
        ("submit_review", {"problems": [], "checklist": CHECKLIST}),
        ("submit_done", {"note": "Nothing to document."}),
    )
    return [calling(number, tool, arguments) for number, (tool, arguments) in enumerate(calls)]
