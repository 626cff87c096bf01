"""A model is asked in the way that it understands, found out only when the native way brings no call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from evals.robustness.server import Server
from model.openai_chat import OpenAIChat
from model.port import ModelMisconfigured, Turn
from model.reply import Unusable, read
from model.scripted import call
from model.usage import usage
from model.ways import Name
from prompts.letter import letter
from tools.catalogue import WORK

SPECS = [tool.spec for tool in WORK.values()]
TALK = [{"role": "system", "content": "You are careful."}, {"role": "user", "content": "Phase: clarify."}]
LOOK = call("find_files", glob="*.py")


@contextmanager
def served(knows: Name, good: Sequence[Turn] = (LOOK,) * 9) -> Iterator[Server]:
    with Server(Path(), good, knows=knows) as server:
        server.open()
        yield server


def chat(server: Server, **more: object) -> OpenAIChat:
    return OpenAIChat("m", server.url, "k", letter=lambda f, t: letter(f"actions_{f}", tools=t), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("knows", "requests"), [("native", 1), ("schema", 4), ("text", 5)])
def test_the_way_is_found_and_then_kept(knows: Name, requests: int) -> None:
    with served(knows) as server:
        model = chat(server)
        first = model.complete(TALK, SPECS)
        assert (first.calls[0].name, json.loads(first.calls[0].arguments)) == ("find_files", {"glob": "*.py"})
        assert server.requests == requests
        again = [*TALK, first.message(), {"role": "tool", "tool_call_id": first.calls[0].id, "content": "calc.py"}]
        assert model.complete(again, SPECS).calls
        assert server.requests == requests + 1


@pytest.mark.parametrize("knows", ["schema", "text"])
def test_a_run_that_goes_on_asks_in_the_way_it_began(knows: Name) -> None:
    with served(knows) as server:
        first = chat(server).complete(TALK, SPECS)
        assert first.model.endswith(f"({knows})")
        before = server.requests
        again = [*TALK, first.message(), {"role": "tool", "tool_call_id": first.calls[0].id, "content": "calc.py"}]
        assert chat(server).complete(again, SPECS).calls
        assert server.requests == before + 1


def test_all_that_was_asked_is_counted() -> None:
    with served("text") as server:
        found = chat(server).complete(TALK, SPECS).usage
    with served("text") as server:
        told = chat(server, actions="text").complete(TALK, SPECS).usage
        assert server.requests == 1
    assert found.prompt > told.prompt


def test_a_model_that_only_talks_in_every_way_is_the_operators_matter() -> None:
    with Server(Path(), (), bad=lambda w: w.turn(Turn(text="Hello!")), after=0) as server:
        server.open()
        with pytest.raises(ModelMisconfigured, match="called no tool"):
            chat(server).complete(TALK, SPECS)
        assert chat(server).probe() is None


def test_words_first_from_a_model_that_can_are_no_reason_to_change() -> None:
    with served("native", [Turn(text="Let me think."), LOOK]) as server:
        model = chat(server)
        assert model.complete(TALK, SPECS).calls == ()
        assert model.complete(TALK, SPECS).calls
        assert server.requests == 3


@pytest.mark.parametrize("arguments", ['{"a": 1}', {"a": 1}, '```json\n{"a": 1}\n```', '\n```\n{"a": 1}\n```\n'])
def test_arguments_are_taken_where_nothing_is_lost(arguments: object) -> None:
    turn, _ = read(_answer({"tool_calls": [{"id": "x", "function": {"name": "f", "arguments": arguments}}]}), 1)
    assert json.loads(turn.calls[0].arguments) == {"a": 1}


@pytest.mark.parametrize("arguments", ['{"a": 1', "{{}}", '```json\n{"a": 1}', 'a ```json\n{"a": 1}\n```'])
def test_broken_arguments_stay_broken(arguments: str) -> None:
    turn, _ = read(_answer({"tool_calls": [{"id": "x", "function": {"name": "f", "arguments": arguments}}]}), 1)
    assert turn.calls[0].arguments == arguments


def test_calls_get_ids_of_their_own() -> None:
    twice = [{"id": "x", "function": {"name": "f"}}, {"id": "x", "function": {"name": "g"}}]
    turn, _ = read(_answer({"tool_calls": twice}), 7)
    assert [c.id for c in turn.calls] == ["call_7_0", "call_7_1"]


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"<html>", b'{"choices": 3}', b"\xff", b"[" * 99_999])
def test_what_is_no_completion_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(Unusable):
        read(data, 1)


@pytest.mark.parametrize(
    "said", [None, {}, {"prompt_tokens": 0}, {"prompt_tokens": -9}, {"prompt_tokens": 10**18}, {"prompt_tokens": True}]
)
def test_an_answer_is_never_free_and_never_dearer_than_it_can_be(said: object) -> None:
    cost = usage(said, Turn(text="x" * 36), b"y" * 360, None)
    assert cost.estimated
    assert (cost.prompt, cost.completion) == (120, 12)


def _answer(message: object) -> bytes:
    return json.dumps({"choices": [{"message": message}]}).encode()
