"""Issues and review comments of GitHub as items.

Whoever may label may set priorities; whoever may only write an issue may not. So numbers come from labels alone, and
the text of anybody but an owner, member or collaborator is untrusted.

| label                                              | means                            |
|----------------------------------------------------|----------------------------------|
| bug, enhancement, documentation, security, …       | the kind (table `KINDS`)         |
| p0, critical, urgent / p1, high / p2, medium / p3, low | value, time (table `PRIORITIES`) |
| size/xs … size/xl, good first issue                | size (table `SIZES`)             |
| blocked, on hold, wontfix, duplicate, invalid      | on hold                          |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from backlog.estimate import estimated
from backlog.item import Inputs, Kind, Trust
from backlog.source import Found, View
from backlog.sources.forges.github_states import opened
from backlog.sources.reports.fields import word
from backlog.sources.reports.places import repo_path
from backlog.sources.text import clean
from backlog.sources.valued import Worth

Row = Mapping[str, Any]
MEMBERS = ("OWNER", "MEMBER", "COLLABORATOR")
KINDS: Mapping[str, Kind] = {
    "security": Kind.SECURITY, "vulnerability": Kind.SECURITY, "regression": Kind.BUG, "bug": Kind.BUG,
    "enhancement": Kind.FEATURE, "feature": Kind.FEATURE, "feature request": Kind.FEATURE,
    "documentation": Kind.DOCS, "docs": Kind.DOCS, "performance": Kind.PERFORMANCE, "refactor": Kind.REFACTOR,
    "refactoring": Kind.REFACTOR, "tech debt": Kind.DEBT, "debt": Kind.DEBT, "chore": Kind.DEBT, "test": Kind.TEST,
    "tests": Kind.TEST, "testing": Kind.TEST, "dependencies": Kind.DEPENDENCY, "ci": Kind.INFRASTRUCTURE,
    "infrastructure": Kind.INFRASTRUCTURE, "build": Kind.INFRASTRUCTURE, "question": Kind.INVESTIGATION,
}  # fmt: skip
PRIORITIES: Mapping[str, tuple[int, int]] = {
    "p0": (13, 13), "critical": (13, 13), "urgent": (8, 13), "p1": (8, 8), "high": (8, 8), "p2": (5, 3),
    "medium": (5, 3), "p3": (2, 1), "low": (2, 1),
}  # fmt: skip
"""value, time criticality"""
SIZES: Mapping[str, int] = {"xs": 1, "s": 2, "m": 3, "l": 5, "xl": 8, "good first issue": 2}
HELD = frozenset({"blocked", "on hold", "wontfix", "duplicate", "invalid"})
PREFIX = re.compile(r"^(?:type|kind|priority|prio|severity|area|status|t|p)\s*[:/]\s*|^size\s*[:/]\s*(?=\w)")
TASK = re.compile(r"^[ \t]*[-*+] \[[ xX]\] +(\S.*)$", re.MULTILINE)
REVIEW = Worth("rule:review-comment", Kind.REFACTOR, 3, 3, 2, 2)


def issues(rows: Sequence[Row], view: View) -> tuple[Sequence[Found], Sequence[str]]:
    """The open ones; pull requests, which the API lists among them, are none."""
    ours, gaps = opened(rows)
    return [_issue(row) for row in ours if "pull_request" not in row], gaps


def review_comments(rows: Sequence[Row], view: View) -> tuple[Sequence[Found], Sequence[str]]:
    """What began a conversation and still points to a line of its pull request. Raises WrongType."""
    placed = [r for r in rows if word(r, "path")]
    open_ones = (r for r in placed if not r.get("in_reply_to_id") and _still_there(r))
    return [_comment(row, view) for row in open_ones], ()


def _still_there(row: Row) -> bool:
    """GitHub gives a comment no position any more once its line was changed."""
    return row.get("subject_type") == "file" or row.get("position", row.get("line")) is not None


def _issue(row: Row) -> Found:
    number, trust = int(row["number"]), trust_of(row)
    given, body = labels_of(row), str(row.get("body") or "")
    title = clean(str(row["title"]), 280) or f"Issue {number}"
    return Found(
        fingerprint=f"issue-{number}",
        same_as=(f"issue:#{number}",),
        kind=next((kind for word, kind in KINDS.items() if word in given), _unlabelled(trust)),
        title=title,
        inputs=estimated(_inputs(given), f"{title} {body}", trust),
        criteria=tuple(clean(c, 500) for c in TASK.findall(body)[:20]) if trust == "member" else (),
        story=clean(body, 4_000),
        trust=trust,
        labels=tuple(clean(str(label), 60) for label in _raw_labels(row))[:20],
        links=tuple(filter(None, [_https(row.get("html_url"))])),
        hold=bool(HELD & set(given)),
        created_at=moment(row.get("created_at")),
    )


def _unlabelled(trust: Trust) -> Kind:
    return Kind.FEATURE if trust == "member" else Kind.INVESTIGATION


def trust_of(row: Row) -> Trust:
    return "member" if row.get("author_association") in MEMBERS else "untrusted"


def labels_of(row: Row) -> list[str]:
    """Labels as words: `Priority: High` is `high`."""
    lowered = (re.sub(r"[\s_-]+", " ", str(label).lower()).strip() for label in _raw_labels(row))
    return [PREFIX.sub("", label).strip() for label in lowered]


def _raw_labels(row: Row) -> Iterator[object]:
    for label in row.get("labels") or ():
        yield label.get("name") or "" if isinstance(label, dict) else label


def _inputs(labels: Sequence[str]) -> Inputs:
    numbers: dict[str, int] = {}
    source: dict[str, str] = {}
    if word := next((w for w in PRIORITIES if w in labels), ""):
        numbers["value"], numbers["time_criticality"] = PRIORITIES[word]
        source |= dict.fromkeys(("value", "time_criticality"), f"label:{word}")
    if word := next((w for w in SIZES if w in labels), ""):
        numbers["size"], source["size"] = SIZES[word], f"label:{word}"
    return Inputs.model_validate({**numbers, "source": source})


def _comment(row: Row, view: View) -> Found:
    body, number = str(row.get("body") or ""), int(row["id"])
    named = repo_path(str(row["path"]), str(view.root), view.files)
    path = named if named in view.files else None
    pull = str(row.get("pull_request_url") or "").rpartition("/")[2]
    trust = trust_of(row)
    about = f"{clean(str(row['path']), 120)}" + (f" (pull request {pull})" if pull.isdecimal() else "")
    return Found(
        fingerprint=f"review-{number}",
        kind=REVIEW.kind,
        title=f"{clean(body, 140) or 'A review comment'} – {about}",
        path=path,
        inputs=REVIEW.inputs(),
        criteria=("What the review comment asks for is done, or answered with a reason.",) if trust == "member" else (),
        story=clean(body, 4_000),
        trust=trust,
        labels=("review",),
        links=tuple(filter(None, [_https(row.get("html_url"))])),
        created_at=moment(row.get("created_at")),
    )


def moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _https(value: object) -> str:
    text = str(value or "")
    return clean(text, 300) if text.startswith("https://") else ""
