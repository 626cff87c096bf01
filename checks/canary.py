"""Two planted tests, one that must fail and one that must pass: in them a tampered runner shows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from checks.reason import Reason
from checks.testrun import TestRun
from sandbox.site import Site
from sandbox.tree import Entry

_TEXT = """\
def {function}_holds():
    assert sorted([2, 1]) == [1, 2]


def {function}_fails():
    assert sorted([2, 1]) == [2, 1], "{word}"
"""


@dataclass(frozen=True, slots=True)
class Canary:
    path: str
    word: str
    """Nobody can guess it; it is in the file's and the tests' names."""
    function: str

    @property
    def holds(self) -> str:
        return f"{self.path}::{self.function}_holds"

    @property
    def fails(self) -> str:
        return f"{self.path}::{self.function}_fails"


def canary(beside: Sequence[str], python_functions: Sequence[str]) -> Canary:
    """One in the folder of the first of the tests `beside`; its functions are called as tests are there."""
    word = f"c{secrets.token_hex(8)}"
    folder = PurePosixPath(beside[0].split("::")[0]).parent if beside else PurePosixPath()
    function = next(iter(python_functions), "test").replace("*", word)
    named = function if word in function else f"{function}_{word}"
    return Canary(str(folder / f"test_{word}.py"), word, named)


def plant(site: Site, tree: str, planted: Canary) -> str:
    """The same tree with the canary's file in it."""
    text = _TEXT.format(function=planted.function, word=planted.word)
    return site.trees.edit(tree, {planted.path: Entry("100644", site.trees.put(text.encode()))})


def sing(run: TestRun, planted: Canary) -> tuple[Reason, ...]:
    """Empty when both did what they must. A run that proves nothing is not judged here."""
    holds, fails = run.outcomes.get(planted.holds), run.outcomes.get(planted.fails)
    if holds is None or fails is None:
        return (Reason("canary_lost", "the planted tests were not run: the suite leaves out tests it should run"),)
    if fails.ending != "failed" or fails.raised is None or planted.word not in fails.raised.message:
        return (Reason("canary_silent", "a planted test that must fail did not: failures are being hidden"),)
    if holds.ending != "passed":
        return (Reason("canary_broken", "a planted test that must pass did not: the suite can not pass a sound test"),)
    return ()


def without(run: TestRun, planted: Canary) -> TestRun:
    """The run as if nothing had been planted."""
    outcomes = {name: outcome for name, outcome in run.outcomes.items() if planted.word not in name}
    collected = tuple(name for name in run.collected if planted.word not in name)
    return replace(run, outcomes=outcomes, collected=collected)
