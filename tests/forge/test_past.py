"""When lines were written, asked of git without starting anything and without changing the repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forge.past import COMMITS_AT_ONCE, WORTH_A_GRAPH, GitPast
from forge.repository import open_repository
from sandbox.tree import open_trees
from tests.forge.conftest import ENVIRONMENT

GitAt = Callable[..., str]
FIRST, SECOND = datetime(2020, 1, 1, tzinfo=UTC), datetime(2022, 1, 1, tzinfo=UTC)


def commit(root: Path, at: datetime) -> None:
    when = f"{int(at.timestamp())} +0000"
    dated = ENVIRONMENT | {"GIT_AUTHOR_DATE": when}
    for args in (("add", "-A"), ("commit", "-qm", "x")):
        subprocess.run(["git", *args], cwd=root, env=dated, check=True, capture_output=True)


def past(root: Path, state: Path) -> GitPast:
    repository = open_repository(root)
    trees = open_trees(state, repository.objects, repository.algorithm)
    return GitPast(trees.git, repository.head, repository.common)


@pytest.fixture
def written(root: Path) -> Path:
    """`notes.py` has two lines of 2020 and one of 2022 between them."""
    (root / "notes.py").write_text("one\nthree\n")
    commit(root, FIRST)
    (root / "notes.py").write_text("one\ntwo\nthree\n")
    commit(root, SECOND)
    return root


def test_each_line_has_the_date_of_its_author(written: Path, tmp_path: Path) -> None:
    assert past(written, tmp_path / "s").births("notes.py", [1, 2, 3]) == {1: FIRST, 2: SECOND, 3: FIRST}


@pytest.mark.parametrize(("path", "lines"), [("notes.py", []), ("notes.py", [99]), ("nowhere.py", [1])])
def test_what_is_not_there_has_no_date(written: Path, tmp_path: Path, path: str, lines: list[int]) -> None:
    assert past(written, tmp_path / "s").births(path, lines) == {}


def test_a_renamed_file_keeps_its_dates(written: Path, tmp_path: Path, git: GitAt) -> None:
    git(written, "mv", "notes.py", "other.py")
    commit(written, datetime(2024, 1, 1, tzinfo=UTC))
    assert past(written, tmp_path / "s").births("other.py", [1, 2]) == {1: FIRST, 2: SECOND}


def test_names_with_line_ends_and_pathspec_signs_are_only_names(root: Path, tmp_path: Path) -> None:
    for name in ("a\nb.py", ":(glob)*", "-L1"):
        (root / name).write_text("x\n")
    commit(root, FIRST)
    for name in ("a\nb.py", ":(glob)*", "-L1"):
        assert past(root, tmp_path / "s").births(name, [1]) == {1: FIRST}


def test_in_a_shallow_clone_a_line_is_at_least_as_old_as_the_end(written: Path, tmp_path: Path, git: GitAt) -> None:
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{written}", str(clone))
    there = past(clone, tmp_path / "s")
    assert there.shallow
    assert there.births("notes.py", [1, 2]) == {1: SECOND, 2: SECOND}
    assert there.churn(10_000) == {"a.py": 1, "notes.py": 1, "pkg/b.py": 1}
    assert not past(written, tmp_path / "t").shallow


def test_the_index_of_the_history_is_kept_in_a_folder_of_our_own(written: Path, tmp_path: Path) -> None:
    before = sorted(p for p in written.rglob("*"))
    there = past(written, tmp_path / "s")
    for _ in range(WORTH_A_GRAPH + 1):
        assert there.births("notes.py", [2]) == {2: SECOND}
    assert list((tmp_path / "s").rglob("*.graph"))
    assert sorted(p for p in written.rglob("*")) == before


def test_nothing_of_the_repositorys_configuration_runs(written: Path, tmp_path: Path, git: GitAt) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/trapped'\ncat\n")
    trap.chmod(0o755)
    (written / ".git" / "info" / "attributes").write_text("* diff=t\n")
    for key in ("diff.t.textconv", "diff.t.command", "diff.external", "core.pager", "core.fsmonitor"):
        git(written, "config", key, str(trap))
    git(written, "config", "blame.ignoreRevsFile", "/nowhere")
    there = past(written, tmp_path / "s")
    assert there.births("notes.py", [2]) == {2: SECOND}
    assert there.churn(10_000)["notes.py"] == 2
    assert not (tmp_path / "trapped").exists()


def test_a_date_beyond_all_calendars_is_no_date(root: Path, tmp_path: Path, git: GitAt) -> None:
    tree = git(root, "rev-parse", "HEAD^{tree}")
    text = f"tree {tree}\nauthor A <a@b> 99999999999999 +0000\ncommitter A <a@b> 1 +0000\n\nx\n"
    told = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        cwd=root, env=ENVIRONMENT, input=text, capture_output=True, check=True, text=True,
    )  # fmt: skip
    git(root, "update-ref", "HEAD", told.stdout.strip())
    assert past(root, tmp_path / "s").births("a.py", [1]) in ({}, {1: datetime.fromtimestamp(0, UTC)})


def changed(past: GitPast, since: datetime = FIRST) -> list[tuple[datetime, tuple[str, ...]]]:
    return [(change.at, tuple(change.paths)) for change in past.changes(since)]


def test_each_commit_tells_what_it_changed_the_newest_first(written: Path, tmp_path: Path, git: GitAt) -> None:
    git(written, "mv", "notes.py", "other.py")
    (written / "a.py").unlink()
    commit(written, datetime(2024, 1, 1, tzinfo=UTC))
    assert changed(past(written, tmp_path / "s"))[:3] == [
        (datetime(2024, 1, 1, tzinfo=UTC), ("a.py", "notes.py", "other.py")),
        (SECOND, ("notes.py",)),
        (FIRST, ("notes.py",)),
    ]


def test_merges_empty_commits_and_what_is_older_change_nothing(written: Path, tmp_path: Path, git: GitAt) -> None:
    git(written, "checkout", "-qb", "side", "HEAD~1")
    (written / "side.py").write_text("x\n")
    commit(written, SECOND)
    git(written, "checkout", "-q", "main")
    git(written, "merge", "-q", "--no-ff", "-m", "merge", "side")
    git(written, "commit", "-q", "--allow-empty", "-m", "nothing")
    there = past(written, tmp_path / "s")
    assert sorted(paths for _, paths in changed(there)) == [
        ("a.py", "pkg/b.py"),
        ("notes.py",),
        ("notes.py",),
        ("side.py",),
    ]
    assert changed(there, datetime(2030, 1, 1, tzinfo=UTC)) == []


def test_a_file_that_is_called_like_a_commit_is_only_a_file(written: Path, tmp_path: Path, git: GitAt) -> None:
    older = git(written, "rev-parse", "HEAD")
    for name in (older, "M", "a\nb"):
        (written / name).write_text("x\n")
    commit(written, datetime(2024, 1, 1, tzinfo=UTC))
    assert changed(past(written, tmp_path / "s"))[0][1] == tuple(sorted((older, "M", "a\nb")))


def test_more_commits_than_are_asked_for_at_once_are_all_told(root: Path, tmp_path: Path, git: GitAt) -> None:
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@b> {1700000000 + n} +0000\ndata 1\nx\n"
        + ("from refs/heads/main^0\n" if n == 0 else "")
        + f"M 100644 inline f{n}.py\ndata 1\ny\n\n"
        for n in range(COMMITS_AT_ONCE * 2 + 5)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, env=ENVIRONMENT, input=stream, text=True, check=True)
    told = changed(past(root, tmp_path / "s"))
    assert [paths for _, paths in told[:-1]] == [(f"f{n}.py",) for n in reversed(range(COMMITS_AT_ONCE * 2 + 5))]


def test_the_end_of_a_shallow_history_did_not_change_everything(written: Path, tmp_path: Path, git: GitAt) -> None:
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=2", f"file://{written}", str(clone))
    assert changed(past(clone, tmp_path / "s")) == [(SECOND, ("notes.py",))]
