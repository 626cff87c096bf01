"""The patch file: git takes it, and applying it needs no work tree."""

from __future__ import annotations

from pathlib import Path

import pytest

from forge import letter
from forge.apply import PatchRefused, applied
from forge.clone import BaseUnknown, clone_base
from forge.publish import publish
from sandbox.tree import Trees
from tests.forge.conftest import GitAt


def test_git_am_takes_the_patch_file(desk, root: Path, git: GitAt) -> None:
    published = publish(desk.repository, desk.state, desk.plan)
    git(root, "am", "-q", str(published.folder / "change.patch"))
    assert git(root, "rev-parse", "HEAD^{tree}") == git(root, "rev-parse", f"{published.head}^{{tree}}")
    assert letter.digest(desk.plan.evidence) in git(root, "log", "-1", "--format=%B")


def test_a_patch_makes_the_same_tree_in_a_clean_clone_of_its_base(desk, tmp_path: Path) -> None:
    clone = clone_base(desk.repository, desk.plan.base, tmp_path / "clone.git")
    trees = Trees(clone.git, clone.folder / "objects", desk.repository.algorithm)
    made = applied(trees, desk.plan.base_tree, desk.plan.patch)
    assert made == desk.plan.steps[-1].tree
    assert trees.patch(desk.plan.base_tree, made) == desk.plan.patch
    assert applied(trees, desk.plan.base_tree, b"") == desk.plan.base_tree


@pytest.mark.parametrize("path", ["../out", ".git/config", "/etc/passwd", "pkg/../../out"])
def test_a_patch_can_not_leave_the_tree(desk, tmp_path: Path, path: str) -> None:
    diff = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
    with pytest.raises(PatchRefused):
        applied(desk.trees, desk.plan.base_tree, diff.encode())


def test_the_base_comes_without_its_history_also_from_a_shallow_clone(
    desk, root: Path, git: GitAt, tmp_path: Path
) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", "second")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{root}", "shallow")
    from forge.repository import open_repository

    shallow = open_repository(tmp_path / "shallow")
    clone = clone_base(shallow, shallow.head, tmp_path / "clone.git")
    assert clone.first_parents() == [shallow.head]
    with pytest.raises(BaseUnknown, match="fetch it"):
        clone_base(shallow, desk.plan.base, tmp_path / "other.git")


def test_a_signature_is_attached_to_the_same_commit(desk, root: Path, git: GitAt) -> None:
    published = publish(desk.repository, desk.state, desk.plan, lambda evidence: b"signed %d" % len(evidence))
    signature = f"signed {len(desk.plan.evidence)}"
    assert git(root, "notes", "--ref=lamplighter-signature", "show", published.head) == signature
    assert (published.folder / "evidence.json.sig").read_text() == signature
