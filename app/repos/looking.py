"""Look for work in each of the user's repositories, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.answer import Answer
from app.call import Call
from app.discovering import discovered
from app.repos.asking import repositories, scored_by
from app.repos.each import State, code, in_each, opened, state
from app.repos.known import Known
from app.repos.shown import repository_row, result, with_problems
from backlog.discover import Discovered
from backlog.sources.text import clean

REASON = 100


def discover_all(call: Call, only: Sequence[str], tell: Callable[[str], None]) -> Answer:
    """In each what `lamplighter discover --repo PATH` does. `tell` is given the name of each as its turn comes."""
    file, found = repositories(call)

    def look(repository: Known) -> dict[str, Any]:
        tell(repository.name)
        with opened(repository, call) as house:
            _ = house.scope, house.scoring, house.toolchain  # what is wrong with these is told before anything is done
            seen = discovered(house, only)
            return _row(repository, state(house), seen, scored_by(house.settings))

    told = in_each(found.repositories, look)
    rows = [one.made or repository_row(one.repository, one.problem) for one in told]
    lines = with_problems((_line(r) for r in rows if not r["problem"]), rows, found)
    return Answer(result(file, found, rows), lines, code(told))


def _row(repository: Known, after: State, seen: Discovered, by: str) -> dict[str, Any]:
    sources = [
        {"name": r.name, "status": r.status, "reason": r.reason, "found": len(r.found), "seconds": round(r.seconds, 3)}
        for r in seen.reports
    ]
    return repository_row(repository, "", after, scored_by=by, added=len(seen.added), sources=sources)


def _line(row: dict[str, Any]) -> str:
    """What came of it, and which sources should have looked and could not."""
    failed = [f"{s['name']} ({clean(s['reason'], REASON)})" for s in row["sources"] if s["status"] == "not run"]
    could_not = f"; could not look: {', '.join(failed)}" if failed else ""
    return f"{row['name']}: {row['added']} new, {row['open']} open{could_not}"
