"""What is best to be done over all of the user's repositories?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.answer import Answer
from app.call import Call
from app.house import House
from app.listing import pick, ranked
from app.repos.asking import repositories, scored_by
from app.repos.each import State, Told, code, in_each, opened_if_looked_at, state
from app.repos.known import Known, Listed
from app.repos.shown import named, repository_row, result, table_lines, with_problems, with_repo
from app.repos.table import Ranking, Table, keyed, tables
from backlog.item import OPEN
from backlog.score import Scored, score
from backlog.sources.text import clean
from backlog.yardstick import yardstick

WHY = 120


@dataclass(frozen=True, slots=True)
class Offer:
    """What a repository has: the best, how many there are, and why there is none."""

    best: Sequence[Scored]
    of: int
    idle: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The tables, and what is to be known of the repositories beside them."""

    file: Path
    listed: Listed
    told: list[Told[tuple[State, Ranking]]]
    tables: list[Table]


def ranking(call: Call, top: int) -> Ranked:
    """Every open item, best first."""
    return _ranked(call, top, lambda house: Offer(ranked(house, OPEN, top), state(house).open))


def list_all(call: Call, top: int) -> Answer:
    found = ranking(call, top)
    lines = table_lines(found.tables, lambda table: f"{of(table)} in {named(table.repositories)}")
    return _answer(found, lines)


def next_of_all(call: Call) -> Answer:
    """The best item of each repository that may be done now, and the command for the best of these."""
    found = _ranked(call, None, _next)
    roots = {one.repository.name: one.repository.root for one in found.told if one.made}
    some = [table for table in found.tables if table.rows]
    lines = list(table_lines(some, lambda _table: "the best item of each that may be done now"))
    best = [table.rows[0] for table in some]
    lines += ["", *(with_repo(f"run {row.scored.item.id}", roots[row.repository]) for row in best)] if best else []
    lines += [
        f"nothing to do in {r.repository}: {r.idle}" for one in found.told if one.made and (r := one.made[1]).idle
    ]
    return _answer(found, lines)


def of(table: Table) -> str:
    """How many of the open items are shown."""
    shown = "" if len(table.rows) == table.total else f"{len(table.rows)} of "
    return f"{shown}{table.total} open item{'' if table.total == 1 else 's'}"


def _ranked(call: Call, top: int | None, offered: Callable[[House], Offer]) -> Ranked:
    file, found = repositories(call)

    def ask(repository: Known) -> tuple[State, Ranking]:
        with opened_if_looked_at(repository, call) as house:
            offer = offered(house)
            best = keyed(offer.best, house.scoring, house.now())
            by, measure = scored_by(house.settings), yardstick(house.scoring)
            of_them = Ranking(repository.name, by, measure, best, offer.of, offer.idle, _calibrated(house))
            return state(house), of_them

    told = in_each(found.repositories, ask)
    offers = [one.made[1] for one in told if one.made]
    return Ranked(file, found, told, tables(offers, top if top is not None else len(offers)))


def _next(house: House) -> Offer:
    item, left = pick(house)
    if item is not None:
        return Offer([score(item, house.scoring, house.now())], 1)
    first = next((f"{name}: {clean(why, WHY)}" for name, why in left.items()), "no open item")
    more = f"; {with_repo('next', house.repository.root)} says it of all {len(left)}" if len(left) > 1 else ""
    return Offer([], 0, first + more)


def _answer(found: Ranked, lines: Iterable[str]) -> Answer:
    rows = repository_rows(found)
    told = with_problems(lines, rows, found.listed)
    return Answer(result(found.file, found.listed, rows, found.tables), told, code(found.told))


def repository_rows(found: Ranked) -> list[dict[str, Any]]:
    return [
        repository_row(one.repository, one.problem, one.made[0], scored_by=one.made[1].scored_by)
        if one.made
        else repository_row(one.repository, one.problem)
        for one in found.told
    ]


def _calibrated(house: House) -> str:
    version = house.scoring.calibration.version
    return f"sizes as calibration {version} learned them from what was delivered there" if version else ""
