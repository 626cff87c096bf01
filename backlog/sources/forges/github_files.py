"""Answers of GitHub's API, kept in files: `gh api …`, with `--include`, or with `--paginate --slurp`.

Also as `{"url": …, "status": …, "link": …, "body": …}`, which tells what was asked for where nothing came, and lists of
these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backlog.source import Report, SourceBroken, View
from backlog.sources.forges.forge import ASKED, Asked, Page, from_when, report_on
from backlog.sources.forges.github_answers import as_row, asked, tells_unprotected
from backlog.sources.forges.github_limits import again_from
from backlog.sources.reports.artefacts import Part
from backlog.sources.reports.documents import Document
from backlog.sources.reports.fields import WrongType
from backlog.sources.text import clean

PER_PAGE = (30, 50, 100)
"""Rows of a page: GitHub's default, and what people ask for. A list of just so many may have been cut off."""
NUMBERED = re.compile(r'[?&]page=(\d{1,6})[^>]*> *; *rel="(next|prev|last)"')
KEYS: tuple[tuple[Asked, frozenset[str]], ...] = (
    ("review-comments", frozenset({"diff_hunk", "path", "body"})),
    ("code-scanning", frozenset({"rule", "most_recent_instance"})),
    ("dependabot", frozenset({"security_advisory", "dependency"})),
    ("secret-scanning", frozenset({"secret_type", "number", "state"})),
    ("security-advisories", frozenset({"ghsa_id", "summary", "severity"})),
    ("check-runs", frozenset({"check_suite", "conclusion", "name"})),
    ("workflow-runs", frozenset({"workflow_id", "conclusion", "run_number"})),
    ("workflows", frozenset({"path", "state", "badge_url"})),
    ("issues", frozenset({"number", "title", "labels", "author_association", "comments_url"})),
)
WRAPPED: Mapping[str, Asked] = {
    "check_runs": "check-runs", "workflow_runs": "workflow-runs", "workflows": "workflows",
}  # fmt: skip
URLS: Mapping[str, Asked] = {
    "/issues": "issues", "/pulls/comments": "review-comments", "/security-advisories": "security-advisories",
    "/code-scanning/alerts": "code-scanning", "/dependabot/alerts": "dependabot",
    "/secret-scanning/alerts": "secret-scanning", "/check-runs": "check-runs", "/actions/runs": "workflow-runs",
    "/actions/workflows": "workflows",
}  # fmt: skip
REFUSED: Mapping[str, Asked] = {
    "get-branch-protection": "branches", "get-a-branch": "branches", "get-rules-for-a-branch": "branches",
    "get-all-repository-rulesets": "branches", "get-a-repository": "branches", "list-repository-workflows": "workflows",
}  # fmt: skip
"""What was asked for, by the place in GitHub's documentation that a refusal names."""
ENVELOPE = frozenset({"url", "status", "body"})


class GitHubFiles:
    name = "github"

    def parts(self, document: Document) -> Mapping[str, Any] | None:
        value = document.value
        some = value if isinstance(value, list) and value else [value]
        if all(isinstance(one, dict) and one.keys() >= ENVELOPE for one in some):
            return _enveloped(some, document)
        late = next((v for v in value if _is_refusal(v)), None) if isinstance(value, list) else None
        if late is not None:
            return _refused(replace(document, value=late))
        answer = as_row(value)
        if answer is not None and document.status in (200, answer["status"]):
            return {"branches": [Page((answer,), more=_cut_off(answer["body"], _link(document)))]}
        if document.status != 200 or _is_refusal(value):
            return _refused(document)
        pages = list(_pages(document))
        kinds = {kind for kind, _ in pages}
        if len(kinds) != 1 or None in kinds:
            return None
        (kind,) = kinds
        return {str(kind): [page for _, page in pages]}

    def report(self, name: str, parts: Sequence[Part], view: View) -> Report:
        pages = [page for part in parts for page in part.value]
        kind = next(a for a in ASKED if name.endswith(f":{a}"))
        if kind == "branches":
            return report_on(name, kind, pages, view)
        # Files of several pages belong together: one that is not full was the last.
        missing = all(page.more for page in pages) or len(pages) < max(page.of for page in pages)
        return report_on(name, kind, [replace(page, more=missing) for page in pages], view)


def _enveloped(some: Sequence[Mapping[str, Any]], document: Document) -> Mapping[str, Any] | None:
    gathered: dict[str, list[Page]] = {}
    for one in some:
        told = _one_enveloped(one, document)
        if told is None:
            return None
        gathered.setdefault(told[0], []).append(told[1])
    return gathered


def _one_enveloped(value: Mapping[str, Any], document: Document) -> tuple[Asked, Page] | None:
    """Raises WrongType: what holds no rows is no answer without any."""
    path = re.sub(r"[?#].*$", "", str(value["url"])).rstrip("/")
    answer = asked(path) is not None
    kind = "branches" if answer else next((k for end, k in URLS.items() if path.endswith(end)), None)
    if kind is None:
        return None
    status, body = int(value["status"]), value["body"]
    if status != 200 and not (answer and tells_unprotected(value)):
        said = _said(body)
        return kind, Page(status=status, said=said, again=again_from(status, document.head, said, document.at))
    link = _link(document) if value.get("link") is None else str(value["link"])
    if answer:
        return kind, Page((value,), more=_cut_off(body, link))
    told, rows, of = _rows(body)
    if not isinstance(body, list) and told is None:
        raise WrongType(f"body is no list of {kind}")
    more = of > len(rows) or _cut_off(() if of else rows, link)
    return kind, Page(tuple(rows), more=more, of=_at_least(link or ""))


def _link(document: Document) -> str | None:
    """None where the answer's head was not kept, so that nobody knows whether it had one."""
    return document.link if document.head else None


def _cut_off(rows: Any, link: str | None) -> bool:
    """There are further pages, or nobody can say that there are none."""
    if link is not None:
        return 'rel="next"' in link
    return isinstance(rows, list) and len(rows) in PER_PAGE


def _at_least(link: str) -> int:
    """How many pages there are, by the numbers of those that this one points to."""
    beside = 2 if 'rel="prev"' in link or 'rel="next"' in link else 1
    return max((int(number) + (rel == "prev") for number, rel in NUMBERED.findall(link)), default=beside)


def _refused(document: Document) -> Mapping[str, Any]:
    """Raises SourceBroken where nobody can say what was refused."""
    value, said = document.value, _said(document.value)
    told = str(value.get("status", "")) if isinstance(value, dict) else ""
    status = document.status if document.status != 200 else int(told) if re.fullmatch(r"[345]\d\d", told) else 0
    again = again_from(status, document.head, said, document.at)
    place = str(value.get("documentation_url", "")).rpartition("#")[2] if isinstance(value, dict) else ""
    if status and place in REFUSED:
        return {REFUSED[place]: [Page(status=status, said=said, again=again)]}
    raise SourceBroken(f"GitHub refused: {said or document.status}{from_when(again)}")


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
        more = bare or whole > there or 'rel="next"' in document.link
        yield kind, Page(tuple(rows), more=more, of=_at_least(document.link))


def _rows(value: Any) -> tuple[Asked | None, list[Any], int]:
    """What the rows are, the rows, and how many there are in all where that is said."""
    if isinstance(value, dict):
        for key, kind in WRAPPED.items():
            if isinstance(value.get(key), list):
                return kind, value[key], int(value.get("total_count", 0))
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
