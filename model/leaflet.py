"""Tools as a model reads them in a letter, where the endpoint has no place of its own for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from model.port import ToolSpec


def leaflet(tools: Sequence[ToolSpec]) -> str:
    """For each tool a line, and below it a line for each argument."""
    return "\n".join(_tool(spec["function"]) for spec in tools)


def _tool(function: Mapping[str, Any]) -> str:
    schema = function["parameters"]
    lines = [f"{function['name']}: {function['description']}", *_arguments(schema, schema, "  - ")]
    return "\n".join(lines)


def _arguments(schema: Mapping[str, Any], root: Mapping[str, Any], mark: str) -> list[str]:
    needed = schema.get("required", ())
    return [
        f"{mark}{name} ({_kind(field, root)}{'' if name in needed else ', may be left out'})"
        + (f": {field['description']}" if field.get("description") else "")
        for name, field in schema.get("properties", {}).items()
    ]


def _kind(field: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    if "$ref" in field:
        named = root["$defs"][field["$ref"].rpartition("/")[2]]
        return "object: " + "; ".join(_arguments(named, root, ""))
    if "enum" in field:
        return "one of " + ", ".join(map(str, field["enum"]))
    if field.get("type") == "array":
        return f"list of {_kind(field.get('items', {}), root)}"
    return str(field.get("type", "any"))
