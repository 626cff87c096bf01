"""Read one answer of a Chat Completions server strictly: either all of it is understood, or it is not usable.

What is accepted beyond the standard loses nothing: arguments given as an object instead of as its text, arguments
inside one ```json fence, content as a list of text parts, call ids that are missing or used twice (they are
numbered anew). Nothing that is broken is mended.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

from model.port import ToolCall, Turn

_FENCED = re.compile(r"\s*```(?:json)?[ \t]*\n(.*)\n[ \t]*```\s*", re.DOTALL)


class Unusable(Exception):
    """The answer is no chat completion. Says what it is instead."""


class _Part(BaseModel):
    text: str = ""


class _Function(BaseModel):
    name: str
    arguments: str | dict[str, Any] | None = None


class _Call(BaseModel):
    id: str | None = None
    function: _Function


class _Message(BaseModel):
    content: str | list[_Part] | None = None
    refusal: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(BaseModel):
    message: _Message


class _Reply(BaseModel):
    choices: list[_Choice]
    model: str | None = None
    usage: Any = None


def read(data: bytes, number: int) -> tuple[Turn, object]:
    """The turn, still without usage, and what the server said about usage. Raises Unusable.

    `number`, of messages asked, makes the ids of calls that have none of their own.
    """
    reply = _reply(_json(data))
    message = reply.choices[0].message
    calls = _numbered([_call(c) for c in message.tool_calls or ()], number)
    turn = Turn(text=_text(message), calls=calls, model=reply.model or "")
    _check_text(turn)
    return turn, reply.usage


def _check_text(turn: Turn) -> None:
    """JSON can spell half of a surrogate pair; nothing that we write to can take it."""
    try:
        for text in (turn.text, turn.model, *(part for c in turn.calls for part in (c.id, c.name, c.arguments))):
            text.encode()
    except UnicodeEncodeError as error:
        raise Unusable("it holds text that is not valid Unicode") from error


def _json(data: bytes) -> object:
    try:
        return json.loads(data)
    except UnicodeDecodeError as error:
        raise Unusable("it is not valid UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise Unusable(f"it is not JSON; it begins {_beginning(data)}") from error


def _reply(answer: object) -> _Reply:
    try:
        reply = _Reply.model_validate(answer)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the whole"
        raise Unusable(f"it is no chat completion ({where}: {first['msg'].lower()})") from error
    if not reply.choices:
        raise Unusable("it has no choices")
    return reply


def _beginning(data: bytes) -> str:
    return repr(" ".join(data[:200].decode("utf-8", "replace").split())[:60])


def _text(message: _Message) -> str:
    if isinstance(message.content, list):
        return "".join(part.text for part in message.content)
    return message.content or message.refusal or ""


def _call(call: _Call) -> ToolCall:
    arguments = call.function.arguments
    text = json.dumps(arguments) if isinstance(arguments, Mapping) else arguments or "{}"
    fenced = _FENCED.fullmatch(text)
    return ToolCall(id=call.id or "", name=call.function.name, arguments=fenced[1] if fenced else text)


def _numbered(calls: Sequence[ToolCall], number: int) -> tuple[ToolCall, ...]:
    ids = {call.id for call in calls}
    if "" not in ids and len(ids) == len(calls):
        return tuple(calls)
    return tuple(call.model_copy(update={"id": f"call_{number}_{i}"}) for i, call in enumerate(calls))
