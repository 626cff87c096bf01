"""A model behind an OpenAI-compatible Chat Completions endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from model.port import Message, ModelMisconfigured, ModelUnavailable, ToolCall, ToolSpec, Turn, Usage
from model.tokens import count

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

RETRIES = 2
TIMEOUT_S = 600.0


class OpenAIChat:
    """Native tool calls over `openai`'s client; retries are for transport only and belong to the client."""

    def __init__(
        self,
        name: str,
        base_url: str | None,
        api_key: str | None,
        retries: int = RETRIES,
        vocabulary: Path | None = None,
    ) -> None:
        """`vocabulary`: see model.tokens.count."""
        from openai import OpenAI

        self.name = name
        self._vocabulary = vocabulary
        self._where = base_url or "api.openai.com"
        self._client = OpenAI(base_url=base_url, api_key=api_key or "none", max_retries=retries, timeout=TIMEOUT_S)

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        import openai
        from openai.types.chat import ChatCompletion

        body = {"messages": messages, "model": self.name, "tools": tools}
        try:
            # Not chat.completions.create: that walks every message of every request to transform what is
            # in wire form already, which at 200 messages costs fifty times as much as sending them.
            reply = self._client.post("/chat/completions", body=body, cast_to=ChatCompletion)
        except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError) as error:
            raise ModelUnavailable(f"the model at {self._where} did not answer: {_say(error)}") from error
        except openai.APIStatusError as error:
            raise ModelMisconfigured(f"the model at {self._where} refused the request: {_say(error)}") from error
        except openai.APIError as error:
            raise ModelUnavailable(f"the answer of {self._where} was not usable: {_say(error)}") from error
        return _turn(reply, messages, self._where, self._vocabulary)


def _say(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def _turn(reply: ChatCompletion, messages: Sequence[Message], where: str, vocabulary: Path | None) -> Turn:
    if not getattr(reply, "choices", None):
        raise ModelUnavailable(f"the answer of {where} has no choices: is it a Chat Completions endpoint?")
    message = reply.choices[0].message
    calls = tuple(
        ToolCall(id=call.id or f"call_{i}", name=call.function.name, arguments=call.function.arguments or "{}")
        for i, call in enumerate(message.tool_calls or ())
        if call.type == "function" and call.function
    )
    text = message.content or ""
    return Turn(text=text, calls=calls, usage=_usage(reply, messages, vocabulary), model=reply.model or "")


def _usage(reply: ChatCompletion, messages: Sequence[Message], vocabulary: Path | None) -> Usage:
    if reply.usage is None:
        asked, answered = json.dumps(messages), reply.choices[0].message.model_dump_json(exclude_none=True)
        return Usage(prompt=count(asked, vocabulary), completion=count(answered, vocabulary), estimated=True)
    details = reply.usage.prompt_tokens_details
    return Usage(
        prompt=reply.usage.prompt_tokens or 0,
        completion=reply.usage.completion_tokens or 0,
        cached=(details.cached_tokens or 0) if details else 0,
    )
