"""Answers of GitHub kept in files: who may say what, what is still open, and pages that are missing."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from backlog.discover import look
from backlog.item import Kind
from backlog.source import Found, Report
from backlog.sources.forges.forge import ASKED, Asked, OnForge, Page
from backlog.sources.forges.github_ci import kind_of
from tests.backlog.sources.shop import FILES, as_json, report, shop


def issue(number: int = 12, **fields: Any) -> dict[str, Any]:
    plain = {
        "number": number,
        "title": "Orders are lost",
        "state": "open",
        "labels": [],
        "author_association": "MEMBER",
        "comments_url": "https://api.github.com/x",
        "html_url": f"https://github.com/a/b/issues/{number}",
        "body": "It happens.",
        "created_at": "2026-01-02T03:04:05Z",
    }
    return {**plain, **fields}


def alert(**fields: Any) -> dict[str, Any]:
    rule = {
        "id": "py/weak-hash",
        "severity": "warning",
        "security_severity_level": "high",
        "description": "Weak hash",
        "tags": ["external/cwe/cwe-327"],
    }
    instance = {"location": {"path": "src/shop/orders.py", "start_line": 18}, "message": {"text": "md5"}}
    return {
        "number": 4,
        "state": "open",
        "rule": rule,
        "tool": {"name": "CodeQL"},
        "most_recent_instance": instance,
    } | fields


def dependabot(**fields: Any) -> dict[str, Any]:
    package = {"ecosystem": "pip", "name": "Jinja2"}
    advisory = {"ghsa_id": "GHSA-462w-v97r-4m45", "cve_id": "CVE-2019-10906", "summary": "Escape", "severity": "high"}
    return {
        "number": 2,
        "state": "open",
        "dependency": {"package": package, "manifest_path": "requirements.txt"},
        "security_advisory": advisory,
        "security_vulnerability": {"first_patched_version": {"identifier": "2.10.1"}},
        **fields,
    }


def secret(**fields: Any) -> dict[str, Any]:
    return {"number": 9, "state": "open", "secret_type": "aws", "secret": "hunter2-hunter2", **fields}


def advisory(**fields: Any) -> dict[str, Any]:
    package = {"package": {"ecosystem": "pip", "name": "shop"}, "patched_versions": None}
    return {
        "ghsa_id": "GHSA-1",
        "cve_id": None,
        "summary": "Prices can be negative",
        "severity": "low",
        "state": "triage",
        "vulnerabilities": [package],
        **fields,
    }


def comment(**fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "body": "Use a set here.",
        "path": "src/shop/orders.py",
        "diff_hunk": "@@",
        "position": 3,
        "author_association": "COLLABORATOR",
        "pull_request_url": "https://api.github.com/r/pulls/5",
        **fields,
    }


def check(name: str = "pytest", conclusion: str | None = "failure", **fields: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": name,
        "status": "completed",
        "conclusion": conclusion,
        "head_sha": "c" * 40,
        "check_suite": {},
        "started_at": "2026-02-01T00:00:00Z",
        **fields,
    }


def workflow(name: str = "CI", conclusion: str = "failure", **fields: Any) -> dict[str, Any]:
    return {
        "id": 1,
        "name": name,
        "workflow_id": 3,
        "run_number": 8,
        "status": "completed",
        "conclusion": conclusion,
        "event": "push",
        "head_branch": "main",
        "head_sha": "c" * 40,
        "created_at": "2026-02-01",
        **fields,
    }


def turned_off(state: str = "disabled_inactivity", **fields: Any) -> dict[str, Any]:
    return {
        "id": 161335,
        "name": "CI",
        "path": ".github/workflows/ci.yml",
        "state": state,
        "html_url": "https://github.com/a/b/blob/main/.github/workflows/ci.yml",
        "badge_url": "https://github.com/a/b/workflows/CI/badge.svg",
        **fields,
    }


API = "https://api.github.com/repos/a/b"


def answer(what: str, body: Any, status: int = 200) -> dict[str, Any]:
    return {"url": f"{API}{what}", "status": status, "body": body}


def repository(**fields: Any) -> dict[str, Any]:
    return answer("", {"url": API, "full_name": "a/b", "default_branch": "main", **fields})


def branch(protected: bool = False, **protection: Any) -> dict[str, Any]:
    body = {
        "name": "main",
        "commit": {"sha": "c" * 40},
        "_links": {"self": f"{API}/branches/main"},
        "protected": protected,
        "protection": {"enabled": False, **protection},
    }
    return answer("/branches/main", body)


def rules(*of: dict[str, Any]) -> dict[str, Any]:
    return answer("/rules/branches/main", list(of))


ROWS: dict[Asked, tuple[dict[str, Any], ...]] = {
    "issues": (issue(),),
    "review-comments": (comment(),),
    "security-advisories": (advisory(),),
    "code-scanning": (alert(),),
    "dependabot": (dependabot(),),
    "secret-scanning": (secret(),),
    "check-runs": (check(),),
    "workflow-runs": (workflow(),),
    "branches": (repository(), branch(), rules()),
    "workflows": (turned_off(),),
}
"""What GitHub answers, in which there is one thing to find in the view below."""
SEEN = shop(files={**FILES, ".github/workflows/ci.yml": "on: push\n"})
URLS = {
    "issues": "issues?state=all&per_page=100",
    "review-comments": "pulls/comments",
    "code-scanning": "code-scanning/alerts",
    "security-advisories": "security-advisories",
    "dependabot": "dependabot/alerts",
    "workflow-runs": "actions/runs",
    "secret-scanning": "secret-scanning/alerts",
    "check-runs": "commits/main/check-runs",
    "branches": "branches/main/protection",
    "workflows": "actions/workflows",
}


def enveloped(asked: Asked, rows: list[Any], status: int = 200, link: str = "", body: Any = None) -> bytes:
    url = f"https://api.github.com/repos/a/b/{URLS[asked]}"
    return as_json({"url": url, "status": status, "link": link, "body": rows if body is None else body})


def one(*rows: dict[str, Any]) -> Found:
    (found,) = report(as_json(list(rows))).found
    return found


class Recorded:
    """A code host of which the answers are known."""

    def __init__(self, *pages: Page) -> None:
        self.kept = pages

    def pages(self, asked: Asked) -> Sequence[Page]:
        return self.kept


def test_an_issue_of_a_member_is_an_item_with_its_number() -> None:
    found = one(issue(body="- [ ] Orders are kept\n- [x] A test shows it", labels=[{"name": "type: bug"}]))
    assert (found.fingerprint, found.same_as, found.kind) == ("issue-12", ("issue:#12",), Kind.BUG)
    assert found.criteria == ("Orders are kept", "A test shows it")
    assert found.created_at is not None


@pytest.mark.parametrize("association", ["NONE", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", None, "owner"])
def test_the_text_of_others_is_untrusted_and_raises_nothing(association: Any) -> None:
    found = one(issue(title="CRITICAL security crash", body="- [ ] give me a shell", author_association=association))
    assert (found.trust, found.criteria, found.inputs.value) == ("untrusted", (), 3)


def test_labels_set_kind_and_priority_whoever_wrote_the_issue() -> None:
    """Setting a label needs the right to triage."""
    labels = [{"name": "Priority: High"}, {"name": "security"}, {"name": "size/XL"}]
    found = one(issue(author_association="NONE", labels=labels))
    assert (found.kind, found.inputs.value, found.inputs.time_criticality, found.inputs.size) == (
        Kind.SECURITY,
        8,
        8,
        8,
    )
    assert found.inputs.source == {"value": "label:high", "time_criticality": "label:high", "size": "label:xl"}


def test_words_in_the_text_set_no_label() -> None:
    assert one(issue(title="priority: high", author_association="NONE")).inputs.source == {}


def test_closed_issues_and_pull_requests_are_no_work() -> None:
    told = report(as_json([issue(state="closed"), issue(13, pull_request={})]))
    assert (told.status, told.found) == ("ready", ())


@pytest.mark.parametrize("label", ["wontfix", "duplicate", "blocked", "status: on hold"])
def test_what_a_label_holds_back_is_on_hold(label: str) -> None:
    assert one(issue(labels=[{"name": label}])).hold


def test_review_comments_are_work_until_their_line_is_changed_or_they_are_answers() -> None:
    assert one(comment()).title == "Use a set here. – src/shop/orders.py (pull request 5)"
    told = report(as_json([comment(position=None), comment(in_reply_to_id=3)]))
    assert (told.status, told.found) == ("ready", ())


def test_dependabot_means_the_same_as_our_own_look() -> None:
    found = one(dependabot())
    assert found.title == "Update jinja2 to 2.10.1: CVE-2019-10906 in requirements.txt"
    assert found.same_as == ("advisory:CVE-2019-10906@jinja2", "advisory:GHSA-462w-v97r-4m45@jinja2")


def test_a_code_scanning_alert_points_to_its_line() -> None:
    found = one(alert())
    assert (found.kind, found.path, found.line) == (Kind.SECURITY, "src/shop/orders.py", 18)
    assert found.same_as[0].startswith("finding:CWE-327@src/shop/orders.py:")


def test_a_secret_that_github_found_is_never_kept() -> None:
    found = one(secret())
    assert "hunter2" not in found.model_dump_json()
    assert found.same_as == (f"secret:{sha256(b'hunter2-hunter2').hexdigest()[:16]}",)


def test_an_advisory_of_ones_own_is_urgent_until_every_package_has_a_fix() -> None:
    found = one(advisory())
    assert (found.kind, found.inputs.value, found.inputs.time_criticality) == (Kind.SECURITY, 8, 8)
    fixed = {"package": {"name": "shop"}, "patched_versions": "1.2"}
    assert report(as_json([advisory(state="published", vulnerabilities=[fixed])])).found == ()
    assert one(advisory(state="published")).title == found.title


@pytest.mark.parametrize(
    ("name", "kind", "label"),
    [
        ("Deploy to production", Kind.INFRASTRUCTURE, "deployment"),
        ("release", Kind.INFRASTRUCTURE, "deployment"),
        ("unit tests (3.12)", Kind.BUG, "test-failure"),
        ("pytest", Kind.BUG, "test-failure"),
        ("build", Kind.INFRASTRUCTURE, "build"),
        ("latest image", Kind.INFRASTRUCTURE, "build"),
    ],
)
def test_the_name_of_a_job_says_what_its_failure_is(name: str, kind: Kind, label: str) -> None:
    worth, told = kind_of(name)
    assert (worth.kind, told) == (kind, label)


def test_only_the_newest_run_of_a_check_counts() -> None:
    older, newer = check(id=1), check(conclusion="success", id=2, started_at="2026-02-02T00:00:00Z")
    assert report(as_json({"total_count": 2, "check_runs": [newer, older]})).found == ()


def test_a_check_that_has_not_ended_is_not_a_success() -> None:
    going = check(conclusion=None, status="in_progress")
    assert report(as_json({"total_count": 1, "check_runs": [going]})).status == "not run"
    assert report(as_json({"total_count": 0, "check_runs": []})).status == "not run"


@pytest.mark.parametrize(
    "conclusion", ["cancelled", "stale", "action_required", None, "", 7, [], True, "ended_somehow"]
)
def test_a_check_of_which_nobody_knows_whether_it_passes_is_not_a_success(conclusion: Any) -> None:
    for key, row in (("check_runs", check(conclusion=conclusion)), ("workflow_runs", workflow(conclusion=conclusion))):
        told = report(as_json({"total_count": 1, key: [row]}))
        assert (told.status, told.found) == ("not run", ())


@pytest.mark.parametrize(
    "newer",
    [
        {"conclusion": "cancelled"},
        {"conclusion": "skipped"},
        {"conclusion": "action_required"},
        {"conclusion": None, "status": "in_progress"},
    ],
)
def test_a_run_that_says_nothing_does_not_hide_the_failure_before_it(newer: dict[str, Any]) -> None:
    later = check(id=2, started_at="2026-02-02T00:00:00Z", **newer)
    told = report(as_json({"total_count": 2, "check_runs": [later, check()]}))
    assert (told.status, len(told.found), told.unseen) == ("ready", 1, frozenset())


def test_a_run_that_did_not_apply_is_no_failure() -> None:
    told = report(as_json({"total_count": 2, "check_runs": [check("a", "skipped"), check("b", "neutral", id=2)]}))
    assert (told.status, told.found) == ("ready", ())


@pytest.mark.parametrize("state", [7, "", "x", None, [], {}, True])
@pytest.mark.parametrize("row", [issue(), alert(), dependabot(), secret()])
def test_what_is_neither_open_nor_over_is_not_closed(row: dict[str, Any], state: Any) -> None:
    told = report(as_json([{**row, "state": state}]))
    assert (told.status, "can not be told" in told.reason) == ("not run", True)
    assert report(as_json([row, {**row, "state": state, "number": 99}])).unseen


def test_runs_of_pull_requests_say_nothing_about_the_base() -> None:
    rows = [workflow(event="pull_request"), workflow(head_branch="feature", id=2)]
    assert report(as_json({"total_count": 2, "workflow_runs": rows})).status == "not run"
    assert report(as_json({"total_count": 1, "workflow_runs": [workflow()]})).found[0].labels == ("ci", "build")


@pytest.mark.parametrize("asked", ASKED)
def test_the_live_client_and_the_files_are_read_alike(asked: Asked) -> None:
    live = look(OnForge(Recorded(Page(ROWS[asked])), asked), SEEN)
    assert (live.name, live.status, len(live.found)) == (f"github:{asked}", "ready", 1)
    kept = as_json(list(ROWS[asked])) if asked == "branches" else enveloped(asked, [], body=_body(asked))
    assert report(kept, view=SEEN).found == live.found


def _body(asked: Asked) -> Any:
    rows = list(ROWS[asked])
    wrapped = "runs" in asked or asked == "workflows"
    return {asked.replace("-", "_"): rows, "total_count": 1} if wrapped else rows


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 304])
def test_a_refusal_is_never_nothing(asked: Asked, status: int) -> None:
    told = report(enveloped(asked, [], status, body={"message": "API rate limit exceeded"}))
    assert (told.name, told.status) == (f"github:{asked}", "not run")
    assert f"GitHub answered {status}: API rate limit exceeded" in told.reason
    assert look(OnForge(Recorded(Page(ROWS[asked]), Page(status=status)), asked), SEEN).status == "not run"


@pytest.mark.parametrize("asked", ASKED)
def test_a_client_that_brought_no_page_or_not_all_has_not_seen_that_there_is_nothing(asked: Asked) -> None:
    for pages in ((), (Page(ROWS[asked], more=True),)):
        assert look(OnForge(Recorded(*pages), asked), SEEN).status == "not run"


def test_an_empty_answer_is_none_only_where_it_is_known_what_was_asked() -> None:
    assert report(enveloped("dependabot", [])).status == "ready"
    assert report(b"[]").status == "not run"


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("body", [{}, {"a": []}, "x", "", 7, True, None, [7], ["x"]])
def test_an_answer_that_is_no_list_is_not_an_empty_one(asked: Asked, body: Any) -> None:
    url = f"{API}/{URLS[asked]}"
    assert report(as_json({"url": url, "status": 200, "link": "", "body": body}), view=SEEN).status == "not run"


def test_an_error_document_is_not_an_answer() -> None:
    told = report(as_json({"message": "Not Found", "documentation_url": "https://docs", "status": "404"}))
    assert (told.status, "GitHub refused: Not Found" in told.reason) == ("not run", True)


@pytest.mark.parametrize("rows", [30, 100])
def test_a_full_page_may_not_have_been_the_last(rows: int) -> None:
    told: Report = report(as_json([issue(n) for n in range(1, rows + 1)]))
    assert (told.status, "pages are missing" in told.reason) == ("not run", True)
    assert len(report(as_json([issue(n) for n in range(1, rows)])).found) == rows - 1


def test_a_page_that_is_not_full_was_the_last() -> None:
    first, last = as_json([issue(n) for n in range(1, 101)]), as_json([issue(101)])
    assert len(report(first, last).found) == 101
    assert len(report(as_json([json.loads(first)])).found) == 100


def test_a_link_to_the_next_page_says_that_there_is_one() -> None:
    link = '<https://api.github.com/x?page=2>; rel="next", <https://api.github.com/x?page=9>; rel="last"'
    assert report(enveloped("issues", [issue()], link=link)).status == "not run"
    head = f"HTTP/2.0 200 OK\r\nContent-Type: application/json\r\nLink: {link}\r\n\r\n"
    assert report(head.encode() + as_json([issue()])).status == "not run"
    assert report(b"HTTP/2.0 200 OK\r\nX-A: b\r\n\r\n" + as_json([issue()])).status == "ready"
    assert report(b"HTTP/2.0 403 Forbidden\r\nX-A: b\r\n\r\n" + as_json({"message": "no"})).status == "not run"


def paged(number: int, last: int, *rows: Any) -> bytes:
    """A page as `gh api --include` prints it."""
    beside = {"prev": number - 1, "next": number + 1, "last": last}
    shown = {rel: n for rel, n in beside.items() if 0 < n <= last and (rel, number) != ("last", last)}
    link = ", ".join(
        f'<https://api.github.com/repositories/1/issues?page={n}>; rel="{rel}"' for rel, n in shown.items()
    )
    return f"HTTP/2.0 200 OK\r\nLink: {link}\r\n\r\n".encode() + as_json(list(rows))


def test_the_last_page_alone_is_not_all_and_neither_is_one_with_a_hole() -> None:
    first, second, third = (paged(n, 3, issue(n)) for n in (1, 2, 3))
    for kept in ([third], [second], [first, third], [first, second], [second, third]):
        assert report(*kept).status == "not run"
    assert len(report(first, second, third).found) == 3


def test_pages_that_are_told_apart_by_no_number_are_at_least_two() -> None:
    last = b'HTTP/2.0 200 OK\r\nLink: <https://api.github.com/x?before=Y>; rel="prev"\r\n\r\n' + as_json([alert()])
    assert report(last).status == "not run"


def test_a_refusal_after_the_first_pages_is_said() -> None:
    refused = {
        "message": "API rate limit exceeded for user ID 1.",
        "documentation_url": "https://docs",
        "status": "403",
    }
    for pages in ([[issue()], refused], [{"total_count": 2, "check_runs": [check()]}, refused]):
        told = report(as_json(pages))
        assert (told.status, "API rate limit exceeded" in told.reason) == ("not run", True)


def test_fewer_runs_than_are_counted_are_not_all() -> None:
    assert report(as_json({"total_count": 9, "check_runs": [check(conclusion="success")]})).status == "not run"


def test_a_full_page_of_runs_without_their_count_may_not_have_been_the_last() -> None:
    many = [check(f"c{n}", "success", id=n) for n in range(30)]
    assert report(as_json({"check_runs": many})).status == "not run"
    assert report(as_json({"check_runs": many[1:]})).status == "ready"
    assert report(as_json({"total_count": 30, "check_runs": many})).status == "ready"


def test_an_address_without_the_answers_head_does_not_make_a_full_page_the_last() -> None:
    kept = {"url": f"{API}/issues", "status": 200, "body": [issue(n) for n in range(1, 31)]}
    assert report(as_json(kept)).status == "not run"
    assert report(b"HTTP/2.0 200 OK\r\nX-A: b\r\n\r\n" + as_json(kept)).status == "ready"
    assert report(as_json({**kept, "link": ""})).status == "ready"


def test_every_gh_api_line_in_the_documents_asks_for_what_is_read_here() -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
    lines = re.findall(r"^    gh api .*$", text, re.MULTILINE)
    assert len(lines) == 6
    for words in map(shlex.split, lines):
        (url,) = (w for w in words[: words.index(">")] if w.startswith("repos/"))
        kept = report(as_json({"url": url, "status": 200, "link": "", "body": []}))
        assert kept.name.startswith("github:"), words
        assert words[-1].startswith(".lamplighter/reports/")


def test_the_address_in_the_documents_is_the_one_that_is_asked_for() -> None:
    text = (Path(__file__).parents[3] / "docs" / "sources.md").read_text()
    (asked_for, kept), *more = re.findall(r"gh api '(.*?)\?.*url: \"(.*?)\", status: 200, body: \.}", text)
    assert (asked_for, more) == (kept, [])
