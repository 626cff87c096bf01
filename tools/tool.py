"""What a tool is, what it works with, and how a call of the model becomes text for the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ValidationError

from model.port import ToolCall, ToolSpec
from sandbox.files import Files
from sandbox.policy import Box
from sandbox.scope import Permission


class ToolError(Exception):
    """The call did not do what was asked. The text goes to the model: what happened, and what to do."""


@dataclass(frozen=True)
class Hands:
    """Everything a tool may act with during one phase."""

    box: Box
    files: Files
    may_write: Callable[[str], Permission]
    run_tests: Callable[[Sequence[str]], str]


@dataclass(frozen=True)
class Tool:
    """`run` is None for a tool that hands something in: the machine takes its arguments, nothing is done here."""

    name: str
    description: str
    arguments: type[BaseModel]
    run: Callable[[Any, Hands], str] | None

    @cached_property
    def spec(self) -> ToolSpec:
        """In wire form; made once, and always the same bytes."""
        function = {"name": self.name, "description": self.description, "parameters": _schema(self.arguments)}
        return {"type": "function", "function": function}


def parse(call: ToolCall, tools: Mapping[str, Tool], allowed: Sequence[str], phase: str) -> tuple[Tool, BaseModel]:
    """The tool that is meant, with checked arguments. Raises ToolError for anything that is not exactly right."""
    tool = tools.get(call.name)
    if tool is None:
        raise ToolError(f"there is no tool {call.name!r}; the tools are: {', '.join(tools)}")
    if call.name not in allowed:
        raise ToolError(f"{call.name} is not open in the {phase} phase; open are: {', '.join(allowed)}")
    try:
        arguments = json.loads(call.arguments or "{}")
        json.dumps(arguments, ensure_ascii=False).encode()  # an escaped half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise ToolError(f"the arguments of {call.name} are not valid JSON ({error}); nothing was done") from error
    try:
        return tool, tool.arguments.model_validate(arguments)
    except ValidationError as error:
        raise ToolError(f"{call.name}: {_faults(error)}; nothing was done") from error


def _faults(error: ValidationError) -> str:
    return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in error.errors()[:4])


def _schema(arguments: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema without titles, defaults and bounds, which we check: every byte is sent every time."""
    schema: dict[str, Any] = _lean(arguments.model_json_schema())
    for model in (schema, *schema.get("$defs", {}).values()):  # a docstring is for whoever reads our code
        model.pop("description", None)
    return schema


_UNSENT = ("title", "default", "minimum", "maximum", "minLength", "maxLength", "maxItems", "additionalProperties")


def _lean(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if k not in _UNSENT or isinstance(v, dict)}
        return {k: _lean(v) for k, v in kept.items()}
    return [_lean(v) for v in node] if isinstance(node, list) else node
