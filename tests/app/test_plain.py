"""What others wrote can not steer the terminal of who reads it."""

from __future__ import annotations

import pytest

from app.plain import coloured, one_line, plain
from app.tell import told
from evidence.event import Decided, Ended, Event, Judged, Started, ToolRan

STEERING = {
    "an escape": "\x1b[2J",
    "a clipboard write": "\x1b]52;c;ZXZpbA==\x07",
    "a one-byte sequence start": "\x9b5n",
    "a carriage return": "good\rbad!",
    "a backspace": "x\b",
    "text turned around": "\u202egnp.exe",
    "an isolate": "\u2067x",
    "half a character": "\udcff",
}


@pytest.mark.parametrize("text", STEERING.values(), ids=STEERING)
def test_nothing_steers_the_terminal(text: str) -> None:
    for shown in (plain(text), one_line(text), coloured(text)):
        assert shown.isprintable()
        shown.encode()


@pytest.mark.parametrize("text", ["", "plain", "tab\tand\nnewline", "Zürich 漢字 👩‍💻 ✓", "back\\slash"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert plain(text) == coloured(text) == text


def test_colours_stay_where_they_are_wanted() -> None:
    assert coloured("\x1b[1;31mred\x1b[0m \x1b[2J") == "\x1b[1;31mred\x1b[0m \\x1b[2J"


def test_one_line_is_one_line() -> None:
    assert one_line("a\n  ✓ publish") == "a\\n  ✓ publish"


@pytest.mark.parametrize(
    "event",
    [
        Started(
            run="r",
            item={"id": "x", "title": "t\x1b[2J\n  ✓ publish"},
            base="b",
            base_tree="t",
            model="m",
            isolation={},
        ),
        Judged(phase="red", tree="t", passed=False, reasons=({"code": "c", "sentence": "s\x1b[2J"},)),
        ToolRan(name="run", ok=True, output="o\x1b[2J", before="a", after="b"),
        Decided(what="answer", answer="a\x1b[2J"),
        Ended(outcome={"kind": "blocked", "reason": "r\x1b[2J"}),
    ],
    ids=lambda event: event.event,
)
def test_what_is_told_of_a_run_steers_nothing(event: Event) -> None:
    line = told(event, "debug")
    assert line is not None
    assert "\x1b" not in line
    assert "\n  ✓ publish" not in line
