"""A recorded run comes again event by event; whatever was changed in the recording is named by its line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.call import Call
from app.replay import replay
from app.run_item import work_item
from app.runs import Runs
from evidence.record import RecordBroken
from graph.outcome import Outcome
from model.port import Message, ModelUnavailable, ToolSpec, Turn
from model.scripted import Scripted, call
from tests.graph.conftest import FILES, Lab
from tests.graph.engineers import honest

STOP = call("stop", kind="blocked", reason="enough")
NO_SUCH = call("read_file", path="no/such/file.py")
REFUSED = call("submit_contract", criteria=["a"], files=[".github/workflows/ci.yml"], plan="p", effort=1)
ASK = call("submit_contract", criteria=["?"], files=["calc.py"], questions=["Floats as well?"])
SCOPE = {".automation-scope.yaml": "automation_limits:\n  max_lines: 1\n"}


@dataclass(frozen=True)
class Recorded:
    """The one run of a lab, worked as the program does, with checkpoints on disk."""

    lab: Lab

    def work(self, turns: Sequence[Turn], answer: str | None = None) -> Outcome:
        house = self.lab.house
        item = house.backlog.get(self.lab.item.id)
        outcome, _ = work_item(house, item, answer=answer, think=lambda *_: Scripted(_or_gone(turns)))
        return outcome

    @property
    def run(self) -> str:
        (run,) = (begun.run for begun in Runs(self.lab.house.state / "runs").all())
        return run

    @property
    def file(self) -> Path:
        return self.lab.house.state / "runs" / self.run / "events.jsonl"

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_bytes().splitlines()]

    def write(self, events: list[dict[str, Any]]) -> None:
        """As a forger would: numbered and chained anew."""
        head, lines = "0" * 64, []
        for number, event in enumerate(events):
            line = json.dumps(event | {"n": number, "prev": head}, separators=(",", ":")).encode() + b"\n"
            head = hashlib.sha256(line).hexdigest()
            lines.append(line)
        self.file.write_bytes(b"".join(lines))

    def replay(self) -> dict[str, Any]:
        answer = replay(Call(repo=self.lab.house.repository.root), self.run)
        assert answer.exit_code == (0 if answer.result["verdict"] == "same" else 4)
        return answer.result


def _or_gone(turns: Sequence[Turn]) -> Callable[[Sequence[Message], Sequence[ToolSpec]], Turn]:
    """A model that answers with these turns, and then can not be reached any more."""
    left = iter(turns)

    def answer(_messages: Sequence[Message], _tools: Sequence[ToolSpec]) -> Turn:
        for turn in left:
            return turn
        raise ModelUnavailable("it is gone")

    return answer


@pytest.fixture
def recorded(make_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Recorded]:
    monkeypatch.setenv("LAMPLIGHTER_MODEL", "scripted")
    return lambda **files: Recorded(make_lab(FILES | files))


@pytest.fixture
def blocked(recorded: Callable[..., Recorded]) -> Recorded:
    """A short run with a tool that worked, one that did not, a gate that refused, and a model that gave up."""
    made = recorded()
    assert made.work([call("find_files"), NO_SUCH, REFUSED, STOP]).kind == "blocked"
    return made


def test_a_blocked_run_with_tool_errors_and_refusals_comes_again(blocked: Recorded) -> None:
    kinds = [(e["event"], e.get("ok", e.get("passed"))) for e in blocked.events()]
    assert {("tool", True), ("tool", False), ("gate", False), ("ended", None)} <= set(kinds)
    assert blocked.replay()["steps"] == len(kinds)


def test_a_question_and_its_answer_come_again(recorded: Callable[..., Recorded]) -> None:
    asked = recorded()
    assert asked.work([ASK]).code == "question"
    assert asked.replay()["verdict"] == "same", "up to where it waits"
    asked.work([STOP], answer="No floats.")
    assert asked.replay()["verdict"] == "same"
    events = asked.events()
    (number,) = (n for n, e in enumerate(events, 1) if e["event"] == "person")
    events[number - 1]["answer"] = "All floats."
    asked.write(events)
    assert asked.replay()["event"] == number + 1, "what the model was told next is not that answer"


def test_an_interrupted_and_resumed_run_comes_again(recorded: Callable[..., Recorded]) -> None:
    cut = recorded()
    with pytest.raises(ModelUnavailable):
        cut.work([call("find_files")])
    assert cut.replay()["verdict"] == "same", "up to where it was cut off"
    assert cut.work([STOP]).kind == "blocked"
    assert cut.replay()["verdict"] == "same"


def test_an_approved_run_comes_again_and_with_a_forged_gate_it_does_not(recorded: Callable[..., Recorded]) -> None:
    whole = recorded(**SCOPE)
    assert whole.work(honest()).code == "approval"
    assert whole.work([], answer="approved").kind == "published"
    assert whole.replay()["verdict"] == "same"
    good = whole.events()
    number = next(n for n, e in enumerate(good, 1) if e["event"] == "gate" and e["phase"] == "red")
    whole.write([e | {"tree": "0" * 40} if n == number else e for n, e in enumerate(good, 1)])
    told = whole.replay()
    assert (told["verdict"], told["event"]) == ("diverged", number)


def _perturbed(event: dict[str, Any]) -> dict[str, Any]:
    """The same event with another thing in it that matters."""
    changes: dict[str, Callable[[], dict[str, Any]]] = {
        "started": lambda: {"base_tree": "0" * 40},
        "said": lambda: {"message": event["message"] | {"content": event["message"]["content"] + "!"}},
        "answered": lambda: {"turn": event["turn"] | {"text": "something else"}},
        "tool": lambda: {"output": event["output"] + "!"},
        "gate": lambda: {"reasons": [{"code": "other", "sentence": "another reason"}]},
        "ended": lambda: {"outcome": event["outcome"] | {"reason": "another reason"}},
    }
    return event | changes[event["event"]]()


def test_each_line_that_is_changed_is_named_even_when_the_chain_was_made_anew(blocked: Recorded) -> None:
    good = blocked.events()
    for number, event in enumerate(good, 1):
        blocked.write([*good[: number - 1], _perturbed(event), *good[number:]])
        told = blocked.replay()
        assert told["event"] == number, told
        assert told["expected"] != told["came"]


def test_each_line_that_is_removed_or_moved_is_named(blocked: Recorded) -> None:
    good = blocked.events()
    for number in range(2, len(good), 3):
        blocked.write([*good[: number - 1], *good[number:]])
        assert blocked.replay()["event"] == number
        blocked.write([*good[: number - 1], good[number], good[number - 1], *good[number + 1 :]])
        assert blocked.replay()["event"] == number


def test_each_line_that_is_edited_in_place_breaks_the_chain_and_is_named(blocked: Recorded) -> None:
    good = blocked.file.read_bytes().splitlines(keepends=True)
    for number in range(1, len(good)):  # the last line has none after it: the replay compares its content
        line = good[number - 1].replace(b'"at":"2', b'"at":"1')
        blocked.file.write_bytes(b"".join([*good[: number - 1], line, *good[number:]]))
        with pytest.raises(RecordBroken, match=f"line {number} was changed"):
            blocked.replay()


@pytest.mark.parametrize("tail", [b"garbage\n", b"{}\n", b"[]\n", b'"ended"\n', b"\xff\xfe\n"])
def test_a_record_that_ends_in_garbage_names_the_line(lab: Lab, tail: bytes) -> None:
    runs, begun = Runs(lab.house.state / "runs"), lab.begun
    file = runs.path(begun.run) / "events.jsonl"
    file.write_bytes(tail)
    with pytest.raises(RecordBroken, match="line 1 is not a record line"):
        replay(Call(repo=lab.house.repository.root), begun.run)
    if tail != b"{}\n":  # nothing says that the run ended
        with pytest.raises(RecordBroken, match="line 1 is not a record line"):
            runs.ended(begun.run)
