"""The suite `capability`: tasks with hidden checks, worked by the configured model or by a scripted engineer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.call import Call
from app.house import House, clock, open_working_house
from app.run_item import usage
from app.thinker import has_model
from backlog.item import Item, Status
from evals.capability.covered import PACKAGE, covered, package
from evals.capability.engineers import Engineering
from evals.capability.hidden import failing
from evals.capability.mutants import chosen, mutant_task
from evals.capability.task import Task, own_names, own_task
from evals.case import Case, Ran, again, commit_all
from evals.ground import new_repository, write
from evals.suite import Ground, Skipped, Suite, Trial

MUTANTS = 40
"""How many of the mutants are played."""
NO_MODEL = "capability needs a model: set OPENAI_BASE_URL, or OPENAI_API_KEY and LAMPLIGHTER_MODEL"
NO_PACKAGE = f"this task is made of the package {PACKAGE}: pip install 'lamplighter[eval]'"
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Attempt:
    task: Task
    ran: Ran


def task_names(mutants: int = MUTANTS) -> list[str]:
    """Our own tasks, then mutants spread evenly over those there are."""
    known = list(chosen())
    picked = [known[i * len(known) // mutants] for i in range(min(mutants, len(known)))]
    return [*own_names(), *dict.fromkeys(picked)]


def task(name: str) -> Task:
    """Raises Skipped for a task whose package is not installed."""
    if name not in chosen():
        return own_task(name)
    if package() is None:
        raise Skipped(NO_PACKAGE)
    return mutant_task(name)


def attempt(name: str, ground: Ground, engineer: Engineering | None) -> Attempt:
    """Work the task's item. Raises Skipped when there is nobody to work it."""
    wanted = task(name)
    case = Case(name=name, engineer=(lambda: engineer(wanted)) if engineer else None)
    house = laid_out(wanted, ground, scripted=engineer is not None)
    if not has_model(house.settings):
        raise Skipped(NO_MODEL)
    now = clock()
    fields = {"id": "item-1", "source": "hand", "status": Status.READY, "created_at": now, "updated_at": now}
    item = Item.model_validate(fields | wanted.item)
    house.backlog.add(item)
    return Attempt(wanted, again(case, house, item))


def laid_out(wanted: Task, ground: Ground, scripted: bool = False) -> House:
    """The task's repository with its history, in a house whose sandboxes do not show the hidden checks."""
    first, *later = wanted.history
    root = new_repository(ground.folder / "repository", first.files)
    for commit in later:
        write(root, commit.files)
        commit_all(root, commit.message)
    flags = {**ground.flags, "log_level": "warning", **({"model": "scripted"} if scripted else {})}
    return covered(open_working_house(Call(repo=root, flags=flags)))


def judge(name: str, attempt: Attempt) -> Trial:
    """Solved is what was published and passes the hidden check; the check runs on the published tree."""
    ran = attempt.ran
    wrong = failing(ran.house, _published_tree(ran), attempt.task.hidden) if ran.published else ""
    outcome = ran.outcome
    spent = usage(ran.record)
    facts = {
        "kind": attempt.task.kind,
        "solved": ran.published and not wrong,
        "published": ran.published,
        "false_published": ran.published and bool(wrong),
        "code": outcome.code if outcome else "",
        "reason": outcome.reason if outcome else ran.error,
        "tokens": spent["tokens"],
        "cost": NOT_MEASURED,
        "seconds": round(ran.seconds, 1),
        "steps": spent["requests"],
    }
    detail = f"published, but the hidden check fails: {wrong}" if wrong else str(facts["reason"])
    return Trial(name, bool(facts["solved"]), detail, seconds=ran.seconds, facts=facts)


def _published_tree(ran: Ran) -> str:
    assert ran.outcome is not None
    head = ran.house.repository.git.run("rev-parse", f"refs/heads/{ran.outcome.branch}").decode().strip()
    return ran.house.trees.tree_of(head)


def headline(trials: Sequence[Trial]) -> dict[str, Any]:
    """`false_published` is what counts: a pull request that is wrong. Its goal is 0."""
    played = [t for t in trials if not t.skipped]

    def total(name: str) -> int:
        return sum(int(t.facts.get(name, 0)) for t in played)

    return {
        "solved": total("solved"),
        "published": total("published"),
        "false_published": total("false_published"),
        "cost": NOT_MEASURED,
        "tokens": total("tokens"),
        "steps": total("steps"),
        "n": len(played),
    }


def passes(figures: Mapping[str, Any]) -> bool:
    return bool(figures["false_published"] == 0)


def suite(engineer: Engineering | None = None, mutants: int = MUTANTS) -> Suite:
    """With an engineer, that one works every task; without, the configured model."""
    return Suite(
        name="capability",
        about="Tasks with checks that whoever works them never sees: what is solved, and what is published wrong.",
        names=lambda: task_names(mutants),
        play=lambda name, ground: attempt(name, ground, engineer),
        judge=judge,
        headline=headline,
        passes=passes,
    )


SUITE = suite()
