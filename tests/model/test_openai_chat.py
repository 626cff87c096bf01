"""The real client against a real endpoint on loopback."""

from __future__ import annotations

import json

import pytest

from model.openai_chat import OpenAIChat
from model.playback import Playback
from model.port import ModelMisconfigured, ModelUnavailable, Turn
from model.scripted import call

MESSAGES = [{"role": "user", "content": "hello"}]


def test_an_answer_with_tool_calls_arrives_as_it_was_sent() -> None:
    with Playback([call("read_file", path="ä.py")]) as server:
        turn = OpenAIChat("m", server.url, "k").complete(MESSAGES, [])
    assert [(c.name, json.loads(c.arguments)) for c in turn.calls] == [("read_file", {"path": "ä.py"})]
    assert turn.usage.total > 0
    assert not turn.usage.estimated


def test_each_request_is_a_prefix_of_the_next() -> None:
    with Playback([Turn(text="a"), Turn(text="b")]) as server:
        model = OpenAIChat("m", server.url, "k")
        first = model.complete(MESSAGES, [])
        model.complete([*MESSAGES, first.message(), {"role": "user", "content": "more"}], [])
        one, two = (json.loads(r)["messages"] for r in server.requests)
    assert two[: len(one)] == one


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_keeps_failing_is_unavailable(status: int) -> None:
    with Playback([status] * 5) as server, pytest.raises(ModelUnavailable, match="did not answer"):
        OpenAIChat("m", server.url, "k", retries=0).complete(MESSAGES, [])


def test_one_failure_is_retried_once_and_costs_no_second_answer() -> None:
    with Playback([503, Turn(text="there")]) as server:
        assert OpenAIChat("m", server.url, "k").complete(MESSAGES, []).text == "there"
        assert len(server.requests) == 2


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refused_request_is_the_operators_matter(status: int) -> None:
    with Playback([status]) as server, pytest.raises(ModelMisconfigured, match="refused the request"):
        OpenAIChat("m", server.url, "k").complete(MESSAGES, [])


def test_nobody_listening_is_unavailable() -> None:
    with pytest.raises(ModelUnavailable, match="did not answer"):
        OpenAIChat("m", "http://127.0.0.1:9/v1", "k", retries=0).complete(MESSAGES, [])
