"""Facts of a repository come of its committed files, and a link is whole when what it leads to is committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.call import Call
from app.house import open_house
from app.observed import facts_of


def committed(root: Path, files: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Fact to state and evidence of a repository with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "all", "--allow-empty")):
        subprocess.run(["git", *words], cwd=root, check=True)
    return {f.name: (f.state, f.evidence) for f in facts_of(open_house(Call(repo=root)), [])}


def test_an_empty_repository_has_nothing_and_much_is_unknown(tmp_path: Path) -> None:
    found = committed(tmp_path, {})
    assert {name for name, (state, _) in found.items() if state == "yes"} == set()
    assert {name for name, (state, _) in found.items() if state == "unknown"} == {
        "tests pass", "lock file", "links", "security items",
    }  # fmt: skip


def test_what_is_not_committed_does_not_count(tmp_path: Path) -> None:
    committed(tmp_path, {"a.py": ""})
    (tmp_path / "LICENSE").write_text("free")
    found = {f.name: f.state for f in facts_of(open_house(Call(repo=tmp_path)), [])}
    assert found["licence"] == "no"


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ("[a](b.md)", "yes"),
        ("[a](./b.md#part) [c](../README.md)", "yes"),
        ("[folder](../docs)", "yes"),
        ("[a](b%20c.md)", "no"),
        ("[a](gone.md)", "no"),
        ("[a](https://x.y/z) [b](#here) [c](mailto:a@b)", "unknown"),
        ("```\n[a](gone.md)\n```\n`[a](gone.md)`", "unknown"),
        ('![shot](gone.png "title")', "no"),
    ],
)
def test_links(tmp_path: Path, page: str, state: str) -> None:
    found = committed(tmp_path, {"README.md": "x", "docs/b.md": "x", "docs/a.md": page})
    assert found["links"][0] == state


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({"uv.lock": ""}, "yes"),
        ({"web/package-lock.json": "{}"}, "yes"),
        ({"requirements.txt": "a==1\n# b\n--hash=x\nc==2 ; python_version > '3'\n"}, "yes"),
        ({"requirements.txt": "a==1\nb>=2\n"}, "no"),
        ({"pyproject.toml": "[project]\nname = 'a'\n"}, "no"),
        ({"a.py": ""}, "unknown"),
    ],
)
def test_lock_files(tmp_path: Path, files: dict[str, str], state: str) -> None:
    assert committed(tmp_path, files)["lock file"][0] == state


@pytest.mark.parametrize(
    ("workflow", "state"),
    [
        ("on: [push]\n", "yes"),
        ("on: pull_request\n", "yes"),
        ("on:\n  push:\n    branches: [main]\n", "yes"),
        ("on:\n  - pull_request\n", "yes"),
        ("on:\n  schedule:\n    - cron: '0 0 * * *'\n", "no"),
    ],
)
def test_a_workflow_counts_when_changes_start_it(tmp_path: Path, workflow: str, state: str) -> None:
    assert committed(tmp_path, {".github/workflows/a.yml": workflow})["ci"][0] == state


@pytest.mark.parametrize("text", ["[tool.ruff\n", "tool = 3\n", "\x00", "[tool]\nruff = 1\n"])
def test_a_project_file_that_can_not_be_read_is_no_linter_and_no_error(tmp_path: Path, text: str) -> None:
    assert committed(tmp_path, {"pyproject.toml": text})["types"][0] == "no"
