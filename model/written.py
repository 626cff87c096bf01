"""Read the one action that a model wrote as text. Strict: exactly one, whole, of a known tool; nothing is guessed.

Two forms. `schema`: the whole answer is one JSON object with `tool` and `arguments`. `text`: one ```json fence or one
<tool_call> element, with `name` and `arguments`; other words and other fences around it do not matter.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any, Literal

Form = Literal["schema", "text"]
Action = tuple[str, str]
"""Name of a tool, and its arguments as JSON text."""
_NAME = {"schema": "tool", "text": "name"}


class NoAction(Exception):
    """Nothing was carried out. One sentence for the model: what was wrong, and what to write."""


def written(form: Form, tool: str, arguments: str) -> str:
    """An action as the model should have written it. `arguments` need not be valid."""
    action = f'{{"{_NAME[form]}": {json.dumps(tool)}, "arguments": {arguments}}}'
    return action if form == "schema" else f"```json\n{action}\n```"


def action_in(form: Form, text: str, tools: Collection[str]) -> Action:
    """The action in a model's answer. Raises NoAction."""
    return _action(_NAME[form], text if form == "schema" else _only_block(text), tools)


def _only_block(text: str) -> str:
    found = _blocks(text)
    if len(found) != 1:
        raise NoAction(f"There were {len(found) or 'no'} blocks with a call in it. Write exactly one ```json block.")
    return found[0]


def _blocks(text: str) -> list[str]:
    """A JSON text can not hold a line break within a string, so a line that is a fence ends its block."""
    found: list[str] = []
    lines = iter(text.split("\n"))
    for line in lines:
        opened = line.strip()
        if opened.startswith("<tool_call>"):
            found.append(_element(opened, lines))
        elif opened.startswith("```"):
            block = _fence(lines)
            found += [block] if opened[3:].strip().lower() == "json" else []
    return found


def _element(opened: str, lines: Any) -> str:
    taken = [opened.removeprefix("<tool_call>")]
    while not taken[-1].rstrip().endswith("</tool_call>"):
        taken.append(_next(lines, "</tool_call>"))
    return "\n".join(taken).rstrip().removesuffix("</tool_call>")


def _fence(lines: Any) -> str:
    taken: list[str] = []
    while (line := _next(lines, "```")).strip() != "```":
        taken.append(line)
    return "\n".join(taken)


def _next(lines: Any, missing: str) -> str:
    line: str | None = next(lines, None)
    if line is None:
        raise NoAction(f"A block is not closed: {missing} is missing. Write exactly one whole ```json block.")
    return line


def _action(name: str, text: str, tools: Collection[str]) -> Action:
    form = f'{{"{name}": …, "arguments": {{…}}}}'
    try:
        action = json.loads(text, object_pairs_hook=_no_key_twice)
    except (ValueError, RecursionError) as error:
        raise NoAction(f"The call is not valid JSON ({str(error)[:100]}). Write one object {form}.") from error
    if not isinstance(action, dict) or set(action) != {name, "arguments"}:
        raise NoAction(f"The call is not of the form {form}. Write exactly these two keys.")
    tool, arguments = action[name], action["arguments"]
    if not isinstance(tool, str) or tool not in tools:
        raise NoAction(f"There is no tool {str(tool)[:60]!r}. The tools are: {', '.join(tools)}.")
    if not isinstance(arguments, dict):
        raise NoAction(f"The arguments of {tool} are not an object. Write {form}.")
    return tool, json.dumps(arguments, ensure_ascii=False)


def _no_key_twice(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    keys = dict(pairs)
    if len(keys) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return keys
