"""Code runs on copies of the repository at its own path, and what it does there is noticed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from real_git import on_disk, put, repository, trees_on

from sandbox.limits import Limits
from sandbox.policy import Mount
from sandbox.select import select
from sandbox.site import Site
from sandbox.toolchain import own
from sandbox.tree import TreeRefused
from sandbox.workspace import Workspace


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The real sandbox on a repository that has a virtual environment of its own."""
    folder = tmp_path_factory.mktemp("site")
    repo = repository(folder / "a repo")
    (repo / ".venv" / "bin").mkdir(parents=True)
    (repo / ".venv" / "bin" / "tool").write_text("#!/bin/sh\necho from the venv\n")
    (repo / ".venv" / "bin" / "tool").chmod(0o755)
    ours = own(folder / "shelf")
    theirs = replace(
        ours,
        mounts=(*ours.mounts, Mount(repo / ".venv", f"{repo}/.venv")),
        path=(f"{repo}/.venv/bin", *ours.path),
    )
    sandbox = select(folder / "probe.json")
    return Site(sandbox, trees_on(repo), str(repo), theirs, ours, lambda p: p == ".env", folder / "spool")


@pytest.fixture
def tree(site: Site) -> str:
    files = {"a.py": ("100644", b"a = 1\n"), ".env": ("100644", b"KEY=1\n"), "d/b.py": ("100644", b"b = 1\n")}
    return site.trees.write(put(site.trees, files))


@pytest.fixture
def workspace(site: Site, tree: str, request: pytest.FixtureRequest) -> Workspace:
    workspace = site.workspace(request.node.name)
    workspace.restore(tree)
    return workspace


def _sh(site: Site, workspace: Workspace, command: str, **rights: object) -> str:
    result = site.box(workspace, **rights).run(["/bin/sh", "-c", command], limits=Limits(wall_s=60))  # type: ignore[arg-type]
    return (result.stdout + result.stderr).decode().strip()


def test_a_command_runs_at_the_repository_s_own_path(site: Site, workspace: Workspace) -> None:
    assert _sh(site, workspace, "pwd; cat a.py") == f"{site.at}\na = 1"


def test_what_a_command_changes_is_noticed(site: Site, workspace: Workspace, tree: str) -> None:
    _sh(site, workspace, "echo b > a.py; mkdir n; echo n > n/c.py", writable=["."])
    assert [c.path for c in site.trees.diff(tree, workspace.snapshot())] == ["a.py", "n/c.py"]


def test_restoring_after_a_command_undoes_it(site: Site, workspace: Workspace, tree: str) -> None:
    before = on_disk(workspace.folder)
    _sh(site, workspace, "echo b > a.py; rm -r d; ln -s /etc d; mkfifo p; chmod 0 .", writable=["."])
    workspace.restore(tree)
    assert on_disk(workspace.folder) == before


def test_without_permission_nothing_is_written(site: Site, workspace: Workspace, tree: str) -> None:
    assert "Read-only" in _sh(site, workspace, "echo b > a.py")
    assert workspace.snapshot() == tree


def test_the_repository_s_environment_is_there_to_use_and_not_to_change(site: Site, workspace: Workspace) -> None:
    said = _sh(site, workspace, "tool; echo x > .venv/bin/tool; echo x > .venv/new", writable=["."])
    assert said.splitlines()[0] == "from the venv"
    assert said.count("Read-only") == 2


def test_the_repository_s_environment_is_in_no_tree(site: Site, workspace: Workspace, tree: str) -> None:
    _sh(site, workspace, "tool", writable=["."])
    assert workspace.snapshot() == tree


def test_our_own_tools_do_not_see_the_repository_s_environment(site: Site, workspace: Workspace) -> None:
    assert "not found" in _sh(site, workspace, "tool", own=True)


def test_a_hidden_file_shows_nothing(site: Site, workspace: Workspace) -> None:
    assert "KEY" not in _sh(site, workspace, "cat .env")
    assert (workspace.folder / ".env").read_bytes() == b"KEY=1\n"


def test_a_hidden_file_stays_in_the_tree_when_others_change(site: Site, workspace: Workspace, tree: str) -> None:
    _sh(site, workspace, "echo x > x.py", writable=["."])
    assert [c.path for c in site.trees.diff(tree, workspace.snapshot())] == ["x.py"]


def test_the_environment_and_mounts_that_are_asked_for_are_there(
    site: Site, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text("mounted")
    mount = Mount(tmp_path / "f", "/run/given/f")
    said = _sh(site, workspace, "echo $COLOUR; cat /run/given/f", mounts=[mount], environment={"COLOUR": "blue"})
    assert said == "blue\nmounted"


def test_a_mount_within_the_repository_is_in_no_tree(
    site: Site, workspace: Workspace, tree: str, tmp_path: Path
) -> None:
    (tmp_path / "f").write_text("mounted")
    mount = Mount(tmp_path / "f", f"{site.at}/deep/er/f")
    assert _sh(site, workspace, "cat deep/er/f", mounts=[mount], writable=["."]) == "mounted"
    assert workspace.snapshot() == tree


def test_a_tracked_file_where_a_folder_is_mounted_is_told(site: Site, tree: str) -> None:
    odd = site.trees.edit(tree, {".venv": site.trees.entries(tree)["a.py"]})
    with site.fresh(odd) as copy, pytest.raises(TreeRefused, match=r"^\.venv: "):
        site.box(copy)


def test_the_same_name_is_the_same_copy(site: Site, workspace: Workspace) -> None:
    assert site.workspace(workspace.folder.name) is workspace


def test_a_fresh_copy_is_gone_afterwards_whatever_was_done_in_it(site: Site, tree: str) -> None:
    with site.fresh(tree) as copy:
        folder = copy.folder
        assert on_disk(folder).keys() == {"a.py", ".env", "d/b.py"}
        _sh(site, copy, "mkdir -p x/y; touch x/y/z; chmod 0555 x/y; chmod 0 x", writable=["."])
    assert not folder.exists()
    assert not folder.parent.exists()


def test_copies_of_processes_that_were_killed_are_swept_away(site: Site, tree: str) -> None:
    dead = subprocess.Popen(["/bin/true"])
    dead.wait()
    left = site.spool / f"fresh-{dead.pid}-abc" / "tree"
    left.mkdir(parents=True)
    alive = site.spool / f"fresh-{os.getpid()}-mine"
    alive.mkdir()
    with site.fresh(tree):
        assert not left.parent.exists()
        assert alive.exists()
    alive.rmdir()
