"""The report: aligned plain text, or JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evals.bench.figure import Section

HEADS = ("", "n", "median", "min", "max", "goal", "")
WIDTH = 110
VERSION = 1


@dataclass(frozen=True)
class Report:
    at: str
    """Date and time, ISO 8601."""
    seconds: float
    """That measuring took."""
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    sections: Sequence[Section]

    def as_json(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "at": self.at,
            "seconds": round(self.seconds, 1),
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "sections": [section.as_json() for section in self.sections],
        }


def lines(report: Report) -> Iterator[str]:
    yield f"{report.at}, {report.seconds:.0f} s"
    for known in (report.machine, report.versions):
        yield from textwrap.wrap(", ".join(f"{name} {value}" for name, value in known.items()), WIDTH)
    widths = _widths(report.sections)
    for section in report.sections:
        yield ""
        yield section.title
        yield from textwrap.wrap(section.compared, WIDTH, initial_indent="  ", subsequent_indent="  ")
        if section.trouble:
            yield f"  not measured: {section.trouble}"
            continue
        for cells in (HEADS, *(figure.cells() for figure in section.figures)):
            yield _line(cells, widths)
    yield ""
    yield summary(report.sections)


def summary(sections: Sequence[Section]) -> str:
    """How many goals are met, and which are not."""
    judged = [(s.title.lower(), f) for s in sections for f in s.figures if f.goal]
    missed = [f"{title} ({f.verdict})" for title, f in judged if f.verdict != "met"]
    unmeasured = [s.title.lower() for s in sections if s.trouble]
    said = f"{len(judged) - len(missed)} of {len(judged)} goals met"
    said += f"; not met: {', '.join(missed)}" if missed else ""
    return said + (f"; not measured: {', '.join(unmeasured)}" if unmeasured else "")


def _widths(sections: Sequence[Section]) -> list[int]:
    rows = [HEADS, *(figure.cells() for section in sections for figure in section.figures)]
    return [max(len(row[n]) for row in rows) for n in range(len(HEADS))]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Names to the left, numbers to the right."""
    name, *numbers, verdict = (
        cell.ljust(width) if n in (0, len(cells) - 1) else cell.rjust(width)
        for n, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(["", name, *numbers, verdict]).rstrip()
