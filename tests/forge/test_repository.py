"""A repository is found by reading, told apart from what is none, and never changed by looking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from forge.repository import RepositoryInvalid, open_repository

GitAt = Callable[..., str]


def test_a_repository_is_found_from_any_folder_in_it(root: Path, git: GitAt) -> None:
    found = open_repository(root / "pkg")
    assert (found.root, found.git_dir, found.branch) == (root, root / ".git", "main")
    assert found.head == git(root, "rev-parse", "HEAD")
    assert found.algorithm == "sha1"


def test_a_detached_head_is_on_no_branch(root: Path, git: GitAt) -> None:
    git(root, "checkout", "-q", "--detach")
    assert open_repository(root).branch is None


def test_a_linked_work_tree_shares_its_objects(root: Path, git: GitAt, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", "-b", "side", str(tmp_path / "linked"))
    found = open_repository(tmp_path / "linked")
    assert (found.root, found.common, found.branch) == (tmp_path / "linked", root / ".git", "side")
    assert found.objects == root / ".git" / "objects"


def test_a_sha256_repository_is_one(tmp_path: Path, git: GitAt) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", "r")
    git(tmp_path / "r", "commit", "-q", "--allow-empty", "-m", "first")
    assert open_repository(tmp_path / "r").algorithm == "sha256"


def test_a_folder_without_a_repository_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RepositoryInvalid, match="not in a git repository; run `git init`"):
        open_repository(tmp_path)


def test_a_missing_folder_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(RepositoryInvalid, match="no such folder"):
        open_repository(tmp_path / "gone")


def test_a_bare_repository_is_refused(tmp_path: Path, git: GitAt) -> None:
    git(tmp_path, "init", "-q", "--bare", "r.git")
    with pytest.raises(RepositoryInvalid, match="bare"):
        open_repository(tmp_path / "r.git")


def test_a_repository_without_a_commit_is_refused(tmp_path: Path, git: GitAt) -> None:
    git(tmp_path, "init", "-q", "r")
    with pytest.raises(RepositoryInvalid, match="no commit yet"):
        open_repository(tmp_path / "r")


def test_a_broken_link_to_a_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    with pytest.raises(RepositoryInvalid, match="points to no git directory"):
        open_repository(tmp_path)


def test_a_commit_is_found_by_its_names(root: Path, git: GitAt) -> None:
    git(root, "tag", "-a", "v1", "-m", "one")
    found = open_repository(root)
    assert found.commit("v1") == found.commit("main") == found.head


@pytest.mark.parametrize("name", ["nowhere", "--all", "HEAD~99", "", "a b"])
def test_a_name_of_no_commit_is_told(root: Path, name: str) -> None:
    with pytest.raises(RepositoryInvalid, match="no commit"):
        open_repository(root).commit(name)


def test_what_is_dirty_is_listed_and_runs_nothing(root: Path, git: GitAt, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/trapped'\ncat\n")
    trap.chmod(0o755)
    (root / ".git" / "info" / "attributes").write_text("* filter=t\n")
    (root / "a.py").write_text("a = 3\n")
    (root / "new file").write_text("x")
    (root / "pkg" / "c.py").write_text("x")
    git(root, "add", "pkg/c.py")
    for key in ("core.fsmonitor", "filter.t.clean", "filter.t.smudge"):
        git(root, "config", key, str(trap))
    assert open_repository(root).dirty() == ("a.py", "pkg/c.py", "new file")
    assert not (tmp_path / "trapped").exists()


def test_a_hostile_repository_within_the_repository_runs_nothing(root: Path, git: GitAt, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/trapped'\ncat\n")
    trap.chmod(0o755)
    inner = root / "inner"
    git(root, "init", "-q", str(inner))
    (inner / ".gitattributes").write_text("* filter=t\n")
    (inner / "f").write_text("1")
    git(inner, "add", "-A")
    git(inner, "commit", "-qm", "inner")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "inner")
    git(root, "commit", "-qm", "outer")
    for key in ("core.fsmonitor", "filter.t.clean", "filter.t.smudge"):
        git(inner, "config", key, str(trap))
    (inner / "f").write_text("2")
    assert open_repository(root).dirty() == ()
    assert not (tmp_path / "trapped").exists()


def test_looking_changes_nothing(root: Path, git: GitAt) -> None:
    (root / "a.py").write_text("a = 3\n")
    before = {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in root.rglob("*") if p.is_file()}
    open_repository(root).dirty()
    assert {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in root.rglob("*") if p.is_file()} == before


def test_a_clean_repository_is_not_dirty(root: Path) -> None:
    (root / ".lamplighter").mkdir()
    (root / ".lamplighter" / "x").write_text("x")
    assert open_repository(root).dirty() == ()
