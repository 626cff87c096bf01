"""One byte of anything that was handed over is changed: verify refuses, without running anything."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.handed import Asked, Papers, from_branch, from_files, from_folder
from app.papers import read, stated
from app.verify import verify
from evidence.statement import Statement
from forge.clone import Clone, clone_base, clone_branch
from forge.commit import Author, commit
from forge.refs import NOTES, add_note
from sandbox.sign import NAMESPACE, Signer, canonical, check_signature
from sandbox.tree import Entry, Trees
from tests.app.finished import AT, TEST, Finished, finished, git

needs_keygen = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")


@pytest.fixture
def work(tmp_path: Path) -> Finished:
    return finished(tmp_path / "repository")


@pytest.fixture
def bundle(work: Finished, tmp_path: Path) -> Path:
    """The pull request's folder, as it is sent to somebody else."""
    return shutil.copytree(work.published.folder, tmp_path / "sent")


def flipped(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ rng.randrange(1, 256)]) + data[at + 1 :]


def unnoticed(file: Path, times: int, seed: int, exit_code: Callable[[], int]) -> list[tuple[int, int]]:
    """Flip one byte `times` times; what was not refused, as (position, new byte). The file is as before at the end."""
    good, rng = file.read_bytes(), random.Random(seed)
    missed = []
    for _ in range(times):
        bad = flipped(good, rng)
        file.write_bytes(bad)
        if exit_code() != 4:
            missed += [(at, new) for at, (old, new) in enumerate(zip(good, bad, strict=True)) if old != new]
    file.write_bytes(good)
    return missed


def looked(work: Finished, papers: Papers, clone: Clone) -> list[bool]:
    said = stated(papers)
    assert isinstance(said, Statement), said
    with closing(clone.git):
        trees = Trees(clone.git, clone.folder / "objects", work.house.repository.algorithm)
        return [seen.ok for seen in read(papers, said, clone, trees).seen]


def test_what_was_not_changed_is_in_order_in_every_form(work: Finished, bundle: Path, tmp_path: Path) -> None:
    house = work.house
    branch = clone_branch(house.repository, work.published.branch, tmp_path / "1")
    assert looked(work, from_branch(house, branch, Asked()), branch) == [True] * 3
    base = clone_base(house.repository, work.statement.base, tmp_path / "2")
    assert looked(work, from_folder(bundle, Asked()), base) == [True] * 3
    files = Asked(patch=bundle / "change.patch", evidence=bundle / "evidence.json", record=bundle / "record")
    base = clone_base(house.repository, work.statement.base, tmp_path / "3")
    assert looked(work, from_files(files), base) == [True] * 3


@pytest.mark.parametrize("name", ["change.patch", "evidence.json"])
def test_no_flipped_byte_of_patch_or_evidence_goes_unnoticed(work: Finished, bundle: Path, name: str) -> None:
    asked = Asked(patch=bundle / "change.patch", evidence=bundle / "evidence.json")
    assert unnoticed(bundle / name, 200, 1, lambda: verify(work.call, asked).exit_code) == []


@pytest.mark.parametrize("name", ["pull.json", "body.md", "change.patch", "evidence.json"])
def test_no_flipped_byte_of_a_pull_request_goes_unnoticed(work: Finished, bundle: Path, name: str) -> None:
    assert unnoticed(bundle / name, 60, 2, lambda: verify(work.call, Asked(str(bundle))).exit_code) == []


def test_no_flipped_byte_of_the_record_goes_unnoticed(work: Finished, bundle: Path) -> None:
    files = [bundle / "record" / "events.jsonl", *sorted((bundle / "record" / "blobs").iterdir())]
    assert len(files) == 3
    for file in files:
        assert unnoticed(file, 40, 3, lambda: verify(work.call, Asked(str(bundle))).exit_code) == []


def test_a_flipped_byte_in_the_run_s_own_record_refuses_the_branch(work: Finished) -> None:
    file, branch = work.run / "events.jsonl", work.published.branch
    named = len(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    good, rng = file.read_bytes(), random.Random(4)
    for _ in range(15):
        file.write_bytes(flipped(good[:named], rng) + good[named:])
        answer = verify(work.call, Asked(branch))
        assert (answer.exit_code, answer.result["record"]) == (4, "differs")


def test_no_flipped_byte_of_a_test_in_the_branch_goes_unnoticed(work: Finished, tmp_path: Path) -> None:
    """The commit is amended, and the evidence attached to the new one."""
    house, root, rng = work.house, work.house.repository.root, random.Random(5)
    author, trees = Author("Lamplighter", "lamplighter@localhost", AT), house.trees
    message = git(root, "log", "-1", "--format=%B", work.published.head)
    parent = git(root, "rev-parse", f"{work.published.head}^")
    for number in range(100):
        blob = trees.put(flipped(TEST, rng))
        tree = trees.edit(work.statement.result_tree, {"tests/test_calc.py": Entry("100644", blob)})
        clone = Clone(trees.git, house.state / "git", commit(trees, tree, (parent,), author, message))
        papers = Papers(evidence=work.statement.encode())
        seen = read(papers, work.statement, clone, trees).seen
        assert [(s.name, s.ok) for s in seen] == [("evidence", True), ("history", False)], number


def test_a_changed_test_commit_under_the_same_result_is_noticed(work: Finished) -> None:
    house, trees = work.house, work.house.trees
    author = Author("Lamplighter", "lamplighter@localhost", AT)
    other = trees.edit(work.statement.red_tree, {"tests/test_calc.py": Entry("100644", trees.put(b"assert 0\n"))})
    red = commit(trees, other, (house.base,), author, "test: other")
    message = git(house.repository.root, "log", "-1", "--format=%B", work.published.head)
    head = commit(trees, work.statement.result_tree, (red,), author, message)
    (_, history) = read(
        Papers(evidence=work.statement.encode()), work.statement, Clone(trees.git, house.state / "git", head), trees
    ).seen
    assert history.detail == "no commit of the branch holds the stated red tree"


def test_a_flipped_byte_in_the_attached_evidence_is_noticed(work: Finished) -> None:
    house, rng = work.house, random.Random(6)
    author = Author("Lamplighter", "lamplighter@localhost", AT)
    for _ in range(15):
        bad = flipped(work.statement.encode(), rng)
        add_note(house.repository.git, house.trees, work.published.head, bad, author, NOTES)
        answer = verify(work.call, Asked(work.published.branch))
        assert (answer.exit_code, answer.result["reasons"][0]["code"]) == (4, "evidence")


@needs_keygen
def test_no_flipped_byte_of_a_signature_goes_unnoticed(tmp_path: Path, ssh_key: Path) -> None:
    signature, rng = Signer(ssh_key).sign(b"evidence", NAMESPACE), random.Random(7)
    assert check_signature(b"evidence", signature, NAMESPACE).status == "unknown_signer"
    bad = [flipped(signature, rng) for _ in range(300)]
    assert sum(map(canonical, bad)) < 300, "some do not even look like one"
    assert {check_signature(b"evidence", one, NAMESPACE).status for one in bad} == {"bad"}
