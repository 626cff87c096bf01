"""OSV-Scanner's JSON: vulnerable packages by the lock file that names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from backlog.source import Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.osv_advisory import Advisory
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import rows as listed
from backlog.sources.reports.fields import within, word
from backlog.sources.reports.places import repo_path
from backlog.sources.valued import Grade, grade_of_cvss


class OsvScanner:
    name = "osv-scanner"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and isinstance(value.get("results"), list)):
            return None
        rows = value["results"]
        if rows and not all(isinstance(row, dict) and "packages" in row and "source" in row for row in rows):
            return None
        if not rows and not value.keys() <= {"results", "experimental_config", "license_summary"}:
            return None
        return {"": rows}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        rows = [row for part in parts for row in part.value]
        return outcome(name, all_found(name, _vulnerabilities(rows, view)), view.files)


def _vulnerabilities(rows: Sequence[Mapping[str, Any]], view: View) -> Iterator[Vulnerability]:
    for row in rows:
        named = word(within(row, "source"), "path")
        path = repo_path(named, str(view.root), view.files)
        for entry in listed(row, "packages"):
            package = within(entry, "package")
            python = package.get("ecosystem") == "PyPI"
            scores = _scores(listed(entry, "groups", needed=False))
            for found in listed(entry, "vulnerabilities"):
                advisory = Advisory.model_validate(found)
                name = canonicalize_name(word(package, "name")) if python else word(package, "name")
                yield Vulnerability(
                    package=name,
                    version=str(package["version"]),
                    ids=advisory.ids,
                    fixed=advisory.fixed_in(name, str(package.get("ecosystem", ""))),
                    grade=scores.get(advisory.id, advisory.grade),
                    summary=advisory.summary,
                    path=path if path in view.files else None,
                    where=named,
                )


def _scores(groups: Sequence[Mapping[str, Any]]) -> dict[str, Grade]:
    """The scanner says once for all names of one advisory how severe it is."""
    found: dict[str, Grade] = {}
    for group in groups:
        if group.get("max_severity"):
            found |= dict.fromkeys(map(str, group["ids"]), grade_of_cvss(float(group["max_severity"])))
    return found
