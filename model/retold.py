"""A conversation with native tool calls, retold in plain messages for a model that knows none.

Tools become a part of the system message, calls the model's own words, results what the user says. Messages that follow
one another from the same side are one, because many chat templates insist on turns. Each request stays the
beginning of the next: what was retold once is retold the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from model.port import Message
from model.written import Form, NoAction, action_in, written


def retold(form: Form, messages: Sequence[Message], letter: str, tools: Collection[str]) -> list[dict[str, str]]:
    """`letter` says which tools there are and how an action is written."""
    opens = bool(messages) and messages[0]["role"] == "system"
    told = [{"role": "system", "content": f"{messages[0]['content']}\n\n{letter}" if opens else letter}]
    names: dict[str, str] = {}
    wrong = ""
    for message in messages[opens:]:
        said, text = _retold(form, message, names, tools)
        if said == "assistant":
            wrong = _wrong(form, message, tools)
        elif said == "user":
            text, wrong = f"{wrong}\n\n{text}" if wrong else text, ""
        _add(told, said, text)
    return told


def form_of(messages: Sequence[Message], tools: Collection[str]) -> str:
    """How the latest action in a conversation was asked for: native, schema or text; empty when there is none."""
    for message in reversed(messages):
        if message.get("tool_calls"):
            forms: tuple[Form, Form] = ("schema", "text")
            return next((form for form in forms if _is_its_own_words(form, message, tools)), "native")
    return ""


def _retold(form: Form, message: Message, names: dict[str, str], tools: Collection[str]) -> tuple[str, str]:
    """The side and what it says; `names` of calls are noted on the way."""
    content = str(message.get("content") or "")
    if message["role"] == "tool":
        return "user", f"Result of {names.get(message['tool_call_id'], 'the call')}:\n{content}"
    calls = message.get("tool_calls") or ()
    names |= {call["id"]: call["function"]["name"] for call in calls}
    if not calls or _is_its_own_words(form, message, tools):
        return message["role"], content
    actions = [written(form, call["function"]["name"], call["function"]["arguments"]) for call in calls]
    return message["role"], "\n".join([content, *actions] if content and form == "text" else actions)


def _is_its_own_words(form: Form, message: Message, tools: Collection[str]) -> bool:
    calls = message["tool_calls"]
    try:
        action = action_in(form, str(message.get("content") or ""), tools)
    except NoAction:
        return False
    return [action] == [(call["function"]["name"], call["function"]["arguments"]) for call in calls]


def _wrong(form: Form, message: Mapping[str, Any], tools: Collection[str]) -> str:
    if message.get("tool_calls"):
        return ""
    try:
        action_in(form, str(message.get("content") or ""), tools)
    except NoAction as no:
        return f"Nothing was done. {no}"
    return ""


def _add(told: list[dict[str, str]], role: str, text: str) -> None:
    if told[-1]["role"] == role:
        told[-1]["content"] += f"\n\n{text}"
    else:
        told.append({"role": role, "content": text})
