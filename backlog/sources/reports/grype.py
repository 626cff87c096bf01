"""Grype's JSON: vulnerable packages of a container image or a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from backlog.source import Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import rows, within, word
from backlog.sources.reports.places import repo_path
from backlog.sources.valued import grade


class Grype:
    name = "grype"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and isinstance(value.get("matches"), list) and "descriptor" in value):
            return None
        return {"": value} if str(value["descriptor"].get("name")) == "grype" else None

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        found = [v for part in parts for v in _vulnerabilities(part.value, view)]
        return outcome(name, all_found(name, found), view.files)


def _vulnerabilities(value: Mapping[str, Any], view: View) -> Iterator[Vulnerability]:
    source = within(value, "source", needed=False)
    image = source.get("type") == "image"
    target = source.get("target")
    where = str(target.get("userInput", "")) if isinstance(target, dict) else str(target or "")
    for match in rows(value, "matches"):
        about, package = within(match, "vulnerability"), within(match, "artifact")
        others = (word(v, "id") for v in rows(match, "relatedVulnerabilities", needed=False))
        name = word(package, "name")
        path = None if image else _path(package, view)
        yield Vulnerability(
            package=canonicalize_name(name) if package.get("type") == "python" else name,
            version=str(package.get("version", "")),
            ids=tuple(sorted({word(about, "id"), *others}, key=lambda i: (not i.startswith("CVE-"), i))),
            fixed=tuple(map(str, (about.get("fix") or {}).get("versions") or ())),
            grade=grade(about.get("severity")),
            summary=str(about.get("description") or ""),
            path=path,
            where=where,
            container=image,
        )


def _path(package: Mapping[str, Any], view: View) -> str | None:
    for location in rows(package, "locations", needed=False):
        # Grype calls the folder that it looked at the root.
        named = repo_path(str(location["path"]).lstrip("/"), str(view.root), view.files)
        if named in view.files:
            return named
    return None
