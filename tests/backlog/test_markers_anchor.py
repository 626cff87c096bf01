"""A note's anchor: the same for the same place, another one for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.sources.noted import noted

PYTHON = """\
import os


class Reader:
    def load(self):
        # TODO: retry
        # when busy
        x = get()
"""


def anchors(text: str, path: str = "a.py") -> list[str]:
    return [note.anchor for note in noted(path, text.encode()).notes]


@pytest.mark.parametrize(
    ("path", "text", "anchor"),
    [
        ("a.py", PYTHON, "load | x = get()"),
        ("a.py", "# TODO: a\n\nx = 1\n", "x = 1"),
        ("a.py", "def f():\n    y = 2  # TODO: a\n", "f | y = 2"),
        ("a.c", "static int\nf(int a)\n{\n\t/* TODO: a\n\t * b */\n\treturn 1;\n}\n", "f | return 1;"),
        ("a.js", "export class A {\n  run() {\n    // TODO: a\n    go();\n  }\n}\n", "run | go();"),
        ("a.go", "func (r *R) Run() {\n\t// TODO: a\n\tgo()\n}\n", "Run | go()"),
        ("a.rb", "class A\n  def go\n    # TODO: a\n    x\n  end\nend\n", "go | x"),
        ("a.py", "# TODO: a\n", ""),
    ],
)
def test_it_names_what_is_around_and_what_is_below(path: str, text: str, anchor: str) -> None:
    assert anchors(text, path) == [anchor]


def test_reworded_moved_and_indented_it_stays() -> None:
    (plain,) = anchors(PYTHON)
    assert anchors(PYTHON.replace("retry", "try again")) == [plain]
    assert anchors("y = 0\n" * 30 + PYTHON) == [plain]
    assert anchors("if x:\n" + "".join(f"    {row}\n" for row in PYTHON.split("\n"))) == [plain]


def test_two_equal_notes_are_told_apart() -> None:
    text = "def a():\n    # TODO: x\n    one()\n\ndef b():\n    # TODO: x\n    one()\n"
    assert len(set(anchors(text))) == 2


@given(st.text(alphabet="abc (){}:;=\n\t#/*\"'", max_size=300))
def test_no_text_breaks_it_and_it_is_one_short_line(text: str) -> None:
    for anchor in anchors(f"{text}\n    # TODO: x\n{text}"):
        assert "\n" not in anchor
        assert len(anchor) <= 250


@pytest.mark.timeout(20)
def test_a_file_full_of_notes_is_done_in_time() -> None:
    assert len(anchors("def f():\n" + "    # TODO\n\n" * 10_000)) == 10_000
