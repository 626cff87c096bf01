"""Play a recorded run again, offline, with its recorded turns: every event must come again as it was recorded."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from app.answer import GATE, OK, Answer
from app.call import Call
from app.following import Differs, Following, RecordingEnds, changed_turn
from app.house import House, open_house
from app.run_item import deps_for, open_record
from app.runs import Begun, Runs
from evidence.event import Answered, Decided, Event
from evidence.portable import BLOBS
from evidence.record import EVENTS, Record, read_chain
from forge.publish import Publication, Published
from model.replay import Diverged, Replay


def replay(call: Call, run: str) -> Answer:
    """`result.verdict` is same or diverged, with the first difference. Raises RunUnknown, RecordBroken."""
    house = open_house(call)
    runs = Runs(house.state / "runs")
    begun, folder = runs.load(run), runs.path(run)
    recorded = [event for _, event, _ in read_chain(folder / EVENTS)]
    differs = changed_turn(recorded)
    steps = 0
    if differs is None:
        differs, steps = _played(house, begun, folder, recorded)
    verdict = "diverged" if differs else "same"
    line = str(differs) if differs else f"{steps} events: the same transitions, trees and verdicts"
    result = {
        "verdict": verdict,
        "run": run,
        "steps": steps,
        "difference": str(differs or ""),
        "event": differs.number if differs else None,
        "expected": differs.expected if differs else None,
        "came": differs.came if differs else None,
    }
    return Answer(result, (f"{verdict}: {run}", f"  {line}"), GATE if differs else OK)


def _played(house: House, begun: Begun, folder: Path, recorded: Sequence[Event]) -> tuple[Differs | None, int]:
    """Where the replay parts from the recording, and how many events came again before that."""
    (house.state / "work").mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="replay-", dir=house.state / "work") as name:
        here = Path(name)
        following = Following(recorded, partial(_blob, folder), partial(_blob, here))
        record = Record(here, house.now, following.heard)
        try:
            _play(house, begun, record, following, recorded)
            following.over("nothing more")
        except Differs as differs:
            return differs, following.steps
        except RecordingEnds:
            pass
        finally:
            record.close()
        return None, following.steps


def _play(house: House, begun: Begun, record: Record, following: Following, recorded: Sequence[Event]) -> None:
    """Raises Differs, RecordingEnds."""
    from langgraph.checkpoint.memory import InMemorySaver

    from graph.run import Start, run_item, serializer

    turns = [(e.asked, e.turn) for e in recorded if isinstance(e, Answered)]
    again = begun.model_copy(update={"run": f"replay-{begun.run}"})
    deps = replace(deps_for(house, again, record, Replay(turns)), publish=_nowhere, run=begun.run)
    saver, start = InMemorySaver(serde=serializer()), Start(begun.item, begun.base, begun.base_tree)
    try:
        open_record(house, again, record, deps)
        run_item(deps, start, saver)
        for decided in (e for e in recorded if isinstance(e, Decided)):
            record.once(decided.key, lambda said=decided: said)  # type: ignore[misc]
            run_item(deps, start, saver, answer=decided.answer)
    except Diverged as diverged:
        following.over(f"`{diverged}`")
    finally:
        shutil.rmtree(house.state / "work" / again.run, ignore_errors=True)


def _blob(folder: Path, name: str) -> bytes:
    return (folder / BLOBS / name).read_bytes()


def _nowhere(_publication: Publication) -> Published:
    """Publishing in a replay goes nowhere."""
    return Published(branch="", head="", folder=Path(), evidence_sha256="")
