"""People, versions, labels and issues that a note names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.source import Found
from backlog.sources.markers import Markers
from backlog.sources.references import references
from tests.backlog.conftest import make_view


def one(comment: str) -> Found:
    (found,) = Markers().look(make_view({"a.py": f"{comment}\n"})).found
    return found


@pytest.mark.parametrize(
    ("comment", "labels"),
    [
        ("# TODO(Anna): x", ("owner:anna",)),
        ("# TODO(@anna, v2.0): x", ("owner:anna", "milestone:v2.0")),
        ("# TODO(anna, v2.0, parser): x", ("owner:anna", "milestone:v2.0", "parser")),
        ("# TODO(3.14): x", ("milestone:3.14",)),
        ("# TODO [parser]: x", ("parser",)),
        ("# TODO(#123): x", ()),
        ("# TODO (not sure that this is right): x", ()),
        ("# TODO: x", ()),
    ],
)
def test_what_stands_in_the_brackets_becomes_labels(comment: str, labels: tuple[str, ...]) -> None:
    assert one(comment).labels == labels


@pytest.mark.parametrize(
    ("comment", "same_as", "links"),
    [
        ("# TODO(#123): x", ("issue:#123",), ("#123",)),
        ("# TODO(anna, #123): x", ("issue:#123",), ("#123",)),
        ("# TODO #123", ("issue:#123",), ("#123",)),
        ("# TODO: fix #123", ("issue:#123",), ("#123",)),
        ("# FIXME: closes GH-#7 at last", ("issue:#7",), ("#7",)),
        ("# TODO: see #123", (), ("#123",)),
        ("# TODO: like #1 and #2", (), ("#1", "#2")),
        ("# TODO(#1): and #2", (), ("#1", "#2")),
        ("# TODO: fix #1, then #2", (), ("#1", "#2")),
        ("# TODO: x, https://x.org/a.", (), ("https://x.org/a",)),
        ("# TODO: color #123456789012", (), ()),
    ],
)
def test_a_note_is_the_issue_only_when_that_is_its_subject(
    comment: str, same_as: tuple[str, ...], links: tuple[str, ...]
) -> None:
    found = one(comment)
    assert (found.same_as, found.links) == (same_as, links)


def test_words_in_brackets_that_are_no_hint_stay_in_the_note() -> None:
    assert one("# TODO (not sure that this is right)").title.startswith("(not sure that this is right)")


@given(st.text(max_size=60), st.text(max_size=200))
def test_no_text_breaks_it_and_labels_are_one_line(hint: str, words: str) -> None:
    told = references(f"({hint})", words)
    assert all(label and "\n" not in label for label in told.labels)
