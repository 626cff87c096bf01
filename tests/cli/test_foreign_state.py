"""State that a clone brings with it is neither believed nor written through."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.demo.build import build
from tests.cli.conftest import Program


def committed(root: Path) -> Program:
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "add", "-Af"], cwd=root, check=True)
    subprocess.run([*git, "commit", "-qm", "state"], cwd=root, check=True)
    return Program(root)


@pytest.mark.parametrize("linked", [".lamplighter", ".lamplighter/backlog.db", ".lamplighter/cache"])
@pytest.mark.parametrize("command", [["init"], ["discover"], ["backlog", "list"], ["run"]])
def test_nothing_is_written_where_a_link_leads(tmp_path: Path, linked: str, command: list[str]) -> None:
    root, outside = build(tmp_path / "timers"), tmp_path / "outside"
    outside.mkdir()
    (root / linked).parent.mkdir(exist_ok=True)
    (root / linked).symlink_to(outside / ("" if linked != ".lamplighter/backlog.db" else "their.db"))
    done = committed(root).run(*command)
    assert done.returncode != 0
    assert f"{linked} is a link" in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("name", ["cache/tests-x.json", "probe.json", "backlog.db", "git/config"])
def test_committed_state_is_not_believed(tmp_path: Path, name: str) -> None:
    root = build(tmp_path / "timers")
    (root / ".lamplighter" / name).parent.mkdir(parents=True)
    (root / ".lamplighter" / name).write_text("")
    done = committed(root).run("run")
    assert done.returncode != 0
    assert f".lamplighter/{name} is committed" in done.stderr
    assert "git rm -r --cached" in done.stderr


def test_reports_and_a_baseline_may_be_committed(tmp_path: Path) -> None:
    root = build(tmp_path / "timers")
    for name in ("reports/junit.xml", "baseline/benchmark.json"):
        (root / ".lamplighter" / name).parent.mkdir(parents=True)
        (root / ".lamplighter" / name).write_text("{}")
    assert committed(root).run("discover").returncode == 0
