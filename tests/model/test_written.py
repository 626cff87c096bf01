"""An action that is written as text is taken only when it is exactly right; everything else is told and not done."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.written import Form, NoAction, action_in, written

TOOLS = ("read_file", "write_file")
CALL = '{"name": "read_file", "arguments": {"path": "a.py"}}'


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{CALL}\n```",
        f"I read it.\n\n```json\n{CALL}\n```\nThen I go on.",
        f"<tool_call>{CALL}</tool_call>",
        f"<tool_call>\n{CALL}\n</tool_call>",
        f"```python\nprint(1)\n```\n```json\n{CALL}\n```",
        '```json\n{\n  "arguments": {"path": "a.py"},\n  "name": "read_file"\n}\n```',
    ],
)
def test_one_whole_block_is_a_call(text: str) -> None:
    assert action_in("text", text, TOOLS) == ("read_file", '{"path": "a.py"}')


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no blocks"),
        ("I have fixed everything.", "no blocks"),
        (CALL, "no blocks"),
        (f"```json\n{CALL}\n```\n```json\n{CALL}\n```", "2 blocks"),
        (f"```json\n{CALL}\n```\n<tool_call>{CALL}</tool_call>", "2 blocks"),
        (f"```json\n{CALL}", "not closed"),
        (f"<tool_call>{CALL}", "not closed"),
        (f"```json\n{{{CALL}}}\n```", "not valid JSON"),
        ('```json\n{"name": "read_file", "arguments": {"path": "a.py"\n```', "not valid JSON"),
        ('```json\n{"name": "read_file"}\n```', "exactly these two keys"),
        ('```json\n{"name": "read_file", "arguments": {}, "why": "x"}\n```', "exactly these two keys"),
        ('```json\n["read_file"]\n```', "exactly these two keys"),
        ('```json\n{"name": "format_disk", "arguments": {}}\n```', "no tool 'format_disk'"),
        ('```json\n{"name": ["read_file"], "arguments": {}}\n```', "no tool"),
        ('```json\n{"name": "read_file", "arguments": "{}"}\n```', "not an object"),
        ('```json\n{"name": "read_file", "name": "write_file", "arguments": {}}\n```', "stands twice"),
        ('```json\n{"name": "read_file", "arguments": {"path": "a", "path": "b"}}\n```', "stands twice"),
        (f"```json\n{'[' * 100_000}\n```", "not valid JSON"),
    ],
)
def test_anything_else_is_told_and_not_done(text: str, said: str) -> None:
    with pytest.raises(NoAction, match=said):
        action_in("text", text, TOOLS)


def test_a_schema_answer_is_the_object_and_nothing_else() -> None:
    action = '{"tool": "read_file", "arguments": {"path": "a.py"}}'
    assert action_in("schema", action, TOOLS) == ("read_file", '{"path": "a.py"}')
    for wrong in (f"Here: {action}", f"```json\n{action}\n```", action + action, action[:-1], CALL):
        with pytest.raises(NoAction):
            action_in("schema", wrong, TOOLS)


@given(text=st.text(), form=st.sampled_from(["schema", "text"]))
def test_what_is_written_is_read_again_whatever_it_holds(text: str, form: Form) -> None:
    arguments = json.dumps({"path": "a.md", "text": f"```json\n{text}\n```\n</tool_call>"}, ensure_ascii=False)
    assert action_in(form, written(form, "write_file", arguments), TOOLS) == ("write_file", arguments)


@given(st.text(alphabet='`json\n{}[]":,<>/_tolcaread file1', max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        tool, arguments = action_in("text", text, TOOLS)
    except NoAction:
        return
    assert tool in TOOLS
    assert isinstance(json.loads(arguments), dict)
