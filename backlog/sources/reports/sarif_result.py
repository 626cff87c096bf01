"""One result of a SARIF run, with everything that the run says about it elsewhere looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from backlog.identity import normal
from backlog.sources.reports.places import Places, repo_path
from backlog.sources.reports.sarif_model import Location, Result, Rule, Run
from backlog.sources.valued import Grade, grade, grade_of_cvss

CWE = re.compile(r"\bcwe[-/_ ]?0*(\d{1,5})\b", re.IGNORECASE)
SECRET_TOOLS = ("gitleaks", "trufflehog", "detect-secrets", "kingfisher", "secret")
IMAGE_TOOLS = ("trivy", "grype", "docker scout", "snyk container", "anchore", "clair")
LONGEST = 5_000
"""Characters that are looked at of any text."""
SECURITY_TOOLS = (*SECRET_TOOLS, "bandit", "trivy", "grype", "gosec", "brakeman", "snyk", "checkov", "tfsec", "kics")


@dataclass(frozen=True, slots=True)
class Hit:
    """What one result means."""

    rule: str
    name: str
    """The rule in words; may be empty."""
    message: str
    path: str | None
    """None for what lies in no file of the repository: in an image, or nowhere in particular."""
    line: int | None
    snippet: str
    level: str
    """`error`, `warning` or `note`."""
    grade: Grade
    security: bool
    secret: bool
    cwes: tuple[str, ...]
    prints: tuple[str, ...]
    link: str


def hits(run: Run, places: Places) -> list[Hit]:
    """The open results that point to files here, or to none at all; what is left out is counted in `places.left`."""
    found: list[Hit] = []
    for result in run.results or ():
        rule = rule_of(run, result)
        level = result.level or rule.default_configuration.level
        if why := _closed(result, level):
            places.left[why] += 1
            continue
        location = result.locations[0] if result.locations else Location()
        uri = _uri(run, location)
        path = places.path(uri, uri=True) if uri and not _in_image(run, uri, places) else None
        if path is not None or not uri or _in_image(run, uri, places):
            found.append(_hit(run, result, rule, level, location, path))
    return found


def _in_image(run: Run, uri: str, places: Places) -> bool:
    """What is found in a container image lies in no file of the repository, and is a finding all the same."""
    return run.tool.driver.name.lower().startswith(IMAGE_TOOLS) and repo_path(uri, places.root, ()) not in places.files


def _closed(result: Result, level: str) -> str:
    """Why this is no open finding, or nothing."""
    if any(s.status in ("accepted", "") for s in result.suppressions):
        return "suppressed"
    if result.kind not in ("fail", "open", "review") or level == "none":
        return "that are no findings"
    return "gone since the tool's own baseline" if result.baseline_state == "absent" else ""


def rule_of(run: Run, result: Result) -> Rule:
    """The rule, from the driver or the extension that is named; one with only its id when it is described nowhere."""
    name = result.rule_id or result.rule.id
    index = result.rule_index if result.rule_index >= 0 else result.rule.index
    extension = result.rule.tool_component.index
    named = run.tool.extensions[extension : extension + 1] if extension >= 0 else []
    for component in named or [run.tool.driver]:
        if 0 <= index < len(component.rules):
            return component.rules[index]
    described = (r for c in (run.tool.driver, *run.tool.extensions) for r in c.rules)
    return next((r for r in described if r.id and r.id == name), Rule(id=name))


def _uri(run: Run, location: Location) -> str:
    """The file's address, with the base that it names put in front when that base has one."""
    place = location.physical_location.artifact_location
    if not place.uri and 0 <= place.index < len(run.artifacts):
        place = run.artifacts[place.index].location
    uri, base, seen = place.uri, place.uri_base_id, set[str]()
    while base in run.original_uri_base_ids and base not in seen and not re.match(r"file:|/|[A-Za-z]:", uri):
        seen.add(base)
        above = run.original_uri_base_ids[base]
        uri, base = above.uri + uri, above.uri_base_id
    return uri


def _hit(run: Run, result: Result, rule: Rule, level: str, location: Location, path: str | None) -> Hit:
    tool, region = run.tool.driver.name.lower(), location.physical_location.region
    told = f"{_tags(rule.properties)} {_tags(result.properties)}"
    secret = any(name in tool for name in SECRET_TOOLS) or "secret" in told.lower().split()
    cwes = tuple(dict.fromkeys(f"CWE-{number}" for number in CWE.findall(told)))
    score = rule.properties.get("security-severity")
    security = secret or bool(cwes) or score is not None or "security" in told.lower().split()
    return Hit(
        rule=result.rule_id or rule.id or result.rule.id or "no-rule",
        name=_in_words(rule)[:LONGEST],
        message=(result.message.text or result.message.markdown)[:LONGEST],
        path=path,
        line=region.start_line if region.start_line and region.start_line >= 1 else None,
        snippet=normal(region.snippet.text[:LONGEST]),
        level=level,
        grade=_grade(level, score, result, rule),
        security=security or any(name in tool for name in SECURITY_TOOLS),
        secret=secret,
        cwes=cwes,
        prints=tuple(f"{k}={v}" for k, v in sorted({**result.partial_fingerprints, **result.fingerprints}.items())),
        link=rule.help_uri if rule.help_uri.startswith("https://") else "",
    )


def _in_words(rule: Rule) -> str:
    return rule.short_description.text or (rule.name if " " in rule.name else "") or rule.full_description.text


def _tags(properties: dict[str, Any]) -> str:
    """Everything in which tools say what a rule is about."""
    told = [properties.get(key) for key in ("tags", "cwe", "category", "kind")]
    return " ".join(str(word) for part in told for word in (part if isinstance(part, list) else [part or ""]))


def _grade(level: str, score: object, result: Result, rule: Rule) -> Grade:
    """From a CVSS-like score, else a severity in words, else the level."""
    try:
        return grade_of_cvss(float(str(score)))
    except ValueError:
        pass
    for properties in (result.properties, rule.properties):
        for key in ("issue_severity", "severity", "problem.severity"):
            if (told := grade(properties.get(key))) != "unknown":
                return told
    levels: dict[str, Grade] = {"error": "high", "warning": "medium", "note": "low"}
    return levels.get(level, "unknown")
