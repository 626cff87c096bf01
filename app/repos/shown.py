"""What the commands over several repositories say: one shape for programs, tables for people."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.listing import row
from app.plain import one_line
from app.repos.each import State
from app.repos.known import Known, Listed
from app.repos.table import Table
from backlog.sources.text import clean

TITLE = 100
NAME = 40

INCOMPARABLE = "scores by different rules can not be compared"


def result(file: Path, listed: Listed, rows: Sequence[dict[str, Any]], tables: Sequence[Table] = ()) -> dict[str, Any]:
    """The same keys for every command; what a command does not ask is null or empty."""
    return {
        "list": str(file),
        "repositories": list(rows),
        "twice": list(listed.twice),
        "tables": [_table(table) for table in tables],
    }


def repository_row(
    repository: Known,
    problem: str,
    state: State | None = None,
    *,
    uncommitted: int | None = None,
    scored_by: str | None = None,
    added: int | None = None,
    sources: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    look = state.last_look if state else None
    return {
        "name": repository.name,
        "path": str(repository.root),
        "problem": problem or None,
        "open": state.open if state else None,
        "ready": state.ready if state else None,
        "blocked": state.blocked if state else None,
        "last_look": look.isoformat() if look else None,
        "uncommitted": uncommitted,
        "scored_by": scored_by,
        "added": added,
        "sources": list(sources),
    }


def _table(table: Table) -> dict[str, Any]:
    items = [{"rank": n, "repository": r.repository, **row(r.scored)} for n, r in enumerate(table.rows, 1)]
    return {
        "scored_by": list(table.scored_by),
        "repositories": list(table.repositories),
        "of": table.total,
        "items": items,
    }


def state_lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """A table of those without a problem."""
    fine = [r for r in rows if not r["problem"]]
    if not fine:
        return
    width = max(10, *(len(_name(r["name"])) for r in fine))
    counted = f"{'open':>5}  {'ready':>5}  {'blocked':>7}"
    yield f"{'repository':<{width}}  {counted}  {'last look (UTC)':<16}  changed  scored by"
    for r in fine:
        counts = "  ".join(f"{_count(r[key]):>{n}}" for key, n in (("open", 5), ("ready", 5), ("blocked", 7)))
        look = f"{datetime.fromisoformat(r['last_look']):%Y-%m-%d %H:%M}" if r["last_look"] else "never"
        yield f"{_name(r['name']):<{width}}  {counts}  {look:<16}  {_count(r['uncommitted']):>7}  {r['scored_by']}"


def table_lines(tables: Sequence[Table], heading: Callable[[Table], str]) -> Iterator[str]:
    """Each table below its heading."""
    if len(tables) > 1:
        yield f"{INCOMPARABLE}, so each has a table; --preset NAME ranks all by one"
    for table in tables:
        yield from ("",) if len(tables) > 1 else ()
        yield f"{heading(table)}, scored by {' and '.join(table.scored_by)}"
        yield from table.notes
        yield from _ranked(table)


def _ranked(table: Table) -> Iterator[str]:
    if not table.rows:
        return
    names = [_name(r.repository) for r in table.rows]
    width = max(10, *map(len, names))
    yield f"{'#':>3}  {'score':>6}  {'status':<8}  {'kind':<12}  {'repository':<{width}}  {'id':<22}  title"
    for n, (name, r) in enumerate(zip(names, table.rows, strict=True), 1):
        item = r.scored.item
        said = f"{item.status.value:<8}  {item.kind.value:<12}  {name:<{width}}  {item.id:<22}"
        yield f"{n:>3}  {r.scored.score:>6.2f}  {said}  {clean(item.title, TITLE)}"


def named(names: Sequence[str]) -> str:
    return f"{len(names)} repositories" if len(names) > 2 else " and ".join(_name(name) for name in names)


def with_problems(lines: Iterable[str], rows: Sequence[dict[str, Any]], listed: Listed) -> tuple[str, ...]:
    """And below it what is left out, and what is listed twice."""
    above = list(lines)
    below = [f"left out: {r['name']}: {r['problem']}" for r in rows if r["problem"]] + list(listed.twice)
    return (*above, *([""] if above and below else []), *below)


def with_repo(command: str, root: Path) -> str:
    """The command for that repository, to be copied."""
    return one_line(f"lamplighter {command} --repo {shlex.quote(str(root))}")


def _name(name: str, limit: int = NAME) -> str:
    return clean(name, max(1, limit))


def _count(number: int | None) -> str:
    return "-" if number is None else f"{number}"
