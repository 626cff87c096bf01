"""Replay: the same conversation gets the same answers, another one is pinpointed."""

from __future__ import annotations

import pytest

from model.port import Turn
from model.replay import START, Diverged, Replay, chained


def recorded(*contents: str) -> str:
    print_ = START
    for content in contents:
        print_ = chained(print_, {"role": "user", "content": content})
    return print_


def test_the_same_conversation_is_answered_again() -> None:
    replay = Replay([(recorded("a"), Turn(text="b"))])
    assert replay.complete([{"role": "user", "content": "a"}], []).text == "b"


def test_times_and_addresses_do_not_matter() -> None:
    replay = Replay([(recorded("3 passed in 0.12s at 0xabc"), Turn(text="b"))])
    assert replay.complete([{"role": "user", "content": "3 passed in 9.1s at 0xdef"}], []).text == "b"


def test_a_different_word_is_a_divergence_that_names_the_request() -> None:
    replay = Replay([(recorded("a"), Turn()), (recorded("a", "b"), Turn())])
    replay.complete([{"role": "user", "content": "a"}], [])
    with pytest.raises(Diverged, match="request 2"):
        replay.complete([{"role": "user", "content": "a"}, {"role": "user", "content": "c"}], [])


def test_one_request_too_many_is_a_divergence() -> None:
    with pytest.raises(Diverged, match="only 0 requests"):
        Replay([]).complete([{"role": "user", "content": "a"}], [])
