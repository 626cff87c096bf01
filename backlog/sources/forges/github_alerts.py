"""Security advisories and alerts of GitHub as items. Only open ones; a secret's value is never kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from packaging.utils import canonicalize_name

from backlog.identity import item_id
from backlog.item import Inputs
from backlog.source import Found, View
from backlog.sources.forges.github_states import OVER, opened
from backlog.sources.packages.vulnerable import Vulnerability, all_found
from backlog.sources.reports.places import repo_path
from backlog.sources.reports.sarif_result import CWE
from backlog.sources.sameness import advisory_names, line_here, line_of, rule_name, weakness_names
from backlog.sources.text import clean
from backlog.sources.valued import SECRET, VULNERABLE, WEAKNESS, Grade, Worth, grade

Row = Mapping[str, Any]
Answer = tuple[Sequence[Found], Sequence[str]]


def advisories(rows: Sequence[Row], view: View) -> Answer:
    """Advisories about this repository itself: its users are exposed until a release has the fix."""
    return [_advisory(row) for row in rows if row.get("state") not in OVER and not _patched(row)], ()


def _patched(row: Row) -> bool:
    """It is published, and for every package it names the releases that have the fix."""
    named = row.get("vulnerabilities") or ()
    patched = all(v.get("patched_versions") or v.get("first_patched_version") for v in named)
    return row.get("state") == "published" and bool(named) and patched


def code_scanning(rows: Sequence[Row], view: View) -> Answer:
    ours, gaps = opened(rows)
    return [_code(row, view) for row in ours], gaps


def dependabot(rows: Sequence[Row], view: View) -> Answer:
    ours, gaps = opened(rows)
    return tuple(all_found("github:dependabot", (_vulnerability(row, view) for row in ours))), gaps


def secret_scanning(rows: Sequence[Row], view: View) -> Answer:
    ours, gaps = opened(rows)
    return [_secret(row) for row in ours], gaps


def _advisory(row: Row) -> Found:
    ids = [str(row["ghsa_id"]), *([str(row["cve_id"])] if row.get("cve_id") else [])]
    worth = _first(VULNERABLE, grade(row.get("severity")))
    names = _packages(row)
    return Found(
        fingerprint=item_id("advisory", "", ids[0], prefix=ids[0]),
        same_as=tuple(one for name in names for one in advisory_names(ids, name)),
        kind=worth.kind,
        title=f"{clean(str(row['summary']), 220)} ({ids[-1]})",
        inputs=_high(worth),
        criteria=(f"A test shows what {ids[-1]} describes, and it is fixed.",),
        story=clean(str(row.get("description") or ""), 4_000),
        labels=("advisory",),
        security_notes=f"Severity: {grade(row.get('severity'))}. Keep it private until it is published.",
    )


def _packages(row: Row) -> list[str]:
    named = ((v.get("package") or {}).get("name") for v in row.get("vulnerabilities") or ())
    return list(dict.fromkeys(str(name) for name in named if name))


def _first(table: Mapping[Grade, Worth], told: Grade) -> Worth:
    return table[told]


def _high(worth: Worth) -> Inputs:
    """An advisory of one's own is urgent whatever its severity: it will be published."""
    inputs = worth.inputs()
    changes = {"value": max(8, inputs.value), "time_criticality": max(8, inputs.time_criticality)}
    source = {**inputs.source, "value": "rule:own-advisory", "time_criticality": "rule:own-advisory"}
    return inputs.model_copy(update={**changes, "source": source})


def _code(row: Row, view: View) -> Found:
    rule, place = row["rule"], row["most_recent_instance"].get("location") or {}
    named = repo_path(str(place.get("path") or ""), str(view.root), view.files)
    path, tool = named if named in view.files else None, str((row.get("tool") or {}).get("name") or "code scanning")
    identity = str(rule.get("id") or rule.get("name") or "")
    number = line_here(view, path, place.get("start_line"))
    line = line_of(view, path, number) if path else None
    cwes = [f"CWE-{n}" for n in CWE.findall(" ".join(map(str, rule.get("tags") or ())))]
    told = grade(rule.get("security_severity_level") or {"error": "high", "warning": "medium", "note": "low"}.get(
        str(rule.get("severity")), rule.get("severity")
    ))  # fmt: skip
    names = [rule_name(identity, path)] if path and tool.lower() in ("ruff", "bandit") else []
    return Found(
        fingerprint=f"code-scanning-{int(row['number'])}",
        same_as=tuple(dict.fromkeys((*names, *(weakness_names(cwes, path, line) if path and line else ())))),
        kind=WEAKNESS[told].kind,
        title=f"{clean(str(rule.get('description') or identity), 120)} ({clean(identity, 80)})"
        + (f" in {clean(path, 80)}" if path else ""),
        path=path,
        line=number,
        snippet=clean(line or "", 500),
        inputs=WEAKNESS[told].inputs(),
        criteria=(f"{clean(tool, 60)} does not report {clean(identity, 100)} there any more.",),
        story=clean(str((row["most_recent_instance"].get("message") or {}).get("text") or ""), 600),
        labels=("code-scanning",),
        security_notes=f"{clean(tool, 60)} calls it {told}.",
    )


def _vulnerability(row: Row, view: View) -> Vulnerability:
    advisory, dependency = row["security_advisory"], row["dependency"]
    package = dependency["package"]
    named = repo_path(str(dependency.get("manifest_path") or ""), str(view.root), view.files)
    fixed = ((row.get("security_vulnerability") or {}).get("first_patched_version") or {}).get("identifier")
    return Vulnerability(
        package=_spelled(package),
        version="",
        ids=tuple(_ids(advisory)),
        fixed=(str(fixed),) if fixed else (),
        grade=grade(advisory.get("severity")),
        summary=str(advisory.get("summary") or ""),
        path=named if named in view.files else None,
        where=str(dependency.get("manifest_path") or ""),
    )


def _spelled(package: Row) -> str:
    name = str(package["name"])
    return canonicalize_name(name) if package.get("ecosystem") == "pip" else name


def _ids(advisory: Row) -> Iterator[str]:
    if advisory.get("cve_id"):
        yield str(advisory["cve_id"])
    yield str(advisory["ghsa_id"])


def _secret(row: Row) -> Found:
    value = str(row.get("secret") or "")
    kind = clean(str(row.get("secret_type_display_name") or row["secret_type"]), 100)
    return Found(
        fingerprint=f"secret-scanning-{int(row['number'])}",
        same_as=(f"secret:{sha256(value.encode('utf-8', 'replace')).hexdigest()[:16]}",) if value else (),
        kind=SECRET.kind,
        title=f"Revoke and remove the secret that GitHub found: {kind}",
        inputs=SECRET.inputs(),
        criteria=("The secret is revoked and stands in no committed file.",),
        story=f"Secret-scanning alert {int(row['number'])}: {kind}.",
        labels=("secret",),
    )
