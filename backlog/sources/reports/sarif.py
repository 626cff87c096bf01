"""SARIF 2.1.0, which CodeQL, Semgrep, gitleaks, Trivy and a hundred others write: one item per rule and file.

| what                                | kind     | value | time | risk | size |
|-------------------------------------|----------|-------|------|------|------|
| a secret                            | security | 13    | 13   | 13   | 2    |
| a weakness, by its severity         | security | 2…13  | 1…8  | 3…13 | 2…3  |
| one in no file: in a container      | infrastructure, as above               |
| anything else, level `error`        | bug      | 5     | 2    | 3    | 3    |
| anything else, `warning`            | lint     | 2     | 1    | 2    | 2    |
| anything else, `note`               | lint     | 2     | 1    | 1    | 2    |

What ruff wrote is worth what a look with our own ruff would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from typing import Any

from pydantic import ValidationError

from backlog.identity import content_key, item_id, normal
from backlog.item import Inputs, Kind
from backlog.source import Found, Report, SourceBroken, View
from backlog.sources.findings import worth_of_rule
from backlog.sources.outcome import outcome
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.places import Places
from backlog.sources.reports.sarif_model import Log, Run
from backlog.sources.reports.sarif_result import Hit, hits
from backlog.sources.sameness import advisory_names, line_here, line_of, rule_name, weakness_names
from backlog.sources.text import clean
from backlog.sources.valued import SECRET, WEAKNESS, Worth, worst
from backlog.sources.whose import foreign_in

ERROR = Worth("rule:sarif-error", Kind.BUG, 5, 2, 3, 3)
WARNING = Worth("rule:sarif-warning", Kind.LINT, 2, 1, 2, 2)
NOTE = Worth("rule:sarif-note", Kind.LINT, 2, 1, 1, 2)


ADVISORY = re.compile(r"(?:CVE|GHSA)-[\w-]{4,40}$")
PACKAGE = re.compile(r"\bPackage: (\S{1,200})")
"""How Trivy's messages begin."""


