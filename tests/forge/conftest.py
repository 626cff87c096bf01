"""Real repositories of a user, and something finished to publish into them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forge.publish import Publication, Step
from forge.repository import Repository, open_repository
from sandbox.tree import Entry, Trees, open_trees

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
    "GIT_AUTHOR_NAME": "User",
    "GIT_AUTHOR_EMAIL": "user@example.org",
    "GIT_COMMITTER_NAME": "User",
    "GIT_COMMITTER_EMAIL": "user@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000",
}
AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

GitAt = Callable[..., str]


@pytest.fixture
def git() -> GitAt:
    """Git as the user has it: `git(folder, *args)`."""

    def run(folder: Path, *args: str) -> str:
        done = subprocess.run(["git", *args], cwd=folder, env=ENVIRONMENT, capture_output=True, check=False, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


@pytest.fixture
def root(tmp_path: Path, git: GitAt) -> Path:
    """A repository with one commit."""
    folder = tmp_path / "repo"
    git(tmp_path, "init", "-q", "-b", "main", str(folder))
    (folder / "a.py").write_text("a = 1\n")
    (folder / "pkg").mkdir()
    (folder / "pkg" / "b.py").write_text("b = 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "first")
    return folder


@dataclass(frozen=True)
class Desk:
    repository: Repository
    state: Path
    trees: Trees
    plan: Publication


@pytest.fixture
def desk(root: Path, tmp_path: Path) -> Desk:
    """Finished work in four steps, of which one changes nothing."""
    repository = open_repository(root)
    state = tmp_path / "state"
    trees = open_trees(state / "git", repository.objects, repository.algorithm)
    base = trees.tree_of(repository.head)
    red = trees.edit(base, {"tests/test_a.py": Entry("100644", trees.put(b"def test_a(): assert 0\n"))})
    green = trees.edit(red, {"a.py": Entry("100755", trees.put(b"a = 2\n")), "pkg/b.py": None})
    steps = (
        Step(red, "test: a is 2"),
        Step(green, "fix(core): make a 2", "Because it was 1."),
        Step(green, "refactor: nothing to do"),
        Step(trees.edit(green, {"README.md": Entry("100644", trees.put(b"a is 2\n"))}), "docs: say so"),
    )
    plan = Publication(
        item="fix-a", run="r1", base=repository.head, base_tree=base, steps=steps, title="fix: make a 2",
        body="# Fix\n", patch=trees.patch(base, steps[-1].tree), evidence=b'{"proof": "\xc3\xa9"}\n\n', at=AT,
    )  # fmt: skip
    return Desk(repository, state, trees, plan)
