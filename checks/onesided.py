"""Does any test see both sides of a condition that could hide a trap?

A fix that holds until tomorrow, for the first calls or for one user alone passes every test there is: the tests see
its condition true and never false. Whoever makes the condition always true then changes nothing that a test notices.
That is shown here, by doing so. It does not mean that the condition is wrong, so a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from checks.conditions import Condition, trapdoors
from checks.reason import Reason
from checks.source import Edit, normal, spliced
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from sandbox.site import Site
from sandbox.tree import Entry

MOST = 8
"""Conditions that are tried; a change with more of them is asked about as a whole."""


@dataclass(frozen=True, slots=True)
class OneSided:
    condition: Condition
    word: str
    """What it can be without a test noticing: `true` or `false`."""

    @property
    def reason(self) -> Reason:
        at = f"{self.condition.path}:{self.condition.line}"
        told = f"could always be {self.word} and no test would notice: see what it is for, or test its other side"
        return Reason("one_sided", f"{at} `{self.condition.text[:80]}` {told}")


def one_sided(
    site: Site, tree: str, *, code: Mapping[str, tuple[str, str]], ids: Sequence[str], suite: Suite, first: TestRun
) -> tuple[Reason, ...]:
    """`code` is old and new text of each changed Python file; `first` the whole run of `tree`.

    Raises SandboxUnavailable.
    """
    found = [condition for path, (old, new) in code.items() for condition in trapdoors(path, old, new)]
    tried = [one for condition in found[:MOST] for one in _tried(site, tree, condition, ids, suite, first)]
    return (*(one.reason for one in tried), *_untried(found[MOST:]))


def _tried(
    site: Site, tree: str, condition: Condition, ids: Sequence[str], suite: Suite, first: TestRun
) -> Iterator[OneSided]:
    for word, edit in (("true", condition.always), ("false", condition.never)):
        changed = _with(site, tree, condition.path, edit)
        passed = first.with_ending("passed")
        noticed = any(_notices(site, changed, which, suite, passed) for which in (ids, ()))
        if not noticed:
            yield OneSided(condition, word)
            return


def _notices(site: Site, tree: str, ids: Sequence[str], suite: Suite, passed: frozenset[str]) -> bool:
    run = run_tests(site, tree, ids=ids, suite=suite)
    mine = passed if not ids else {i for i in passed if i in ids or i.split("[")[0] in ids}
    return not run.proves or not mine <= run.with_ending("passed")


def _with(site: Site, tree: str, path: str, edit: Edit) -> str:
    entry = site.trees.entries(tree)[path]
    text = spliced(normal(site.trees.blob(entry.oid)), (edit,))
    return site.trees.edit(tree, {path: Entry(entry.mode, site.trees.put(text.encode()))})


def _untried(left: Sequence[Condition]) -> tuple[Reason, ...]:
    if not left:
        return ()
    told = "more conditions ask about the world around or for certain values than can be tried: see what they are for"
    return (Reason("one_sided", f"{left[0].path}:{left[0].line}: {len(left)} {told}"),)
