"""What a person may change in an item, and how it is written: `backlog edit ID key=value …`."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from backlog.item import IllegalMove, Inputs, Item, Kind, Status

ALIASES: Mapping[str, str] = {
    "impact": "value",
    "business_value": "value",
    "effort": "size",
    "job_size": "size",
    "tc": "time_criticality",
    "rr": "risk_reduction",
    "type": "kind",
    "description": "story",
    "acceptance_criteria": "criteria",
    "tags": "labels",
    "dependencies": "depends_on",
}
NUMBERS = ("value", "time_criticality", "risk_reduction", "size")
TEXTS = ("title", "story", "security_notes", "test_notes")
LISTS = ("criteria", "labels", "links", "depends_on")
OTHERS = ("kind", "hold", "path", "status", "reason")
KEYS = (*NUMBERS, *TEXTS, *LISTS, *OTHERS)
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")


class EditInvalid(Exception):
    """The change can not be made; one line that says which key and what is allowed."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


def edited(item: Item, changes: Mapping[str, str], now: datetime) -> Item:
    """The item with a person's changes. Raises EditInvalid.

    Lists are separated by line ends or semicolons, or are JSON. What a person set is theirs: a source that
    finds the item again does not change it back.
    """
    if not changes:
        raise EditInvalid(f"nothing to change: write key=value; keys: {', '.join(KEYS)}")
    named = {_key(key): text for key, text in changes.items()}
    status, reason = named.pop("status", None), named.pop("reason", "")
    if status is None and reason:
        raise EditInvalid("reason goes with a status: write status=BLOCKED reason=…")
    fields: dict[str, Any] = {key: _value(key, text) for key, text in named.items() if key not in NUMBERS}
    numbers = {key: _number(key, named[key]) for key in NUMBERS if key in named}
    if numbers:
        fields["inputs"] = _inputs(item.inputs, numbers)
    changed = _changed(item, fields, now) if fields else item
    return changed if status is None else _moved(changed, status, reason, now)


def _key(text: str) -> str:
    key = text.strip().lower().replace("-", "_")
    key = ALIASES.get(key, key)
    if key in KEYS:
        return key
    near = difflib.get_close_matches(key, [*KEYS, *ALIASES], n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"keys: {', '.join(KEYS)}"
    raise EditInvalid(f"{text.strip() or '(empty)'}: no such key: {hint}")


def _value(key: str, text: str) -> Any:
    readers: dict[str, Callable[[str], Any]] = {
        "kind": _kind,
        "hold": _hold,
        "path": lambda t: t.strip() or None,
    }
    if key in LISTS:
        return _list(key, text)
    return readers.get(key, str.strip)(text)


def _number(key: str, text: str) -> int:
    if not re.fullmatch(r"\s*\d{1,3}\s*", text, re.ASCII) or not 1 <= int(text) <= 13:
        raise EditInvalid(f"{key}: {text.strip() or '(empty)'} is not a whole number from 1 to 13")
    return int(text)


def _kind(text: str) -> Kind:
    wanted = text.strip().lower().replace("-", "_")
    try:
        return Kind(wanted)
    except ValueError:
        raise EditInvalid(_not_one("kind", wanted, [k.value for k in Kind])) from None


def _hold(text: str) -> bool:
    if text.strip().lower() in YES:
        return True
    if text.strip().lower() in NO:
        return False
    raise EditInvalid(f"hold: {text.strip()} is neither yes nor no")


def _list(key: str, text: str) -> tuple[str, ...]:
    parts: list[Any] = re.split(r"[;\n]", text)
    if text.lstrip().startswith("["):
        try:
            parts = json.loads(text)
        except ValueError:
            raise EditInvalid(f"{key}: begins like a JSON list and is none: separate entries by ;") from None
    if not all(isinstance(p, str) for p in parts):
        raise EditInvalid(f"{key}: a list of texts is needed")
    return tuple(p.strip() for p in parts if p.strip())


def _inputs(inputs: Inputs, numbers: Mapping[str, int]) -> Inputs:
    source = inputs.source | dict.fromkeys(numbers, "person")
    return inputs.model_copy(update={**numbers, "source": source})


def _changed(item: Item, fields: Mapping[str, Any], now: datetime) -> Item:
    mine = tuple(sorted({*item.edited, *(key for key in fields if key != "inputs")}))
    data = item.model_dump() | dict(fields) | {"edited": mine, "updated_at": now}
    if "kind" in fields:
        inputs: Inputs = fields.get("inputs", item.inputs)
        data["inputs"] = inputs.model_copy(update={"source": inputs.source | {"kind": "person"}})
    try:
        return Item.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise EditInvalid(f"{first['loc'][0]}: {first['msg'].lower()}") from None


def _moved(item: Item, text: str, reason: str, now: datetime) -> Item:
    wanted = text.strip().upper()
    try:
        status = Status(wanted)
    except ValueError:
        raise EditInvalid(_not_one("status", wanted, [s.value for s in Status])) from None
    if status is item.status:
        return item
    if status is Status.READY and not item.criteria:
        raise EditInvalid("status: an item without acceptance criteria can not be READY: set criteria as well")
    if status is Status.DOING:
        raise EditInvalid("status: DOING is set when a run claims the item: run it instead")
    try:
        return item.move(status, now, reason or "by hand")
    except IllegalMove as error:
        raise EditInvalid(str(error)) from None


def _not_one(key: str, text: str, known: list[str]) -> str:
    near = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"one of {', '.join(known)}"
    return f"{key}: {text or '(empty)'} is not known: {hint}"
