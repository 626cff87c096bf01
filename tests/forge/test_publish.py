"""Publishing is done once, is done whole, and touches nothing else of the user's repository."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from forge.commit import PublishRefused, Step
from forge.publish import Publication, Published, publish
from forge.pulls import PullInvalid, opened_on, pulls
from forge.repository import open_repository
from sandbox.git import GitFailed
from sandbox.tree import Entry, open_trees

GitAt = Callable[..., str]
OURS = ("objects", "refs/heads/lamplighter", "refs/notes", "logs/refs/heads/lamplighter", "logs/refs/notes")


def _published(desk) -> Published:
    return publish(desk.repository, desk.state, desk.plan)


def _everything(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file of the repository besides those that publishing is for."""
    found = {}
    for where, folders, files in os.walk(root):
        folders[:] = [f for f in folders if not os.path.relpath(os.path.join(where, f), root / ".git").startswith(OURS)]
        for name in files:
            path = Path(where, name)
            found[str(path.relative_to(root))] = (path.stat().st_mode, path.read_bytes())
    return found


def _whole(git: GitAt, root: Path, state: Path) -> object:
    """All that publishing left: refs, reflogs apart, and the records."""
    records = {str(p.relative_to(state)): p.read_bytes() for p in (state / "pulls").rglob("*") if p.is_file()}
    return git(root, "for-each-ref"), git(root, "notes", "--ref=lamplighter", "list"), records


def test_the_steps_become_commits_on_a_branch_of_their_own(desk, root: Path, git: GitAt) -> None:
    published = _published(desk)
    assert published.branch == "lamplighter/fix-a"
    assert git(root, "log", "--format=%s", "main..lamplighter/fix-a").splitlines() == [
        "docs: say so", "fix(core): make a 2", "test: a is 2",
    ]  # fmt: skip
    assert git(root, "show", "lamplighter/fix-a:a.py") == "a = 2"
    git(root, "fsck", "--full", "--strict")


def test_the_head_names_the_evidence_that_is_attached_to_it(desk, root: Path, git: GitAt) -> None:
    published = _published(desk)
    digest = hashlib.sha256(desk.plan.evidence).hexdigest()
    assert published.evidence_sha256 == digest
    trailer = git(root, "log", "-1", "--format=%(trailers:key=Lamplighter-Evidence,valueonly)", published.head)
    assert trailer == f"sha256:{digest}"
    note = git(root, "notes", "--ref=lamplighter", "list", published.head)
    assert desk.trees.git.run("cat-file", "blob", note) == desk.plan.evidence


def test_the_record_holds_all_that_belongs_to_the_pull_request(desk) -> None:
    published = _published(desk)
    found = {p.name: p.read_bytes() for p in published.folder.iterdir()}
    assert found.keys() == {"pull.json", "body.md", "change.patch", "evidence.json"}
    assert found["change.patch"].endswith(b"\n---\n" + desk.plan.patch)
    assert found["evidence.json"] == desk.plan.evidence
    (pull,) = pulls(desk.state)
    assert (pull.branch, pull.head, pull.state) == (published.branch, published.head, "open")


def test_the_patch_of_the_record_applies_to_the_base(desk, root: Path, git: GitAt) -> None:
    published = _published(desk)
    git(root, "apply", "--index", str(published.folder / "change.patch"))
    assert git(root, "write-tree") == git(root, "rev-parse", f"{published.head}^{{tree}}")


def test_the_same_work_gets_the_same_ids_everywhere(desk, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "other", symlinks=True)
    shutil.copytree(desk.state, tmp_path / "state2")
    one = _published(desk)
    other = publish(open_repository(tmp_path / "other"), tmp_path / "state2", desk.plan)
    assert one.head == other.head


def test_nothing_else_of_the_repository_is_touched(desk, root: Path, git: GitAt) -> None:
    (root / "a.py").write_text("staged\n")
    git(root, "add", "a.py")
    (root / "a.py").write_text("unstaged\n")
    (root / "untracked").write_text("mine\n")
    (root / "pkg" / "b.py").write_text("stash me\n")
    git(root, "stash", "push", "-q", "pkg/b.py")
    git(root, "config", "user.name", "Somebody")
    git(root, "tag", "v1")
    git(root, "pack-refs", "--all")
    before = _everything(root)
    _published(desk)
    assert _everything(root) == before


def test_no_hook_of_the_user_runs(desk, root: Path) -> None:
    for name in ("pre-commit", "post-commit", "reference-transaction", "commit-msg", "update", "post-update"):
        hook = root / ".git" / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch '{root}/trapped'\nexit 1\n")
        hook.chmod(0o755)
    _published(desk)
    assert not (root / "trapped").exists()


