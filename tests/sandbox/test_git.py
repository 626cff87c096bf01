"""Whatever a repository is configured to do, git does it for its user and never for us."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from real_git import git, repository

from sandbox.git import Git, GitFailed, ObjectMissing, private

HOOKS = (
    "reference-transaction",
    "post-index-change",
    "pre-commit",
    "post-commit",
    "post-checkout",
    "pre-auto-gc",
)


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository in which every door is a trap that writes `tmp_path/trapped`."""
    repo = repository(tmp_path / "repo")
    (repo / "a.txt").write_text("one\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "first")
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/trapped'\ncat\n")
    trap.chmod(0o755)
    for name in HOOKS:
        hook = repo / ".git" / "hooks" / name
        hook.write_text(trap.read_text())
        hook.chmod(0o755)
    (repo / ".git" / "info").mkdir(exist_ok=True)
    (repo / ".git" / "info" / "attributes").write_text("* filter=t diff=t merge=t\n")
    for key in (
        "core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass", "diff.external",
        "filter.t.clean", "filter.t.smudge", "diff.t.command", "diff.t.textconv", "gpg.program",
        "core.alternateRefsCommand", "credential.helper",
    ):  # fmt: skip
        git(repo, "config", key, str(trap))
    git(repo, "config", "commit.gpgSign", "true")
    return repo


def test_nothing_of_a_hostile_configuration_runs(hostile: Path) -> None:
    ours = Git(hostile / ".git")
    head = ours.run("rev-parse", "HEAD").decode().strip()
    blob = ours.run("hash-object", "-w", "--stdin", stdin=b"two\n").decode().strip()
    tree = ours.run("mktree", stdin=f"100644 blob {blob}\ta.txt\n".encode()).decode().strip()
    who = {f"GIT_{r}_{k}": v for r in ("AUTHOR", "COMMITTER") for k, v in (("NAME", "x"), ("EMAIL", "x@y"))}
    commit = ours.run("commit-tree", tree, "-p", head, stdin=b"m", environment=who).decode().strip()
    ours.run("update-ref", "refs/heads/other", commit)
    ours.run("diff-tree", "-p", "--no-ext-diff", "--no-textconv", head, commit)
    ours.run("log", "-p", "--no-ext-diff", "--no-textconv", commit)
    assert not (hostile.parent / "trapped").exists()


def test_the_trap_would_have_sprung(hostile: Path) -> None:
    git(hostile, "update-ref", "refs/heads/other", "HEAD")
    assert (hostile.parent / "trapped").exists()


def test_a_failure_is_one_line_that_names_the_command(hostile: Path) -> None:
    with pytest.raises(GitFailed, match=r"^git rev-parse in .* said: .*nowhere") as failed:
        Git(hostile / ".git").run("rev-parse", "nowhere")
    assert "\n" not in str(failed.value)


def test_many_threads_read_their_own_objects(hostile: Path) -> None:
    ours = Git(hostile / ".git")
    texts = [b"%d\n" % n * (n + 1) for n in range(60)]
    oids = [ours.run("hash-object", "-w", "--stdin", stdin=text).decode().strip() for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert [data for _, data in pool.map(ours.object, oids)] == texts


def test_reading_goes_on_after_close(hostile: Path) -> None:
    ours = Git(hostile / ".git")
    head = ours.run("rev-parse", "HEAD").decode().strip()
    assert ours.object(head)[0] == "commit"
    ours.close()
    assert ours.has(head)


def test_an_id_that_is_none_is_missing(hostile: Path) -> None:
    with pytest.raises(ObjectMissing):
        Git(hostile / ".git").object("HEAD\n" + "0" * 40)


@pytest.mark.parametrize("name", ["plain", "with:colon", 'with"quote', "with\\back:slash", "new\nline", "ü:"])
def test_objects_are_found_in_folders_of_any_name(tmp_path: Path, name: str) -> None:
    repo = repository(tmp_path / name)
    blob = git(repo, "hash-object", "-w", "--stdin", stdin=b"x").decode().strip()
    ours = private(tmp_path / "private", [repo / ".git" / "objects"], "sha1")
    assert ours.object(blob) == ("blob", b"x")


def test_a_private_git_directory_can_be_made_twice(tmp_path: Path) -> None:
    private(tmp_path / "p", [], "sha256").run("hash-object", "-w", "--stdin", stdin=b"x")
    assert private(tmp_path / "p", [], "sha256").run("rev-parse", "--show-object-format") == b"sha256\n"


def test_a_git_directory_that_is_gone_is_told_from_a_missing_git(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="does not exist"):
        Git(tmp_path / "gone").run("version")
