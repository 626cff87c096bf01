"""The one question asked of whoever thinks: given the conversation and the tools, what next?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from pydantic import BaseModel

Message = Mapping[str, Any]
"""One chat message in wire form: `role`, `content`, and `tool_calls` or `tool_call_id` where they belong."""

ToolSpec = Mapping[str, Any]
"""One tool in wire form: `{"type": "function", "function": {"name", "description", "parameters"}}`."""


class ToolCall(BaseModel, frozen=True, extra="forbid"):
    """A tool the model asked for. `arguments` is its raw JSON text: it may be malformed."""

    id: str
    name: str
    arguments: str


class Usage(BaseModel, frozen=True, extra="forbid"):
    """Tokens of one answer. `estimated` when the server did not say."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    estimated: bool = False

    @property
    def total(self) -> int:
        return self.prompt + self.completion

    def plus(self, other: Usage) -> Usage:
        return Usage(
            prompt=self.prompt + other.prompt,
            completion=self.completion + other.completion,
            cached=self.cached + other.cached,
            estimated=self.estimated or other.estimated,
        )


class Turn(BaseModel, frozen=True, extra="forbid"):
    """One answer of a model: words, tool calls, or both."""

    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    model: str = ""
    """As the server names it; with the way of asking where that is not native: `qwen (text)`."""
    too_long: str = ""
    """Why there is no answer and can be none: the conversation no longer fits the model. Empty otherwise."""

    def message(self) -> dict[str, Any]:
        """The answer as it goes back into the conversation."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text or None}
        if self.calls:
            message["tool_calls"] = [
                {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": c.arguments}}
                for c in self.calls
            ]
        return message


class Model(Protocol):
    """Who thinks."""

    @property
    def name(self) -> str: ...

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        """The next turn. Raises ModelUnavailable, ModelMisconfigured."""
        ...


class ModelUnavailable(Exception):
    """The model could not be reached or kept failing: worth trying again later."""


class ModelMisconfigured(Exception):
    """The endpoint refuses what it is asked (key, name, request): the operator must act."""
