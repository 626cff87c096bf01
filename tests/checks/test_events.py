"""Only what the reporter wrote counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.events import read_events
from checks.launcher import Report

KEY = b"k" * 32


@pytest.fixture
def written(tmp_path: Path) -> bytes:
    file = tmp_path / "events"
    file.touch()
    report = Report(str(file), KEY)
    report.write("start", id="tests/test_ü.py::test_a[x y]")
    report.write("report", id="tests/test_ü.py::test_a[x y]", outcome="failed")
    report.write("finish", exit=1)
    return file.read_bytes()


def test_what_was_written_is_read_back(written: bytes) -> None:
    events = read_events(written, KEY)
    assert [event["event"] for event in events.lines] == ["start", "report", "finish"]
    assert events.lines[0]["id"] == "tests/test_ü.py::test_a[x y]"
    assert not events.forged


def test_a_line_somebody_else_added_shows(written: bytes) -> None:
    forged = written + b'00 {"event": "report", "outcome": "passed"}\n'
    events = read_events(forged, KEY)
    assert events.forged
    assert len(events.lines) == 3


def test_a_changed_line_shows(written: bytes) -> None:
    assert read_events(written.replace(b"failed", b"passed"), KEY).forged


def test_a_line_taken_out_shows(written: bytes) -> None:
    lines = written.splitlines(keepends=True)
    assert read_events(lines[0] + lines[2], KEY).forged


def test_a_repeated_line_shows(written: bytes) -> None:
    lines = written.splitlines(keepends=True)
    assert read_events(lines[0] + lines[0], KEY).forged


def test_another_key_reads_nothing(written: bytes) -> None:
    assert read_events(written, b"x" * 32).lines == ()


def test_a_line_cut_off_by_death_is_left_out(written: bytes) -> None:
    events = read_events(written[:-5], KEY)
    assert len(events.lines) == 2
    assert not events.forged


def test_a_line_that_is_no_text_at_all_shows(written: bytes) -> None:
    assert read_events(written + b"\xff\xfe\n", KEY).forged
