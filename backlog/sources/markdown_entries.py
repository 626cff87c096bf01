"""The entries of a BACKLOG.md: checkboxes with their bullets, and rows of tables that have a title column."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backlog.sources.entries import Entry
from backlog.sources.vocabulary import plain, understood

BOX = re.compile(r"^(?P<indent>\s*)[-*+]\s+\[(?P<mark>[ xX])\]\s+(?P<text>\S.*)$")
BULLET = re.compile(r"^(?P<indent>\s+)[-*+]\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)$")
NAMED = re.compile(
    r"^(?:\*\*|__)?\[?(?P<id>[A-Za-z][A-Za-z0-9]*[-_]\d[\w-]*)\]?(?:\*\*|__)?\s*[:.\-–—]?\s*(?P<rest>\S.*)$"
)
MARKED = re.compile(r"^\*\*\[(?P<id>[^\]\s]+)\]\*\*\s*(?P<rest>\S.*)$")
FENCE = re.compile(r"^\s*(?:```|~~~)")
RULER = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
EMPTY = ("", "-", "–", "—", "n/a", "?")


@dataclass(slots=True)
class _Reading:
    entries: list[Entry] = field(default_factory=list)
    header: tuple[str, ...] = ()
    criteria: list[str] | None = None
    """Of the checkbox that was read last."""
    indent: int = 0


def markdown_entries(text: str) -> list[Entry]:
    """Text in fences is skipped. `[x]` is done; bullets below a box are its acceptance criteria."""
    reading, fenced = _Reading(), False
    rows = text.split("\n")
    for number, row in enumerate(rows, 1):
        if FENCE.match(row):
            fenced = not fenced
        elif not fenced:
            _read(reading, row, rows[number] if number < len(rows) else "", number)
    return _united(reading.entries)


def _united(entries: Sequence[Entry]) -> list[Entry]:
    """A plan below a table names the table's items again: what it says of them is added, its other words for one
    are its story."""
    result: list[Entry] = []
    named: dict[str, int] = {}
    for entry in entries:
        name = str(entry.fields.get("id", "")).lower()
        if not name or name not in named:
            named[name] = len(result)
            result.append(entry)
            continue
        first = result[named[name]]
        more = {"story": entry.fields["title"]} if entry.fields["title"] != first.fields["title"] else {}
        both = {**more, **{k: v for k, v in entry.fields.items() if v}, **first.fields}
        result[named[name]] = Entry(both, first.line, first.ignored)
    return result


def _read(reading: _Reading, row: str, below: str, number: int) -> None:
    if row.lstrip().startswith("|"):
        reading.criteria = None
        _read_table(reading, row, below, number)
        return
    reading.header = ()
    box, bullet = BOX.match(row), BULLET.match(row)
    nested = reading.criteria is not None and bullet is not None and len(bullet["indent"]) > reading.indent
    if nested and bullet is not None and reading.criteria is not None:
        reading.criteria.append(bullet["text"])
    elif box is not None:
        reading.criteria, reading.indent = [], len(box["indent"])
        fields: dict[str, Any] = {**_titled(box["text"], reading.entries), "criteria": reading.criteria}
        if box["mark"] != " ":
            fields["status"] = "DONE"
        reading.entries.append(Entry(fields, number))
    elif row.strip() and not row[0].isspace():
        reading.criteria = None


def _read_table(reading: _Reading, row: str, below: str, number: int) -> None:
    cells = _cells(row)
    if RULER.match(row):
        return
    if not reading.header:
        # A table of names is a table of anything.
        names = tuple("" if _bare(c).lower() == "name" else plain(_bare(c)) for c in cells)
        reading.header = names if "title" in names and RULER.match(below) else ("",)
        return
    fields = {n: _bare(c) for n, c in zip(reading.header, cells, strict=False) if n and _bare(c) not in EMPTY}
    if "title" in fields:
        reading.entries.append(Entry({n: c for n, c in fields.items() if understood(n, c)}, number))


def _cells(row: str) -> Sequence[str]:
    return [c.replace("\\|", "|").strip() for c in re.split(r"(?<!\\)\|", row.strip().strip("|"))]


def _bare(cell: str) -> str:
    return re.sub(r"\*\*|__|`|~~", "", cell).strip()


def _titled(text: str, before: Sequence[Entry]) -> dict[str, str]:
    """`**[CORE-1]** Do it` has an id of its own; so has any word in `**[]**` that a table above had as an id."""
    named = NAMED.match(text)
    marked = MARKED.match(text)
    if marked is not None and any(entry.fields.get("id") == marked["id"] for entry in before):
        named = marked
    return {"id": named["id"], "title": _bare(named["rest"])} if named else {"title": _bare(text)}
