"""What came of suites, as data: summed up, written as JSON, compared with an earlier time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, Field, ValidationError

from app.settings import ConfigError
from evals.suite import Suite, Trial


class CaseResult(BaseModel, frozen=True):
    case: str
    ok: bool
    detail: str = ""
    skipped: str = ""
    seconds: float = 0.0
    facts: dict[str, Any] = Field(default_factory=dict)

    @property
    def word(self) -> str:
        return "skipped" if self.skipped else "passed" if self.ok else "failed"


class SuiteResult(BaseModel, frozen=True):
    name: str
    about: str
    n: int
    passed: int
    failed: int
    skipped: int
    headline: dict[str, Any]
    ok: bool
    """Whether the headline is within the suite's threshold."""
    seconds: float
    """Of all trials together; they may have run side by side."""
    cases: tuple[CaseResult, ...]

    @classmethod
    def of(cls, suite: Suite, trials: Sequence[Trial]) -> Self:
        headline = suite.headline(trials)
        return cls(
            name=suite.name,
            about=suite.about,
            n=len(trials),
            passed=sum(t.ok and not t.skipped for t in trials),
            failed=sum(t.failed for t in trials),
            skipped=sum(bool(t.skipped) for t in trials),
            headline=headline,
            ok=suite.passes(headline),
            seconds=round(sum(t.seconds for t in trials), 1),
            cases=tuple(CaseResult.model_validate(vars(t)) for t in trials),
        )


class Regression(BaseModel, frozen=True):
    """A case that passed in the baseline and fails now."""

    suite: str
    case: str
    detail: str


class Results(BaseModel, frozen=True):
    made: str
    """Date and time, UTC."""
    command: str
    versions: dict[str, str]
    suites: tuple[SuiteResult, ...]
    regressions: tuple[Regression, ...] = ()

    @property
    def ok(self) -> bool:
        return all(suite.ok for suite in self.suites) and not self.regressions


def read_results(path: Path) -> Results:
    """Results written by `--out` or by `--json`. Raises ConfigError."""
    import json

    try:
        data = json.loads(path.read_bytes())
        return Results.model_validate(data.get("result", data))
    except FileNotFoundError as error:
        raise ConfigError(f"there is no file {path}: results are written by `lamplighter eval … --out DIR`") from error
    except (OSError, ValueError, AttributeError, ValidationError) as error:
        why = str(error).splitlines()[0]
        raise ConfigError(f"{path} has no results of `lamplighter eval`: {why}") from error


def regressions(before: Results, suites: Sequence[SuiteResult]) -> tuple[Regression, ...]:
    """In order. A case that the baseline does not have, or that is skipped now, is none."""
    passed = {(s.name, c.case) for s in before.suites for c in s.cases if c.word == "passed"}
    return tuple(
        Regression(suite=suite.name, case=case.case, detail=case.detail)
        for suite in suites
        for case in suite.cases
        if case.word == "failed" and (suite.name, case.case) in passed
    )


def figures(headline: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in headline.items())
