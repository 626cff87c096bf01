"""backlog diff, report and calibrate."""

from __future__ import annotations

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers
from cli.focus import focusable


@click.command("diff")
@click.option(
    "--since", default=None, help="A scan's number, or a day as 2026-03-01 [default: the scan before the last]"
)
@answers("backlog diff")
def diff_command(call: Call, since: str | None) -> Answer:
    """What changed in the ranking since a scan, and why."""
    from app.comparing import diff

    return diff(call, since)


@click.command("report")
@click.option("--top", type=click.IntRange(1), default=20, show_default=True, help="Rows of the ranked table.")
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="The period that counts.")
@click.option("--markdown", is_flag=True, help="As a Markdown page.")
@answers("backlog report")
@focusable
def report_command(call: Call, top: int, days: int, markdown: bool) -> Answer:
    """The backlog in figures: ranking, sources, ages, debt, delivery, what changed, and what the repository has."""
    from app.reporting import report

    return report(call, top, days, markdown)


@click.command("calibrate")
@click.option("--weekly", "every", flag_value="week", help="Once a calendar week, for a scheduler.")
@click.option("--monthly", "every", flag_value="month", help="Once a calendar month, for a scheduler.")
@click.option("--adopt", type=click.IntRange(1), default=None, metavar="VERSION", help="Put a version in force.")
@click.option("--revert", is_flag=True, help="Go back to what was in force before.")
@answers("backlog calibrate")
def calibrate_command(call: Call, every: str | None, adopt: int | None, revert: bool) -> Answer:
    """Compare what items were expected to take with what they took, and say how ranks would change."""
    from app.calibrating import adopted, calibrate, reverted

    if adopt is not None and revert:
        raise click.UsageError("--adopt and --revert do not go together")
    if adopt is not None:
        return adopted(call, adopt)
    return reverted(call) if revert else calibrate(call, every)
