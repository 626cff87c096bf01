"""Suites run by Inspect AI: a suite is a task, its cases are the samples, `play` is the solver, `judge` the scorer.

Inspect brings limits, parallel samples, a log of every sample and a viewer for it (`inspect view --log-dir DIR`).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from contextlib import chdir
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.settings import ConfigError
from evals.suite import Ground, Skipped, Suite, Trial

if TYPE_CHECKING:
    from inspect_ai import Task
    from inspect_ai.log import EvalLog, EvalSample
    from inspect_ai.scorer import Scorer
    from inspect_ai.solver import Solver

MISSING = "the eval suites need Inspect AI, which is not installed here: pip install 'lamplighter[eval]'"


@dataclass(frozen=True)
class Plan:
    """How suites are run."""

    out: Path
    """Logs go to `logs/`; every trial gets a folder of its own under `trials/`."""
    flags: Mapping[str, Any]
    only: Sequence[str] = ()
    """Names of cases; none means all."""
    jobs: int = 1
    """Trials at once."""
    time_limit_s: int = 1800
    """For one trial, by the wall clock."""
    keep: bool = False
    """Keep the folders of trials that came out right as well."""


def run_suites(suites: Sequence[Suite], plan: Plan) -> dict[str, list[Trial]]:
    """The trials of each suite, in the order of its cases. Raises ConfigError without Inspect AI."""
    try:
        import inspect_ai
    except ImportError as error:
        raise ConfigError(MISSING) from error
    plan.out.mkdir(parents=True, exist_ok=True)
    tasks = [_task(suite, plan) for suite in suites if _chosen(suite, plan)]
    # Inspect loads the first .env it finds from the current folder upwards, and a repository's .env is not to be
    # believed: an empty one ends the search.
    (plan.out / ".env").touch()
    with chdir(plan.out):
        logs = inspect_ai.eval(
            tasks,
            model=None,
            display="none",
            log_dir=str(plan.out / "logs"),
            log_level="error",
            fail_on_error=False,
            time_limit=plan.time_limit_s,
            max_samples=plan.jobs,
            max_tasks=1,
            ctl_server=False,
            acp_server=False,
        )
    found = {str(log.eval.task): log for log in logs}
    return {suite.name: _trials(found.get(suite.name), _chosen(suite, plan)) for suite in suites}


def _chosen(suite: Suite, plan: Plan) -> list[str]:
    return [name for name in suite.names() if not plan.only or name in plan.only]


def _task(suite: Suite, plan: Plan) -> Task:
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample

    samples = [Sample(id=name, input=f"{suite.name}: {name}") for name in _chosen(suite, plan)]
    came_out: dict[str, Any] = {}
    return Task(
        name=suite.name,
        dataset=MemoryDataset(samples, name=suite.name),
        solver=_solver(suite, plan, came_out),
        scorer=_scorer(suite, plan, came_out),
    )


def _solver(suite: Suite, plan: Plan, came_out: dict[str, Any]) -> Solver:
    """Plays the sample's case in a thread. What comes out is no JSON: it goes to the scorer beside the state."""
    from anyio.to_thread import run_sync
    from inspect_ai.solver import Generate, TaskState, solver

    @solver(name=f"play {suite.name}")
    def plays() -> Solver:
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            case = str(state.sample_id)
            came_out[case] = await run_sync(_played, suite, case, plan)
            return state

        return solve

    return plays()


def _scorer(suite: Suite, plan: Plan, came_out: dict[str, Any]) -> Scorer:
    from anyio.to_thread import run_sync
    from inspect_ai.scorer import Score, Target, accuracy, scorer, stderr
    from inspect_ai.solver import TaskState

    @scorer(metrics=[accuracy(), stderr()], name=f"judge {suite.name}")
    def judges() -> Scorer:
        async def score(state: TaskState, target: Target) -> Score:
            case = str(state.sample_id)
            trial = await run_sync(_judged, suite, case, came_out.pop(case), plan)
            return Score(value="C" if trial.ok else "I", explanation=trial.detail, metadata={"trial": asdict(trial)})

        return score

    return judges()


def _played(suite: Suite, case: str, plan: Plan) -> Any:
    folder = _ground(suite, case, plan)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        return suite.play(case, Ground(folder, plan.flags))
    except Skipped as why:
        return Trial(case, ok=False, skipped=str(why))


def _judged(suite: Suite, case: str, result: Any, plan: Plan) -> Trial:
    trial = result if isinstance(result, Trial) and result.skipped else suite.judge(case, result)
    if not trial.failed and not plan.keep:
        shutil.rmtree(_ground(suite, case, plan), ignore_errors=True)
    return trial


def _ground(suite: Suite, case: str, plan: Plan) -> Path:
    return plan.out.absolute() / "trials" / suite.name / case


def _trials(log: EvalLog | None, names: Sequence[str]) -> list[Trial]:
    known = {str(sample.id): sample for sample in (log.samples or ())} if log else {}
    why = log.error.message if log and log.error else "Inspect did not come to it"
    return [_trial(known[name]) if name in known else Trial(name, ok=False, detail=why) for name in names]


def _trial(sample: EvalSample) -> Trial:
    """As the scorer said; a sample without a score met a limit or an error."""
    took = sample.total_time or 0.0
    for score in (sample.scores or {}).values():
        if score.metadata:
            trial = Trial(**score.metadata["trial"])
            return trial if trial.seconds else Trial(**{**asdict(trial), "seconds": took})
    error, limit = sample.error, sample.limit
    why = error.message if error else f"its {limit.type} limit ended it" if limit else "it was not judged"
    return Trial(str(sample.id), ok=False, detail=f"the trial broke off: {why.splitlines()[0][:300]}", seconds=took)
