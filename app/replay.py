"""Play a recorded run again, offline, with its recorded turns, and compare what the gates say."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.answer import GATE, OK, Answer
from app.call import Call
from app.house import House, open_house
from app.run_item import deps_for, open_record
from app.runs import Begun, Runs
from evidence.event import Answered, Decided, Event, Judged, ToolRan
from evidence.record import Record, read_chain
from forge.publish import Publication, Published
from model.replay import Diverged, Replay


def replay(call: Call, run: str) -> Answer:
    """`result.verdict` is same or diverged, with the first difference. Raises RunUnknown, RecordBroken."""
    house = open_house(call)
    runs = Runs(house.state / "runs")
    begun = runs.load(run)
    recorded = [event for _, event, _ in read_chain(runs.path(run) / "events.jsonl")]
    difference, steps = _played(house, begun, recorded)
    verdict = "diverged" if difference else "same"
    line = difference or f"{steps} steps: the same transitions, trees and verdicts"
    result = {"verdict": verdict, "run": run, "steps": steps, "difference": difference}
    return Answer(result, (f"{verdict}: {run}", f"  {line}"), GATE if difference else OK)


def _played(house: House, begun: Begun, recorded: Sequence[Event]) -> tuple[str, int]:
    from langgraph.checkpoint.memory import InMemorySaver

    from graph.run import Start, run_item, serializer

    turns = [(e.asked, e.turn) for e in recorded if isinstance(e, Answered)]
    answers = [e.answer for e in recorded if isinstance(e, Decided)]
    with TemporaryDirectory(prefix="replay-", dir=house.state / "work") as name:
        record = Record(Path(name), house.now)
        again = begun.model_copy(update={"run": f"replay-{begun.run}"})
        deps = replace(deps_for(house, again, record, Replay(turns)), publish=_nowhere, run=begun.run)
        open_record(house, again, record, deps)
        saver = InMemorySaver(serde=serializer())
        start = Start(begun.item, begun.base, begun.base_tree)
        try:
            run_item(deps, start, saver)
            for word in answers:
                run_item(deps, start, saver, answer=word)
        except Diverged as diverged:
            return str(diverged), len(record.events)
        finally:
            record.close()
            shutil.rmtree(house.state / "work" / again.run, ignore_errors=True)
        return _difference(steps_of(recorded), steps_of(record.events)), len(record.events)


def _nowhere(publication: Publication) -> Published:
    """Publishing in a replay goes nowhere."""
    return Published(branch="", head="", folder=Path(), evidence_sha256="")


def steps_of(events: Sequence[Event]) -> list[str]:
    """What must be the same in both runs, one line a step."""
    lines = []
    for event in events:
        match event:
            case ToolRan(name=name, ok=ok, before=before, after=after):
                lines.append(f"tool {name} {'did' if ok else 'refused'} {before[:12]} → {after[:12]}")
            case Judged(phase=phase, tree=tree, passed=passed):
                lines.append(f"gate {phase} {'accepted' if passed else 'refused'} {tree[:12]}")
    return lines


def _difference(before: Sequence[str], now: Sequence[str]) -> str:
    for number, (was, is_) in enumerate(zip(before, now, strict=False), 1):
        if was != is_:
            return f"step {number}: was {was!r}, is {is_!r}"
    if len(before) != len(now):
        return f"it had {len(before)} steps, and has {len(now)} now"
    return ""
