"""Which items does a file hold that another program or a person kept a backlog in? Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from backlog.export import FORMAT
from backlog.file.entry import born
from backlog.item import Item, Status
from backlog.records import parsed, records
from backlog.source import SourceBroken
from backlog.sources.entries import Entry, all_found
from backlog.sources.markdown_entries import markdown_entries
from backlog.sources.text import LARGEST, clean, decoded

SOURCE = "import"


@dataclass(frozen=True, slots=True)
class Imported:
    items: tuple[Item, ...]
    notes: tuple[str, ...] = ()
    """What of the file could not be taken."""


def imported(data: bytes, file: str, now: datetime) -> Imported | dict[str, Any]:
    """The items; or the settings of an earlier tool, where the file holds these. Raises SourceBroken."""
    text = decoded(data)
    if text is None or len(data) > LARGEST:
        raise SourceBroken(f"{file}: is binary or larger than 1 MB: it can not be a backlog")
    if file.lower().endswith((".md", ".markdown")):
        return _of_entries(markdown_entries(text), [], file, now)
    content = parsed(text, file)
    if isinstance(content, dict) and content.get("format") == FORMAT:
        return _of_export(content, file)
    if isinstance(content, dict) and {"github", "analyzer"} & content.keys():
        return content
    return _of_entries(*records(content, text, file), file, now)


def _of_entries(entries: Iterable[Entry], notes: list[str], file: str, now: datetime) -> Imported:
    entries = list(entries)
    found = all_found(entries, file)
    ignored = {clean(key, 40) for entry in entries for key in entry.ignored}
    if ignored:
        notes = [*notes, f"fields that mean nothing here: {', '.join(sorted(ignored))}"]
    items = tuple(born(one, one.fingerprint, now).model_copy(update={"source": SOURCE}) for one in found)
    return Imported(items, tuple(notes))


def _of_export(content: dict[str, Any], file: str) -> Imported:
    """Our own export: the items as they were. What was being worked is to be worked again."""
    items: list[Item] = []
    for at, row in enumerate(content.get("items", []), 1):
        try:
            item = Item.model_validate({k: v for k, v in row.items() if k != "score"})
        except (ValidationError, AttributeError) as error:
            raise SourceBroken(f"{file}: item {at} is not as it was exported: {_first(error)}") from None
        items.append(_idle(item))
    if len({item.id for item in items}) != len(items):
        raise SourceBroken(f"{file}: an id is used twice")
    return Imported(tuple(items))


def _idle(item: Item) -> Item:
    under_way = item.status in (Status.DOING, Status.PR)
    status = Status.READY if item.criteria else Status.NEW
    return item.model_copy(update={"status": status, "reason": ""}) if under_way else item


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "no mapping"
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg'].lower()}"
