"""Backlogs as JSON of the systems that came before: lists of items, with their own words and their own scores.

Their score is kept as `given_wsjf` beside ours and decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backlog.source import Found, Report, View
from backlog.sources.entries import Entry, all_found
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.text import clean
from backlog.sources.vocabulary import plain

LISTS = ("items", "backlog", "backlog_items", "tasks", "value_items", "discovered_items", "completed_items")
SAYS_WORK = frozenset({"given_wsjf", "given_priority", "kind", "status", "value", "size", "criteria", "hours"})
NOT_THERE: tuple[object, ...] = (None, "", [])


class BacklogJson:
    name = "backlog-json"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        rows = list(_rows(document.value))
        if not rows or not all(isinstance(row, dict) and _is_item(row) for row in rows):
            return None
        return {"": rows}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        """Raises SourceBroken, one line with file and entry."""
        found: list[Found] = []
        ignored: Counter[str] = Counter()
        for part in parts:
            entries = [Entry(_worded(row), number) for number, row in enumerate(part.value, 1)]
            found += all_found(entries, part.document.name)
            ignored.update(key for entry in entries for key in entry.ignored)
        unknown = ", ".join(clean(key, 40) for key, _ in ignored.most_common(8))
        return outcome(name, found, view.files, notes=[f"fields that mean nothing here: {unknown}"] if ignored else [])


def _rows(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield from value
    elif isinstance(value, dict):
        for key in LISTS:
            if isinstance(value.get(key), list):
                yield from value[key]


def _is_item(row: Mapping[str, object]) -> bool:
    known = {plain(key) for key in row}
    return "title" in known and "id" in known and bool(known & SAYS_WORK) and "html_url" not in row


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty fields, and with the scores that are written as an object taken out of it."""
    flat = dict(row)
    for key in ("scores", "scoring"):
        inner = flat.pop(key, None)
        if isinstance(inner, dict):
            flat |= {k: v for k, v in inner.items() if plain(k) == "given_wsjf" and k not in flat}
    # A score of 0 is how "will be calculated" is written.
    return {k: _of(k, v) for k, v in flat.items() if v not in NOT_THERE and not (plain(k) == "given_wsjf" and v == 0)}


def _of(key: str, value: Any) -> Any:
    """`TaskType.FEATURE` and `TaskStatus.READY` are how Python writes the members of such enumerations."""
    if plain(key) in ("kind", "status") and isinstance(value, str):
        return value.rpartition(".")[2]
    return value
