"""Answers of GitHub's API, kept in files: `gh api …`, with `--include`, or with `--paginate --slurp`.

Also as `{"url": …, "status": …, "link": …, "body": …}`, which tells what was asked for where nothing came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backlog.source import Report, SourceBroken, View
from backlog.sources.forges.forge import ASKED, Asked, Page, report_on
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.text import clean

PER_PAGE = (30, 50, 100)
"""Rows of a page: GitHub's default, and what people ask for. A list of just so many may have been cut off."""
KEYS: tuple[tuple[Asked, frozenset[str]], ...] = (
    ("review-comments", frozenset({"diff_hunk", "path", "body"})),
    ("code-scanning", frozenset({"rule", "most_recent_instance"})),
    ("dependabot", frozenset({"security_advisory", "dependency"})),
    ("secret-scanning", frozenset({"secret_type", "number", "state"})),
    ("security-advisories", frozenset({"ghsa_id", "summary", "severity"})),
    ("check-runs", frozenset({"check_suite", "conclusion", "name"})),
    ("workflow-runs", frozenset({"workflow_id", "conclusion", "run_number"})),
    ("issues", frozenset({"number", "title", "labels", "author_association", "comments_url"})),
)
WRAPPED: Mapping[str, Asked] = {"check_runs": "check-runs", "workflow_runs": "workflow-runs"}
URLS: Mapping[str, Asked] = {
    "/issues": "issues", "/pulls/comments": "review-comments", "/security-advisories": "security-advisories",
    "/code-scanning/alerts": "code-scanning", "/dependabot/alerts": "dependabot",
    "/secret-scanning/alerts": "secret-scanning", "/check-runs": "check-runs", "/actions/runs": "workflow-runs",
}  # fmt: skip


class GitHubFiles:
    name = "github"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        if isinstance(document.value, dict) and {"url", "status", "body"} <= document.value.keys():
            return _enveloped(document.value)
        if document.status != 200 or _is_refusal(document.value):
            raise SourceBroken(f"GitHub refused: {_said(document.value) or document.status}")
        pages = list(_pages(document))
        kinds = {kind for kind, _ in pages}
        if len(kinds) != 1 or None in kinds:
            return None
        (kind,) = kinds
        return {str(kind): [page for _, page in pages]}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        pages = [page for part in parts for page in part.value]
        asked = next(a for a in ASKED if name.endswith(f":{a}"))
        whole = any(not page.more for page in pages)
        # Files of several pages belong together: one that is not full was the last.
        known = [Page(p.rows, p.status, p.more and not whole, p.said) for p in pages]
        return report_on(name, asked, known, view)


def _enveloped(value: Mapping[str, Any]) -> Mapping[str, Any] | None:
    path = re.sub(r"[?#].*$", "", str(value["url"])).rstrip("/")
    kind = next((k for end, k in URLS.items() if path.endswith(end)), None)
    if kind is None:
        return None
    status, link = int(value["status"]), str(value.get("link") or "")
    if status != 200:
        return {kind: [Page(status=status, said=_said(value["body"]))]}
    _, rows, of = _rows(value["body"])
    return {kind: [Page(tuple(rows), more='rel="next"' in link or of > len(rows))]}


def _pages(document: Document) -> Iterator[tuple[Asked | None, Page]]:
    value = document.value
    if isinstance(value, list) and value and all(isinstance(v, list) for v in value):
        # --slurp: a list of all pages. An empty page tells nothing about what it is a page of.
        for rows in value:
            if rows:
                yield _kind(rows), Page(tuple(rows))
        return
    several = isinstance(value, list) and value and all(isinstance(v, dict) and WRAPPED.keys() & v for v in value)
    read = [_rows(v) for v in (value if several else [value])]
    there, whole = sum(len(rows) for _, rows, _ in read), max((of for _, _, of in read), default=0)
    for kind, rows, of in read:
        bare = not of and not document.link and len(rows) in PER_PAGE and not several
        yield kind, Page(tuple(rows), more=bare or whole > there or 'rel="next"' in document.link)


def _rows(value: Any) -> tuple[Asked | None, list[Any], int]:
    """What the rows are, the rows, and how many there are in all where that is said."""
    if isinstance(value, dict):
        for key, kind in WRAPPED.items():
            if isinstance(value.get(key), list):
                return kind, value[key], int(value.get("total_count", 0)) or len(value[key])
        return None, [], 0
    rows = value if isinstance(value, list) else []
    return _kind(rows), rows, 0


def _kind(rows: Sequence[Any]) -> Asked | None:
    for kind, keys in KEYS:
        if rows and all(isinstance(row, dict) and keys <= row.keys() for row in rows):
            return kind
    return None


def _is_refusal(value: Any) -> bool:
    return isinstance(value, dict) and "message" in value and "documentation_url" in value


def _said(value: Any) -> str:
    return clean(str(value.get("message", "")), 160) if isinstance(value, dict) else ""
