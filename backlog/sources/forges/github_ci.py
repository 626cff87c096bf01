"""Check runs and workflow runs of GitHub: what fails in CI, by what its name says that it does.

| name of the job                               | kind           | label      | value | time | risk | size |
|-----------------------------------------------|----------------|------------|-------|------|------|------|
| deploy, release, publish                      | infrastructure | deployment | 8     | 8    | 5    | 3    |
| test, pytest, spec, e2e …                     | bug            |            | 8     | 5    | 5    | 3    |
| anything else: build, lint, docs …            | infrastructure | build      | 5     | 5    | 3    | 3    |
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, View
from backlog.sources.text import clean
from backlog.sources.valued import Worth

Row = Mapping[str, Any]
FAILED = ("failure", "timed_out", "startup_failure")
PASSED = ("success", "neutral")
SKIPPED = "skipped"
"""It did not apply, so that what came before it still counts."""
BROKEN_OFF = ("cancelled", "stale", "action_required")
"""It never came to its end: whether it would have passed nobody knows."""
DEPLOYMENT = re.compile(r"(?:\b|_)(?:deploy\w*|releas\w*|publish\w*|rollout|pages)", re.IGNORECASE)
TESTS = re.compile(
    r"(?:\b|_)(?:tests?|testing|pytest|unittests?|unit|spec|e2e|integration|tox|nox)(?:\b|_)", re.IGNORECASE
)
DEPLOYMENT_WORTH = Worth("rule:deployment-failure", Kind.INFRASTRUCTURE, 8, 8, 5, 3)
TESTS_WORTH = Worth("rule:ci-test-failure", Kind.BUG, 8, 5, 5, 3)
BUILD_WORTH = Worth("rule:build-failure", Kind.INFRASTRUCTURE, 5, 5, 3, 3)


def check_runs(rows: Sequence[Row], view: View) -> tuple[Sequence[Found], Sequence[str]]:
    """The newest run of each name."""
    return _failing(_newest(rows, lambda r: str(r["name"]), "started_at"), "check")


def workflow_runs(rows: Sequence[Row], view: View) -> tuple[Sequence[Found], Sequence[str]]:
    """The newest run of each workflow on the default branch; runs of pull requests say nothing about the base."""
    mine = [r for r in rows if r.get("event") not in ("pull_request", "pull_request_target") and _on_default(r)]
    found, gaps = _failing(_newest(mine, lambda r: str(r["workflow_id"]), "created_at"), "workflow")
    return found, gaps or (["no run of the default branch is among them"] if rows and not mine else [])


def _on_default(row: Row) -> bool:
    default = (row.get("repository") or {}).get("default_branch") or "main"
    return row.get("head_branch") in (default, "main", "master", None)


def _newest(rows: Iterable[Row], key: Any, at: str) -> list[Row]:
    """The newest of each that says whether it passes; where none does, the newest."""
    newest: dict[str, Row] = {}
    for row in sorted(rows, key=lambda r: (not _says_nothing(r), str(r.get(at) or ""), int(r["id"]))):
        newest[key(row)] = row
    return list(newest.values())


def _says_nothing(row: Row) -> bool:
    return row["status"] != "completed" or row["conclusion"] in (SKIPPED, *BROKEN_OFF)


def _failing(rows: Sequence[Row], what: str) -> tuple[Sequence[Found], Sequence[str]]:
    ended = [r for r in rows if r["status"] == "completed"]
    broken_off = [r for r in ended if r["conclusion"] in BROKEN_OFF]
    strange = [r for r in ended if r["conclusion"] not in (*FAILED, *PASSED, SKIPPED, *BROKEN_OFF)]
    counted = (
        (len(rows) - len(ended), "have not ended yet"),
        (len(broken_off), "were broken off"),
        (len(strange), "ended in a way that is not known here"),
    )
    gaps = [f"{n} of {len(rows)} {so}" for n, so in counted if n]
    if not rows:
        gaps.append("there is not one run among them")
    return [_found(r, what) for r in ended if r["conclusion"] in FAILED], gaps


def kind_of(name: str) -> tuple[Worth, str]:
    """The row of the table above, and its label."""
    if DEPLOYMENT.search(name):
        return DEPLOYMENT_WORTH, "deployment"
    return (TESTS_WORTH, "test-failure") if TESTS.search(name) else (BUILD_WORTH, "build")


def _found(row: Row, what: str) -> Found:
    name = clean(str(row["name"] or row.get("path") or what), 120)
    worth, label = kind_of(name)
    output = row.get("output") or {}
    said = clean(f"{output.get('title') or ''} {output.get('summary') or ''}", 600)
    commit = clean(str(row.get("head_sha") or ""), 12)
    link = str(row.get("html_url") or "")
    return Found(
        fingerprint=item_id(f"ci:{what}", "", name, prefix=f"ci-{label}"),
        kind=worth.kind,
        title=f"Make the {what} {name} succeed",
        inputs=worth.inputs(),
        criteria=(f"The {what} {name} ends with success.",),
        story=f"It ended with {clean(str(row['conclusion']), 40)} at commit {commit}. {said}".strip(),
        labels=("ci", label),
        links=(clean(link, 300),) if link.startswith("https://") else (),
    )
