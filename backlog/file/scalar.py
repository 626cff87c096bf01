"""How is a value written as YAML? Like the one it takes the place of, where that says the same value again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import yaml

from backlog.file.synced import Value


def scalar(value: str | int | bool, like: str | None = None, flow: bool = False) -> str:
    """On one line, with the quotes of `like` (`'`, `"` or None) where they will do; `flow`: inside of [] or {}."""
    if not isinstance(value, str):
        return str(value).lower()
    return next(text for text in _candidates(value, like) if _says(text, value, flow))


def flow_list(value: tuple[str, ...]) -> str:
    return f"[{', '.join(scalar(part, flow=True) for part in value)}]"


def lines(name: str, value: Value, column: int, newline: str) -> str:
    """`name: value` as it stands in a block at this column; further lines begin with `newline` and spaces."""
    indent = newline + " " * (column + 2)
    if isinstance(value, tuple):
        return f"{name}:" + "".join(f"{indent}- {scalar(part)}" for part in value) if value else f"{name}: []"
    return f"{name}: {text(value, indent)}"


def text(value: str | int | bool, indent: str, like: str | None = None) -> str:
    """A value that may take several lines, each beginning with `indent`."""
    if isinstance(value, str) and "\n" in value:
        block = "|-" + "".join(f"{indent}{row}" if row else indent.rstrip(" ") for row in value.split("\n"))
        if _reads(f"k: {block}\n", {"k": value}):
            return block
        return scalar(value, '"')
    return scalar(value, like)


def _candidates(value: str, like: str | None) -> Iterator[str]:
    single = "'" + value.replace("'", "''") + "'"
    double = json.dumps(value, ensure_ascii=False)
    one_line = "\n" not in value
    if like == '"':
        yield double
    if one_line and like is None:
        yield value
    if one_line:
        yield single
    yield double
    # Escapes all that may not stand in YAML as it is.
    yield yaml.dump(value, Dumper=yaml.SafeDumper, default_style='"', width=1_000_000_000).strip()


def _says(written: str, value: str, flow: bool) -> bool:
    if flow:
        return _reads(f"{{k: {written}, l: [{written}, {written}]}}", {"k": value, "l": [value, value]})
    return _reads(f"k: {written}  # c\nl:\n- {written}\n", {"k": value, "l": [value]})


def _reads(document: str, wanted: Any) -> bool:
    try:
        return bool(yaml.safe_load(document) == wanted)
    except (yaml.YAMLError, ValueError):
        return False
