"""Prove a branch that anybody wrote: the gates that an item passes, on any range of commits."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from app.answer import GATE, OK, Answer
from app.call import Call
from app.house import House, open_house
from app.settings import load
from app.strength import strength_json
from checks.branch import Bench, BranchVerdict, judge_branch
from checks.sides import recogniser
from checks.testrun import TestRun
from sandbox.tree import Trees


def prove(call: Call, wanted: str) -> Answer:
    """`result.verdict` is proven, refused or inconclusive; exit 0, 4, 4.

    `wanted` is BASE..HEAD; what is judged is the change since the two parted. Settings and what counts as a test
    are read from the base: the change has no say in how it is judged. Raises RepositoryInvalid, SandboxUnavailable.
    """
    opened = open_house(call)
    base, head = _ends(opened, wanted)
    read = _reader(opened.trees, opened.trees.tree_of(base))
    house = replace(opened, settings=load(_text(read), opened.around, call.flags, call.config))
    more = shlex.split(house.settings.test_files or "")
    bench = Bench(
        site=house.site,
        base_tree=house.trees.tree_of(base),
        head_tree=house.trees.tree_of(head),
        suite=house.suite,
        is_test=recogniser(read, more),
    )
    found = judge_branch(bench)
    result = {"base": base, "head": head, **_result(found), "isolation": isolation(house)}
    return Answer(result, (*_lines(found), f"{found.word}: {wanted}"), OK if found.word == "proven" else GATE)


def isolation(house: House) -> dict[str, str]:
    known = house.site.sandbox.isolation
    return {"backend": known.backend, "version": known.version, "level": known.level, "limits_by": known.limits_by}


def _ends(house: House, wanted: str) -> tuple[str, str]:
    """The commit at which HEAD parted from BASE, and HEAD's."""
    before, dots, after = wanted.partition("...") if "..." in wanted else wanted.partition("..")
    base, head = (house.repository.commit(name or "HEAD") for name in (before, after if dots else "HEAD"))
    return house.repository.fork(base, head), head


def _reader(trees: Trees, tree: str) -> Any:
    def read(path: str) -> bytes | None:
        entry = trees.entries(tree).get(path)
        return trees.blob(entry.oid) if entry and entry.mode.startswith("100") else None

    return read


def _text(read: Any) -> Any:
    def text(path: str) -> str | None:
        data = read(path)
        return None if data is None else data.decode("utf-8", "surrogateescape")

    return text


def _result(found: BranchVerdict) -> dict[str, Any]:
    return {
        "verdict": found.word,
        "reasons": [{"code": r.code, "sentence": r.sentence} for r in found.reasons],
        "look_at": [{"code": x.code, "path": x.path, "line": x.line, "lines": list(x.lines)} for x in found.looks],
        "red": _red(found),
        "green": {"before": counts(found.before), "after": counts(found.after)},
        "strength": strength_json(found.strength, found.revert_fails),
    }


def _red(found: BranchVerdict) -> dict[str, Any]:
    """New tests by how they ended without the change."""
    told = {name: {"code": r.code, "sentence": r.sentence} for name, r in found.red.items()}
    return {
        "failing": {name: told[name] for name, r in found.red.items() if r.right},
        "passing": [name for name, r in found.red.items() if r.code == "passes"],
        "wrong": {name: told[name] for name, r in found.red.items() if not r.right and r.code != "passes"},
    }


def counts(run: TestRun | None) -> Mapping[str, int]:
    """How many tests ended in which way."""
    endings = [outcome.ending for outcome in run.outcomes.values()] if run else []
    return {ending: endings.count(ending) for ending in sorted(set(endings))}


def _lines(found: BranchVerdict) -> Iterator[str]:
    right = sum(r.right for r in found.red.values())
    yield f"red       {right} of {len(found.red)} new tests fail without the change, for the right reason"
    yield f"green     before {_in_words(counts(found.before))}; after {_in_words(counts(found.after))}"
    yield f"strength  {_strength_in_words(found)}"
    for reason in found.reasons:
        yield f"{'?' if found.word == 'inconclusive' else '✗'} {reason.code}: {reason.sentence}"
    for look in found.looks:
        yield f"  {look.path}:{look.line}"
        yield from (f"    {line}" for line in look.lines)


def _in_words(found: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {ending}" for ending, count in found.items()) or "not run"


def _strength_in_words(found: BranchVerdict) -> str:
    strength = found.strength
    if strength is None:
        return "not measured"
    if strength.trouble and not strength.total:
        return f"not measured: {strength.trouble}"
    left = "".join(f"; not noticed: {s.path}:{s.line} {s.before} → {s.after}" for s in strength.survivors[:3])
    return f"{strength.killed} of {strength.total} changed behaviours are noticed{left}"
