"""`lamplighter eval`: which suites, how, and what is written where."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.answer import GATE, OK, Answer
from app.house import clock
from evals.catalogue import check_cases, load
from evals.inspected import Plan, run_suites
from evals.results import Results, SuiteResult, read_results, regressions
from evals.told import junit, lines, markdown
from evals.versions import versions


@dataclass(frozen=True)
class Asked:
    """The command's options. Relative paths are below the current folder."""

    suites: tuple[str, ...]
    only: tuple[str, ...] = ()
    baseline: Path | None = None
    out: Path | None = None
    junit: Path | None = None
    markdown: Path | None = None
    jobs: int | None = None
    """None: one for each processor."""
    model: str | None = None
    base_url: str | None = None

    @property
    def flags(self) -> Mapping[str, Any]:
        return {"model": self.model, "base_url": self.base_url}

    @property
    def command(self) -> str:
        words = ["lamplighter", "eval", *self.suites]
        words += [part for name in self.only for part in ("--only", name)]
        words += ["--model", self.model] if self.model else []
        return shlex.join(words)


def evaluate(asked: Asked) -> Answer:
    """Exit 0, or 4 when a suite misses its threshold or a case is worse than in the baseline.

    Raises SuiteUnknown, ConfigError.
    """
    before = read_results(asked.baseline) if asked.baseline else None
    with TemporaryDirectory(prefix="lamplighter-eval-") as scratch:
        out = asked.out or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        results = _results(asked, out.absolute(), before)
    if asked.out:
        (asked.out / "results.json").write_text(results.model_dump_json(indent=1) + "\n")
    if asked.junit:
        asked.junit.write_bytes(junit(results))
    if asked.markdown:
        with asked.markdown.open("a", encoding="utf-8") as file:  # a CI job's summary may have something already
            file.write(markdown(results))
    return Answer(results.model_dump(mode="json"), lines(results), OK if results.ok else GATE)


def _results(asked: Asked, out: Path, before: Results | None) -> Results:
    suites = load(asked.suites)
    check_cases(suites, asked.only)
    made = clock().isoformat(timespec="seconds")
    plan = Plan(out=out, flags=asked.flags, only=asked.only, jobs=asked.jobs or len(os.sched_getaffinity(0)))
    trials = run_suites(suites, plan)
    summed = tuple(SuiteResult.of(suite, trials[suite.name]) for suite in suites)
    worse = regressions(before, summed) if before else ()
    return Results(made=made, command=asked.command, versions=versions(out), suites=summed, regressions=worse)
