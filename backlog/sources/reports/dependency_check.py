"""OWASP Dependency-Check's JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from backlog.source import Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import rows as listed
from backlog.sources.reports.fields import within, word
from backlog.sources.reports.places import repo_path
from backlog.sources.text import clean
from backlog.sources.valued import Grade, grade, grade_of_cvss

PURL = re.compile(r"pkg:(?P<type>[a-z]+)/(?P<name>[^@?#]+)(?:@(?P<version>[^?#]+))?")


class DependencyCheck:
    name = "dependency-check"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and "scanInfo" in value and isinstance(value.get("dependencies"), list)):
            return None
        return {"": value}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        gaps = [gap for part in parts for gap in _gaps(part.value)]
        found = [v for part in parts for v in _vulnerabilities(listed(part.value, "dependencies"), view)]
        return outcome(name, all_found(name, found), view.files, gaps=gaps)


def _gaps(value: Mapping[str, Any]) -> Iterator[str]:
    if errors := listed(within(value, "scanInfo"), "analysisExceptions", needed=False):
        yield f"the tool reports {len(errors)} errors of its own"
    if not value["dependencies"]:
        yield "it looked at no dependency at all"
    if not listed(value["scanInfo"], "dataSource", needed=False):
        yield "it does not say that it had any vulnerability data"


def _vulnerabilities(rows: Sequence[Mapping[str, Any]], view: View) -> Iterator[Vulnerability]:
    for row in rows:
        package, version = _package(row)
        named = str(row.get("filePath") or word(row, "fileName"))
        path = repo_path(named, str(view.root), view.files)
        for found in listed(row, "vulnerabilities", needed=False):
            yield Vulnerability(
                package=package,
                version=version,
                ids=(word(found, "name"),),
                grade=_grade(found),
                summary=str(found.get("description") or ""),
                path=path if path in view.files else None,
                where=clean(str(row["fileName"]), 120),
            )


def _package(row: Mapping[str, Any]) -> tuple[str, str]:
    """Name and version, by the package URL where there is one, else the file's name."""
    for package in listed(row, "packages", needed=False):
        if match := PURL.match(str(package.get("id", ""))):
            name = match["name"] if match["type"] != "pypi" else canonicalize_name(match["name"])
            return name, match["version"] or ""
    return word(row, "fileName"), ""


def _grade(found: Mapping[str, Any]) -> Grade:
    told = grade(found.get("severity"))
    score = (found.get("cvssv3") or {}).get("baseScore")
    return grade_of_cvss(float(score)) if told == "unknown" and score is not None else told
