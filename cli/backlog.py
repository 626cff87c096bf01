"""discover, backlog, next."""

from __future__ import annotations

import click

from app.answer import Answer
from app.call import Call
from cli.backlog_add import add_command
from cli.backlog_file import FILE_COMMANDS
from cli.backlog_report import calibrate_command, diff_command, report_command
from cli.envelope import answers
from cli.focus import focusable


@click.command("discover")
@click.option(
    "--source",
    "sources",
    multiple=True,
    help="Only this source, for example sarif, types or module:attr; may be repeated.",
)
@answers("discover")
def discover_command(call: Call, sources: tuple[str, ...]) -> Answer:
    """Look for work: comments, scanners, tests, backlog files, and reports that other programs wrote."""
    from app.discovering import discover

    return discover(call, sources)


@click.group("backlog")
def backlog_command() -> None:
    """List, show, add, edit, explain and close items."""


@backlog_command.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed items as well.")
@click.option("--top", type=click.IntRange(1), default=None, help="Only the first N.")
@answers("backlog list")
@focusable
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
@focusable
def explain_command(call: Call, item: str) -> Answer:
    """Every term of an item's score, where it comes from, and whether the item may be done."""
    from app.listing import explained

    return explained(call, item)


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
@click.option("--hours", type=click.FloatRange(0, min_open=True), default=None, help="What the work took a person.")
@answers("backlog close")
def close_command(call: Call, item: str, reason: str, done: bool, hours: float | None) -> Answer:
    """Close an item. Of one that is done it says what had been expected and what it took."""
    from app.finishing import close

    return close(call, item, reason, done, hours)


for told in (add_command, diff_command, report_command, calibrate_command, *FILE_COMMANDS):
    backlog_command.add_command(told)


@backlog_command.command("patch")
@click.argument("item")
@answers("backlog patch")
def patch_command(call: Call, item: str) -> Answer:
    """Make the change that policy leaves to a person as a patch, check it, and say how to apply it."""
    from app.patching import patch

    return patch(call, item)


@backlog_command.command("reconcile")
@click.option("--dry-run", is_flag=True, help="Look at no source and close nothing.")
@answers("backlog reconcile")
def reconcile_command(call: Call, dry_run: bool) -> Answer:
    """Close what is done, gone, merged or there twice, each with what shows it."""
    from app.reconciling import reconcile

    return reconcile(call, dry_run)


@click.command("next")
@answers("next")
@focusable
def next_command(call: Call) -> Answer:
    """The best item that may be done now, with its score and why it comes first."""
    from app.listing import next_item

    return next_item(call)
