"""Does the edited file say what was asked, and in all else what it said before?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from backlog.file.fields import SHARED, said
from backlog.file.nodes import Document, EditRefused
from backlog.file.synced import Value
from backlog.identity import slug
from backlog.source import SourceBroken
from backlog.sources.entries import Entry, found
from backlog.sources.vocabulary import plain
from backlog.sources.yaml_entries import LISTS

Wanted = Mapping[str, Value | None]
COMPARED = (*SHARED, "status", "reason")


def check(doc: Document, result: str, edits: Mapping[int, Wanted], added: Sequence[Wanted]) -> None:
    """Raises EditRefused."""
    before, after = doc.data(), _parsed(result, doc.file)
    old, new = _entries(before), _entries(after)
    if len(new) != len(old) + len(added) or repr(_rest(before)) != repr(_rest(after)):
        raise _refused(doc, 0)
    for at, entry in enumerate(new):
        line = doc.entries[at].start_mark.line + 1 if at < len(old) else 0
        wanted = edits.get(at, {}) if at < len(old) else added[at - len(old)]
        if at < len(old) and repr(_others(old[at], wanted)) != repr(_others(entry, wanted)):
            raise _refused(doc, line)
        if wanted and not _says(entry, wanted, doc.file):
            raise _refused(doc, line)


def _refused(doc: Document, line: int) -> EditRefused:
    where = f"{doc.file}:{line}" if line else doc.file
    return EditRefused(f"{where}: is written in a way that can not be edited safely: put it plainly, then sync again")


def _parsed(text: str, file: str) -> Any:
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        raise EditRefused(f"{file}: is written in a way that can not be edited safely; nothing was changed") from None


def _entries(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict):
        data = next((value for key, value in data.items() if key in LISTS), [])
    return [one if isinstance(one, dict) else {"title": one} for one in data or []]


def _rest(data: Any) -> Any:
    if not isinstance(data, dict):
        return []
    first = next((key for key in data if key in LISTS), None)
    return [(key, value) for key, value in data.items() if key != first and first is not None]


def _others(entry: Mapping[Any, Any], wanted: Wanted) -> list[tuple[Any, Any]]:
    return sorted(((str(k), repr(v)) for k, v in entry.items() if plain(str(k)) not in wanted))


def _says(entry: Mapping[Any, Any], wanted: Wanted, file: str) -> bool:
    read = Entry({str(key): value for key, value in entry.items()}, 0)
    try:
        one = found(read, file)
        says: dict[str, Value] = said(read, one, file)
    except SourceBroken:
        return False
    if "id" in wanted and one.fingerprint != slug(str(wanted["id"])):
        return False
    return all(says.get(name) == value for name, value in wanted.items() if name in COMPARED)
