"""Workflows that are committed and turned off on GitHub."""

from __future__ import annotations

from typing import Any

import pytest

from backlog.item import Kind, Status
from backlog.source import Report
from backlog.sources.forges.github_workflows import WORTH
from tests.backlog.sources.shop import FILES, as_json, report, shop
from tests.backlog.sources.test_github_files import API, SEEN, turned_off


def listed(*rows: dict[str, Any], total: int | None = None) -> Report:
    told = report(as_json({"total_count": len(rows) if total is None else total, "workflows": list(rows)}), view=SEEN)
    assert told.name == "github:workflows"
    return told


@pytest.mark.parametrize("state", list(WORTH))
def test_a_committed_workflow_that_is_off_is_one_item(state: str) -> None:
    (found,) = listed(turned_off(state)).found
    assert found.title == "Turn the workflow CI on again, or remove its file"
    assert (found.kind, found.path, found.status) == (Kind.INFRASTRUCTURE, ".github/workflows/ci.yml", Status.BLOCKED)
    assert found.inputs == WORTH[state].inputs()
    assert found.links == ("https://github.com/a/b/blob/main/.github/workflows/ci.yml",)


def test_it_stays_the_same_whatever_turned_it_off_and_whatever_it_is_called() -> None:
    seen = [turned_off(), turned_off("disabled_manually"), turned_off(name="Tests", id=5)]
    assert len({listed(row).found[0].fingerprint for row in seen}) == 1


@pytest.mark.parametrize("state", ["active", "deleted"])
def test_one_that_runs_or_is_deleted_is_none(state: str) -> None:
    told = listed(turned_off(state))
    assert (told.status, told.found) == ("ready", ())


@pytest.mark.parametrize("path", ["dynamic/dependabot/dependabot-updates", ".github/workflows/other-branch.yml"])
def test_one_without_a_committed_file_is_left_out_and_counted(path: str) -> None:
    told = listed(turned_off("active"), turned_off(path=path))
    assert (told.status, told.found) == ("ready", ())
    assert "1 that are off have no committed file and are left out" in told.reason


def test_a_state_that_is_not_known_here_is_not_active() -> None:
    told = listed(turned_off("disabled_by_enterprise"))
    assert (told.status, "disabled_by_enterprise" in told.reason) == ("not run", True)


def test_a_list_with_none_of_the_committed_workflows_is_another_repositorys() -> None:
    assert listed().status == "not run"
    assert listed(turned_off("active", path=".github/workflows/theirs.yml")).status == "not run"
    nothing = report(as_json({"total_count": 0, "workflows": []}), view=shop(files=FILES))
    assert (nothing.status, nothing.found) == ("ready", ())


def test_fewer_than_are_counted_are_not_all() -> None:
    assert listed(turned_off(), total=2).status == "not run"
    first, second = ({"total_count": 2, "workflows": [turned_off(id=n)]} for n in (1, 2))
    assert report(as_json([first]), view=SEEN).status == "not run"
    assert report(as_json([first, second]), view=SEEN).status == "ready"


@pytest.mark.parametrize("status", ["403", "404"])
def test_a_refusal_names_the_source_and_is_not_nothing(status: str) -> None:
    place = "https://docs.github.com/rest/actions/workflows#list-repository-workflows"
    told = report(as_json({"message": "Not Found", "documentation_url": place, "status": status}), view=SEEN)
    assert (told.name, told.status) == ("github:workflows", "not run")
    assert f"GitHub answered {status}: Not Found" in told.reason


@pytest.mark.parametrize("key", ["state", "path", "name"])
@pytest.mark.parametrize("wrong", [7, None, "", [], {}, True])
def test_a_wrong_type_is_not_a_workflow_that_runs(key: str, wrong: Any) -> None:
    assert listed(turned_off(**{key: wrong})).status == "not run"


def test_a_link_that_is_none_is_not_shown() -> None:
    for link in (None, 7, "javascript:alert(1)"):
        assert listed(turned_off(html_url=link)).found[0].links == ()


def test_its_address_tells_what_an_answer_is_of() -> None:
    kept = {"url": f"{API}/actions/workflows", "status": 200, "body": {"total_count": 1, "workflows": [turned_off()]}}
    assert len(report(as_json(kept), view=SEEN).found) == 1
