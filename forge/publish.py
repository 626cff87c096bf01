"""Hand over finished work: commits on a branch of their own, the evidence as a note, a pull-request record.

Each step is the same when done again, so after a crash at any point the whole is simply done again.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from forge.commit import Author, PublishRefused, Step, check_subject, commit, message, steps_that_change
from forge.letter import TRAILER, digest, head
from forge.pulls import FOLDER, RECORD, Pull, read_pull
from forge.refs import SIGNATURES, add_note, create_branch, hand_over
from forge.repository import Repository
from sandbox.git import Git, GitFailed
from sandbox.tree import Trees, open_trees

__all__ = ["Author", "Publication", "PublishRefused", "Published", "Step", "publish"]

Sign = Callable[[bytes], bytes]
"""From the evidence its signature."""
PATCH, EVIDENCE, SIGNATURE, RUN = "change.patch", "evidence.json", "evidence.json.sig", "record"
"""Names in the folder of a pull request."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")


@dataclass(frozen=True)
class Publication:
    """All that is to be published, as values. Publishing equal values twice is publishing once."""

    item: str
    run: str
    base: str
    """The commit the work started from."""
    base_tree: str
    steps: tuple[Step, ...]
    """In order; a step that changes nothing becomes no commit."""
    title: str
    body: str
    """Markdown."""
    patch: bytes
    evidence: bytes
    """JSON."""
    at: datetime
    """Stands in the commits; aware."""
    author_name: str = "Lamplighter"
    author_email: str = "lamplighter@localhost"
    key: str = ""
    """Idempotency key: the same for every repetition, different for any other work. Empty: item and run."""
    record: Mapping[str, bytes] = field(default_factory=dict)
    """The run's record as far as the evidence names it: file name to content."""

    @property
    def author(self) -> Author:
        return Author(self.author_name, self.author_email, self.at)

    @property
    def identity(self) -> str:
        return self.key or f"{self.item}-{self.run}"


@dataclass(frozen=True)
class Published:
    branch: str
    head: str
    folder: Path
    """Of the pull-request record."""
    evidence_sha256: str
    """Hex digits."""


def publish(repository: Repository, state: Path, plan: Publication, sign: Sign | None = None) -> Published:
    """Put the work into the user's repository and record it below `state`; `state/git` has the objects.

    Besides new objects, the branch and the notes refs nothing of the repository changes. Raises PublishRefused
    before anything is written when the plan is unfit, GitFailed when git cannot write, and what `sign` raises.
    """
    _check(plan)
    folder = state / FOLDER / f"{plan.item}-{plan.run}"
    pull = _recorded(folder, plan)
    if pull is None:
        signature = sign(plan.evidence) if sign else None
        trees = open_trees(state / "git", repository.objects, repository.algorithm)
        try:
            pull = _enter(repository.git, trees, plan, signature)
        finally:
            trees.git.close()
        _record(folder, pull, plan, signature)
    return Published(pull.branch, pull.head, folder, pull.evidence.removeprefix("sha256:"))


def _enter(git: Git, trees: Trees, plan: Publication, signature: bytes | None) -> Pull:
    """Commits, branch and notes, each only if it is not there yet."""
    evidence = digest(plan.evidence)
    commits = _commits(trees, plan, evidence)
    tip = commits[-1]
    hand_over(git, trees, tip, [plan.base])
    branch = create_branch(git, plan.item, tip, plan.author)
    add_note(git, trees, tip, plan.evidence, plan.author)
    if signature:
        add_note(git, trees, tip, signature, plan.author, SIGNATURES)
    return Pull(
        item=plan.item, run=plan.run, key=plan.identity, title=plan.title, branch=branch, base=plan.base,
        head=tip, commits=commits, created=plan.at.astimezone(UTC), evidence=evidence,
    )  # fmt: skip


def _check(plan: Publication) -> None:
    for name in (plan.item, plan.run):
        if not _NAME.fullmatch(name):
            raise PublishRefused(f"{name!r} cannot name a branch or a record")
    for step in plan.steps:
        check_subject(step.subject)
    plan.author.line()


def _commits(trees: Trees, plan: Publication, evidence: str) -> tuple[str, ...]:
    try:
        base_tree = trees.tree_of(plan.base)
    except GitFailed:
        raise PublishRefused(f"{plan.item}: the base {plan.base} is no commit of this repository") from None
    if base_tree != plan.base_tree:
        raise PublishRefused(f"{plan.item}: the base {plan.base} does not have the tree {plan.base_tree}")
    steps = steps_that_change(base_tree, plan.steps)
    if not steps or steps[-1].tree == base_tree:
        raise PublishRefused(f"{plan.item}: the work changes nothing, so there is nothing to publish")
    commits: list[str] = []
    for step in steps:
        trailer = f"{TRAILER}: {evidence}" if step is steps[-1] else ""
        parent = commits[-1] if commits else plan.base
        commits.append(commit(trees, step.tree, (parent,), plan.author, message(step, trailer)))
    return tuple(commits)


def _recorded(folder: Path, plan: Publication) -> Pull | None:
    try:
        pull = read_pull(folder)
    except FileNotFoundError:
        return None
    if pull.key != plan.identity:
        raise PublishRefused(f"{folder} records another publication; give this one a run of its own")
    return pull


def _record(folder: Path, pull: Pull, plan: Publication, signature: bytes | None) -> None:
    """Write the folder whole or not at all."""
    files = {
        "body.md": plan.body.encode("utf-8", "surrogateescape"),
        PATCH: head(plan.item, plan.base, pull.evidence) + plan.patch,
        EVIDENCE: plan.evidence,
    }
    if signature:
        files[SIGNATURE] = signature
    files[RECORD] = pull.sealed(files).encode()
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for name, data in (files | {f"{RUN}/{name}": data for name, data in plan.record.items()}).items():
        _write(fresh / name, data)
    try:
        os.rename(fresh, folder)
    except OSError:
        if _recorded(folder, plan) is None:  # else somebody was faster
            raise
        shutil.rmtree(fresh)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
