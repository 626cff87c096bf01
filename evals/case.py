"""A case in which the item machine works one item: a repository, the item, and who engineers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from app.call import Call
from app.endings import exit_code
from app.house import House, clock, open_working_house
from app.run_item import Thinking, work_item
from app.runs import Runs
from app.thinker import thinker
from backlog.item import Item, Kind, Status
from evals.ground import commit_all, images, new_repository
from evals.suite import Ground
from graph.outcome import Outcome
from model.port import Model


@dataclass(frozen=True)
class Case:
    name: str
    files: Mapping[str, str] = field(default_factory=dict)
    """The repository's files, committed as its first commit."""
    item: Mapping[str, Any] = field(default_factory=dict)
    """Fields of `backlog.item.Item`, over plain defaults."""
    engineer: Callable[[], Model] | None = None
    """A scripted model; None means the configured one."""
    lay: Callable[[Path], None] | None = None
    """Further set-up of the repository, such as more commits. What it leaves uncommitted stays so."""
    honest: bool = True


@dataclass(frozen=True)
class Ran:
    """What came out, for judges."""

    house: House
    outcome: Outcome | None
    """None when the run ended with an error."""
    run: str
    """Empty when no run was begun."""
    record: Path
    """Folder of the run."""
    seconds: float
    untouched: bool
    """Whether the work tree and .git are to the byte as before, but for what publishing may add."""
    published: bool
    """Whether a branch, a note or a pull-request record is there, whatever the outcome says."""
    error: str = ""
    """The one line that the command line would give; for an error that is no bug."""
    exit_code: int = 0
    """The one that goes with the error."""


def work(case: Case, ground: Ground) -> Ran:
    """Work the case's item the way a user's run does. Errors that are bugs are raised."""
    root = new_repository(ground.folder / "repository", case.files)
    if case.lay:
        case.lay(root)
    scripted = {"model": "scripted"} if case.engineer else {}
    house = open_working_house(Call(repo=root, flags={**ground.flags, **scripted, "log_level": "warning"}))
    item = Item.model_validate(_plain(case) | dict(case.item))
    house.backlog.add(item)
    return again(case, house, item)


def again(case: Case, house: House, item: Item, answer: str | None = None) -> Ran:
    """Work an item of a house that is open: the first time, or on from where it stopped."""
    before, begun = images(house.repository.root), perf_counter()
    outcome, error, code = None, "", 0
    scripted = case.engineer
    think: Thinking = (lambda *_: scripted()) if scripted else thinker
    try:
        outcome, _ = work_item(house, item, answer=answer, think=think)
    except Exception as problem:
        known = exit_code(problem)
        if known is None:
            raise
        error, code = str(problem), known
    return _ran(house, item, outcome, before, perf_counter() - begun, error, code)


def _ran(
    house: House, item: Item, outcome: Outcome | None, before: dict[str, str], took: float, error: str, code: int
) -> Ran:
    runs = Runs(house.state / "runs")
    latest = runs.latest(item.id)
    run = latest.run if latest else ""
    return Ran(
        house=house,
        outcome=outcome,
        run=run,
        record=runs.path(run),
        seconds=took,
        untouched=images(house.repository.root) == before,
        published=was_published(house),
        error=error,
        exit_code=code,
    )


def was_published(house: House) -> bool:
    refs = house.repository.git.run("for-each-ref", "--format=%(refname)").decode().split()
    ours = [r for r in refs if r.startswith("refs/heads/lamplighter/") or r == "refs/notes/lamplighter"]
    pulls = house.state / "pulls"
    return bool(ours) or (pulls.is_dir() and any(pulls.iterdir()))


def _plain(case: Case) -> dict[str, Any]:
    now = clock()
    return {
        "id": "item-1",
        "title": case.name,
        "kind": Kind.BUG,
        "source": "hand",
        "status": Status.READY,
        "criteria": ("it does what the title says",),
        "created_at": now,
        "updated_at": now,
    }


__all__ = ["Case", "Ran", "again", "commit_all", "was_published", "work"]
