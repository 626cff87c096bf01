"""repos: the same over several repositories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers
from cli.focus import focusable


def over_list(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """For a function that is given a Call; goes below `answers`."""

    @click.option(
        "--list", "file", type=click.Path(path_type=Path), default=None, help="The list: one path a line, # comments."
    )
    @wraps(function)
    def run(call: Call, *, file: Path | None, **rest: Any) -> Answer:
        if call.repo is not None:
            raise click.UsageError("repos looks at the repositories of a list: leave --repo out, or name a --list")
        named = str(file.expanduser().absolute()) if file is not None else None
        return function(replace(call, flags={**call.flags, "repos": named}), **rest)

    return run


def by_preset(function: Callable[..., Answer]) -> Callable[..., Answer]:
    @click.option("--preset", default=None, metavar="NAME", help="Rank all by one preset, for this command alone.")
    @wraps(function)
    def run(call: Call, *, preset: str | None, **rest: Any) -> Answer:
        return function(replace(call, flags={**call.flags, "preset": preset}), **rest)

    return run


@click.group("repos")
def repos_command() -> None:
    """The same over several repositories: a list of yours says which."""


@repos_command.command("status")
@answers("repos status")
@over_list
def status_command(call: Call) -> Answer:
    """Each repository of the list: its open items, when it was looked at last, what is not committed."""
    from app.repos.status import status

    return status(call)


@repos_command.command("discover")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@answers("repos discover")
@over_list
def discover_command(call: Call, sources: tuple[str, ...]) -> Answer:
    """Look for work in one after the other; one that fails does not stop the others."""
    from app.plain import one_line
    from app.repos.looking import discover_all

    def tell(name: str) -> None:
        if call.flags.get("log_level") != "warning":
            click.echo(f"▸ {one_line(name)}", err=True)

    return discover_all(call, sources, tell)


@repos_command.command("list")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Only the first N.")
@answers("repos list")
@over_list
@by_preset
@focusable
def list_command(call: Call, top: int) -> Answer:
    """The open items of all, best first."""
    from app.repos.ranking import list_all

    return list_all(call, top)


@repos_command.command("next")
@answers("repos next")
@over_list
@by_preset
@focusable
def next_command(call: Call) -> Answer:
    """The best item of each that may be done now, best first."""
    from app.repos.ranking import next_of_all

    return next_of_all(call)


@repos_command.command("report")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Rows of the ranked table.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write the page to this file.")
@answers("repos report")
@over_list
@by_preset
@focusable
def report_command(call: Call, top: int, out: Path | None) -> Answer:
    """The repositories and their ranking as a Markdown page."""
    from app.repos.reporting import report_all

    return report_all(call, top, out)
