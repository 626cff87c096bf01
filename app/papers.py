"""Check what is written, without running anything: evidence, history or patch, and record agree to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from app.handed import Papers
from checks.check import Check
from evidence.portable import record_fault
from evidence.sound import FULL, unsound
from evidence.statement import Statement, StatementInvalid, decode
from forge import letter
from forge.apply import PatchRefused, applied
from forge.clone import Clone
from sandbox.git import GitFailed
from sandbox.tree import TreeRefused, Trees

CHECK: TypeAdapter[Check] = TypeAdapter(Check)


@dataclass(frozen=True)
class Seen:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str = ""


@dataclass
class Reading:
    """What was found so far."""

    seen: list[Seen] = field(default_factory=list)
    record: str = "not looked at"
    """`matches`, `not here` or `differs`."""


def stated(papers: Papers) -> Statement | Seen:
    """The statement that the evidence makes, or why it makes none. Needs no repository."""
    if papers.fault:
        return Seen("folder", False, papers.fault)
    if papers.evidence is None:
        return Seen("evidence", False, "there is no evidence: a branch has it attached to its head, a folder as a file")
    try:
        said = decode(papers.evidence)
        CHECK.validate_python(said.check)
    except (StatementInvalid, ValidationError) as error:
        return Seen("evidence", False, " ".join(str(error).split())[:300])
    if papers.letter is not None and (fault := _letter_fault(papers.letter, papers.evidence, said)):
        return Seen("patch", False, fault)
    if papers.pull and (papers.pull.item, papers.pull.base) != (said.item.get("id"), said.base):
        return Seen("folder", False, "the pull request is of another item or base than its evidence")
    fault = unsound(said)
    return Seen("evidence", False, fault) if fault else said


def _letter_fault(file: bytes, evidence: bytes, said: Statement) -> str:
    """Why the patch file and the evidence do not belong together."""
    head, diff = letter.split(file)
    if not letter.names(head, evidence):
        return f"the patch file does not name this evidence in a line {letter.TRAILER}"
    if head != letter.head(said.item.get("id", ""), said.base, letter.digest(evidence)):
        return "the head of the patch file is not the one that belongs to the evidence"
    if hashlib.sha256(diff).hexdigest() != said.patch_sha256:
        return "the patch is not the stated one"
    return ""


def read(papers: Papers, said: Statement, clone: Clone, trees: Trees) -> Reading:
    """All checks that run nothing. What depends on a failed one is not looked at."""
    reading = Reading()
    for seen in _looks(reading, papers, said, clone, trees):
        reading.seen.append(seen)
        if not seen.ok:
            break
    return reading


def _looks(reading: Reading, papers: Papers, said: Statement, clone: Clone, trees: Trees) -> Iterator[Seen]:
    assert papers.evidence is not None
    named = letter.digest(papers.evidence)
    whose = "patch file" if papers.letter is not None else "head commit"
    if papers.letter is None and f"{letter.TRAILER}: {named}" not in clone.message(clone.head).splitlines():
        yield Seen("evidence", False, "the evidence is not the one that the head commit names")
    yield Seen("evidence", True, f"{named[:23]}… is the one that the {whose} names")
    fault = _trees_fault(papers, said, clone, trees)
    to = said.result_tree[:12] if papers.letter is not None else clone.head[:12]
    yield Seen("history", not fault, fault or f"{said.base[:12]} → {to}, every tree and file as stated")
    level = said.isolation.get("level")
    if level != FULL:
        yield Seen("isolation", False, f"it was made under isolation {level!r}, not {FULL!r}")
    yield _record(reading, papers, said)


def _record(reading: Reading, papers: Papers, said: Statement) -> Seen:
    if papers.record is None:
        reading.record = "not here"
        return Seen("record", True, "not here: the run's own record was not looked at")
    fault = record_fault(papers.record, said, whole=papers.whole)
    reading.record = "differs" if fault else "matches"
    return Seen("record", not fault, fault or f"whole up to {said.record_head[:12]}, and it tells the same")


def _trees_fault(papers: Papers, said: Statement, clone: Clone, trees: Trees) -> str:
    """Why the trees are not what the statement describes; empty when they are."""
    try:
        fault = (
            _patch_fault(papers.letter, said, trees)
            if papers.letter is not None
            else _commits_fault(said, clone, trees)
        )
        return fault or _contents_fault(said, trees)
    except (GitFailed, PatchRefused, TreeRefused) as error:
        return str(error)


def _commits_fault(said: Statement, clone: Clone, trees: Trees) -> str:
    commits = clone.first_parents()
    if said.base not in commits:
        return f"the base {said.base[:12]} is not an ancestor of the branch"
    held = {trees.tree_of(c) for c in commits[: commits.index(said.base)]}
    if trees.tree_of(clone.head) != said.result_tree:
        return "the tree of the head is not the stated one"
    if said.red_tree != said.base_tree and said.red_tree not in held:
        return "no commit of the branch holds the stated red tree"
    return ""


def _patch_fault(file: bytes, said: Statement, trees: Trees) -> str:
    """Apply the patch, and make the red tree of the base and the locked tests anew."""
    if trees.tree_of(said.base) != said.base_tree:
        return "the tree of the base is not the stated one"
    result = applied(trees, said.base_tree, letter.split(file)[1])
    if result != said.result_tree:
        return "the patch does not make the stated tree"
    files = trees.entries(result)
    locked = {path: files.get(path) for path in said.locked}
    if trees.edit(said.base_tree, locked) != said.red_tree:
        return "the base with the locked test files is not the stated red tree: verify the branch instead"
    return ""


def _contents_fault(said: Statement, trees: Trees) -> str:
    if trees.tree_of(said.base) != said.base_tree:
        return "the tree of the base is not the stated one"
    patch = trees.patch(said.base_tree, said.result_tree)
    if hashlib.sha256(patch).hexdigest() != said.patch_sha256:
        return "the patch is not the stated one"
    result, red = trees.entries(said.result_tree), trees.entries(said.red_tree)
    for path, oid in said.locked.items():
        if any(path not in tree or tree[path].oid != oid for tree in (result, red)):
            return f"the locked test file {path} is not the stated one"
    return ""
