"""What is in the backlog of each of the user's repositories?"""

from __future__ import annotations

from typing import Any

from app.answer import Answer
from app.call import Call
from app.repos.asking import repositories, scored_by
from app.repos.each import code, in_each, opened, state, was_looked_at
from app.repos.known import Known
from app.repos.shown import repository_row, result, state_lines, with_problems
from app.settings import load, on_disk, surroundings
from forge.repository import open_repository


def status(call: Call) -> Answer:
    """Makes nothing in a repository that was never looked at."""
    file, found = repositories(call)
    told = in_each(found.repositories, lambda repository: _standing(repository, call))
    rows = [one.made or repository_row(one.repository, one.problem) for one in told]
    lines = with_problems(state_lines(rows), rows, found)
    return Answer(result(file, found, rows), lines, code(told))


def _standing(repository: Known, call: Call) -> dict[str, Any]:
    if not was_looked_at(repository):
        settings = load(on_disk(repository.root), surroundings(), call.flags, call.config)
        uncommitted = len(open_repository(repository.root).dirty())
        return repository_row(repository, "", uncommitted=uncommitted, scored_by=scored_by(settings))
    with opened(repository, call) as house:
        _ = house.scoring
        uncommitted = len(house.repository.dirty())
        return repository_row(
            repository, "", state(house), uncommitted=uncommitted, scored_by=scored_by(house.settings)
        )