def test_publishing_again_changes_nothing(desk, root: Path, git: GitAt) -> None:
    first = _published(desk)
    before = _whole(git, root, desk.state)
    assert _published(desk) == first
    assert _whole(git, root, desk.state) == before


def test_a_branch_that_was_deleted_after_publishing_does_not_come_back(desk, root: Path, git: GitAt) -> None:
    first = _published(desk)
    git(root, "branch", "-qD", first.branch)
    assert _published(desk) == first
    assert git(root, "branch", "--list", "lamplighter/*") == ""


def _undo_record(git: GitAt, root: Path, state: Path) -> None:
    shutil.rmtree(state / "pulls")


def _half_record(git: GitAt, root: Path, state: Path) -> None:
    (folder,) = (state / "pulls").iterdir()
    (folder / "body.md").unlink()
    folder.rename(folder.with_name(f".{folder.name}.new"))


def _undo_note(git: GitAt, root: Path, state: Path) -> None:
    _undo_record(git, root, state)
    git(root, "update-ref", "-d", "refs/notes/lamplighter")


def _undo_branch(git: GitAt, root: Path, state: Path) -> None:
    _undo_note(git, root, state)
    git(root, "update-ref", "-d", "refs/heads/lamplighter/fix-a")


def _undo_objects(git: GitAt, root: Path, state: Path) -> None:
    _undo_branch(git, root, state)
    git(root, "prune", "--expire=now")


def _half_of_the_objects(git: GitAt, root: Path, state: Path) -> None:
    head = git(root, "rev-parse", "lamplighter/fix-a")
    missing = git(root, "rev-parse", f"{head}:a.py")
    _undo_branch(git, root, state)
    (root / ".git" / "objects" / missing[:2] / missing[2:]).unlink()


CRASHES = (_undo_record, _half_record, _undo_note, _undo_branch, _undo_objects, _half_of_the_objects)


@pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: crash.__name__.strip("_"))
def test_a_crash_in_between_leaves_one_branch_one_note_one_record(
    desk, root: Path, git: GitAt, crash: Callable[[GitAt, Path, Path], None]
) -> None:
    first = _published(desk)
    whole = _whole(git, root, desk.state)
    crash(git, root, desk.state)
    assert _published(desk) == first
    assert _whole(git, root, desk.state) == whole
    git(root, "fsck", "--full", "--strict")


def test_another_work_of_that_name_keeps_its_branch(desk, root: Path, git: GitAt) -> None:
    git(root, "branch", "lamplighter/fix-a", "main")
    main = git(root, "rev-parse", "main")
    assert _published(desk).branch == "lamplighter/fix-a-2"
    assert git(root, "rev-parse", "lamplighter/fix-a") == main


def test_a_branch_that_a_person_went_on_with_is_still_this_work_s(desk, root: Path, git: GitAt) -> None:
    head = _published(desk).head
    _undo_record(git, root, desk.state)
    git(
        root,
        "update-ref",
        "refs/heads/lamplighter/fix-a",
        git(root, "commit-tree", "-p", head, "-m", "more", f"{head}^{{tree}}"),
    )
    assert _published(desk).branch == "lamplighter/fix-a"


def test_a_branch_in_the_way_is_named(desk, root: Path, git: GitAt) -> None:
    git(root, "branch", "lamplighter")
    with pytest.raises(GitFailed, match="'refs/heads/lamplighter' exists"):
        _published(desk)


def test_notes_of_others_stay(desk, root: Path, git: GitAt) -> None:
    git(root, "notes", "--ref=lamplighter", "add", "-m", "by hand", "main")
    head = _published(desk).head
    assert git(root, "notes", "--ref=lamplighter", "show", "main") == "by hand"
    assert git(root, "notes", "--ref=lamplighter", "show", head) == desk.plan.evidence.decode().strip()


def test_two_works_live_side_by_side(desk, root: Path, git: GitAt) -> None:
    first = _published(desk)
    other = replace(desk.plan, item="fix-b", run="r2", evidence=b"{}")
    second = publish(desk.repository, desk.state, other)
    assert len(git(root, "notes", "--ref=lamplighter", "list").splitlines()) == 2
    assert {p.branch for p in pulls(desk.state)} == {first.branch, second.branch}


def test_works_published_at_once_do_not_lose_each_other_s_notes(desk, root: Path, git: GitAt) -> None:
    plans = [replace(desk.plan, item=f"fix-{n}", evidence=b"%d" % n) for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda plan: publish(desk.repository, desk.state, plan), plans))
    assert {p.branch for p in done} == {f"lamplighter/fix-{n}" for n in range(4)}
    assert len(git(root, "notes", "--ref=lamplighter", "list").splitlines()) == 4


