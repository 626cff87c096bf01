"""`backlog sync`, `resolve`, `import` and `export` on a repository."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from app.answer import GATE, OK, PERSON, Answer
from app.call import Call
from app.editing import NewItem, add, edit
from app.house import open_house
from app.importing import export, import_file
from app.listing import explained, objection
from app.status import inbox
from app.syncing import Asked, resolve, sync_file
from backlog.edit import EditInvalid
from backlog.item import Status
from backlog.source import SourceBroken

TEXT = "# ours\nitems:\n- id: a\n  title: First  # mine\n  impact: 5\n  criteria: [works]\n"


@pytest.fixture
def call(tmp_path: Path) -> Call:
    root = tmp_path / "repository"
    root.mkdir()
    (root / "a.py").write_text("x = 1\n")
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "begin"],
    ):
        subprocess.run(["git", *words], cwd=root, check=True)
    return Call(repo=root)


def root(call: Call) -> Path:
    assert call.repo is not None
    return call.repo


def write(call: Call, text: str, place: str = "backlog.yml") -> Path:
    file = root(call) / place
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def sync(call: Call, **asked: object) -> Answer:
    return sync_file(call, Asked(**asked))  # type: ignore[arg-type]


def test_without_a_file_a_sync_says_how_to_make_one(call: Call) -> None:
    assert "sync --all" in sync(call).lines[0]
    add(call, NewItem("By hand", criteria=("works",), value=8))
    assert sync(call, top=1).exit_code == OK
    assert "title: By hand" in (root(call) / "backlog.yml").read_text()
    assert sync(call).lines == ("backlog.yml and the backlog agree",)


def test_a_check_says_by_its_exit_code_that_something_would_change(call: Call) -> None:
    file = write(call, "- New\n")
    assert (sync(call, check=True).exit_code, file.read_text()) == (GATE, "- New\n")
    dry = sync(call, dry_run=True)
    assert (dry.exit_code, dry.result["written"], file.read_text()) == (OK, False, "- New\n")
    assert "+  id: yml-" in dry.result["diff"]
    sync(call)
    assert sync(call, check=True).exit_code == OK


@pytest.mark.parametrize(("side", "title"), [("file", "By file"), ("backlog", "By command")])
def test_a_conflict_waits_in_the_inbox_until_a_person_takes_a_side(call: Call, side: str, title: str) -> None:
    file = write(call, TEXT)
    sync(call)
    edit(call, "a", ["title=By command"])
    file.write_text(TEXT.replace("First", "By file"))
    answer = sync(call)
    assert answer.exit_code == PERSON
    assert answer.result["conflicts"] == [{"item": "a", "field": "title", "file": "By file", "backlog": "By command"}]
    assert inbox(call).result["waiting"][0]["what"] == "conflict"
    house = open_house(call)
    assert "title" in (objection(house, house.backlog.get("a")) or "")
    assert resolve(call, "a", "title", side).exit_code == OK
    assert file.read_text() == TEXT.replace("First", title)
    assert open_house(call).backlog.get("a").title == title
    assert inbox(call).result["waiting"] == []


def test_a_conflict_about_the_ranking_does_not_keep_the_item_from_being_worked(call: Call) -> None:
    file = write(call, TEXT)
    sync(call)
    edit(call, "a", ["value=8"])
    file.write_text(TEXT.replace("impact: 5", "impact: 13"))
    assert sync(call).exit_code == PERSON
    house = open_house(call)
    assert "disagree" not in (objection(house, house.backlog.get("a")) or "")


@pytest.mark.parametrize("side", ["file", "backlog"])
def test_an_entry_taken_out_of_a_worked_item_is_put_back_or_cancelled(call: Call, side: str) -> None:
    file = write(call, TEXT + "- id: b\n  title: Other\n")
    sync(call)
    house = open_house(call)
    house.backlog.claim("a", "run", house.now())
    file.write_text("items:\n- id: b\n  title: Other\n")
    assert sync(call).exit_code == PERSON
    if side == "file":
        with pytest.raises(EditInvalid, match="is being worked"):
            resolve(call, "a", "entry", side)
        house.backlog.close("a", Status.PR, house.now())
    assert resolve(call, "a", "entry", side).exit_code == OK
    assert ("title: First" in file.read_text()) is (side == "backlog")
    assert house.backlog.get("a").status is (Status.DOING if side == "backlog" else Status.CANCELLED)


def test_only_what_is_in_conflict_can_be_resolved(call: Call) -> None:
    write(call, TEXT)
    sync(call)
    with pytest.raises(EditInvalid, match="do not disagree about title"):
        resolve(call, "a", "title", "file")


def test_a_linked_file_inside_the_repository_is_edited_and_stays_linked(call: Call) -> None:
    target = write(call, "- New\n", "planning/list.yml")
    (root(call) / "backlog.yml").symlink_to("planning/list.yml")
    sync(call)
    assert (root(call) / "backlog.yml").is_symlink()
    assert "id: yml-" in target.read_text()


@pytest.mark.parametrize("where", ["../outside.yml", ".git/outside.yml", ".lamplighter/outside.yml"])
def test_a_link_that_leads_out_of_the_repositorys_files_is_refused(call: Call, where: str) -> None:
    (root(call) / ".lamplighter").mkdir(exist_ok=True)
    target = root(call) / where
    target.write_text("- New\n")
    (root(call) / "backlog.yml").symlink_to(where)
    with pytest.raises(SourceBroken, match=r"^backlog\.yml: leads to .* it is not touched"):
        sync(call)
    assert target.read_text() == "- New\n"


def test_the_first_place_counts_and_others_are_named(call: Call) -> None:
    write(call, "- One\n", "docs/backlog.yml")
    assert sync(call).result["file"] == "docs/backlog.yml"
    write(call, "- One\n", "DOCS/backlog.yml")
    assert "DOCS/backlog.yml is not read, docs/backlog.yml is" in sync(call).result["notes"]


def test_an_import_comes_once_and_its_wsjf_is_shown_and_not_used(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "old.json"
    file.write_text(json.dumps([{"id": "T-1", "title": "A", "impact": 3, "wsjf": 99, "acceptance_criteria": ["x"]}]))
    assert import_file(call, file, dry_run=True).result["items"][0]["id"] == "t-1"
    assert open_house(call).backlog.all() == ()
    import_file(call, file, dry_run=False)
    assert import_file(call, file, dry_run=False).result["known"] == ["t-1"]
    told = explained(call, "t-1")
    assert told.result["explain"]["given"] == {"given_wsjf": "99"}
    assert told.result["explain"]["terms"][0]["value"] == 3


def test_the_repositorys_own_file_is_not_imported(call: Call) -> None:
    file = write(call, TEXT)
    with pytest.raises(EditInvalid, match="backlog sync"):
        import_file(call, file, dry_run=True)


def test_settings_of_an_earlier_tool_become_a_proposal(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text(
        json.dumps({"github": {"reposToScan": ["a"], "token": "t"}, "maxPrsPerDay": 3, "wsjfThreshold": "x"})
    )
    answer = import_file(call, file, dry_run=False)
    assert answer.result["proposal"] == "# lamplighter.toml, from config.json\nmax_prs = 3\n"
    assert [line.split(" = ")[0] for line in answer.result["left"]] == [
        "github.token", "wsjfThreshold",
    ]  # fmt: skip
    assert [(m["name"], answer.result["repos"]["list"]) for m in answer.result["repos"]["missing"]] == [("a", None)]


@pytest.mark.parametrize("form", ["yml", "json", "md"])
def test_an_export_comes_in_again_elsewhere(call: Call, tmp_path: Path, form: str) -> None:
    write(call, TEXT)
    sync(call)
    out = tmp_path / f"out.{form}"
    out.write_text(export(call, form, everything=True).result["text"])
    shutil.rmtree(root(call) / ".lamplighter")
    assert [i["title"] for i in import_file(call, out, dry_run=False).result["items"]] == ["First"]


def test_everything_a_person_can_say_of_an_item_can_be_added(call: Call) -> None:
    new = NewItem(
        "Add CSV",
        kind="feature",
        story="As an analyst",
        criteria=("a csv comes out",),
        value=8,
        time_criticality=3,
        risk_reduction=2,
        size=5,
        links=("https://example.org",),
        labels=("io",),
        depends_on=("Other_1",),
        security_notes="formula injection",
        test_notes="quotes",
        hold=True,
    )
    item = open_house(call).backlog.get(add(call, new).result["item"]["id"])
    assert (item.links, item.labels, item.depends_on) == (("https://example.org",), ("io",), ("other-1",))
    assert (item.security_notes, item.test_notes, item.hold) == ("formula injection", "quotes", True)
    assert (item.inputs.time_criticality, item.inputs.risk_reduction, item.inputs.size) == (3, 2, 5)


def test_a_command_with_an_open_quote_is_one_line(call: Call) -> None:
    with pytest.raises(EditInvalid, match="no closing quotation"):
        add(call, NewItem("A", command="make 'x"))
