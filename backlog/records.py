"""The entries of a backlog that another program kept, in whatever shape of JSON or YAML it kept them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from backlog.source import SourceBroken
from backlog.sources.entries import Entry
from backlog.sources.text import clean
from backlog.sources.vocabulary import LISTS, NUMBERS, plain, understood
from backlog.sources.yaml_entries import MOST, yaml_data

HOLDERS = (
    "items", "backlog", "tasks", "backlog_items", "work_items", "workItems", "backlogItems", "discovered_items",
    "discoveredItems",
)  # fmt: skip
PARTS = ("wsjf", "scores", "score", "scoring", "wsjf_components", "inputs")
"""Mappings that hold numbers of the entry they stand in."""


def parsed(text: str, file: str) -> Any:
    """Raises SourceBroken with file and line."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return yaml_data(text, file)
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        if file.endswith((".yml", ".yaml")):
            return yaml_data(text, file)
        raise SourceBroken(f"{file}:{error.lineno}: is not valid JSON: {error.msg}") from None
    except RecursionError:
        raise SourceBroken(f"{file}: is nested too deeply to be a backlog") from None


def records(data: Any, text: str, file: str) -> tuple[list[Entry], list[str]]:
    """The entries, and what of them can not be taken. A list; one under a key such as `items`; or a mapping from id
    to entry. Raises SourceBroken."""
    found = _rows(data)
    if found is None:
        raise SourceBroken(f"{file}: no backlog is known in it: a list of items, or items by their ids, is needed")
    if len(found) > MOST:
        raise SourceBroken(f"{file}: has {len(found)} entries, more than {MOST}: move finished ones elsewhere")
    notes: list[str] = []
    entries = [_entry(row, text, notes) for row in found]
    return [entry for entry in entries if _titled(entry, notes)], notes


def _rows(data: Any, deep: int = 0) -> list[dict[str, Any]] | None:
    if isinstance(data, list):
        return [row if isinstance(row, dict) else {"title": row} for row in data]
    if not isinstance(data, dict) or deep > 2:
        return None
    for key in HOLDERS:
        if key in data and (rows := _rows(data[key], deep + 1)) is not None:
            return rows
    by_id = {k: v for k, v in data.items() if isinstance(v, dict) and any(plain(str(key)) == "title" for key in v)}
    return [{"id": key, **value} for key, value in by_id.items()] or None


def _entry(row: Mapping[Any, Any], text: str, notes: list[str]) -> Entry:
    """The fields that mean something here; what is not on our scales is named and left out."""
    fields: dict[str, Any] = {}
    name = clean(str(row.get("id") or row.get("title") or "?"), 40)
    for key, value in _flat(row).items():
        field = plain(key)
        shown = value.strip() if isinstance(value, str) else _whole(value)
        if field in (*NUMBERS, "hours", "kind", "status") and shown is not None and not understood(field, str(shown)):
            notes.append(f"{name}: {clean(key, 40)} {clean(str(shown), 40)!r} means nothing here and is left out")
        elif field in LISTS and isinstance(value, list):
            fields[key] = [part for part in value if not isinstance(part, list | dict)]
        elif field in ("reason", "story") and isinstance(value, list):
            fields[key] = "; ".join(str(part) for part in value if not isinstance(part, list | dict))
        else:
            fields[key] = shown
    return Entry(fields, _line(text, str(row.get("id") or row.get("title") or "")))


def _flat(row: Mapping[Any, Any]) -> dict[str, Any]:
    """With the numbers that stand one level deeper. A field that is named twice counts the first time."""
    flat = {str(key): value for key, value in row.items() if not isinstance(value, dict)}
    known = {plain(key) for key in flat}
    for key, value in row.items():
        for part, number in value.items() if isinstance(value, dict) and plain_part(str(key)) else ():
            field = plain(str(part))
            if field in (*NUMBERS, "given_wsjf") and field not in known and not isinstance(number, list | dict):
                known.add(field)
                flat[str(part)] = number
    firsts: dict[str, str] = {}
    for key in flat:
        firsts.setdefault(plain(key), key)
    return {key: value for key, value in flat.items() if firsts[plain(key)] == key}


def plain_part(key: str) -> bool:
    return key.lower() in PARTS


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _line(text: str, name: str) -> int:
    at = text.find(json.dumps(name)) if name else -1
    at = text.find(name) if at < 0 and name else at
    return text.count("\n", 0, at) + 1 if at >= 0 else 1


def _titled(entry: Entry, notes: list[str]) -> bool:
    titles = [v for k, v in entry.fields.items() if plain(k) == "title" and str(v or "").strip()]
    if not titles:
        notes.append(f"line {entry.line}: an entry has no title and is left out")
    return bool(titles)