def test_a_record_of_another_publication_is_not_taken_for_this_one(desk) -> None:
    _published(desk)
    with pytest.raises(PublishRefused, match="another publication"):
        publish(desk.repository, desk.state, replace(desk.plan, key="other"))


@pytest.mark.parametrize(
    "change",
    [
        {"item": "../x"},
        {"run": "a/b"},
        {"author_name": "A\nparent 0"},
        {"author_email": "<x>"},
        {"base": "0" * 40},
        {"base_tree": "0" * 40},
        {"at": datetime(2026, 3, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_plan_that_is_unfit_writes_nothing(desk, root: Path, git: GitAt, change: dict[str, object]) -> None:
    before = git(root, "count-objects"), git(root, "for-each-ref")
    with pytest.raises(PublishRefused):
        publish(desk.repository, desk.state, replace(desk.plan, **change))
    assert (git(root, "count-objects"), git(root, "for-each-ref")) == before
    assert not pulls(desk.state)


@pytest.mark.parametrize("subject", ["Fix it", "fix:it", "fix: " + "x" * 70, "fix: a\nb", "", "fix(): x", "fix: "])
def test_a_subject_must_be_a_conventional_one(desk, subject: str) -> None:
    with pytest.raises(PublishRefused):
        publish(desk.repository, desk.state, replace(desk.plan, steps=(Step(desk.plan.steps[0].tree, subject),)))


def test_work_that_changes_nothing_is_not_published(desk) -> None:
    with pytest.raises(PublishRefused, match="changes nothing"):
        publish(desk.repository, desk.state, replace(desk.plan, steps=(Step(desk.plan.base_tree, "fix: x"),)))


def test_the_daily_limit_counts_what_was_opened_that_day(desk) -> None:
    _published(desk)
    late = replace(desk.plan, item="late", run="r2", at=desk.plan.at + timedelta(days=1))
    publish(desk.repository, desk.state, late)
    assert [p.item for p in opened_on(desk.state, date(2026, 3, 1))] == ["fix-a"]
    assert [p.item for p in opened_on(desk.state, date(2026, 3, 2))] == ["late"]
    assert opened_on(desk.state, datetime(2026, 3, 3, tzinfo=UTC).date()) == ()


def test_a_record_that_was_tampered_with_is_told(desk) -> None:
    published = _published(desk)
    (published.folder / "pull.json").write_text("{}")
    with pytest.raises(PullInvalid, match=r"pull\.json: "):
        pulls(desk.state)


def test_a_worktree_publishes_into_the_shared_repository(desk, root: Path, git: GitAt, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    publish(open_repository(tmp_path / "linked"), desk.state, desk.plan)
    assert git(root, "rev-parse", "lamplighter/fix-a")


@pytest.mark.parametrize("kind", ["sha256", "shared", "shallow", "submodule"])
def test_unusual_repositories_are_published_into_as_well(root: Path, git: GitAt, tmp_path: Path, kind: str) -> None:
    repository = open_repository(_unusual(root, git, tmp_path, kind))
    state = tmp_path / "state"
    trees = open_trees(state / "git", repository.objects, repository.algorithm)
    base = trees.tree_of(repository.head)
    tree = trees.edit(base, {"new.py": Entry("100644", trees.put(b"new\n"))})
    plan = Publication(
        item="i", run="r", base=repository.head, base_tree=base, steps=(Step(tree, "feat: new"),), title="t",
        body="b", patch=b"", evidence=b"{}", at=datetime(2026, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    published = publish(repository, state, plan)
    assert git(repository.root, "show", f"{published.branch}:new.py") == "new"
    assert git(repository.root, "notes", "--ref=lamplighter", "show", published.head) == "{}"
    git(repository.root, "fsck", "--full", "--strict")


def _unusual(root: Path, git: GitAt, tmp_path: Path, kind: str) -> Path:
    made = tmp_path / "unusual"
    if kind == "sha256":
        git(tmp_path, "init", "-q", "--object-format=sha256", str(made))
        (made / "a").write_text("a")
        git(made, "add", "a")
        git(made, "commit", "-qm", "first")
    elif kind == "submodule":
        git(tmp_path, "init", "-q", "outer")
        allow = ("-c", "protocol.file.allow=always")
        git(tmp_path / "outer", *allow, "submodule", "--quiet", "add", str(root), "inner")
        return tmp_path / "outer" / "inner"
    else:
        how = ("--shared",) if kind == "shared" else ("--depth=1",)
        git(tmp_path, "clone", "-q", *how, f"file://{root}" if kind == "shallow" else str(root), str(made))
    return made
