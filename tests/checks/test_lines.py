"""Which lines a change wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checks.lines import added_lines

texts = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12).map("\n".join)


def test_inserted_and_changed_lines_are_added_ones() -> None:
    assert added_lines("a\nb\nc\n", "a\nx\nc\nd\n") == {2, 4}


def test_a_new_file_is_all_added() -> None:
    assert added_lines("", "a\nb\n") == {1, 2}


def test_taking_lines_out_adds_none() -> None:
    assert added_lines("a\nb\nc\n", "a\nc\n") == frozenset()


@given(texts)
def test_no_change_adds_no_line(text: str) -> None:
    assert added_lines(text, text) == frozenset()


@given(texts, texts)
def test_what_is_not_added_was_there_before(before: str, after: str) -> None:
    added = added_lines(before, after)
    kept = [line for number, line in enumerate(after.splitlines(), 1) if number not in added]
    remaining = iter(before.splitlines())
    assert all(any(line == old for old in remaining) for line in kept)
