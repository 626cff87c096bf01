"""Trees are git's own, and the repository they come from is never written."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from real_git import Files, git, on_disk, put, random_files, repository, trees_on

from sandbox.git import GitFailed, ObjectMissing
from sandbox.tree import Change, Entry, TreeRefused, Trees


@pytest.fixture(scope="module", params=["sha1", "sha256"])
def trees(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trees:
    repo = repository(tmp_path_factory.mktemp("trees") / "repo", request.param)
    return trees_on(repo, request.param)


def _by_git(trees: Trees, entries: dict[str, Entry]) -> str:
    lines = b"".join(
        f"{e.mode} {e.oid}\t".encode() + p.encode("utf-8", "surrogateescape") + b"\0" for p, e in entries.items()
    )
    (trees.git.git_dir / "index").unlink(missing_ok=True)
    trees.git.run("-c", "core.protectNTFS=false", "update-index", "-z", "--index-info", stdin=lines)
    return trees.git.run("write-tree").decode().strip()


@settings(max_examples=60, deadline=None)
@given(random_files)
def test_a_tree_has_the_id_that_git_gives_it(trees: Trees, files: Files) -> None:
    entries = put(trees, files)
    assert trees.write(entries) == _by_git(trees, entries)


@settings(max_examples=40, deadline=None)
@given(random_files)
def test_what_was_written_is_read_back_by_a_stranger(trees: Trees, files: Files) -> None:
    tree = trees.write(put(trees, files))
    again = Trees(trees.git, trees.objects.folder, trees.algorithm)
    assert {p: (e.mode, again.blob(e.oid)) for p, e in again.entries(tree).items()} == dict(files)


@settings(max_examples=30, deadline=None)
@given(random_files, random_files)
def test_a_patch_turns_one_tree_into_the_other(
    trees: Trees, tmp_path_factory: pytest.TempPathFactory, before: Files, after: Files
) -> None:
    # An empty file in a folder whose name ends with a blank: git can not apply what it says of it itself.
    assume(not any(" /" in path and not data for files in (before, after) for path, (_, data) in files.items()))
    old, new = trees.write(put(trees, before)), trees.write(put(trees, after))
    (trees.git.git_dir / "index").unlink(missing_ok=True)
    trees.git.run("-c", "core.protectNTFS=false", "read-tree", old)
    patch = trees.patch(old, new)
    if patch:
        trees.git.run("-c", "core.protectNTFS=false", "apply", "--cached", "--whitespace=nowarn", stdin=patch)
    assert trees.git.run("write-tree").decode().strip() == new


@settings(max_examples=40, deadline=None)
@given(random_files, random_files)
def test_a_diff_is_all_it_takes_to_get_from_one_tree_to_the_other(trees: Trees, before: Files, after: Files) -> None:
    old, new = trees.write(put(trees, before)), trees.write(put(trees, after))
    changes = trees.diff(old, new)
    assert trees.edit(old, {c.path: c.after for c in changes}) == new
    assert trees.diff(new, old) == tuple(Change(p, a, b) for p, b, a in changes)


def test_the_repository_s_own_files_are_read_and_never_written(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    (repo / "a.txt").write_text("one\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "first")
    head = git(repo, "rev-parse", "HEAD").decode().strip()
    before = on_disk(repo / ".git")
    trees = trees_on(repo)
    tree = trees.tree_of(head)
    assert trees.blob(trees.entries(tree)["a.txt"].oid) == b"one\n"
    trees.edit(tree, {"b.txt": Entry("100644", trees.put(b"two\n"))})
    assert on_disk(repo / ".git") == before


def test_what_the_repository_has_is_not_stored_again(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    (repo / "a.txt").write_text("one\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "first")
    trees = trees_on(repo)
    trees.write({"a.txt": Entry("100644", trees.put(b"one\n"))})
    assert not [p for p in trees.objects.folder.rglob("*") if p.is_file()]


def test_packed_objects_are_found(tmp_path: Path) -> None:
    repo = repository(tmp_path / "repo")
    (repo / "a.txt").write_text("one\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "first")
    git(repo, "gc", "-q")
    trees = trees_on(repo)
    tree = trees.tree_of(git(repo, "rev-parse", "HEAD").decode().strip())
    assert list(trees.entries(tree)) == ["a.txt"]


def test_a_submodule_stays_what_it_is(trees: Trees) -> None:
    link = Entry("160000", "1" * len(trees.put(b"")))
    entries = {"sub": link, "a": Entry("100644", trees.put(b"x"))}
    tree = trees.write(entries)
    assert tree == _by_git(trees, entries)
    assert trees.entries(tree)["sub"] == link


@pytest.mark.parametrize(
    "name",
    [
        ".git",
        ".GIT/config",
        "a/.git/hooks/x",
        "git~1",
        ".g\u200cit",
        ".git. ",
        "..",
        "a//b",
        "./a",
        "",
        ".git\\x",
        "a\\.GIT",
    ],
)
def test_a_name_that_no_checkout_may_create_is_refused(trees: Trees, name: str) -> None:
    with pytest.raises(TreeRefused):
        trees.write({name: Entry("100644", trees.put(b"x"))})


_ODD = [".git\\x", "a\\git~1 .", ".gitmodules", ".GITmodules .", "a\\.gitmodules", ".gitmodules:x", ".gitmodulesx"]
_ODD += ["gitmod~1", "gitmod~5", "gi7eba~1", "gi7eba~0", "gi7eb~12", "gi7eba~12", "~1234567", ".gitignore", "a\\b"]


@pytest.mark.parametrize("name", _ODD)
@pytest.mark.parametrize("mode", ["100644", "120000"])
def test_an_odd_name_is_refused_exactly_where_git_refuses_it(
    trees: Trees, tmp_path: Path, name: str, mode: str
) -> None:
    repo = repository(tmp_path / "repo")
    git(repo, "config", "core.protectNTFS", "true")
    oid = trees.put(b"x")
    listed = f"{mode},{'1' * 40},{name}"
    added = ["git", "-C", str(repo), "update-index", "--info-only", "--add", "--cacheinfo", listed]
    taken = subprocess.run(added, check=False, capture_output=True).returncode == 0
    try:
        trees.write({name: Entry(mode, oid)})
    except TreeRefused:
        assert not taken
    else:
        assert taken


@pytest.mark.parametrize("paths", [("a", "a/b"), ("a/b", "a"), ("a/b", "a/b/c/d")])
def test_a_file_is_never_also_a_folder(trees: Trees, paths: tuple[str, ...]) -> None:
    with pytest.raises(TreeRefused):
        trees.write({path: Entry("100644", trees.put(b"x")) for path in paths})


@pytest.mark.parametrize("name", [b"..", b".git", b"a/b", b".GiT"])
def test_a_hostile_tree_of_the_repository_is_refused_when_read(trees: Trees, name: bytes) -> None:
    oid = bytes.fromhex(trees.put(b"x"))
    tree = trees.keep("tree", b"100644 " + name + b"\0" + oid)
    with pytest.raises(TreeRefused):
        trees.entries(tree)


def test_two_entries_of_one_name_are_refused_when_read(trees: Trees) -> None:
    oid = bytes.fromhex(trees.put(b"x"))
    tree = trees.keep("tree", b"100644 a\0" + oid + b"120000 a\0" + oid)
    with pytest.raises(TreeRefused):
        trees.entries(tree)


def test_a_missing_object_is_said_to_be_missing(trees: Trees) -> None:
    with pytest.raises(ObjectMissing, match="not in the repository"):
        trees.blob("0" * len(trees.put(b"")))


def test_a_tree_is_no_blob(trees: Trees) -> None:
    with pytest.raises(GitFailed, match="is a tree, not a blob"):
        trees.blob(trees.write({}))


def test_a_tree_too_deep_to_walk_is_refused(trees: Trees) -> None:
    tree = trees.write({"f": Entry("100644", trees.put(b"x"))})
    with pytest.raises(TreeRefused, match="deep"):
        trees.write({"d/" * 3000 + "f": Entry("100644", trees.put(b"x"))})
    for _ in range(3000):
        tree = trees.keep("tree", b"40000 d\0" + bytes.fromhex(tree))
    with pytest.raises(TreeRefused, match="deep"):
        trees.entries(tree)
