"""A report as values: sections with rows and notes, and the three ways to write them. All three say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

NOT_MEASURED = "not measured"
Cell = str | int | float | None
"""None is what nothing was measured for."""


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: str
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    notes: tuple[str, ...] = ()
    """Lines: what is counted, over which period, and how many."""


def sections_data(sections: Sequence[Section]) -> list[dict[str, Any]]:
    return [
        {
            "name": s.name,
            "title": s.title,
            "rows": [dict(zip(s.columns, row, strict=True)) for row in s.rows],
            "notes": list(s.notes),
        }
        for s in sections
    ]


def plain_lines(sections: Sequence[Section]) -> list[str]:
    lines: list[str] = []
    for section in sections:
        lines += ["", section.title, *(f"  {note}" for note in section.notes)]
        if section.rows:
            lines += _table(section)
    return lines[1:]


def markdown_lines(title: str, sections: Sequence[Section]) -> list[str]:
    lines = [f"# {_cell(title)}"]
    for section in sections:
        lines += ["", f"## {_cell(section.title)}", ""]
        lines += [f"{_cell(note)}  " for note in section.notes]
        if section.rows:
            lines += [""] if section.notes else []
            lines.append("| " + " | ".join(section.columns) + " |")
            lines.append("|" + "|".join(" ---: " if _number(section, n) else " --- " for n in _range(section)) + "|")
            lines += ["| " + " | ".join(_cell(shown(value)) for value in row) + " |" for row in section.rows]
    return lines


def shown(value: Cell) -> str:
    if value is None:
        return NOT_MEASURED
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value


def _table(section: Section) -> list[str]:
    cells = [list(section.columns), *([shown(value) for value in row] for row in section.rows)]
    widths = [max(len(row[n]) for row in cells) for n in _range(section)]
    right = [_number(section, n) for n in _range(section)]
    return [
        "  " + "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)).rstrip()
        for row in cells
    ]


def _range(section: Section) -> range:
    return range(len(section.columns))


def _number(section: Section, column: int) -> bool:
    return any(isinstance(row[column], int | float) for row in section.rows)


def _cell(text: str) -> str:
    """Text of a repository stays text: it can neither end its cell nor become a link, an image or HTML."""
    for sign in "\\`*_{}[]<>|!#":
        text = text.replace(sign, "\\" + sign if sign != "<" else "&lt;")
    return " ".join(text.split())
