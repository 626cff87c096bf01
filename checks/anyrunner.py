"""Runs any test command that writes JUnit XML, and reads what it wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from checks.desk import HERE, give, swept
from checks.javascript import as_judged
from checks.junit import JunitInvalid, parse_junit
from checks.testrun import Outcome, TestRun
from checks.trouble import NO_TESTS, last_line
from sandbox.limits import TESTS, TOOL, Limits
from sandbox.policy import Mount, Result
from sandbox.site import Site

JUNIT = "{junit}"
_RESULTS, _TOLD = "/run/lamplighter-junit", "/run/lamplighter-node.mjs"
_OF_NODE = "--test-reporter=junit"
_FAILED = frozenset({"failed", "error"})


@dataclass(frozen=True, slots=True)
class _Told:
    outcomes: Mapping[str, Outcome]
    why: str
    """Why they prove nothing, or empty."""


def run_command_suite(
    site: Site, tree: str, ids: Sequence[str], argv: Sequence[str], limits: Limits, environment: Mapping[str, str]
) -> TestRun:
    """Run `argv` on a fresh copy of `tree`; of what it tells only `ids` are kept. Raises SandboxUnavailable."""
    with site.fresh(tree) as workspace, TemporaryDirectory(prefix=swept(), dir=site.spool) as name:
        folder = Path(name)
        give(site, folder)
        mounts = (Mount(folder, _RESULTS, writable=True), Mount(HERE / "node.mjs", _TOLD))
        box = site.box(workspace, writable=(".",), mounts=mounts, environment=environment)
        result = box.run(_put_in(argv), limits=limits)
        # Read inside: the command may have put anything there, a link to a file of the host too.
        written = box.run(("cat", f"{_RESULTS}/results.xml"), limits=_reading())
    told = _results(result, written, site.at)
    return TestRun(
        outcomes={name: outcome for name, outcome in told.outcomes.items() if not ids or _named(name, ids)},
        finished=told.why in ("", NO_TESTS),
        exit_code=result.code,
        seconds=result.seconds,
        killed=result.killed,
        output=(result.stdout + b"\n" + result.stderr).decode(errors="replace").strip()[-4000:],
        trouble=told.why,
        runner=argv[0],
        collected=tuple(told.outcomes),
    )


def _put_in(argv: Sequence[str]) -> tuple[str, ...]:
    """Where results go. Node's own JUnit reporter names no files (before Node 22): ours takes its place."""
    node = PurePosixPath(argv[0]).name == "node"
    told = [f"--test-reporter={_TOLD}" if node and part == _OF_NODE else part for part in argv]
    return tuple(part.replace(JUNIT, f"{_RESULTS}/results.xml") for part in told)


def _reading() -> Limits:
    return Limits(wall_s=TOOL.wall_s, output_bytes=TESTS.file_bytes)


def _named(name: str, ids: Sequence[str]) -> bool:
    """One of `ids`, a test below one, or the file of one that could not be loaded."""
    return any(name == one or name.startswith(f"{one}::") or one.startswith(f"{name}::") for one in ids)


def _results(result: Result, written: Result, root: str) -> _Told:
    if result.killed:
        return _Told({}, f"the test command was stopped for crossing its {result.killed} limit")
    if not written.ok:
        return _Told({}, f"the test command wrote no JUnit XML (exit code {result.code}): {last_line(result)}")
    try:
        outcomes = parse_junit(written.stdout, root)
    except JunitInvalid as error:
        return _Told({}, str(error))
    judged = {name: as_judged(outcome, root) for name, outcome in outcomes.items()}
    return _Told(judged, _agree(judged, result) if judged else NO_TESTS)


def _agree(outcomes: Mapping[str, Outcome], result: Result) -> str:
    """The exit code and the results must tell the same."""
    failed = sum(outcome.ending in _FAILED for outcome in outcomes.values())
    if result.code == 0 and failed:
        return f"the test command exits with 0 though {failed} of its tests failed: its exit code must tell of failures"
    if result.code != 0 and not failed:
        return f"the test command exits with {result.code} though its results tell of no failure: {last_line(result)}"
    return ""
