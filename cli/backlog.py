"""discover, backlog, next."""

from __future__ import annotations

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers


@click.command("discover")
@click.option("--source", "sources", multiple=True, help="Only this source; may be repeated.")
@answers("discover")
def discover_command(call: Call, sources: tuple[str, ...]) -> Answer:
    """Look for work: comment markers, ruff, bandit, failing tests, backlog.yml and BACKLOG.md."""
    from app.discovering import discover

    return discover(call, sources)


@click.group("backlog")
def backlog_command() -> None:
    """List, show, add, edit, explain and close items."""


@backlog_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed items as well.")
@click.option("--top", type=click.IntRange(1), default=None, help="Only the first N.")
@answers("backlog list")
def list_command(call: Call, everything: bool, top: int | None) -> Answer:
    """Open items, best first."""
    from app.listing import listed

    return listed(call, everything, top)


@backlog_command.command("show")
@click.argument("item")
@answers("backlog show")
def show_command(call: Call, item: str) -> Answer:
    """One item, whole."""
    from app.listing import shown

    return shown(call, item)


@backlog_command.command("explain")
@click.argument("item")
@answers("backlog explain")
def explain_command(call: Call, item: str) -> Answer:
    """Every term of an item's score, where it comes from, and whether the item may be done."""
    from app.listing import explained

    return explained(call, item)


@backlog_command.command("add")
@click.argument("title")
@click.option("--kind", default="feature", show_default=True)
@click.option("--story", default="")
@click.option("--criterion", "criteria", multiple=True, help="Acceptance criterion; may be repeated.")
@click.option("--path", default=None)
@click.option("--command", "check", default=None, help="The check: a command that fails now and must pass.")
@click.option("--test", "tests", multiple=True, help="The check: a test that fails now; may be repeated.")
@click.option("--value", type=click.IntRange(1, 13), default=None)
@click.option("--size", type=click.IntRange(1, 13), default=None)
@answers("backlog add")
def add_command(
    call: Call,
    title: str,
    kind: str,
    story: str,
    criteria: tuple[str, ...],
    path: str | None,
    check: str | None,
    tests: tuple[str, ...],
    value: int | None,
    size: int | None,
) -> Answer:
    """Add an item by hand."""
    from app.editing import NewItem, add

    new = NewItem(title, kind, story, criteria, path, check, tests, value, size)
    return add(call, new)


@backlog_command.command("edit")
@click.argument("item")
@click.argument("changes", nargs=-1, required=True, metavar="KEY=VALUE…")
@answers("backlog edit")
def edit_command(call: Call, item: str, changes: tuple[str, ...]) -> Answer:
    """Change fields of an item."""
    from app.editing import edit

    return edit(call, item, changes)


@backlog_command.command("close")
@click.argument("item")
@click.option("--reason", default="closed by hand")
@click.option("--done/--cancelled", default=False, help="Whether the work is done or not wanted.")
@answers("backlog close")
def close_command(call: Call, item: str, reason: str, done: bool) -> Answer:
    """Close an item."""
    from app.editing import close

    return close(call, item, reason, done)


@click.command("next")
@answers("next")
def next_command(call: Call) -> Answer:
    """The best item that may be done now, with its score and why it comes first."""
    from app.listing import next_item

    return next_item(call)
