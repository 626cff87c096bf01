"""Which lines did tests run? Read from coverage.py's JSON or from Cobertura's XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405

from backlog.source import Report, SourceBroken, View
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.places import Places
from backlog.sources.risky_code import report_on
from backlog.sources.whose import foreign_in


@dataclass(slots=True)
class Lines:
    """Numbers of the lines that can run."""

    run: set[int] = field(default_factory=set)
    missed: set[int] = field(default_factory=set)


class Coverage:
    name = "coverage"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if isinstance(value, dict) and isinstance(value.get("files"), dict) and "totals" in value and "meta" in value:
            lines = {name: _of_json(entry) for name, entry in value["files"].items()}
        elif isinstance(value, Element) and value.tag == "coverage" and value.find("packages") is not None:
            lines = _of_xml(value)
        else:
            return None
        if not any(one.run or one.missed for one in lines.values()):
            raise SourceBroken("measured not a single line")
        return {"": lines}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        """Lines that any of the files saw run were run."""
        places = Places(view.files, str(view.root), foreign_in(view))
        covered: dict[str, Lines] = {}
        for part in parts:
            for named, lines in part.value.items():
                path = places.path(named)
                if path is not None:
                    known = covered.setdefault(path, Lines())
                    known.run |= lines.run
                    known.missed |= lines.missed
        measured = {path: (lines.run, lines.missed - lines.run) for path, lines in covered.items()}
        return report_on(name, measured, view, places.notes())


def _of_json(entry: Mapping[str, Any]) -> Lines:
    return Lines(set(map(int, entry["executed_lines"])), set(map(int, entry["missing_lines"])))


def _of_xml(root: Element) -> dict[str, Lines]:
    sources = [(s.text or "").strip() for s in root.iter("source")]
    found: dict[str, Lines] = {}
    for one in root.iter("class"):
        name = next(_named(one.get("filename", ""), sources))
        lines = found.setdefault(name, Lines())
        for line in one.iter("line"):
            (lines.run if int(line.get("hits", "0")) > 0 else lines.missed).add(int(line.get("number", "0")))
    return found


def _named(name: str, sources: Sequence[str]) -> Iterator[str]:
    """File names are relative to a source folder; with several nobody says to which, so the first is taken."""
    for source in sources[:1]:
        yield name if name.startswith("/") or not source or source == "." else f"{source.rstrip('/')}/{name}"
    yield name
