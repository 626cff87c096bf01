"""verify, replay, metrics."""

from __future__ import annotations

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers


@click.command("verify")
@click.argument("branch")
@answers("verify")
def verify_command(call: Call, branch: str) -> Answer:
    """Prove BRANCH again from a clean clone: red fails, green passes, nothing was changed since."""
    from app.verify import verify

    return verify(call, branch)


@click.command("replay")
@click.argument("run")
@answers("replay")
def replay_command(call: Call, run: str) -> Answer:
    """Play RUN again, offline, with its recorded turns; the first difference is named."""
    from app.replay import replay

    return replay(call, run)


@click.command("metrics")
@answers("metrics")
def metrics_command(call: Call) -> Answer:
    """Figures from the record; what was not measured says so."""
    from app.status import metrics

    return metrics(call)
