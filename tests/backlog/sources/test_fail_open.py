"""Could not look is never nothing found: the ways in which tools are known to pass it off, and every source at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.discover import look
from backlog.source import Ran, Source, View
from backlog.sources.architecture import Architecture, rules_version
from backlog.sources.configuration import Configuration
from backlog.sources.coverage_run import CoverageRun
from backlog.sources.credentials import Secrets
from backlog.sources.documentation import Documentation
from backlog.sources.failing_tests import FailingTests
from backlog.sources.findings import Findings
from backlog.sources.flaky import FlakyTests
from backlog.sources.guarded import Guarded
from backlog.sources.markers import Markers
from backlog.sources.packages.dependencies import Dependencies
from backlog.sources.reports.benchmarks import BASELINE
from backlog.sources.type_errors import TypeErrors
from backlog.sources.weekly import Weekly
from checks.finding import ScannerFailed
from checks.testrun import TestRun
from tests.backlog.sources.shop import FILES, artefact, as_json, real, report, reports, sarif, shop
from tests.backlog.sources.test_github_files import ROWS, SEEN
from tests.backlog.sources.test_vulnerable import DEPENDENCY_CHECK, GRYPE, OSV_SCANNER, TRIVY

SET_UP = {**FILES, "mypy.ini": "[mypy]\n", "README.md": "Install it.", ".pre-commit-config.yaml": "repos: []\n"}


def here(osv: str) -> list[Source]:
    """Every source that looks at the repository itself."""
    return [
        Markers(),
        Findings("ruff"),
        Findings("bandit"),
        FailingTests(),
        Secrets(),
        Dependencies(osv, 30),
        TypeErrors(),
        Configuration(),
        Documentation(),
        CoverageRun((), 9.0),
        FlakyTests(tuple),
        Architecture(),
        Weekly(Architecture(), rules_version),
    ]


def broken(error: Exception) -> View:
    """A view in which nothing can be looked at."""

    def fails(*_given: object) -> NoReturn:
        raise error

    class Lost:
        """A past of which nothing can be read."""

        shallow = False
        births = churn = changes = staticmethod(fails)

    return replace(shop(files=SET_UP), read=fails, scan=fails, failing=fails, run=fails, past=Lost())


# One promise for each way in which tools were seen to hide that they had not looked.


def test_no_known_vulnerabilities_with_every_dependency_skipped_is_unknown() -> None:
    assert report(real("pip-audit-skipped.json")).status == "not run"


@pytest.mark.parametrize(
    "error", [ConnectionError("no route"), ModuleNotFoundError("numpy"), NotImplementedError("unidiff")]
)
def test_a_tool_that_needs_the_network_or_a_module_that_is_not_there_was_not_run(error: Exception) -> None:
    """Grammars and vocabularies fetched at first use, pagerank without numpy, scan_diff without unidiff."""

    class Needy:
        name = "needy"

        def look(self, view: View) -> NoReturn:
            raise error

    told = look(Guarded("needy", Needy()), shop())
    assert (told.status, str(error) in told.reason) == ("not run", True)


def test_a_tool_that_could_not_be_installed_is_not_a_tool_without_findings() -> None:
    absent = Ran(1, b"", b"/usr/bin/python: No module named mypy")
    assert look(TypeErrors(), shop(files=SET_UP, ran=lambda argv, wall: absent)).status == "not run"


def test_a_test_that_kills_the_process_leaves_no_green_results() -> None:
    assert report(b"").status == "not run"
    assert report(real("junit.xml")[:400]).status == "not run"
    died = TestRun({}, finished=False, trouble="the process ended with signal 9")
    assert look(FailingTests(), shop(run=died)).status == "not run"


def test_results_that_were_left_from_an_earlier_run_say_their_age() -> None:
    assert "made 40 days ago" in report(artefact(real("junit.xml"), days=40)).reason


@pytest.mark.parametrize("code", [0, 1, 2, 200, -9, 127])
def test_an_exit_code_without_output_that_can_be_read_means_nothing(code: int) -> None:
    """Scanners end with 1, 2 or 200 when they find something, and with the same when they fail."""
    for output in (b"Traceback (most recent call last)", b"{", b'{"file": 1'):
        told = look(TypeErrors(), shop(files=SET_UP, ran=lambda argv, wall, o=output: Ran(code, o, o)))
        assert told.status == "not run" or (code == 0 and b"{" not in output)


def test_an_exit_code_with_findings_is_findings() -> None:
    told = look(TypeErrors(), shop(files=SET_UP, ran=lambda argv, wall: Ran(1, real("mypy.jsonl"), b"")))
    assert (told.status, len(told.found)) == ("ready", 1)


def test_a_run_that_had_to_be_ended_found_nothing_out() -> None:
    ended = Ran(None, b"", b"", "600 s are over")
    for source in (TypeErrors(), CoverageRun((), 600.0)):
        assert look(source, shop(files=SET_UP, ran=lambda argv, wall: ended)).status == "not run"


def test_a_scanner_that_failed_found_nothing_out() -> None:
    for tool in ("ruff", "bandit"):
        assert look(Findings(tool), broken(ScannerFailed("gave no JSON"))).status == "not run"


# Every source at once.


@pytest.mark.parametrize(
    "error",
    [OSError("gone"), ScannerFailed("no answer"), RuntimeError(""), RecursionError(), KeyError("x"), MemoryError()],
)
def test_whatever_breaks_no_source_that_looks_here_finds_nothing(error: Exception, tmp_path: Any) -> None:
    (tmp_path / "a.json").write_text("{}")
    for source in here(str(tmp_path)):
        told = look(source, broken(error))
        assert told.status == "not run", source.name
        assert told.reason


def full() -> Iterator[Any]:
    """One file of each format, in which there is something to find."""
    for name in (
        "bandit.sarif",
        "ruff.sarif",
        "opengrep.sarif",
        "pip-audit.json",
        "npm-outdated.json",
        "pip-outdated.json",
    ):
        yield pytest.param(json.loads(real(name)), id=name)
    yield from (
        pytest.param(v, id=n)
        for n, v in (
            ("osv-scanner", OSV_SCANNER),
            ("dependency-check", DEPENDENCY_CHECK),
            ("trivy", TRIVY),
            ("grype", GRYPE),
        )
    )
    yield from (pytest.param(list(rows), id=asked) for asked, rows in ROWS.items() if "runs" not in asked)
    signal = {"name": "a", "measures": "latency", "current": 9, "baseline": 1, "n": 99}
    yield pytest.param({"signals": [signal]}, id="signals")
    yield pytest.param([{"id": "A-1", "title": "Do it", "type": "bug"}], id="backlog-json")


def paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from paths(inner, (*above, key))


def changed(value: Any, path: tuple[Any, ...], to: Any) -> Any:
    if not path:
        return to
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], to)
    return copy


CLOSES = (
    "state",
    "kind",
    "Status",
    "suppressions",
    "position",
    "pull_request",
    "in_reply_to_id",
    "level",
    "baseline",
    "current",
    "withdrawn",
    "vulnerabilities",
)
"""Fields that may honestly close what a file reports."""


@pytest.mark.parametrize("value", list(full()))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_wrong_types_anywhere_never_make_a_report_empty(value: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from([p for p in paths(value) if not set(p) & set(CLOSES)]))
    wrong = data.draw(st.sampled_from([7, "x", "", {}, {"a": 1}, [7], True, None]))
    for told in reports(as_json(changed(value, path, wrong)), view=SEEN).values():
        assert told.status == "not run" or told.found or "left out" in told.reason, (path, wrong, told)


@pytest.mark.parametrize("value", list(full()))
def test_every_format_finds_what_is_in_its_example(value: Any) -> None:
    assert report(as_json(value), view=SEEN).found


def test_a_report_of_another_tool_closes_nothing_and_says_whose_it_is() -> None:
    assert set(reports(sarif(tool="semgrep"), real("bandit.sarif"))) == {"sarif:bandit", "sarif:semgrep"}


def test_the_baseline_of_benchmarks_is_kept_where_git_ignores_it() -> None:
    assert BASELINE.startswith(".lamplighter/")
