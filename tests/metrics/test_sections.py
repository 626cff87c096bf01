"""Plain text, Markdown and data say the same, and text of a repository stays text."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from metrics.sections import Section, markdown_lines, plain_lines, sections_data, shown

SECTION = Section("a", "A", ("what", "n"), (("x", 1_000), ("y", None)), ("n=2",))


def test_plain_lines_align_numbers_to_the_right() -> None:
    assert plain_lines([SECTION]) == [
        "A",
        "  n=2",
        "  what             n",
        "  x            1,000",
        "  y     not measured",
    ]


def test_markdown_has_the_same_cells() -> None:
    assert markdown_lines("T", [SECTION]) == [
        "# T", "", "## A", "", "n=2  ", "", "| what | n |", "| --- | ---: |", "| x | 1,000 |", "| y | not measured |",
    ]  # fmt: skip


def test_data_keeps_what_was_not_measured_apart_from_nothing() -> None:
    assert sections_data([SECTION])[0]["rows"] == [{"what": "x", "n": 1_000}, {"what": "y", "n": None}]


def test_numbers_are_shown_without_needless_places() -> None:
    assert [shown(v) for v in (4.0, 6.6667, 1234.5, 0, "x")] == ["4", "6.67", "1,234.5", "0", "x"]


@given(st.text())
def test_a_title_can_not_break_out_of_its_cell(title: str) -> None:
    lines = markdown_lines("T", [Section("a", "A", ("title",), ((title,),))])
    assert len(lines) == 7 or not title.strip()
    row = lines[-1]
    inner = row.removeprefix("| ").removesuffix(" |")
    assert not re.search(r"(?<!\\)(?:\\\\)*[|\[\]`]", inner)
    assert "<" not in inner
