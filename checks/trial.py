"""What is tried on new tests, wrong code and wrong expectations, and one sandboxed run that tries it all."""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checks.desk import HERE, Desk, desk
from checks.events import Events
from checks.expectations import Perturbed, perturbed
from checks.lines import added_lines
from checks.manner import AS_EVER
from checks.mutants import Mutant, mutants, sample, traceable
from checks.source import Edit, normal
from checks.suite import Suite, environment_of, pytest_arguments
from sandbox.limits import TESTS
from sandbox.policy import Result
from sandbox.site import Site

TIMES, SLACK_S = 5, 1.0
"""A mutant that makes the tests take longer than this many times, and the slack, counts as noticed."""
BLANKS = 0.125
"""How often a run changes nothing."""
_PARTS = ("forked", "sessions", "wrongcode", "reached")


@dataclass(frozen=True, slots=True)
class Trial:
    mutants: tuple[Mutant, ...]
    """The most telling first."""
    statements: Mapping[str, frozenset[int]]
    """For each changed file the lines in which changed statements of functions begin."""
    expectations: Mapping[str, Perturbed]
    """For each file of the new tests."""
    blanks: Mapping[str, Edit]
    """For each changed file a remark at its end, which changes nothing that tests should care about."""


def trial(
    site: Site, *, base_tree: str, result_tree: str, ids: Sequence[str], limit: int, is_test: Callable[[str], bool]
) -> Trial:
    """What there is to try on the tests `ids` of a change, with at most `limit` mutants."""
    found: list[Mutant] = []
    statements: dict[str, frozenset[int]] = {}
    blanks: dict[str, Edit] = {}
    for path, data, lines in _changed(site, base_tree, result_tree, is_test):
        found += mutants(path, data, lines)
        statements[path] = traceable(data, lines)
        end = len(normal(data))
        blanks[path] = Edit(end, end, "\n#\n")
    return Trial(sample(found, limit), statements, _expectations(site, result_tree, ids), blanks)


def _changed(
    site: Site, base: str, result: str, is_test: Callable[[str], bool]
) -> list[tuple[str, bytes, frozenset[int]]]:
    """Path, content and changed lines of each changed Python file that is no test."""
    found = []
    for change in site.trees.diff(base, result):
        after = change.after
        if after is None or not after.is_file or not change.path.endswith(".py") or is_test(change.path):
            continue
        before = site.trees.blob(change.before.oid) if change.before and change.before.is_file else b""
        data = site.trees.blob(after.oid)
        try:
            found.append((change.path, data, added_lines(normal(before), normal(data))))
        except ValueError:
            continue  # not UTF-8: nothing that can be made wrong in a small way
    return found


def _expectations(site: Site, tree: str, ids: Sequence[str]) -> Mapping[str, Perturbed]:
    named: dict[str, list[str]] = defaultdict(list)
    for test in ids:
        path, _, name = test.split("[")[0].partition("::")
        named[path].append(name)
    entries = site.trees.entries(tree)
    return {
        path: perturbed(site.trees.blob(entries[path].oid), () if "" in names else frozenset(names))
        for path, names in named.items()
        if path in entries and entries[path].is_file and path.endswith(".py")
    }


def tried(
    site: Site, tree: str, *, ids: Sequence[str], suite: Suite, plan: Trial, wall_s: float
) -> tuple[Events, Result]:
    """Try it on a fresh copy of `tree`; the events are described in the program that writes them."""
    with site.fresh(tree) as workspace, desk(site, ids, None, AS_EVER) as laid:
        parts = _lay_out(laid)
        box = site.box(workspace, writable=(".",), mounts=laid.mounts, environment=environment_of(site, AS_EVER))
        result = box.run(
            laid.argv(site.toolchain.python, pytest_arguments(site, suite, traces="native")),
            stdin=laid.key + json.dumps(_told(site, plan, parts, wall_s)).encode(),
            limits=replace(TESTS, wall_s=wall_s + _GRACE_S),
        )
        return laid.events(), result


_GRACE_S = 5.0
"""For a program that does not end by itself when its time is up."""


def _lay_out(laid: Desk) -> tuple[str, ...]:
    """The program takes the launcher's place; its parts have names that nobody can guess."""
    (laid.folder / "launch.py").write_bytes((HERE / "forkserver.py").read_bytes())
    names = tuple(f"_{secrets.token_hex(8)}" for _ in _PARTS)
    for name, part in zip(names, _PARTS, strict=True):
        (laid.folder / f"{name}.py").write_bytes((HERE / f"{part}.py").read_bytes())
    return names


def _told(site: Site, plan: Trial, parts: Sequence[str], wall_s: float) -> Mapping[str, Any]:
    watched = {path: set(lines) for path, lines in plan.statements.items()}
    for mutant in plan.mutants:
        watched[mutant.path].update(range(mutant.first, mutant.last + 1))
    return {
        "root": site.at,
        "parts": parts,
        "wall_s": wall_s,
        "times": TIMES,
        "slack_s": SLACK_S,
        "blanks": BLANKS,
        "lines": {path: sorted(lines) for path, lines in watched.items()},
        "mutants": [
            {"edits": [_edit(m.path, m.edit)], "hot": m.hot, "first": m.first, "last": m.last} for m in plan.mutants
        ],
        "blank": [_edit(path, plan.blanks[path]) for path in sorted({m.path for m in plan.mutants})],
        "perturbed": [_edit(path, edit) for path, found in plan.expectations.items() for edit in found.edits],
    }


def _edit(path: str, edit: Edit) -> tuple[str, int, int, str]:
    return path, edit.start, edit.end, edit.text
