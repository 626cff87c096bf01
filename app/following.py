"""Follow a replay event by event beside the recording: the first that differs is named, with what was expected."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from evidence.event import Answered, Done, Ended, Event, Judged, Started, seal_of
from model.replay import steadied

Blob = Callable[[str], bytes]
SHOWN = 160
ELSEWHERE: dict[type, frozenset[str]] = {
    Started: frozenset({"run", "model", "isolation", "versions"}),
    Answered: frozenset({"seal"}),
    Done: frozenset({"result"}),
}
"""Fields that say where and by what it was done, for a replay is another time and place; and the seal of a turn."""
NOT_OF_THE_OUTCOME = ("branch", "pull_request", "evidence", "patch")


class Differs(Exception):
    """The replay and the recording part here."""

    def __init__(self, number: int, expected: str, came: str) -> None:
        """`number` counts the events of the recording from 1, as its lines do."""
        super().__init__(f"event {number}: expected {expected}, came {came}")
        self.number, self.expected, self.came = number, expected, came


class RecordingEnds(Exception):
    """All that was recorded came again, and the run had not ended."""


class Following:
    """Told every event of the replay, in order."""

    def __init__(self, recorded: Sequence[Event], was: Blob, now: Blob) -> None:
        """`was` and `now` give the blobs of the recording and of the replay."""
        self.steps = 0
        self._recorded, self._was, self._now = recorded, was, now

    def heard(self, event: Event) -> None:
        """Raises Differs, RecordingEnds."""
        if self._complete():
            raise Differs(self.steps + 1, "nothing more", shown(essence(event, self._now)))
        expected, came = essence(self._recorded[self.steps], self._was), essence(event, self._now)
        if expected != came:
            raise Differs(self.steps + 1, *parted(expected, came))
        self.steps += 1

    def over(self, came: str) -> None:
        """Nothing comes any more, because of `came`. Raises Differs where the recording goes on, RecordingEnds."""
        if not self._complete():
            raise Differs(self.steps + 1, shown(essence(self._recorded[self.steps], self._was)), came)

    def _complete(self) -> bool:
        """All came again. Raises RecordingEnds where the run had not ended then."""
        if self.steps < len(self._recorded):
            return False
        if not any(isinstance(event, Ended) for event in self._recorded):
            raise RecordingEnds
        return True


def changed_turn(recorded: Sequence[Event]) -> Differs | None:
    """The first answer in a recording that is not the one that was sealed. Needs no replay."""
    for number, event in enumerate(recorded, 1):
        if isinstance(event, Answered) and event.seal not in ("", seal_of(event.asked, event.turn)):
            return Differs(number, f"the turn sealed as {event.seal[:12]}", shown(event.turn.model_dump_json()))
    return None


def essence(event: Event, blob: Blob) -> str:
    """What must be the same in both: all but time, place, and who was asked."""
    body: dict[str, Any] = event.model_dump(mode="json", exclude=set(ELSEWHERE.get(type(event), ())))
    if isinstance(event, Judged) and event.proof:
        body["proof"] = _proof(event.proof, blob)
    if isinstance(event, Ended):
        body["outcome"] = {key: value for key, value in event.outcome.items() if key not in NOT_OF_THE_OUTCOME}
    return steadied(json.dumps(body, sort_keys=True, ensure_ascii=False))


def _proof(name: str, blob: Blob) -> str:
    try:
        return blob(name).decode("utf-8", "replace")
    except OSError:
        return f"no blob {name}"


def parted(expected: str, came: str) -> tuple[str, str]:
    """Both from shortly before they differ."""
    pairs = enumerate(zip(expected, came, strict=False))
    at = next((i for i, (a, b) in pairs if a != b), min(len(expected), len(came)))
    start = max(0, at - SHOWN // 2)
    return shown(expected[start:]), shown(came[start:])


def shown(text: str) -> str:
    return f"`{text if len(text) <= SHOWN else text[:SHOWN] + '…'}`"
