"""The record: append-only, chained, and found again after a kill."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from evidence.event import Answered, Done, Said
from evidence.record import Record, RecordBroken, RecordTaken, read_chain
from model.port import Turn


@pytest.fixture
def clock(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def test_a_step_that_is_repeated_is_found_and_not_done_again(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    calls = []

    def act() -> Done:
        calls.append(1)
        return Done(effect="push")

    assert record.once("push", act) == record.once("push", act)
    record.close()
    again = Record(tmp_path, clock)
    assert again.once("push", act).effect == "push"
    assert calls == [1]


def test_the_conversation_is_the_same_after_reopening(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    record.say("work", 0, {"role": "system", "content": "s"})
    record.once("work:1", lambda: Answered(conversation="work", asked="", turn=Turn(text="hello")))
    record.close()
    again = Record(tmp_path, clock)
    assert again.messages("work") == record.messages("work")
    assert again.fingerprint("work") == record.fingerprint("work")
    assert again.head == record.head


def test_a_line_cut_off_by_a_kill_is_dropped(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    for number in range(3):
        record.say("work", number, {"role": "user", "content": str(number)})
    record.close()
    file = tmp_path / "events.jsonl"
    whole = file.read_bytes()
    for cut in range(1, 60, 7):
        file.write_bytes(whole[:-cut])
        again = Record(tmp_path, clock)
        assert [m["content"] for m in again.messages("work")] == ["0", "1"]
        again.say("work", 2, {"role": "user", "content": "2"})
        again.close()
        last = Record(tmp_path, clock)
        assert len(last.messages("work")) == 3
        last.close()


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_a_changed_line_is_noticed(tmp_path: Path, clock: Callable[[], datetime], victim: int) -> None:
    record = Record(tmp_path, clock)
    for number in range(4):
        record.say("work", number, {"role": "user", "content": f"word {number}"})
    file = tmp_path / "events.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[victim] = lines[victim].replace(b"word", b"WORD")
    file.write_bytes(b"".join(lines))
    with pytest.raises(RecordBroken, match=f"line {victim + 2}"):
        list(read_chain(file))


def test_a_removed_line_is_noticed(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    for number in range(3):
        record.say("work", number, {"role": "user", "content": str(number)})
    file = tmp_path / "events.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(lines[0] + lines[2])
    record.close()
    with pytest.raises(RecordBroken, match="line 2 is numbered 3"):
        Record(tmp_path, clock)


def test_a_record_that_another_process_writes_is_left_alone(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    with pytest.raises(RecordTaken, match="by another process"):
        Record(tmp_path, clock)
    record.close()
    Record(tmp_path, clock).close()


def test_events_are_heard_once_they_are_written(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    heard = []
    record = Record(tmp_path, clock, heard.append)
    record.say("work", 0, {"role": "user", "content": "x"})
    assert isinstance(heard[0], Said)
    assert (tmp_path / "events.jsonl").read_bytes().count(b"\n") == 1


def test_a_blob_is_named_by_its_content(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    record = Record(tmp_path, clock)
    assert record.keep(b"x") == record.keep(b"x")
    assert record.blob(record.keep(b"x")) == b"x"
