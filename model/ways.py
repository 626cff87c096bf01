"""The three ways to ask for an action: native tool calls, an object by JSON schema, or a block of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from model.port import Message, ToolCall, ToolSpec, Turn
from model.retold import retold
from model.written import Form, NoAction, action_in

Name = Literal["native", "schema", "text"]
Letter = Callable[[Form, str], str]
"""From the form and the list of tools, the letter that tells a model how to write an action."""


class Way(Protocol):
    @property
    def name(self) -> Name: ...

    def body(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> dict[str, Any]:
        """What is asked, without the model's name."""
        ...

    def understood(self, turn: Turn, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        """The answer with the calls that it means."""
        ...


class Native:
    name: Name = "native"

    def body(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> dict[str, Any]:
        return {"messages": messages, "tools": tools}

    def understood(self, turn: Turn, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        return turn


@dataclass(frozen=True)
class Written:
    """Schema or text. The words stay as they came: they go back to the model like that."""

    name: Form
    letter: Letter

    def body(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> dict[str, Any]:
        from model.leaflet import leaflet

        told = retold(self.name, messages, self.letter(self.name, leaflet(tools)), _names(tools))
        return {"messages": told} | ({"response_format": _format(tools)} if self.name == "schema" else {})

    def understood(self, turn: Turn, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        """Native calls nobody asked for are not taken: one way at a time."""
        calls: tuple[ToolCall, ...] = ()
        try:
            tool, arguments = action_in(self.name, turn.text, _names(tools))
            calls = (ToolCall(id=f"call_{len(messages)}", name=tool, arguments=arguments),)
        except NoAction:
            pass  # the model is told why when the conversation is retold
        return turn.model_copy(update={"calls": calls, "model": f"{turn.model} ({self.name})".strip()})


def _names(tools: Sequence[ToolSpec]) -> tuple[str, ...]:
    return tuple(spec["function"]["name"] for spec in tools)


def _format(tools: Sequence[ToolSpec]) -> dict[str, Any]:
    """Any of the tools, each with its own arguments. Shared definitions move to the top, where they are looked up."""
    shared: dict[str, Any] = {}
    kinds = []
    for spec in tools:
        function: Mapping[str, Any] = spec["function"]
        shared |= function["parameters"].get("$defs", {})
        arguments = {k: v for k, v in function["parameters"].items() if k != "$defs"}
        kinds.append(
            _closed({"tool": {"const": function["name"]}, "arguments": arguments | {"additionalProperties": False}})
        )
    schema: dict[str, Any] = {"anyOf": kinds} | ({"$defs": shared} if shared else {})
    return {"type": "json_schema", "json_schema": {"name": "action", "schema": schema}}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
