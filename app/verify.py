"""Prove a branch again: from a clean clone, with its evidence as the only thing that is believed to be claimed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter, ValidationError

from app.answer import GATE, OK, Answer
from app.call import Call
from app.house import House, open_house
from checks.check import Check, TestCheck
from checks.red import judge_red
from checks.suite import run_tests
from checks.testrun import TestRun
from checks.verdict import check_fails, judge_green
from evidence.statement import Statement, StatementInvalid, decode
from forge.clone import Clone, clone_branch
from forge.publish import TRAILER
from forge.pulls import digest
from sandbox.git import GitFailed
from sandbox.scope import is_test, protected
from sandbox.site import Site
from sandbox.tree import Trees

_CHECK: TypeAdapter[Check] = TypeAdapter(Check)


@dataclass(frozen=True)
class Proven:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str = ""


def verify(call: Call, branch: str) -> Answer:
    """`result.verdict` is proven or refused; exit 0 or 4. Raises BranchUnknown."""
    house = open_house(call)
    (house.state / "work").mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="verify-", dir=house.state / "work") as name:
        clone = clone_branch(house.repository, branch, Path(name) / "clone.git")
        try:
            looked = list(_prove(house, clone))
        finally:
            clone.git.close()
    proven = all(p.ok for p in looked)
    verdict = "proven" if proven else "refused"
    reasons = [{"code": p.name, "sentence": p.detail} for p in looked if not p.ok]
    lines = [f"{'✓' if p.ok else '✗'} {p.name:<9} {p.detail}" for p in looked]
    result = {"verdict": verdict, "branch": branch, "head": clone.head, "reasons": reasons}
    return Answer(result, (*lines, f"{verdict}: {branch}"), OK if proven else GATE)


def _prove(house: House, clone: Clone) -> Iterator[Proven]:
    """Cheap checks first; what depends on a failed one is not looked at."""
    note = clone.note()
    if note is None:
        yield Proven("evidence", False, "the branch's head has no evidence attached")
        return
    named = digest(note)
    if f"{TRAILER}: {named}" not in clone.message(clone.head).splitlines():
        yield Proven("evidence", False, "the evidence is not the one that the head commit names")
        return
    try:
        statement = decode(note)
        _CHECK.validate_python(statement.check)
    except (StatementInvalid, ValidationError) as error:
        yield Proven("evidence", False, " ".join(str(error).split())[:300])
        return
    yield Proven("evidence", True, f"{named[:23]}… is the one that the head commit names")
    trees = Trees(clone.git, clone.folder / "objects", house.repository.algorithm)
    if fault := _history_fault(clone, trees, statement):
        yield Proven("history", False, fault)
        return
    yield Proven("history", True, f"{statement.base[:12]} → {clone.head[:12]}, every tree and file as stated")
    site = replace(house.site, trees=trees)
    before = run_tests(site, statement.base_tree, suite=house.suite)
    yield _red(house, site, statement, before)
    yield _green(house, site, statement, before)


def _history_fault(clone: Clone, trees: Trees, said: Statement) -> str:
    """Why the commits are not what the statement describes; empty when they are."""
    commits = clone.first_parents()
    if said.base not in commits:
        return f"the base {said.base[:12]} is not an ancestor of the branch"
    ours = commits[: commits.index(said.base)]
    held = {trees.tree_of(c) for c in ours}
    if trees.tree_of(said.base) != said.base_tree or trees.tree_of(clone.head) != said.result_tree:
        return "the trees of the base or of the head are not the stated ones"
    if said.red_tree != said.base_tree and said.red_tree not in held:
        return "no commit of the branch holds the stated red tree"
    try:
        patch = trees.patch(said.base_tree, said.result_tree)
        result, red = trees.entries(said.result_tree), trees.entries(said.red_tree)
    except GitFailed as error:
        return str(error)
    if hashlib.sha256(patch).hexdigest() != said.patch_sha256:
        return "the patch is not the stated one"
    for path, oid in said.locked.items():
        if any(path not in tree or tree[path].oid != oid for tree in (result, red)):
            return f"the locked test file {path} is not the stated one"
    return ""


def _red(house: House, site: Site, said: Statement, before: TestRun) -> Proven:
    check = _CHECK.validate_python(said.check)
    if isinstance(check, TestCheck) and said.red_tree != said.base_tree:
        verdict = judge_red(
            site,
            base_tree=said.base_tree,
            red_tree=said.red_tree,
            ids=said.ids,
            promised=(*said.symbols, *said.files),
            baseline=before,
            is_test=is_test,
            suite=house.suite,
        )
    else:
        verdict = check_fails(site, said.base_tree, check, house.suite)
    said_so = "; ".join(r.sentence for r in verdict.reasons)
    return Proven("red", verdict.passed, said_so or "the check fails before the change, for the right reason")


def _green(house: House, site: Site, said: Statement, before: TestRun) -> Proven:
    check = _CHECK.validate_python(said.check)
    if isinstance(check, TestCheck):
        check = TestCheck(ids=said.ids)
    verdict = judge_green(
        site,
        base_tree=said.base_tree,
        result_tree=said.result_tree,
        locked=said.locked,
        check=check,
        baseline=before,
        suite=house.suite,
        protected=protected,
        contract_files=said.files,
        is_test=is_test,
    )
    said_so = "; ".join(r.sentence for r in verdict.reasons)
    return Proven("green", verdict.passed, said_so or "the check passes after it, and nothing that passed before fails")
