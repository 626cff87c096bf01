"""backlog sync, resolve, import, export."""

from __future__ import annotations

from pathlib import Path

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers


@click.command("sync")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--check", is_flag=True, help="The same, with exit code 4 when something would change.")
@click.option("--all", "everything", is_flag=True, help="Put every open item into the file.")
@click.option("--top", type=click.IntRange(1), default=None, help="Put the N best open items into the file.")
@click.option("--deleted", is_flag=True, help="Many entries are missing from the file, and that is meant.")
@answers("backlog sync")
def sync_command(call: Call, dry_run: bool, check: bool, everything: bool, top: int | None, deleted: bool) -> Answer:
    """Bring backlog.yml and the backlog to agree, field by field."""
    from app.syncing import Asked, sync_file

    return sync_file(call, Asked(dry_run, check, everything, top, deleted))


@click.command("resolve")
@click.argument("item")
@click.argument("field")
@click.argument("side", type=click.Choice(["file", "backlog"]))
@answers("backlog resolve")
def resolve_command(call: Call, item: str, field: str, side: str) -> Answer:
    """Say which side is right where backlog.yml and the backlog disagree."""
    from app.syncing import resolve

    return resolve(call, item, field, side)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would come, and change nothing.")
@answers("backlog import")
def import_command(call: Call, file: Path, dry_run: bool) -> Answer:
    """Take in an existing backlog: YAML, JSON, Markdown, or the settings of an earlier tool."""
    from app.importing import import_file

    return import_file(call, file, dry_run)


@click.command("export")
@click.option("--format", "form", type=click.Choice(["yml", "json", "md"]), default="yml", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Closed items as well.")
@answers("backlog export")
def export_command(call: Call, form: str, everything: bool) -> Answer:
    """Print the backlog, best first."""
    from app.importing import export

    return export(call, form, everything)


FILE_COMMANDS = (sync_command, resolve_command, import_command, export_command)
