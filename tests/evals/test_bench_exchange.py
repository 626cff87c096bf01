"""What follows from the exchanges of one contender."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.exchange import Exchange, Worked, prefix_shares, shared

MS = 1_000_000
WORKED = Worked(
    started=10 * MS,
    ended=95 * MS,
    exchanges=[
        Exchange(30 * MS, 31 * MS, b"x" * 100),
        Exchange(36 * MS, 40 * MS, b"x" * 150),
        Exchange(42 * MS, 45 * MS, b"x" * 175),
    ],
)


def asked(*texts: str, tools: list[Any] | None = None, system: str = "be good") -> bytes:
    messages = [{"role": "system", "content": system}, *({"role": "user", "content": t} for t in texts)]
    return json.dumps({"model": "m", "messages": messages, "tools": tools or []}).encode()


def test_the_first_request_is_timed_from_the_start_of_the_process() -> None:
    assert WORKED.first_ms == 20


def test_a_step_is_what_lies_between_an_answer_and_the_next_request() -> None:
    assert WORKED.gaps_ms == [5, 2]


def test_exit_is_timed_from_the_last_answer() -> None:
    assert WORKED.exit_ms == 50


def test_growth_is_what_each_request_adds() -> None:
    assert WORKED.sizes == [100, 150, 175]
    assert WORKED.growth == [50, 25]


def test_a_conversation_that_only_grows_is_all_prefix() -> None:
    assert prefix_shares([asked("a"), asked("a", "b"), asked("a", "b", "c")]) == [100, 100]


def test_the_order_of_keys_and_spaces_in_the_body_do_not_matter() -> None:
    loose = json.dumps(json.loads(asked("a", "b")), indent=2).encode()
    assert prefix_shares([asked("a"), loose]) == [100]


@pytest.mark.parametrize(
    "later",
    [
        asked("A", "b"),
        asked("a", "b", tools=[{"type": "function"}]),
        asked("b"),
    ],
    ids=["message rewritten", "tools changed", "history dropped"],
)
def test_a_rewritten_beginning_is_seen(later: bytes) -> None:
    [share] = prefix_shares([asked("a"), later])
    assert share < 100


def test_a_second_conversation_is_not_measured_against_the_first() -> None:
    review = [asked("diff", system="review"), asked("diff", "c", system="review")]
    assert prefix_shares([asked("a"), review[0], asked("a", "b"), review[1]]) == [100, 100]


@given(st.binary(max_size=30), st.binary(max_size=30))
def test_what_two_texts_share_is_their_longest_common_beginning(a: bytes, b: bytes) -> None:
    n = shared(a, b)
    assert a[:n] == b[:n]
    assert n == min(len(a), len(b)) or a[n] != b[n]
