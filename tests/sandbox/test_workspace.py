"""A workspace is exactly its tree, whatever was done to it in between."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from real_git import Files, on_disk, put, random_files, repository, trees_on

from sandbox.remove import remove_below, remove_path
from sandbox.settle import Writer
from sandbox.tree import Entry, Trees
from sandbox.workspace import TreeRefused, Workspace


@pytest.fixture(scope="module")
def trees(tmp_path_factory: pytest.TempPathFactory) -> Trees:
    return trees_on(repository(tmp_path_factory.mktemp("workspace") / "repo"))


@pytest.fixture
def workspace(trees: Trees, tmp_path: Path) -> Workspace:
    return Workspace(trees, tmp_path / "ws")


@pytest.fixture
def base(trees: Trees, workspace: Workspace) -> str:
    """A small tree, restored; the workspace counts as used."""
    tree = trees.write(
        put(
            trees,
            {
                "a.py": ("100644", b"a\n"),
                "bin/run": ("100755", b"#!/bin/sh\n"),
                "pkg/deep/b.py": ("100644", b"b\n"),
                "link": ("120000", b"pkg/deep"),
                ".gitignore": ("100644", b"*.log\n/build/\n"),
            },
        )
    )
    workspace.restore(tree)
    workspace.touched()
    return tree


@settings(max_examples=60, deadline=None)
@given(random_files)
def test_what_is_restored_is_what_a_stranger_sees(
    trees: Trees, tmp_path_factory: pytest.TempPathFactory, files: Files
) -> None:
    workspace = Workspace(trees, tmp_path_factory.mktemp("ws"))
    tree = trees.write(put(trees, files))
    workspace.restore(tree)
    assert on_disk(workspace.folder) == dict(files)
    assert workspace.snapshot() == tree


@settings(max_examples=60, deadline=None)
@given(random_files, random_files)
def test_restoring_goes_from_any_tree_to_any_other(
    trees: Trees, tmp_path_factory: pytest.TempPathFactory, before: Files, after: Files
) -> None:
    workspace = Workspace(trees, tmp_path_factory.mktemp("ws"))
    old, new = trees.write(put(trees, before)), trees.write(put(trees, after))
    workspace.restore(old)
    workspace.restore(new)
    assert on_disk(workspace.folder) == dict(after)
    workspace.touched()
    workspace.restore(old)
    assert on_disk(workspace.folder) == dict(before)
    assert workspace.snapshot() == old


@settings(max_examples=40, deadline=None)
@given(random_files, random_files)
def test_a_workspace_that_knows_nothing_takes_over_any_folder(
    trees: Trees, tmp_path_factory: pytest.TempPathFactory, before: Files, after: Files
) -> None:
    folder = tmp_path_factory.mktemp("ws")
    Workspace(trees, folder).restore(trees.write(put(trees, before)))
    Workspace(trees, folder).restore(trees.write(put(trees, after)))
    assert on_disk(folder) == dict(after)


def test_edits_new_files_and_removals_are_in_the_snapshot(trees: Trees, workspace: Workspace, base: str) -> None:
    ws = workspace.folder
    (ws / "a.py").write_bytes(b"changed\n")
    (ws / "new").mkdir()
    (ws / "new" / "c.py").write_bytes(b"c\n")
    (ws / "bin" / "run").chmod(0o644)
    (ws / "link").unlink()
    changed = {c.path: c.after for c in trees.diff(base, workspace.snapshot())}
    assert changed == {
        "a.py": Entry("100644", trees.put(b"changed\n")),
        "new/c.py": Entry("100644", trees.put(b"c\n")),
        "bin/run": Entry("100644", trees.put(b"#!/bin/sh\n")),
        "link": None,
    }


def test_an_edit_of_the_same_size_is_seen_however_fast_it_comes(trees: Trees, workspace: Workspace, base: str) -> None:
    file = workspace.folder / "a.py"
    seen = set()
    for number in range(200):
        file.write_bytes(b"%03d\n" % number)
        os.utime(file, ns=(1, 1))
        seen.add(workspace.snapshot())
    assert len(seen) == 200


def test_an_edit_that_forges_its_time_stamps_is_seen(trees: Trees, workspace: Workspace, base: str) -> None:
    file = workspace.folder / "a.py"
    os.utime(file, ns=(10**18, 10**18))
    old = workspace.snapshot()
    until = time.monotonic() + 0.05
    while time.monotonic() < until:  # so that the file is no longer from this very moment
        workspace.snapshot()
    file.write_bytes(b"b\n")
    os.utime(file, ns=(10**18, 10**18))
    assert workspace.snapshot() != old


def test_restoring_the_tree_it_holds_looks_at_nothing(workspace: Workspace, base: str) -> None:
    workspace.restore(base)
    workspace.folder.rename(workspace.folder.with_name("elsewhere"))
    workspace.restore(base)
    assert not workspace.folder.exists()


def test_only_what_differs_is_written(workspace: Workspace, base: str) -> None:
    before = {p: p.stat().st_ino for p in workspace.folder.rglob("*.py")}
    (workspace.folder / "a.py").write_bytes(b"x")
    workspace.restore(base)
    after = {p: p.stat().st_ino for p in workspace.folder.rglob("*.py")}
    assert [p.name for p in before if before[p] != after[p]] in ([], ["a.py"])
    assert (workspace.folder / "pkg/deep/b.py").stat().st_ino == before[workspace.folder / "pkg/deep/b.py"]


BY_PRODUCTS = (
    "__pycache__/a.cpython-311.pyc", "pkg/__pycache__/x.pyc", "b.pyc", ".pytest_cache/README.md", ".coverage",
    ".coverage.host.1", ".ruff_cache/x", ".mypy_cache/x", ".hypothesis/x/y", "p.egg-info/PKG-INFO", "x.log",
    "build/lib/a.py",
)  # fmt: skip


@pytest.mark.parametrize("name", BY_PRODUCTS)
def test_by_products_are_in_no_snapshot_and_gone_after_restore(workspace: Workspace, base: str, name: str) -> None:
    file = workspace.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"x")
    assert workspace.snapshot() == base
    workspace.restore(base)
    assert not file.exists()


def test_a_tracked_file_is_never_a_by_product(trees: Trees, workspace: Workspace, base: str) -> None:
    one, two = (Entry("100644", trees.put(text)) for text in (b"1", b"2"))
    tree = trees.edit(base, {"kept.log": one, "build/x": one})
    workspace.restore(tree)
    (workspace.folder / "kept.log").write_bytes(b"2")
    (workspace.folder / "build" / "x").write_bytes(b"2")
    changed = {c.path: c.after for c in trees.diff(tree, workspace.snapshot())}
    assert changed == {"kept.log": two, "build/x": two}


def test_a_coverage_configuration_is_work(trees: Trees, workspace: Workspace, base: str) -> None:
    (workspace.folder / ".coveragerc").write_bytes(b"[run]\n")
    assert [c.path for c in trees.diff(base, workspace.snapshot())] == [".coveragerc"]


def test_empty_folders_are_gone_after_restore(workspace: Workspace, base: str) -> None:
    (workspace.folder / "x" / "y").mkdir(parents=True)
    assert workspace.snapshot() == base
    workspace.restore(base)
    assert not (workspace.folder / "x").exists()


def _git(ws: Path) -> None:
    (ws / "pkg" / ".git").mkdir()
    (ws / "pkg" / ".git" / "config").write_text("")


def _git_upper(ws: Path) -> None:
    (ws / ".GIT").write_text("gitdir: /elsewhere\n")


def _git_empty(ws: Path) -> None:
    (ws / ".git").mkdir()


def _git_elsewhere(ws: Path) -> None:
    (ws / ".git\\config").write_text("")


def _link_of_submodules(ws: Path) -> None:
    (ws / ".gitmodules").symlink_to("a.py")


def _pipe(ws: Path) -> None:
    (ws / "a.py").unlink()
    os.mkfifo(ws / "a.py")


def _socket(ws: Path) -> None:
    here = os.getcwd()
    os.chdir(ws)  # the name of a socket is short
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind("s")
    finally:
        os.chdir(here)


def _set_uid(ws: Path) -> None:
    (ws / "bin" / "run").chmod(0o4755)


def _set_gid(ws: Path) -> None:
    (ws / "bin" / "run").chmod(0o2755)


def _absolute(ws: Path) -> None:
    (ws / "l").symlink_to("/etc/passwd")


def _endless(ws: Path) -> None:
    (ws / "pkg" / "l").symlink_to("/dev/zero")


def _upwards(ws: Path) -> None:
    (ws / "pkg" / "l").symlink_to("../../outside")


def _around_a_link(ws: Path) -> None:
    (ws / "short").symlink_to("pkg/deep/../deep")
    (ws / "l").symlink_to("short/../../../x")


def _deep_by_name_only(ws: Path) -> None:
    (ws / "one" / "two").mkdir(parents=True)
    (ws / "one" / "two" / "top").symlink_to("../..")
    (ws / "l").symlink_to("one/two/top/../x")


def _sparse(ws: Path) -> None:
    os.truncate(ws / "a.py", 1 << 40)


def _case(ws: Path) -> None:
    (ws / "A.py").write_text("twin")


def _case_of_folder(ws: Path) -> None:
    (ws / "Pkg").mkdir()
    (ws / "Pkg" / "other.py").write_text("twin")


def _unicode_twins(ws: Path) -> None:
    (ws / "\u00e9").write_text("1")
    (ws / "e\u0301").write_text("2")


def _deep(ws: Path) -> None:
    made = os.open(ws, os.O_RDONLY)
    for _ in range(4000):
        os.mkdir("d", dir_fd=made)
        inner = os.open("d", os.O_RDONLY, dir_fd=made)
        os.close(made)
        made = inner
    os.close(made)


ODD: tuple[Callable[[Path], None], ...] = (
    _git, _git_upper, _git_empty, _git_elsewhere, _link_of_submodules,
    _pipe, _socket, _set_uid, _set_gid, _absolute, _endless, _upwards,
    _around_a_link, _deep_by_name_only, _sparse, _case, _case_of_folder, _unicode_twins, _deep,
)  # fmt: skip


@pytest.mark.parametrize("make", ODD, ids=lambda make: make.__name__.strip("_"))
def test_what_no_tree_may_hold_is_refused_and_cleared_away(
    workspace: Workspace, base: str, make: Callable[[Path], None]
) -> None:
    before = on_disk(workspace.folder)
    make(workspace.folder)
    with pytest.raises(TreeRefused) as refused:
        workspace.snapshot()
    assert "\n" not in str(refused.value)
    workspace.restore(base)
    assert on_disk(workspace.folder) == before
    assert workspace.snapshot() == base


def test_more_files_than_a_tree_takes_are_refused_and_cleared_away(workspace: Workspace, base: str) -> None:
    many = workspace.folder / "many"
    many.mkdir()
    for number in range(50_001):
        os.close(os.open(many / str(number), os.O_CREAT | os.O_WRONLY))
    with pytest.raises(TreeRefused, match="50000 files"):
        workspace.snapshot()
    workspace.restore(base)
    assert not many.exists()


def test_a_device_is_refused(workspace: Workspace, base: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a device")
    os.mknod(workspace.folder / "zero", 0o020666, os.makedev(1, 5))
    with pytest.raises(TreeRefused, match=r"^zero: is a device"):
        workspace.snapshot()


def test_a_link_that_the_base_already_has_may_lead_anywhere(trees: Trees, workspace: Workspace, base: str) -> None:
    tree = trees.edit(base, {"out": Entry("120000", trees.put(b"/usr/share"))})
    workspace.restore(tree)
    (workspace.folder / "inside").symlink_to("a.py")
    assert [c.path for c in trees.diff(tree, workspace.snapshot())] == ["inside"]


def test_a_link_that_is_turned_outwards_by_another_is_refused(trees: Trees, workspace: Workspace, base: str) -> None:
    tree = trees.edit(
        base,
        {"hop": Entry("120000", trees.put(b"pkg/deep")), "x": Entry("120000", trees.put(b"hop/../../a.py"))},
    )
    workspace.restore(tree)
    (workspace.folder / "hop").unlink()
    (workspace.folder / "hop").symlink_to("pkg")
    with pytest.raises(TreeRefused, match=r"^x: "):
        workspace.snapshot()


def test_twins_that_the_base_already_has_are_left_alone(trees: Trees, workspace: Workspace, base: str) -> None:
    tree = trees.edit(base, {"A.py": Entry("100644", trees.put(b"twin"))})
    workspace.restore(tree)
    (workspace.folder / "new.py").write_bytes(b"x")
    assert [c.path for c in trees.diff(tree, workspace.snapshot())] == ["new.py"]


def test_odd_modes_of_old_repositories_are_no_change(trees: Trees, workspace: Workspace) -> None:
    tree = trees.write({"old": Entry("100664", trees.put(b"x"))})
    workspace.restore(tree)
    os.utime(workspace.folder / "old")
    assert workspace.snapshot() == tree


def test_files_and_folders_nobody_may_read_are_read(trees: Trees, workspace: Workspace, base: str) -> None:
    (workspace.folder / "pkg" / "deep" / "b.py").write_bytes(b"B\n")
    (workspace.folder / "pkg" / "deep" / "b.py").chmod(0)
    (workspace.folder / "pkg").chmod(0)
    workspace.folder.chmod(0)
    assert [c.path for c in trees.diff(base, workspace.snapshot())] == ["pkg/deep/b.py"]
    (workspace.folder / "pkg" / "deep").chmod(0o500)
    workspace.folder.chmod(0)
    workspace.touched()
    workspace.restore(base)
    assert (workspace.folder / "pkg" / "deep" / "b.py").read_bytes() == b"b\n"


def test_a_submodule_is_an_empty_folder_that_stays_in_the_tree(trees: Trees, workspace: Workspace, base: str) -> None:
    tree = trees.edit(base, {"vendor/sub": Entry("160000", "1" * 40)})
    workspace.restore(tree)
    assert list((workspace.folder / "vendor" / "sub").iterdir()) == []
    assert workspace.snapshot() == tree
    (workspace.folder / "vendor" / "sub" / "x").write_bytes(b"x")
    with pytest.raises(TreeRefused, match=r"^vendor/sub: is a submodule"):
        workspace.snapshot()


def test_a_folder_swapped_for_a_link_does_not_let_restore_write_outside(
    workspace: Workspace, base: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.py").write_bytes(b"mine")
    remove_path(workspace.folder / "pkg" / "deep")
    (workspace.folder / "pkg" / "deep").symlink_to(outside)
    workspace.restore(base)
    assert on_disk(outside) == {"b.py": ("100644", b"mine")}
    assert (workspace.folder / "pkg" / "deep" / "b.py").read_bytes() == b"b\n"


def test_nothing_is_ever_written_or_removed_through_a_link(trees: Trees, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "f").write_bytes(b"mine")
    (tmp_path / "in" / "d").symlink_to(tmp_path / "out")
    root = os.open(tmp_path / "in", os.O_RDONLY)
    writer = Writer(root, trees, None)
    with pytest.raises(NotADirectoryError):
        writer.write("d/f", Entry("100644", trees.put(b"theirs")))
    remove_below(root, "d/f")
    os.close(root)
    assert (tmp_path / "out" / "f").read_bytes() == b"mine"


def test_a_hard_link_to_a_file_outside_is_cut_before_it_is_written(
    workspace: Workspace, base: str, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"mine")
    (workspace.folder / "a.py").unlink()
    os.link(outside, workspace.folder / "a.py")
    workspace.restore(base)
    assert outside.read_bytes() == b"mine"


def test_files_belong_to_the_owner(trees: Trees, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    workspace = Workspace(trees, tmp_path / "ws", 61234)
    workspace.restore(trees.write(put(trees, {"d/a": ("100644", b""), "d/l": ("120000", b"a")})))
    owners = {p.lstat().st_uid for p in [workspace.folder, *workspace.folder.rglob("*")]}
    assert owners == {61234}


def test_a_folder_that_belonged_to_another_owner_is_taken_over(trees: Trees, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    tree = trees.write(put(trees, {"d/a": ("100644", b"a"), "d/l": ("120000", b"a")}))
    Workspace(trees, tmp_path / "ws", 61234).restore(tree)
    Workspace(trees, tmp_path / "ws", 61235).restore(tree)
    owners = {p.lstat().st_uid for p in [tmp_path / "ws", *(tmp_path / "ws").rglob("*")]}
    assert owners == {61235}


@pytest.mark.parametrize("folder", [True, False])
def test_a_place_to_mount_on_is_there_and_in_no_tree(workspace: Workspace, base: str, folder: bool) -> None:
    workspace.place("env/.venv", folder=folder)
    place = workspace.folder / "env" / ".venv"
    assert place.is_dir() if folder else place.is_file()
    assert workspace.snapshot() == base
    workspace.touched()
    workspace.restore(base)
    assert place.is_dir() if folder else place.is_file()


def test_work_beside_a_place_to_mount_on_is_kept(trees: Trees, workspace: Workspace, base: str) -> None:
    workspace.place("env/.venv", folder=True)
    (workspace.folder / "env" / "x.py").write_bytes(b"x")
    assert [c.path for c in trees.diff(base, workspace.snapshot())] == ["env/x.py"]


def test_nothing_is_mounted_over_a_tracked_file(workspace: Workspace, base: str) -> None:
    with pytest.raises(TreeRefused, match=r"^a\.py: "):
        workspace.place("a.py", folder=True)


def test_a_place_that_was_swapped_for_a_link_is_made_anew(workspace: Workspace, base: str, tmp_path: Path) -> None:
    workspace.place(".venv", folder=True)
    (workspace.folder / ".venv").rmdir()
    (workspace.folder / ".venv").symlink_to(tmp_path)
    workspace.place(".venv", folder=True)
    assert not (workspace.folder / ".venv").is_symlink()


def test_a_crash_while_restoring_is_mended_by_restoring_again(trees: Trees, workspace: Workspace, base: str) -> None:
    broken = trees.edit(base, {"a.py": None, "zz": Entry("100644", "0" * 40)})
    with pytest.raises(Exception, match="0000"):
        workspace.restore(broken)
    workspace.restore(base)
    assert workspace.snapshot() == base
