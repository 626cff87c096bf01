"""The gates on anybody's branch: honest ones are proven, others are not, and the reason is named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.answer import GATE, OK
from app.call import Call
from app.prove import prove
from tests.app.branches import BASE, DISHONEST, HONEST, Branch


def git(root: Path, *args: str) -> str:
    command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *args]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def lay(root: Path, files: dict[str, str]) -> None:
    for name in git(root, "ls-files").split():
        (root / name).unlink()
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "change", "--allow-empty")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    lay(root, Branch("", {}, "").files())
    git(root, "checkout", "-q", "-b", "work")
    return root


@pytest.mark.parametrize("branch", [*HONEST, *DISHONEST], ids=lambda b: b.name)
def test_a_branch_gets_the_verdict_it_deserves(branch: Branch, repository: Path) -> None:
    lay(repository, branch.files())
    answer = prove(Call(repo=repository), "main..work")
    told = "\n".join(answer.lines)
    assert answer.result["verdict"] == branch.verdict, told
    assert branch.codes <= {r["code"] for r in answer.result["reasons"]}, told
    assert answer.exit_code == (OK if branch.verdict == "proven" else GATE)
    if branch.verdict == "proven":
        strength = answer.result["strength"]
        assert answer.result["reasons"] == []
        assert answer.result["red"]["failing"]
        assert strength["revert_fails"] is True
        assert 0 < strength["killed"] <= strength["total"]


def test_the_corpus_is_not_empty() -> None:
    assert len(HONEST) >= 10
    assert len(DISHONEST) >= 20
    assert BASE
