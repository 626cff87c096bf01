"""Backlogs that people keep in the repository are read as they wrote them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.discover import look
from backlog.item import Inputs, Kind, Status
from backlog.source import Found, Report, SourceBroken
from backlog.sources.files import BacklogMd, BacklogYml
from tests.backlog.conftest import make_view

FULL = """
items:
  - id: custom_1
    title: Custom Task
    description: Manually created task
    task_type: FEATURE
    impact: 8
    effort: 3
    status: READY
    wsjf_score: 5.8
    created_at: 2026-01-05T10:00:00
    links: ["https://example.org/123"]
    acceptance_criteria:
      - Implement feature X
      - Add unit tests
    security_notes: Standard security review
    test_notes: Requires integration tests
    depends_on: [Other_2]
    owner: ann
"""


def yml(text: str | bytes, path: str = "backlog.yml") -> Report:
    return look(BacklogYml(), make_view({path: text}))


def md(text: str) -> tuple[Found, ...]:
    return look(BacklogMd(), make_view({"BACKLOG.md": text})).found


def one(text: str) -> Found:
    report = yml(text)
    assert report.reason == ""
    return report.found[0]


def test_every_field_is_read() -> None:
    report = yml(FULL)
    (item,) = report.found
    assert report.reason == "fields that mean nothing here: owner"
    assert (item.fingerprint, item.named, item.labels) == ("custom-1", True, ("id:custom_1",))
    assert (item.title, item.kind, item.status) == ("Custom Task", Kind.FEATURE, Status.READY)
    assert (item.inputs.value, item.inputs.size, item.inputs.time_criticality) == (8, 3, 1)
    assert item.inputs.source == {
        "value": "file:backlog.yml", "size": "file:backlog.yml", "given_wsjf": "5.8",
    }  # fmt: skip
    assert item.criteria == ("Implement feature X", "Add unit tests")
    assert (item.depends_on, item.links) == (("other-2",), ("https://example.org/123",))
    assert item.created_at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert (item.security_notes, item.test_notes) == (
        "Standard security review",
        "Requires integration tests",
    )


@pytest.mark.parametrize("text", ["- title: A\n", "items:\n- title: A\n", "backlog:\n- title: A\n", "- A\n"])
def test_bare_lists_and_lists_under_items_are_read(text: str) -> None:
    assert [f.title for f in yml(text).found] == ["A"]


@pytest.mark.parametrize("text", ["", "items: []\n", "items:\n", "# nothing\n", "null\n"])
def test_an_empty_backlog_is_empty(text: str) -> None:
    assert (yml(text).status, yml(text).found) == ("ready", ())


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        ("status: COMPLETED", Status.DONE, ""),
        ("status: merged", Status.DONE, ""),
        ("status: REFINED", Status.REFINED, ""),
        ("status: REFINED\n  blocker: needs a decision", Status.BLOCKED, "needs a decision"),
        ("blocker: needs a decision", Status.BLOCKED, "needs a decision"),
        ("status: in progress", Status.READY, ""),
        ("status: DONE\n  reason: shipped", Status.DONE, "shipped"),
        ("priority: high", None, ""),
    ],
)
def test_statuses_are_mapped(fields: str, status: Status | None, reason: str) -> None:
    item = one(f"- title: A\n  {fields}\n")
    assert (item.status, item.reason) == (status, reason)


def test_a_value_nobody_gave_comes_from_the_words() -> None:
    assert one("- title: Fix the crash\n").inputs.source["value"] == "keyword:crash"
    assert one("- title: Fix the crash\n  value: 2\n").inputs.value == 2
    assert one("- title: Prefix names\n").inputs == Inputs()


def test_hours_become_a_size() -> None:
    assert [one(f"- title: A\n  hours: {h}\n").inputs.size for h in (1, 3, "8h", 40)] == [1, 3, 5, 13]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("items:\n- title: A\n  impact: 20\n", "backlog.yml:2: value must be from 1 to 13, not 20"),
        ("- title: A\n  size: big\n", "backlog.yml:1: size must be a whole number from 1 to 13, not 'big'"),
        ("- title: A\n- id: x\n", "backlog.yml:2: the entry has no title"),
        ("- title: A\n  type: featur\n", "backlog.yml:1: type 'featur' is not known: did you mean feature?"),
        ("- title: A\n  status: REDY\n", "backlog.yml:1: status 'REDY' is not known: did you mean READY?"),
        ("- {id: x, title: A}\n- {id: X, title: B}\n", "backlog.yml:2: id x is used in line 1 already"),
        ("- title: A\n  value: 3\n  impact: 5\n", "backlog.yml:1: impact says again, and differently"),
        ("- title: A\n  criteria: {a: b}\n", "backlog.yml:1: criteria must be a list of texts"),
        ("- title: 'A\n", "backlog.yml:2: is not valid YAML: "),
        ("a: b: c\n", "backlog.yml:1: is not valid YAML: mapping values are not allowed here"),
        ("just words\n", "backlog.yml:1: a list of items"),
        ("tasks: {a: b}\n", "backlog.yml:1: a list of items"),
        ("- - a\n", "backlog.yml:1: an item must be a mapping or a text"),
        ("- !!python/object:os.system {}\n", "backlog.yml:1: is not valid YAML: could not determine"),
        ("[" * 5_000, "backlog.yml: can not be read: RecursionError"),
    ],
)
def test_a_broken_file_is_one_line_with_its_place(text: str, message: str) -> None:
    report = yml(text)
    assert report.status == "not run"
    assert report.reason.startswith(message)
    assert "\n" not in report.reason


def test_without_the_file_the_source_is_not_configured() -> None:
    report = look(BacklogYml(), make_view({}))
    assert (report.status, report.reason) == ("not configured", "there is no backlog.yml")


def test_a_second_file_is_not_read_and_named() -> None:
    report = look(BacklogYml(), make_view({"backlog.yml": "- A\n", "docs/backlog.yml": "- B\n"}))
    assert report.reason == "docs/backlog.yml is not read, backlog.yml is"


@given(st.text(alphabet="-: \n[]{}&*!|>'\"#atile0,?%@`\t", max_size=80) | st.text(max_size=80))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    report = yml(text)
    assert report.status == "ready" or report.reason.startswith("backlog.yml:")


@given(st.binary(max_size=120))
def test_no_bytes_crash_the_files(data: bytes) -> None:
    for source, path in ((BacklogYml(), "backlog.yml"), (BacklogMd(), "BACKLOG.md")):
        try:
            source.look(make_view({path: data}))
        except SourceBroken as broken:
            refusal = str(broken)
        else:
            refusal = ""
        assert refusal == "" or refusal.startswith(path)


class TestMarkdown:
    TABLE = """
