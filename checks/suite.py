"""Runs a repository's tests on a throwaway copy of a tree, in the sandbox."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from checks.canary import Canary
from checks.desk import desk, give, swept
from checks.junit import JunitInvalid, parse_junit
from checks.outcomes import Story, fold
from checks.testrun import Outcome, TestRun
from checks.trouble import NO_TESTS, last_line, trouble
from sandbox.limits import TESTS, TOOL
from sandbox.policy import Box, Mount, Result
from sandbox.site import Site

JUNIT = "{junit}"
_TAIL = 4000

# The cache goes where nothing is kept (rather than off: a configured --lf must stay known), one early
# failure must not hide what follows, and paths in reports are relative to the repository.
_ARGUMENTS = (
    "-o",
    "cache_dir=/tmp/pytest-cache",
    "--maxfail=0",
    "--continue-on-collection-errors",
    "--tb=short",
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


def run_tests(site: Site, tree: str, *, ids: Sequence[str] = (), suite: Suite, canary: Canary | None = None) -> TestRun:
    """Run all tests of a fresh copy of `tree`, or only `ids`; a planted `canary` runs after all others.

    Whatever the tests do is a value: a run that proves nothing says why in `trouble`.
    Raises SandboxUnavailable.
    """
    if suite.argv:
        return _by_command(site, tree, ids, suite)
    return _by_pytest(site, tree, ids, suite, canary)


def _by_pytest(site: Site, tree: str, ids: Sequence[str], suite: Suite, canary: Canary | None) -> TestRun:
    python = site.toolchain.python
    arguments = (f"--rootdir={site.at}", *_ARGUMENTS, *suite.args)
    with site.fresh(tree) as workspace, desk(site, ids, canary) as laid:
        box = site.box(workspace, writable=(".",), mounts=laid.mounts, environment=_environment(site))
        result = _run(box, laid.argv(python, arguments), suite, laid.key)
        events = laid.events()
    story = fold(events.lines, site.at)
    return _test_run(story, result, trouble(story, result, python, forged=events.forged))


def _environment(site: Site) -> Mapping[str, str]:
    """No bytecode, the same hashes in every run; in our interpreter no plugins that nobody asked for."""
    common = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    ours = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if site.toolchain.origin == "ours" else {}
    return {**common, **ours}


def _run(box: Box, argv: Sequence[str], suite: Suite, stdin: bytes = b"") -> Result:
    return box.run(argv, stdin=stdin, limits=replace(TESTS, wall_s=suite.timeout_s))


def _test_run(story: Story, result: Result, why: str) -> TestRun:
    return TestRun(
        outcomes=story.outcomes,
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


def _by_command(site: Site, tree: str, ids: Sequence[str], suite: Suite) -> TestRun:
    inside = "/run/lamplighter-junit"
    argv = tuple(part.replace(JUNIT, f"{inside}/results.xml") for part in suite.argv)
    with site.fresh(tree) as workspace, TemporaryDirectory(prefix=swept(), dir=site.spool) as name:
        folder = Path(name)
        give(site, folder)
        box = site.box(
            workspace,
            writable=(".",),
            mounts=(Mount(folder, inside, writable=True),),
            environment=_environment(site),
        )
        result = _run(box, argv, suite)
        # Read inside: the command may have put anything there, a link to a file of the host too.
        written = box.run(("cat", f"{inside}/results.xml"), limits=replace(TOOL, output_bytes=TESTS.file_bytes))
    outcomes, why = _results(result, written)
    wanted = {name: outcome for name, outcome in outcomes.items() if not ids or name in ids}
    return TestRun(
        outcomes=wanted,
        finished=why in ("", NO_TESTS),
        exit_code=result.code,
        seconds=result.seconds,
        killed=result.killed,
        output=_tail(result),
        trouble=why,
        runner=suite.argv[0],
        collected=tuple(outcomes),
    )


def _results(result: Result, written: Result) -> tuple[Mapping[str, Outcome], str]:
    if result.killed:
        return {}, f"the test command was stopped for crossing its {result.killed} limit"
    if not written.ok:
        return {}, f"the test command wrote no JUnit XML (exit code {result.code}): {last_line(result)}"
    try:
        outcomes = parse_junit(written.stdout)
    except JunitInvalid as error:
        return {}, str(error)
    return outcomes, "" if outcomes else NO_TESTS


def _tail(result: Result) -> str:
    return (result.stdout + b"\n" + result.stderr).decode(errors="replace").strip()[-_TAIL:]
