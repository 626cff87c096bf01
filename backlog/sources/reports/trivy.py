"""Trivy's JSON: packages of container images and lock files, misconfigurations, secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.utils import canonicalize_name

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, Report, View
from backlog.sources.outcome import outcome
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import rows, within, word
from backlog.sources.reports.places import repo_path
from backlog.sources.sameness import line_here
from backlog.sources.text import clean
from backlog.sources.valued import SECRET, WEAKNESS, grade

IMAGES = ("container_image", "vm", "image")


class Trivy:
    name = "trivy"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and "SchemaVersion" in value and "ArtifactName" in value):
            return None
        return {"": value}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        found = [one for part in parts for one in _found(part.value, view)]
        empty = [p for p in parts if not p.value.get("Results")]
        gaps = [f"{clean(str(p.value['ArtifactName']), 60)}: it found nothing that it can scan" for p in empty]
        return outcome(name, found, view.files, gaps=gaps)


def _found(value: Mapping[str, Any], view: View) -> Iterator[Found]:
    image = str(value.get("ArtifactType", "")) in IMAGES
    artefact = str(value["ArtifactName"])
    vulnerable: list[Vulnerability] = []
    for result in rows(value, "Results", needed=False):
        target = word(result, "Target")
        named = repo_path(target, str(view.root), view.files)
        path = named if not image and named in view.files else None
        where = artefact if image else target
        vulnerable += [
            _vulnerability(v, result, path, where, image) for v in rows(result, "Vulnerabilities", needed=False)
        ]
        yield from (
            _weak(m, path, where, view)
            for m in rows(result, "Misconfigurations", needed=False)
            if m.get("Status") != "PASS"
        )
        yield from (_secret(s, path, where, view) for s in rows(result, "Secrets", needed=False))
    yield from all_found("trivy", vulnerable)


def _vulnerability(
    found: Mapping[str, Any], result: Mapping[str, Any], path: str | None, where: str, image: bool
) -> Vulnerability:
    name = word(found, "PkgName")
    python = str(result.get("Type", "")) in ("pip", "pipenv", "poetry", "uv", "python-pkg", "conda-pkg")
    return Vulnerability(
        package=canonicalize_name(name) if python else name,
        version=str(found.get("InstalledVersion", "")),
        ids=(word(found, "VulnerabilityID"), *map(str, found.get("VendorIDs") or ())),
        fixed=tuple(v.strip() for v in str(found.get("FixedVersion") or "").split(",") if v.strip()),
        grade=grade(found.get("Severity")),
        summary=str(found.get("Title") or found.get("Description") or ""),
        path=path,
        where=where,
        container=image,
    )


def _weak(found: Mapping[str, Any], path: str | None, where: str, view: View) -> Found:
    rule, worth = str(found["ID"]), WEAKNESS[grade(found.get("Severity"))]
    title, place = clean(str(found.get("Title") or rule), 120), clean(path or where, 100)
    return Found(
        fingerprint=item_id(f"trivy:{rule}", path or where, "", prefix=rule),
        kind=Kind.INFRASTRUCTURE,
        title=f"{title} ({clean(rule, 40)}) in {place}",
        path=path,
        line=line_here(view, path, within(found, "CauseMetadata", needed=False).get("StartLine")),
        inputs=worth.inputs(),
        criteria=(f"Trivy does not report {clean(rule, 40)} in {place} any more.",),
        story=clean(f"{found.get('Message') or ''} {found.get('Resolution') or ''}", 600),
        labels=("security", "container"),
    )


def _secret(found: Mapping[str, Any], path: str | None, where: str, view: View) -> Found:
    """What trivy shows of the secret itself is not looked at."""
    rule, place = str(found["RuleID"]), clean(path or where, 100)
    return Found(
        fingerprint=item_id(f"trivy:{rule}", path or where, "", prefix="secret"),
        kind=SECRET.kind,
        title=f"Remove the secret ({clean(rule, 80)}) from {place}",
        path=path,
        line=line_here(view, path, found.get("StartLine")),
        inputs=SECRET.inputs(),
        criteria=(f"The secret is revoked, and Trivy does not report {clean(rule, 80)} in {place} any more.",),
        story=f"Trivy {clean(rule, 80)} in {place}",
        labels=("secret",),
    )