| Rank | ID | Title | Score | Category | Priority | Est. Hours | Impact |
|------|-----|--------|---------|----------|----------|------------|---------|
| 1 | CICD-001 | **Activate** CI \\| CD | 64.8 | Infrastructure | Critical | 8 | 10 |
| 2 | CORE-001 | Learn | 48.6 | Core | High | 40 | big |
"""

    def test_tables_are_read(self) -> None:
        (first, second) = md(self.TABLE)
        assert (first.fingerprint, first.title, first.kind) == (
            "cicd-001",
            "Activate CI | CD",
            Kind.INFRASTRUCTURE,
        )
        assert (first.inputs.value, first.inputs.size) == (10, 5)
        assert first.inputs.source["given_wsjf"] == "64.8"
        assert first.inputs.source["given_priority"] == "Critical"
        assert (second.kind, second.inputs.size, second.inputs.value) == (Kind.FEATURE, 13, 3)

    def test_checkboxes_are_read_with_their_bullets(self) -> None:
        text = "# Backlog\n- [ ] **[CORE-1]** Do it\n  - works\n  - [ ] is fast\n- [x] Done\n\n- plain\n  - no\n"
        (first, second) = md(text)
        assert (first.fingerprint, first.title) == ("core-1", "Do it")
        assert first.criteria == ("works", "is fast")
        assert (first.status, second.status, second.criteria) == (None, Status.DONE, ())

    def test_other_tables_fences_and_prose_are_not_items(self) -> None:
        text = "| Name | Size |\n|---|---|\n| x | 1 |\n\n```\n- [ ] no\n```\nSee - [ ] no\n| Title |\n"
        assert md(text) == ()

    def test_an_entry_without_an_id_keeps_its_own(self) -> None:
        before, after = md("- [ ] Do it\n"), md("# New\n\n- [ ] Other\n- [ ] Do it\n")
        assert before[0].fingerprint == after[1].fingerprint
