"""Runs a repository's tests on a throwaway copy of a tree, in the sandbox."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from checks.anyrunner import JUNIT, run_command_suite
from checks.canary import Canary
from checks.desk import desk
from checks.manner import AS_EVER, Manner
from checks.outcomes import Story, fold
from checks.testrun import TestRun
from checks.trouble import trouble
from sandbox.limits import TESTS
from sandbox.policy import Box, Result
from sandbox.site import Site

_TAIL = 4000

# The cache goes where nothing is kept (rather than off: a configured --lf must stay known), one early
# failure must not hide what follows, and paths in reports are relative to the repository.
_ARGUMENTS = (
    "-o",
    "cache_dir=/tmp/pytest-cache",
    "--maxfail=0",
    "--continue-on-collection-errors",
    "--color=no",
)


@dataclass(frozen=True, slots=True)
class Suite:
    """How this repository's tests are run.

    With nothing set: pytest, finding the tests as `python -m pytest` does. `args` are more arguments for
    pytest. `argv` is any other runner instead; `{junit}` in it becomes the path at which it must write its
    results as JUnit XML. Raises ValueError when an `argv` has no `{junit}`.
    """

    args: tuple[str, ...] = ()
    argv: tuple[str, ...] = ()
    timeout_s: float = TESTS.wall_s
    """For one run of the whole suite, by the wall clock."""

    def __post_init__(self) -> None:
        if self.argv and not any(JUNIT in part for part in self.argv):
            raise ValueError(f"test command `{shlex.join(self.argv)}`: put {JUNIT} where its JUnit XML goes")


def run_tests(
    site: Site,
    tree: str,
    *,
    ids: Sequence[str] = (),
    suite: Suite,
    canary: Canary | None = None,
    order: int | None = None,
    blind: bool = False,
    manner: Manner = AS_EVER,
) -> TestRun:
    """Run all tests of a fresh copy of `tree`, or only `ids`; a planted `canary` runs after all others.

    `order` and `blind` are short for those of `manner`, which pytest alone heeds.
    Whatever the tests do is a value: a run that proves nothing says why in `trouble`.
    Raises SandboxUnavailable.
    """
    manner = replace(manner, order=manner.order if order is None else order, blind=manner.blind or blind)
    if suite.argv:
        limits = replace(TESTS, wall_s=suite.timeout_s)
        return run_command_suite(site, tree, ids, suite.argv, limits, environment_of(site, manner))
    return _by_pytest(site, tree, ids, suite, canary, manner)


def _by_pytest(
    site: Site, tree: str, ids: Sequence[str], suite: Suite, canary: Canary | None, manner: Manner
) -> TestRun:
    python = site.toolchain.python
    with site.fresh(tree) as workspace, desk(site, ids, canary, manner) as laid:
        box = site.box(workspace, writable=(".",), mounts=laid.mounts, environment=environment_of(site, manner))
        result = _run(box, laid.argv(python, pytest_arguments(site, suite, traces="short")), suite, laid.key)
        events = laid.events()
    story = fold(events.lines, site.at)
    return _test_run(story, result, trouble(story, result, python, forged=events.forged))


def pytest_arguments(site: Site, suite: Suite, *, traces: str) -> tuple[str, ...]:
    """`traces` is how pytest shows a failure: its `--tb`."""
    return (f"--rootdir={site.at}", *_ARGUMENTS, f"--tb={traces}", *suite.args)


def environment_of(site: Site, manner: Manner) -> Mapping[str, str]:
    """No bytecode, hashes as the manner says; in our interpreter no plugins that nobody asked for."""
    common = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": str(manner.hash_seed)}
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if site.toolchain.origin == "ours" else {}
    return {**common, **ours}


def _run(box: Box, argv: Sequence[str], suite: Suite, stdin: bytes = b"") -> Result:
    return box.run(argv, stdin=stdin, limits=replace(TESTS, wall_s=suite.timeout_s))


def _test_run(story: Story, result: Result, why: str) -> TestRun:
    return TestRun(
        outcomes=story.outcomes,
        turns={name: tuple(endings) for name, endings in story.turns.items()},
        finished=story.exit_code is not None and result.killed is None,
        exit_code=result.code,
        seconds=result.seconds,
        killed=result.killed,
        output=_tail(result),
        trouble=why,
        runner=story.begin.get("runner", ""),
        collected=tuple(story.collected),
        python_functions=tuple(story.begin.get("python_functions", ())),
    )


def _tail(result: Result) -> str:
    return (result.stdout + b"\n" + result.stderr).decode(errors="replace").strip()[-_TAIL:]
