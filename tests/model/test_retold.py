"""A conversation with native calls, retold for a model that knows none."""

from __future__ import annotations

from itertools import pairwise

import pytest

from model.leaflet import leaflet
from model.port import Turn
from model.retold import form_of, retold
from model.scripted import call
from model.written import Form
from tools.catalogue import REVIEW, WORK

TOOLS = ("read_file", "stop")
NATIVE = call("read_file", path="a.py")
TALK = [
    {"role": "system", "content": "You are careful."},
    {"role": "user", "content": "Phase: clarify."},
    NATIVE.message(),
    {"role": "tool", "tool_call_id": NATIVE.calls[0].id, "content": "x = 1"},
    {"role": "user", "content": "Phase: red."},
    {"role": "assistant", "content": "Done!"},
    {"role": "user", "content": "That was no tool call."},
]


def test_sides_take_turns_and_nothing_native_is_left() -> None:
    told = retold("text", TALK, "LETTER", TOOLS)
    assert [m["role"] for m in told] == ["system", "user", "assistant", "user", "assistant", "user"]
    assert all(set(m) == {"role", "content"} for m in told)
    assert told[0]["content"] == "You are careful.\n\nLETTER"
    assert told[3]["content"] == "Result of read_file:\nx = 1\n\nPhase: red."


def test_what_was_wrong_with_an_answer_is_told_with_the_next_word() -> None:
    told = retold("text", TALK, "LETTER", TOOLS)
    assert told[-1]["content"].startswith("Nothing was done. There were no blocks with a call in it.")
    assert told[-1]["content"].endswith("That was no tool call.")


@pytest.mark.parametrize("form", ["schema", "text"])
def test_each_request_is_the_beginning_of_the_next(form: Form) -> None:
    asked = [2, 5, 7]  # where a model is asked: after each word of ours, before its answer
    told = [retold(form, TALK[:n], "LETTER", TOOLS) for n in asked]
    for shorter, longer in pairwise(told):
        assert longer[: len(shorter)] == shorter


def test_a_models_own_words_stay_as_they_came() -> None:
    words = 'First:\n```json\n{ "name": "stop", "arguments": {"kind": "blocked", "reason": "ä"} }\n```'
    turn = Turn(text=words, calls=call("stop", kind="blocked", reason="ä").calls)
    assert retold("text", [turn.message()], "L", TOOLS)[1]["content"] != words, "arguments differ: 'ä' is escaped"
    plain = turn.calls[0].model_copy(update={"arguments": '{"kind": "blocked", "reason": "ä"}'})
    assert retold("text", [Turn(text=words, calls=(plain,)).message()], "L", TOOLS)[1]["content"] == words


def test_how_a_conversation_was_held_can_be_seen_from_it() -> None:
    object_ = '{"tool": "read_file", "arguments": {"path": "a.py"}}'
    block = '```json\n{"name": "read_file", "arguments": {"path": "a.py"}}\n```'
    assert form_of(TALK, TOOLS) == "native"
    assert form_of(TALK[:2], TOOLS) == ""
    assert form_of([*TALK, Turn(text=object_, calls=NATIVE.calls).message()], TOOLS) == "schema"
    assert form_of([*TALK, Turn(text=block, calls=NATIVE.calls).message()], TOOLS) == "text"


def test_the_leaflet_names_every_tool_and_argument() -> None:
    for catalogue in (WORK, REVIEW):
        text = leaflet([tool.spec for tool in catalogue.values()])
        for tool in catalogue.values():
            assert f"{tool.name}: {tool.description}" in text
            assert all(f"  - {name} (" in text for name in tool.arguments.model_fields)
    assert "  - kind (one of blocked, already_done, test_wrong)" in leaflet([WORK["stop"].spec])
    assert "list of object: problem (string); path (string, may be left out)" in leaflet([REVIEW["submit_review"].spec])
