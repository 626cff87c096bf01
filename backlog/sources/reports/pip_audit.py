"""pip-audit's JSON. A dependency that it skipped is unknown, never clean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from backlog.source import Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import WrongType, word
from backlog.sources.reports.fields import rows as listed
from backlog.sources.text import clean


class PipAudit:
    name = "pip-audit"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and "fixes" in value and isinstance(value.get("dependencies"), list)):
            return None
        rows = listed(value, "dependencies")
        if not all("vulns" in row or "skip_reason" in row for row in rows):
            raise WrongType("a dependency has neither vulns nor skip_reason")
        return {"": rows}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        rows = [row for part in parts for row in part.value]
        skipped = [row for row in rows if "skip_reason" in row]
        gaps = [_skips(skipped, len(rows))] if skipped else []
        if not rows:
            gaps.append("it audited no dependency at all")
        return outcome(name, all_found(name, _vulnerabilities(rows)), view.files, gaps=gaps)


def _skips(skipped: Sequence[Mapping[str, Any]], of: int) -> str:
    named = ", ".join(clean(str(row["name"]), 40) for row in skipped[:5]) + (" …" if len(skipped) > 5 else "")
    return f"{len(skipped)} of {of} dependencies were skipped and are unknown: {named}"


def _vulnerabilities(rows: Sequence[Mapping[str, Any]]) -> Iterator[Vulnerability]:
    for row in rows:
        for found in listed(row, "vulns", needed="skip_reason" not in row):
            yield Vulnerability(
                package=canonicalize_name(word(row, "name")),
                version=str(row["version"]),
                ids=(word(found, "id"), *map(str, found.get("aliases", ()))),
                fixed=tuple(map(str, found.get("fix_versions", ()))),
                summary=str(found.get("description") or ""),
            )
