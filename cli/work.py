"""run, shift, resume, status, inbox, answer, approve, reject."""

from __future__ import annotations

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers


@click.command("run")
@click.argument("item", required=False)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@answers("run")
def run_command(call: Call, item: str | None, dry_run: bool) -> Answer:
    """Work ITEM, or the best item that may be done now, from clarify to a pull request."""
    from app.work import run

    return run(call, item, dry_run)


@click.command("shift")
@click.option("--max-items", "--max-cycles", "--max-iterations", "max_items", type=click.IntRange(1), default=None)
@click.option("--max-prs", type=click.IntRange(0), default=None, help="Pull requests a day; only lowers the scope's.")
@click.option("--until", default=None, metavar="HH:MM", help="Begin no item after this time of day (UTC).")
@click.option(
    "--interval", type=float, default=None, metavar="MIN", help="Look again MIN minutes after nothing is left."
)
@click.option("--continuous", is_flag=True, help="The same as --interval 60.")
@click.option("--discover-only", is_flag=True, help="Look for work and stop.")
@click.option("--dry-run", is_flag=True, help="Say exactly what would be done, and do nothing.")
@answers("shift")
def shift_command(
    call: Call,
    max_items: int | None,
    max_prs: int | None,
    until: str | None,
    interval: float | None,
    continuous: bool,
    discover_only: bool,
    dry_run: bool,
) -> Answer:
    """Work item after item: discover, rank, pick, work, settle, measure, and again."""
    from app.shift import Plan, shift

    wait = interval if interval is not None else 60.0 if continuous else None
    return shift(call, Plan(max_items, max_prs, until, wait, discover_only, dry_run))


@click.command("resume")
@click.argument("item", required=False)
@answers("resume")
def resume_command(call: Call, item: str | None) -> Answer:
    """Go on with ITEM, or with everything that was interrupted."""
    from app.work import resume

    return resume(call, item)


@click.command("status")
@answers("status")
def status_command(call: Call) -> Answer:
    """What is under way, what waits for a person, and today's pull requests."""
    from app.status import status

    return status(call)


@click.command("inbox")
@answers("inbox")
def inbox_command(call: Call) -> Answer:
    """Questions and approvals that wait for a person."""
    from app.status import inbox

    return inbox(call)


@click.command("answer")
@click.argument("item")
@click.argument("text")
@answers("answer")
def answer_command(call: Call, item: str, text: str) -> Answer:
    """Answer the question of ITEM; its work then goes on."""
    from app.work import decide

    return decide(call, item, "question", text)


@click.command("approve")
@click.argument("item")
@answers("approve")
def approve_command(call: Call, item: str) -> Answer:
    """Approve the change of ITEM; it is then published."""
    from app.work import decide

    return decide(call, item, "approval", "approved")


@click.command("reject")
@click.argument("item")
@click.option("--reason", default="no reason given")
@answers("reject")
def reject_command(call: Call, item: str, reason: str) -> Answer:
    """Reject the change of ITEM; it is kept as a patch."""
    from app.work import decide

    return decide(call, item, "approval", f"rejected: {reason}")
