"""Files that are changed far more often than others, in which the intricate functions are what is changed.

A file counts when, in the last year, at least 10 commits changed it, and 3 times as many as the median of the Python
files that were changed at all; when it has twice as many branches as the median of those with any; and when it has a
function of 20 branches and more in which lines of at least 3 of those commits still stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, Past
from backlog.sources.intricate import function_name
from backlog.sources.structure.code import Code, Function
from backlog.sources.structure.history import DAYS, History
from backlog.sources.text import clean
from backlog.sources.valued import Worth

RULE = "hotspot"
WORTH = Worth(f"rule:{RULE}", Kind.REFACTOR, 3, 1, 5, 5)
COMMITS, TIMES = 10, 3
BRANCHES, TWICE = 20, 2
WRITERS = 3
LEAST = 3
"""Changed files from which on a median says something."""


@dataclass(frozen=True, slots=True)
class Hot:
    function: Function
    writers: int
    """Commits of the last year of which lines still stand in it."""


@dataclass(slots=True)
class Hotspots:
    code: Code
    history: History
    past: Past
    in_time: Callable[[], bool]
    waiting: list[str] = field(default_factory=list)
    """Files that there was no time for."""

    def found(self) -> Iterator[Found]:
        for path in self.candidates():
            if not self.in_time():
                self.waiting.append(path)
            elif hot := self._hot(path):
                yield self._found(path, hot)

    def candidates(self) -> list[str]:
        """Files that are changed often and are intricate; the most of both first."""
        files = {path: file for path, file in self.code.files.items() if file.by_hand}
        if len(self._changed) < LEAST:
            return []
        often = max(COMMITS, TIMES * self._usual_commits)
        counts = self.history.counts
        those = [
            path
            for path, file in files.items()
            if counts[path] >= often and file.branches >= TWICE * self._usual_branches and _intricate(file.functions)
        ]
        return sorted(those, key=lambda path: (-counts[path] * files[path].branches, path))

    @property
    def _changed(self) -> list[int]:
        return [self.history.counts[path] for path in self.code.files if path in self.history.counts]

    @property
    def _usual_commits(self) -> float:
        return median(self._changed)

    @property
    def _usual_branches(self) -> float:
        return median([file.branches for file in self.code.files.values() if file.branches] or [0])

    def _hot(self, path: str) -> list[Hot]:
        """A line is told to be of a commit by the second in which it was made: merges and sweeping ones are out."""
        moments = {change.at for change in self.history.changes if path in change.paths}
        hot: list[Hot] = []
        for function in _intricate(self.code.files[path].functions):
            born = self.past.births(path, range(function.line, function.end + 1))
            writers = len(moments.intersection(born.values()))
            if writers >= WRITERS:
                hot.append(Hot(function, writers))
        return sorted(hot, key=lambda one: (-one.function.branches, one.function.line))

    def _found(self, path: str, hot: Sequence[Hot]) -> Found:
        names = ", ".join(clean(one.function.name, 80) for one in hot[:3])
        shown = clean(path, 150)
        return Found(
            fingerprint=item_id(f"architecture:{RULE}", path, ""),
            same_as=tuple(function_name(path, one.function.name) for one in hot),
            kind=WORTH.kind,
            title=clean(f"Simplify {names} ({shown}): intricate and changed again and again", 300),
            path=path,
            line=hot[0].function.line,
            inputs=WORTH.inputs(),
            criteria=(
                f"In {shown}, {names} and every function taken out of them have fewer than {BRANCHES} branches each "
                "(if, loop, except, and/or, comprehension, case, assert).",
                "All tests pass as before.",
            ),
            story=self._story(path, hot),
            test_notes=f"What tests do not reach of {names} is tested before it is changed.",
            labels=("architecture", RULE),
        )

    def _story(self, path: str, hot: Sequence[Hot]) -> str:
        told = "; ".join(
            f"{clean(one.function.name, 100)} (line {one.function.line}) has {one.function.branches} branches in "
            f"{one.function.lines} lines, and lines of {one.writers} of these commits stand in it"
            for one in hot
        )
        return (
            f"{self.history.counts[path]} of {len(self.history.changes)} commits of the last {DAYS} days changed "
            f"{clean(path, 150)}; the median of the {len(self._changed)} Python files that were changed is "
            f"{self._usual_commits:g}. It has {self.code.files[path].branches} branches; the median of files with any "
            f"is {self._usual_branches:g}. {told}."
        )


def _intricate(functions: Sequence[Function]) -> list[Function]:
    return [function for function in functions if function.branches >= BRANCHES]
