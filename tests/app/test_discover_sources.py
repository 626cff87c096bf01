"""Which sources look, in a real repository, and what a person reads of it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from app.call import Call
from app.demo.build import build
from app.discovering import discover, table
from app.reports import artefacts
from app.settings import ConfigError
from backlog.source import Report
from backlog.sources.reports.documents import LARGEST
from tests.backlog.sources.shop import result, sarif

JUNIT = '<testsuite><testcase classname="tests.test_duration" name="test_x"><failure/></testcase></testsuite>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return build(tmp_path / "timers")


def put(root: Path, name: str, data: bytes | str) -> None:
    folder = root / ".lamplighter" / "reports"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def told(root: Path, *only: str, **flags: Any) -> dict[str, dict[str, Any]]:
    return {s["name"]: s for s in discover(Call(root, flags=flags), only).result["sources"]}


def test_reports_are_found_read_and_become_items(root: Path) -> None:
    put(root, "scan.sarif", sarif(result(uri="timers/settings.py", line=3, level="error")))
    put(root, "junit.xml", JUNIT)
    put(root, "half.json", '{"runs": [')
    answer = discover(Call(root), ("sarif", "junit", "report"))
    statuses = {s["name"]: (s["status"], s["found"]) for s in answer.result["sources"]}
    assert statuses == {
        "sarif:codeql": ("ready", 1),
        "junit": ("ready", 1),
        "report:.lamplighter/reports/half.json": ("not run", 0),
    }
    assert {i["path"] for i in answer.result["items"]} == {"timers/settings.py", "tests/test_duration.py"}


def test_without_reports_their_formats_share_one_line(root: Path) -> None:
    answer = discover(Call(root), ())
    (line,) = [row for row in answer.lines if row.startswith("not configured:")]
    assert "sarif" in line
    assert "types" in line
    assert len(answer.lines) < 14
    assert {s["status"] for s in answer.result["sources"]} == {"ready", "not configured"}


def test_slow_sources_look_when_they_are_named_or_set(root: Path) -> None:
    assert "--source flaky" in told(root)["flaky"]["reason"]
    assert told(root, "flaky")["flaky"]["status"] == "ready"
    assert told(root, sources="flaky")["flaky"]["status"] == "ready"


def test_a_format_without_a_file_can_be_named(root: Path) -> None:
    assert told(root, "sarif:semgrep")["sarif:semgrep"]["status"] == "not configured"


def test_a_source_that_nobody_knows_is_an_error_that_lists_the_known_ones(root: Path) -> None:
    with pytest.raises(ConfigError, match="no source is called 'lint'; known: markers, ruff, bandit"):
        discover(Call(root), ("lint",))
    with pytest.raises(ConfigError, match="no source is called 'typos'"):
        discover(Call(root, flags={"sources": "typos"}), ())


def test_the_table_leaves_out_what_is_not_set_up_unless_it_was_asked_for() -> None:
    reports = (Report("a", "ready"), Report("b", "not configured", "no b"), Report("c", "not run", "x\ny"))
    assert len(list(table(reports))) == 3
    assert list(table(reports))[-1].startswith("not configured: b")
    assert [row.split()[0] for row in table(reports, every=True)] == ["a", "b", "c"]
    assert not any("\n" in row for row in table(reports))


@pytest.mark.parametrize("setting", ["/etc/*", "../*", "a/../../*", "'open"])
def test_globs_stay_inside_of_the_repository(tmp_path: Path, setting: str) -> None:
    with pytest.raises(ConfigError, match="setting reports"):
        artefacts(tmp_path, setting)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text("{}")
    root = tmp_path / "repo"
    root.mkdir()
    (root / "x.json").symlink_to(tmp_path / "outside.json")
    os.mkfifo(root / "pipe.json")
    for artefact in artefacts(root, "*.json"):
        with pytest.raises(OSError, match="link out of the repository, or no file"):
            artefact.read()


def test_no_more_of_a_file_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(LARGEST * 3)
    (artefact,) = artefacts(tmp_path, "*.json")
    assert len(artefact.read()) == LARGEST + 1


def test_what_gitattributes_call_other_peoples_code_gives_no_notes_and_what_they_call_ours_does(
    root: Path,
) -> None:
    files = {
        ".gitattributes": "lib/* linguist-vendored\nvendor/ours/* -linguist-vendored\nmade.py linguist-generated\n",
        "lib/a.py": "# TODO: theirs\n",
        "vendor/b.py": "# TODO: theirs by its folder\n",
        "vendor/ours/c.py": "# TODO: ours\n",
        "made.py": "# TODO: of a program\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for args in (["add", "-Af"], ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "files"]):
        subprocess.run(["git", *args], cwd=root, check=True)
    found = {i["path"] for i in discover(Call(root), ("markers",)).result["items"]}
    assert found & set(files) == {"vendor/ours/c.py"}
