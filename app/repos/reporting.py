"""The common report over several repositories, as a Markdown page for people who do not have them on their disk."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.answer import Answer
from app.call import Call
from app.house import clock
from app.plain import plain
from app.repos.each import code
from app.repos.ranking import Ranked, of, ranking, repository_rows
from app.repos.shown import INCOMPARABLE, named, result
from app.repos.table import Table
from app.settings import ConfigError
from metrics.sections import Section, markdown_lines, sections_data

TITLE = "Work in several repositories"


def report_all(call: Call, top: int, out: Path | None) -> Answer:
    """To `out`, or to be printed. Raises ConfigError for a file that should not be written."""
    if out is not None:
        _refuse(out)
    found = ranking(call, top)
    rows = repository_rows(found)
    sections = sections_of(found, rows, clock())
    lines = tuple(markdown_lines(TITLE, sections))
    told = result(found.file, found.listed, rows, found.tables) | {"report": sections_data(sections), "out": None}
    if out is None:
        return Answer(told, lines, code(found.told))
    _write(out, plain("\n".join(lines) + "\n"))
    missing = [row["name"] for row in rows if row["problem"]]
    said = f"; not in it: {', '.join(missing)}" if missing else ""
    return Answer(told | {"out": str(out)}, (f"written: {out}{said}",), code(found.told))


def sections_of(found: Ranked, rows: Sequence[dict[str, Any]], now: datetime) -> list[Section]:
    """No paths of this disk: the page is read elsewhere."""
    fine = [r for r in rows if not r["problem"]]
    notes = [f"{now:%Y-%m-%d %H:%M} UTC, {len(fine)} of {len(rows)} repositories"]
    notes += [f"{INCOMPARABLE}, so each has a table"] if len(found.tables) > 1 else []
    return [
        Section("header", "This report", notes=tuple(notes)),
        _repositories(fine),
        *(_ranking(table) for table in found.tables),
        *_missing([r for r in rows if r["problem"]]),
    ]


def _repositories(fine: Sequence[dict[str, Any]]) -> Section:
    columns = ("repository", "open", "ready", "blocked", "last look", "scored by")
    rows = tuple(
        (
            r["name"],
            r["open"],
            r["ready"],
            r["blocked"],
            (r["last_look"] or "never")[:16].replace("T", " "),
            r["scored_by"],
        )
        for r in fine
    )
    return Section("repositories", "Repositories", columns, rows)


def _ranking(table: Table) -> Section:
    columns = ("rank", "score", "status", "kind", "size", "repository", "id", "title")
    rows = tuple(
        (n, r.scored.score, i.status.value, i.kind.value, i.inputs.size, r.repository, i.id, i.title)
        for n, r in enumerate(table.rows, 1)
        if (i := r.scored.item)
    )
    notes = (f"{of(table)} in {named(table.repositories)}", *table.notes)
    return Section("ranking", f"Ranking by {' and '.join(table.scored_by)}", columns, rows, notes)


def _missing(bad: Sequence[dict[str, Any]]) -> list[Section]:
    """Their names alone: why they are not in it names folders of this disk, and is said where the report is made."""
    if not bad:
        return []
    return [Section("missing", "Left out", ("repository",), tuple((Path(r["name"]).name,) for r in bad))]


def _refuse(out: Path) -> None:
    if not out.absolute().parent.is_dir():
        raise ConfigError(f"{out}: there is no folder {out.absolute().parent} to write it to")
    if out.is_symlink() or (out.exists() and not _is_report(out)):
        raise ConfigError(f"{out}: is there already and is no report of this kind: name another file, or remove it")


def _is_report(file: Path) -> bool:
    """Only such a file is written over."""
    if not file.is_file():
        return False
    with file.open("rb") as opened:
        return opened.readline(200).decode("utf-8", "replace").strip() == f"# {TITLE}"


def _write(file: Path, text: str) -> None:
    """A reader sees the old page or the new one."""
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        fresh.write_text(text, "utf-8")
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
