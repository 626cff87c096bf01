"""Files are read and searched as they were committed, whatever lies in the work tree and the configuration."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from forge.checkout import FEW, Checkout
from forge.repository import open_repository
from sandbox.git import GitFailed
from sandbox.tree import open_trees

GitAt = Callable[..., str]
WORDS = ("TODO", "FIXME")


@pytest.fixture
def look(root: Path, tmp_path: Path) -> Callable[[], Checkout]:
    """The checkout of HEAD as it is now."""

    def opened() -> Checkout:
        repository = open_repository(root)
        trees = open_trees(tmp_path / "state", repository.objects, repository.algorithm)
        return Checkout(repository, trees, trees.tree_of(repository.head))

    return opened


def held(checkout: Checkout) -> dict[str, set[str]]:
    return {path: set(words) for path, words in dict(checkout.holding(WORDS)).items() if words}


def commit(root: Path, git: GitAt, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    git(root, "add", "-Af")
    git(root, "commit", "-qm", "files")


FILES = {
    "one.py": b"# TODO: a\n",
    "two.py": b"# FIXME and TODO\n",
    "part.py": b"TODOS MYTODO TODO_LIST\n",
    "no end": b"TODO",
    "crlf.txt": b"a\r\nTODO\r\n",
    "latin.txt": b"gr\xfc\xdfe TODO\n",
    "utf16le.txt": "TODO\n".encode("utf-16"),
    "utf16be.txt": b"\xfe\xff" + "TODO\n".encode("utf-16-be"),
    "binary": b"\0\1 TODO\n",
    "empty": b"",
    "new\nline.txt": b"TODO\n",
    "long.txt": b"x" * 1_000_000 + b" TODO " + b"y" * 1_000_000,
}
FOUND = {
    "one.py": {"TODO"}, "two.py": {"FIXME", "TODO"}, "no end": {"TODO"}, "crlf.txt": {"TODO"}, "latin.txt": {"TODO"},
    "utf16le.txt": {"TODO", "FIXME"}, "utf16be.txt": {"TODO", "FIXME"}, "binary": {"TODO"}, "new\nline.txt": {"TODO"},
    "long.txt": {"TODO"},
}  # fmt: skip


def test_every_kind_of_file_is_searched(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    commit(root, git, FILES)
    assert held(look()) == FOUND


def test_a_name_that_is_not_utf_8_is_found(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    (root / os.fsdecode(b"n\xff.txt")).write_bytes(b"TODO\n")
    commit(root, git, {})
    assert held(look()) == {"n\udcff.txt": {"TODO"}}


def test_the_committed_tree_is_searched_when_there_is_no_index(
    root: Path, git: GitAt, look: Callable[[], Checkout]
) -> None:
    commit(root, git, FILES | {f"many/{n}": b"x\n" for n in range(FEW)})
    (root / ".git" / "index").unlink()
    assert held(look()) == FOUND


def test_links_and_submodules_are_not_looked_into(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    inner = root / "inner"
    git(root, "init", "-q", str(inner))
    commit(inner, git, {"a.py": b"# TODO\n"})
    (root / "TODO link").symlink_to("inner/a.py")
    git(root, "-c", "advice.addEmbeddedRepo=false", "add", "-A")
    git(root, "commit", "-qm", "links")
    assert held(look()) == {}


def piped(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b"# nothing\n"),
        lambda file: file.write_bytes(b"# XXXX: a\n"),
        lambda file: file.unlink(),
        lambda file: (file.unlink(), file.symlink_to("/etc/passwd")),
        lambda file: (file.unlink(), file.mkdir()),
        piped,
        lambda file: file.chmod(0),
    ],
    ids=["changed", "of the same length", "gone", "a link", "a folder", "a pipe", "forbidden"],
)
@pytest.mark.timeout(20)
def test_what_was_done_in_the_work_tree_changes_nothing(
    root: Path, git: GitAt, look: Callable[[], Checkout], spoil: Callable[[Path], object]
) -> None:
    commit(root, git, FILES)
    spoil(root / "one.py")
    (root / "part.py").write_bytes(b"TODO\n")
    (root / "untracked.py").write_bytes(b"# TODO\n")
    checkout = look()
    assert held(checkout) == FOUND
    assert checkout.read("one.py") == FILES["one.py"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_files_that_git_does_not_look_at_are_searched_as_committed(
    root: Path, git: GitAt, look: Callable[[], Checkout], flag: str
) -> None:
    commit(root, git, FILES)
    git(root, "update-index", flag, "one.py", "part.py")
    (root / "one.py").write_bytes(b"# XXXX: a\n")
    (root / "part.py").write_bytes(b"TODO\n")
    assert held(look()) == FOUND


def test_what_is_staged_is_not_the_base(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    commit(root, git, FILES)
    (root / "one.py").write_bytes(b"# nothing\n")
    git(root, "add", "one.py")
    git(root, "rm", "-q", "--cached", "two.py")
    assert held(look()) == FOUND


class TestRewritten:
    """Files that a filter changed as they were checked out: git calls them clean."""

    def filtered(self, root: Path, git: GitAt, attributes: Path) -> None:
        commit(root, git, {"kept.py": b"# TODO: a\n", "other.py": b"x\n"})
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("kept.py filter=hide\n")
        git(root, "config", "filter.hide.smudge", "sed s/TODO/XXXX/")
        git(root, "config", "filter.hide.clean", "sed s/XXXX/TODO/")
        (root / "kept.py").unlink()
        git(root, "checkout", "-q", "--", "kept.py")
        # As old as any file: git then trusts what it wrote down of it and does not compare the contents.
        os.utime(root / "kept.py", (1_000_000_000, 1_000_000_000))
        git(root, "update-index", "--refresh")
        assert (root / "kept.py").read_bytes() == b"# XXXX: a\n"

    @pytest.mark.parametrize("where", [".gitattributes", ".git/info/attributes"])
    def test_a_filter_of_the_same_length_is_seen_through(
        self, root: Path, git: GitAt, look: Callable[[], Checkout], where: str
    ) -> None:
        self.filtered(root, git, root / where)
        if where == ".gitattributes":
            git(root, "add", ".gitattributes")
            git(root, "commit", "-qm", "attributes")
        assert held(look()) == {"kept.py": {"TODO"}}

    def test_other_line_ends_are_seen_through(self, root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
        commit(root, git, {".gitattributes": b"* text eol=crlf\n", "a.py": b"x\n# TODO: a\n", "b.py": b"x\ny\n"})
        for name in ("a.py", "b.py"):
            (root / name).unlink()
        git(root, "checkout", "-q", "--", ".")
        assert b"\r\n" in (root / "a.py").read_bytes()
        checkout = look()
        assert held(checkout) == {"a.py": {"TODO"}}
        assert checkout.read("a.py") == b"x\n# TODO: a\n"


def test_nothing_of_the_repositorys_configuration_runs(
    root: Path, git: GitAt, look: Callable[[], Checkout], tmp_path: Path
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/trapped'\ncat\n")
    trap.chmod(0o755)
    commit(root, git, {**FILES, ".gitattributes": b"* filter=t diff=t\n"})
    (root / "two.py").write_bytes(b"changed\n")
    keys = "core.fsmonitor filter.t.clean filter.t.smudge filter.t.process diff.t.textconv diff.t.command diff.external"
    for key in (*keys.split(), "core.pager", "core.alternateRefsCommand"):
        git(root, "config", key, str(trap))
    checkout = look()
    assert held(checkout) == FOUND
    assert [checkout.read(path) for path in FILES] == list(FILES.values())
    assert not (tmp_path / "trapped").exists()


def test_a_lost_object_is_one_file_that_may_hold_all_words(
    root: Path, git: GitAt, look: Callable[[], Checkout]
) -> None:
    commit(root, git, FILES)
    lost = git(root, "hash-object", "two.py")
    (root / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    (root / "two.py").write_bytes(b"changed\n")
    checkout = look()
    assert held(checkout) == FOUND
    with pytest.raises(GitFailed, match="not in the repository"):
        checkout.read("two.py")


def test_searching_changes_nothing_in_the_repository(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    commit(root, git, FILES)
    (root / "one.py").write_bytes(b"x\n")
    before = {p: (p.lstat().st_mtime_ns, p.read_bytes()) for p in root.rglob("*") if p.is_file()}
    held(look())
    assert {p: (p.lstat().st_mtime_ns, p.read_bytes()) for p in root.rglob("*") if p.is_file()} == before


def test_a_repository_without_files_holds_nothing(root: Path, git: GitAt, look: Callable[[], Checkout]) -> None:
    git(root, "rm", "-rq", ".")
    git(root, "commit", "-qm", "empty")
    assert held(look()) == {}


def test_a_sha256_repository_is_searched(tmp_path: Path, git: GitAt) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256", "r")
    commit(tmp_path / "r", git, FILES)
    repository = open_repository(tmp_path / "r")
    trees = open_trees(tmp_path / "state", repository.objects, repository.algorithm)
    assert held(Checkout(repository, trees, trees.tree_of(repository.head))) == FOUND