class Sarif:
    name = "sarif"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        if not (isinstance(value, dict) and isinstance(value.get("runs"), list) and "version" in value):
            return None
        try:
            log = Log.model_validate(_without_nulls(value))
        except ValidationError as error:
            first = error.errors()[0]
            raise SourceBroken(f"is not valid SARIF: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        if log.version != "2.1.0":
            raise SourceBroken(f"is SARIF {clean(log.version, 20)}; 2.1.0 is read here")
        if not log.runs:
            raise SourceBroken("is SARIF without a run: nothing says that a tool looked")
        tools: dict[str, list[Run]] = {}
        for run in log.runs:
            tools.setdefault(tool_name(run), []).append(run)
        return tools

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        places = Places(view.files, str(view.root), foreign_in(view))
        runs = [run for part in parts for run in part.value]
        found = [hit for run in runs for hit in hits(run, places)]
        found.sort(key=lambda h: (h.path or "", h.rule, h.line or 0))
        groups = [list(group) for _, group in groupby(found, key=lambda h: (h.path or "", h.rule))]
        gaps = [gap for run in runs for gap in _gaps(run)]
        notes = (*_revisions(runs, view.commit), *places.notes())
        tool = tool_name(runs[0])
        return outcome(name, (_found(tool, g, view) for g in groups), view.files, notes=notes, gaps=gaps)


def tool_name(run: Run) -> str:
    """`Semgrep OSS` is Semgrep: what is bought with a tool is not another tool."""
    return re.sub(r"\s+(?:OSS|PRO|CLI|Pro)$", "", run.tool.driver.name.strip()) or "unnamed"


def _without_nulls(value: Any) -> Any:
    """Some tools write `null` for what is not there."""
    if isinstance(value, dict):
        return {key: _without_nulls(v) for key, v in value.items() if v is not None}
    return [_without_nulls(v) for v in value] if isinstance(value, list) else value


def _gaps(run: Run) -> Iterable[str]:
    """Why this run does not show everything that it was made to look for."""
    if run.results is None:
        yield "a run without results: the tool looked for nothing"
    for invocation in run.invocations:
        errors = [n for n in invocation.tool_execution_notifications if n.level == "error"]
        said = f": {clean(errors[0].message.text, 120)}" if errors else ""
        if not invocation.execution_successful:
            yield f"the tool says that it did not succeed{said}"
        elif errors:
            yield f"the tool reports {len(errors)} errors of its own{said}"


def _revisions(runs: Iterable[Run], base: str) -> Iterable[str]:
    for revision in {r.revision_id for run in runs for r in run.version_control_provenance if r.revision_id}:
        if base and not base.startswith(revision) and not revision.startswith(base):
            yield f"made of {clean(revision, 12)}, the base is {base[:12]}"


def _found(tool: str, group: Sequence[Hit], view: View) -> Found:
    first, source = group[0], f"sarif:{tool}:{group[0].rule}"
    lines = [line_of(view, hit.path, hit.line) or ("" if hit.secret else hit.snippet) for hit in group]
    worth, same_as = worth_of(tool, group), _same_as(tool, group, lines)
    told = sorted({p for hit in group for p in hit.prints} or set(lines)) if not first.secret else []
    return Found(
        fingerprint=item_id(source, first.path or "", "", prefix=first.rule.rpartition(".")[2]),
        content=content_key(source, "\n".join(told)) if any(told) else "",
        same_as=same_as,
        kind=worth.kind,
        title=_title(group),
        path=first.path,
        line=line_here(view, first.path, first.line),
        snippet="" if first.secret else clean(lines[0], 500),
        inputs=_inputs(worth, len(group)),
        criteria=(f"{clean(tool, 60)} does not report {clean(first.rule, 150)}{_where(first, 300)} any more.",),
        story=_story(tool, group),
        labels=("secret",) if first.secret else ("security", "container") if first.security and not first.path else (),
        links=(clean(first.link, 300),) if first.link else (),
        security_notes=f"{clean(tool, 60)} calls it {worst([h.grade for h in group])}." if first.security else "",
    )


def worth_of(tool: str, group: Sequence[Hit]) -> Worth:
    """By the table above."""
    if any(hit.secret for hit in group):
        return SECRET
    if tool.lower() == "ruff":
        return worth_of_rule(group[0].rule, worst([h.grade for h in group]))
    if any(hit.security for hit in group):
        weakness = WEAKNESS[worst([h.grade for h in group])]
        return weakness if group[0].path else replace(weakness, kind=Kind.INFRASTRUCTURE)
    levels = {hit.level for hit in group}
    return ERROR if "error" in levels else WARNING if "warning" in levels else NOTE


def _inputs(worth: Worth, places: int) -> Inputs:
    return worth.inputs((places > 5) + (places > 20), f"{places} places")


def _same_as(tool: str, group: Sequence[Hit], lines: Sequence[str]) -> tuple[str, ...]:
    path = group[0].path
    names = [rule_name(group[0].rule, path)] if path and tool.lower() in ("ruff", "bandit") else []
    for hit, line in zip(group, lines, strict=True):
        if hit.secret:
            value = hit.snippet
            names += [f"secret:{sha256(value.encode()).hexdigest()[:16]}"] if value else []
        elif ADVISORY.match(hit.rule) and (package := PACKAGE.search(hit.message)):
            names += advisory_names([hit.rule], package[1])
        elif hit.security and hit.path:
            names += weakness_names(hit.cwes, hit.path, line)
    return tuple(dict.fromkeys(names))


def _title(group: Sequence[Hit]) -> str:
    first = group[0]
    rule = clean(first.rule.rpartition(".")[2], 80)
    if first.secret:
        return f"Remove the secret ({rule}){_where(first).replace(' in ', ' from ', 1)}"
    # A rule's text may be a template, such as "`{name}` imported but unused".
    said = first.message if "{" in first.name or not first.name else first.name
    words = clean(re.split(r"(?<=[.!?])\s", normal(said))[0], 110).rstrip(".")
    words = "" if words.casefold() == first.rule.casefold() else words
    return f"{words or 'Resolve'} ({rule}){_where(first)}"


def _story(tool: str, group: Sequence[Hit]) -> str:
    first = group[0]
    lines = sorted({hit.line for hit in group if hit.line})
    where = ", ".join(map(str, lines[:20])) + (" …" if len(lines) > 20 else "")
    said = "" if first.secret else f": {clean(first.message, 600)}"
    place = f", line {where}" if where else ""
    return f"{clean(tool, 60)} {clean(first.rule, 200)}{_where(first, 300)}{place}{said}"


def _where(hit: Hit, longest: int = 100) -> str:
    if not hit.path:
        return ""
    return f" in {hit.path if len(hit.path) <= longest else '…' + hit.path[1 - longest :]}"
