"""Files that other programs wrote, as sources: one for each tool, so that a missing file closes nothing of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from backlog.identity import slug
from backlog.source import Artefact, NotConfigured, Report, Source, SourceBroken, View
from backlog.sources.outcome import everything
from backlog.sources.reports.documents import Document, opened
from backlog.sources.text import clean


@dataclass(frozen=True, slots=True)
class Part:
    """What one file says in the name of one tool."""

    document: Document
    value: Any


class Format(Protocol):
    """One kind of file, recognised by what is in it."""

    @property
    def name(self) -> str: ...

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        """What it holds for each tool (`""` where the format knows only one); None when it is another format.

        Raises SourceBroken when it is of this format and can not be understood.
        """
        ...

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        """What all files of one tool say together. May raise."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """The source that all files of one tool make together."""

    name: str
    format: Format
    parts: tuple[Part, ...]
    broken: tuple[str, ...] = ()
    """Files that could not be read: any of them may be one of ours."""

    def look(self, view: View) -> Report:
        report = self.format.report(self.name, self.parts, view)
        files = ", ".join(sorted({clean(part.document.name, 120) for part in self.parts}))
        newest = max(part.document.at for part in self.parts)
        told = f"{files}, made {age(newest, view.now)}"
        reason = "; ".join(text for text in (told, report.reason) if text)
        if report.status != "ready" or not self.broken:
            return replace(report, reason=reason)
        kept = f"nothing counts as gone while {', '.join(self.broken)} can not be read"
        return replace(report, reason=f"{reason}; {kept}", unseen=everything(view.files))


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that nobody recognises, or that can not be understood."""

    name: str
    reason: str

    def look(self, view: View) -> Report:
        return Report(self.name, "not run", self.reason)


@dataclass(frozen=True, slots=True)
class Absent:
    """A format of which there is no file."""

    name: str

    def look(self, view: View) -> Report:
        raise NotConfigured("no file of this kind among the reports (setting reports)")


def artefact_sources(artefacts: Sequence[Artefact], formats: Sequence[Format]) -> tuple[Source, ...]:
    """A source for each tool that wrote one of the files, for each file that is not understood, and for each format
    without a file."""
    gathered: dict[str, tuple[Format, list[Part]]] = {}
    broken: list[Unreadable] = []
    for artefact in artefacts:
        try:
            for format, tool, part in _parts(opened(artefact), formats):
                name = f"{format.name}:{tool}" if tool else format.name
                gathered.setdefault(name, (format, []))[1].append(part)
        except SourceBroken as error:
            broken.append(Unreadable(f"report:{clean(artefact.name, 120)}", clean(str(error), 300)))
    names = tuple(b.name.removeprefix("report:") for b in broken)
    present = {format.name for format, _ in gathered.values()}
    return (
        *(Imported(name, format, tuple(parts), names) for name, (format, parts) in sorted(gathered.items())),
        *broken,
        *(Absent(format.name) for format in formats if format.name not in present),
    )


def _parts(document: Document, formats: Sequence[Format]) -> Iterator[tuple[Format, str, Part]]:
    """Raises SourceBroken when no format knows the document."""
    for format in formats:
        try:
            parts = format.parts(document)
        except SourceBroken as error:
            raise SourceBroken(f"{document.name}: {error}") from None
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            raise SourceBroken(f"{document.name}: is not as {format.name} should be: {error}") from None
        if parts is not None:
            for tool, value in parts.items():
                yield format, slug(tool)[:40], Part(document, value)
            return
    raise SourceBroken(f"{document.name}: is in no format that is known here")


def age(then: datetime, now: datetime) -> str:
    """For example `12 days ago`."""
    minutes = int((now - then).total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = minutes // size
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"
