"""What one run of a test suite showed, test by test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Ending = Literal["passed", "failed", "error", "skipped", "xfailed", "xpassed"]
Stage = Literal["collect", "setup", "call", "teardown"]


@dataclass(frozen=True, slots=True)
class Frame:
    path: str
    """Repo-relative where the file lies in the repository, else absolute."""
    line: int
    function: str


@dataclass(frozen=True, slots=True)
class Raised:
    """The exception behind a failure."""

    type: str
    """Bare class name, for example `AssertionError`."""
    message: str
    frames: tuple[Frame, ...] = ()
    """Outermost first."""
    bases: tuple[str, ...] = ()
    """Names of all its base classes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    id: str
    ending: Ending
    stage: Stage = "call"
    raised: Raised | None = None
    text: str = ""
    """The readable failure report, cut to a few kB."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TestRun:
    """One run. Without `proves` it shows nothing: the runner died, was killed, found no tests …"""

    __test__ = False

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    """By test id; collection errors stand here too, under the file's id with stage `collect`."""
    finished: bool = False
    """The runner itself reported its end."""
    exit_code: int | None = None
    seconds: float = 0.0
    killed: str | None = None
    output: str = ""
    """Tail of what the runner printed."""
    trouble: str = ""
    """One sentence when the run proves nothing: why, and what to do."""
    runner: str = ""
    """For example `pytest 9.2.0, Python 3.11.7`."""
    collected: tuple[str, ...] = ()
    """Ids in the order of collection, whether they ran or not."""
    python_functions: tuple[str, ...] = ()
    """How names of test functions begin here."""
    turns: dict[str, tuple[Ending, ...]] = field(default_factory=dict)
    """How each test ended each time, in order, where a run repeats its tests."""

    @property
    def proves(self) -> bool:
        """The run came to its end and nothing makes its outcomes doubtful."""
        return self.finished and not self.trouble

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(i for i, o in self.outcomes.items() if o.stage != "collect")

    def with_ending(self, *endings: Ending) -> frozenset[str]:
        return frozenset(i for i, o in self.outcomes.items() if o.ending in endings)
