"""Measurements: coverage of risky code, benchmarks against a baseline, signals of a running service."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.discover import look
from backlog.item import Kind
from backlog.source import Ran, Report
from backlog.sources.coverage_run import ABSENT, CoverageRun
from backlog.sources.reports.benchmarks import BASELINE, Timed, regressed
from backlog.sources.reports.signals import Signal, worse
from tests.backlog.sources.shop import FILES, artefact, as_json, real, report, reports, shop


class Busy:
    """Every file was changed so often."""

    def __init__(self, commits: int) -> None:
        self.commits = commits

    def births(self, path: str, lines: Sequence[int]) -> Mapping[int, datetime]:
        return {}

    def churn(self, days: int) -> Mapping[str, int]:
        return dict.fromkeys(FILES, self.commits)


def covered(files: dict[str, tuple[list[int], list[int]]], commits: int = 9) -> Report:
    entries = {n: {"executed_lines": run, "missing_lines": missed} for n, (run, missed) in files.items()}
    return report(as_json({"meta": {}, "totals": {}, "files": entries}), view=shop(past=Busy(commits)))


TOTAL = list(range(22, 34))
"""The lines in `total` of the shop."""


def test_intricate_code_that_no_test_reaches_and_people_change_is_reported() -> None:
    (found,) = covered({"src/shop/orders.py": ([1, 2], TOTAL)}).found
    assert found.title == "Test total (src/shop/orders.py): intricate and hardly tested"
    assert (found.kind, found.line) == (Kind.TEST, 21)
    assert found.inputs.source["value"] == "rule:untested-high-risk"


@pytest.mark.parametrize(
    ("files", "commits"),
    [
        ({"src/shop/orders.py": (TOTAL, [])}, 9),
        ({"src/shop/orders.py": (TOTAL[:7], TOTAL[7:])}, 9),
        ({"src/shop/orders.py": ([], TOTAL)}, 0),
    ],
)
def test_code_that_is_tested_or_left_alone_is_not(files: Any, commits: int) -> None:
    told = covered(files, commits)
    assert (told.status, told.found) == ("ready", ())


def test_a_file_that_was_never_imported_was_not_covered() -> None:
    """It is missing from the report, not from the repository."""
    told = covered({"src/shop/typed.py": ([1, 2], [])})
    assert [f.path for f in told.found] == ["src/shop/orders.py"]


def test_coverage_of_other_files_measured_nothing_here() -> None:
    assert covered({"/usr/lib/x.py": ([1], [2])}).status == "not run"
    assert report(as_json({"meta": {}, "totals": {}, "files": {}})).status == "not run"


def test_json_and_cobertura_of_one_run_say_the_same() -> None:
    view = shop(past=Busy(40))
    told = reports(real("coverage.json"), view=view)["coverage"], reports(real("coverage.xml"), view=view)["coverage"]
    assert [r.status for r in told] == ["ready", "ready"]
    assert told[0].found == told[1].found


def ran(code: int | None = 0, told: Any = None, killed: str = "") -> Report:
    line = b"noise\n" + json.dumps(told).encode() if told is not None else b""
    return look(CoverageRun((), 9.0), shop(ran=lambda argv, wall: Ran(code, line, b"Boom", killed), past=Busy(9)))


def test_a_measurement_made_here_is_read_like_a_report() -> None:
    told = ran(0, {"code": 1, "lines": {"/nowhere/shop/src/shop/orders.py": [[1], TOTAL]}})
    assert (told.name, [f.path for f in told.found]) == ("coverage-run", ["src/shop/orders.py"])


def test_a_measurement_that_did_not_end_measured_nothing() -> None:
    assert ran(ABSENT).status == "not configured"
    for broken in (
        ran(1),
        ran(None, killed="9 s are over"),
        ran(0, {"code": 2, "lines": {"src/shop/orders.py": [[1], TOTAL]}}),
        ran(0, [1]),
    ):
        assert broken.status == "not run"


def benchmark(root: Path, factor: float, baseline: bytes | None = None, **machine: Any) -> Report:
    value = json.loads(real("benchmark.json"))
    value["machine_info"] |= machine
    for one in value["benchmarks"]:
        one["stats"] |= {k: one["stats"][k] * factor for k in ("median", "q1", "q3")}
    if baseline is not None:
        (root / BASELINE).parent.mkdir(parents=True)
        (root / BASELINE).write_bytes(baseline)
    return report(as_json(value), view=replace(shop(), root=root))


def test_a_benchmark_that_got_slower_is_work(tmp_path: Path) -> None:
    told = benchmark(tmp_path, 2.5, real("benchmark.json"))
    (found,) = told.found
    assert found.title == "Make test_sum as fast as it was: 2.5 times the baseline"
    assert (found.kind, found.inputs.source["value"]) == (Kind.PERFORMANCE, "rule:twice-as-slow")


def test_the_same_again_is_no_regression(tmp_path: Path) -> None:
    told = benchmark(tmp_path, 1.0, real("benchmark.json"))
    assert (told.status, told.found) == ("ready", ())


def test_another_machine_is_not_compared(tmp_path: Path) -> None:
    told = benchmark(tmp_path, 9.0, real("benchmark.json"), node="other")
    assert (told.status, "another machine" in told.reason) == ("not run", True)


def test_without_a_baseline_nothing_is_compared(tmp_path: Path) -> None:
    assert benchmark(tmp_path, 1.0).status == "not configured"


@pytest.mark.parametrize("baseline", [b"", b"{", b"[]", b'{"machine_info": {}}'])
def test_a_baseline_that_can_not_be_read_is_not_run(tmp_path: Path, baseline: bytes) -> None:
    assert benchmark(tmp_path, 1.0, baseline).status == "not run"


def test_a_benchmark_that_was_not_measured_is_not_as_fast_as_before(tmp_path: Path) -> None:
    value = json.loads(real("benchmark.json"))
    value["benchmarks"].append({**value["benchmarks"][0], "fullname": "bench.py::test_gone"})
    assert benchmark(tmp_path, 1.0, as_json(value)).status == "not run"


@given(median=st.floats(0.1, 10), spread=st.floats(0, 3), factor=st.floats(0.1, 1.2))
def test_up_to_the_threshold_nothing_is_slower(median: float, spread: float, factor: float) -> None:
    old = Timed("t", median, median - spread, median + spread, 9)
    new = Timed("t", median * factor, median * factor, median * factor, 9)
    assert not regressed(old, new)


def test_overlapping_or_few_measurements_are_no_regression() -> None:
    old = Timed("t", 1.0, 0.5, 2.0, 9)
    assert not regressed(old, Timed("t", 1.9, 1.9, 1.9, 9))
    assert not regressed(old, Timed("t", 9.0, 9.0, 9.0, 4))
    assert regressed(old, Timed("t", 2.1, 2.1, 2.1, 9))


SIGNAL = {"name": "checkout", "measures": "error_rate", "current": 0.05, "baseline": 0.01, "n": 12_000, "window": "24h"}
PROMETHEUS = """# HELP lamplighter_error_rate x
lamplighter_error_rate{name="checkout",window="24h"} 0.05 1700000000
lamplighter_error_rate_baseline{name="checkout"} 0.01
lamplighter_error_rate_samples{name="checkout"} 12000
process_cpu_seconds_total 3.5
"""


def test_more_errors_than_before_are_work_on_stability() -> None:
    (found,) = report(as_json({"signals": [SIGNAL]})).found
    assert found.title == "Bring the error rate of checkout back: 0.05 (baseline 0.01, n = 12000)"
    assert (found.kind, found.labels) == (Kind.BUG, ("stability",))


def test_prometheus_says_the_same_as_json() -> None:
    assert report(PROMETHEUS).found == report(as_json({"signals": [SIGNAL]})).found


@pytest.mark.parametrize(
    ("changes", "is_worse"),
    [
        ({"current": 0.019}, False),
        ({"current": 0.05, "baseline": 0.02, "n": 100}, False),
        ({"current": 0.09, "baseline": 0.01, "n": 100}, True),
        ({"current": 0.0, "baseline": 0.0}, False),
        ({"measures": "latency", "current": 1.4, "baseline": 1.0}, False),
        ({"measures": "latency", "current": 1.6, "baseline": 1.0}, True),
        ({"measures": "resource", "current": 1.6, "baseline": 1.0, "n": 9}, False),
        ({"measures": "resource", "current": 1.6, "baseline": 1.0, "n": 10}, True),
    ],
)
def test_only_what_is_clearly_worse_counts(changes: Any, is_worse: bool) -> None:
    assert worse(Signal.model_validate(SIGNAL | changes)) is is_worse


@pytest.mark.parametrize(
    "data",
    [
        as_json({"signals": []}),
        as_json({"signals": [{**SIGNAL, "n": 12}]}),
        as_json({"signals": [{**SIGNAL, "current": "NaN"}]}),
        as_json({"signals": [{**SIGNAL, "baseline": -1}]}),
        as_json({"signals": [{"name": "a"}]}),
        PROMETHEUS.replace("lamplighter_error_rate_baseline", "other"),
        PROMETHEUS.replace("0.05", "many"),
        "process_cpu_seconds_total 3.5\n",
    ],
)
def test_half_a_measurement_is_none(data: bytes | str) -> None:
    assert report(artefact(data)).status == "not run"
