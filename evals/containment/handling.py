"""All that we do with a repository we are given, in one go: look at it, copy it, compare, publish, clone."""

from __future__ import annotations

from datetime import UTC, datetime

from evals.containment.host import Host
from forge.clone import clone_branch
from forge.publish import Publication, Step, publish
from forge.repository import open_repository
from sandbox.tree import open_trees
from sandbox.workspace import Workspace

_WHEN = datetime(2026, 3, 1, tzinfo=UTC)


def handled(host: Host) -> str:
    """The paths that differ, and the branch that was made. Raises GitFailed, TreeRefused."""
    repository = open_repository(host.workspace)
    state = host.folder / "state"
    trees = open_trees(state / "git", repository.objects, repository.algorithm)
    base = trees.tree_of(repository.head)
    copy = Workspace(trees, host.folder / "copy")
    copy.restore(base)
    (copy.folder / "made.py").write_text("MADE = 1\n")
    result = copy.snapshot()
    work = Publication(
        item="it",
        run="it-1",
        base=repository.head,
        base_tree=base,
        steps=(Step(result, "feat: make it"),),
        title="feat: make it",
        body="It is made.",
        patch=trees.patch(base, result),
        evidence=b"{}",
        at=_WHEN,
    )
    published = publish(repository, state, work)
    clone_branch(repository, published.branch, host.folder / "clone.git").git.close()
    for name in repository.git.run("for-each-ref", "--format=%(refname)").decode().split():
        repository.commit(name)
    trees.git.close()
    return " ".join((*repository.dirty(), published.branch))
