"""verify, prove, replay, metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers

FILE = click.Path(path_type=Path)


@click.command("verify")
@click.argument("what", required=False)
@click.option("--patch", type=FILE, default=None, help="A patch file instead, with --evidence.")
@click.option("--evidence", type=FILE, default=None, help="The evidence that belongs to the patch.")
@click.option("--signature", type=FILE, default=None, help="Signature over the evidence (default: beside it).")
@click.option("--record", type=FILE, default=None, help="Folder with the run's record, which must match.")
@click.option("--signers", type=FILE, default=None, help="Allowed signers, as ssh-keygen(1) describes the file.")
@click.option("--require-signature", is_flag=True, help="Refuse unless somebody of --signers signed.")
@answers("verify")
def verify_command(call: Call, **asked: Any) -> Answer:
    """Prove WHAT again from a clean clone: a branch, a pull request's folder or its name.

    Red fails, green passes, and nothing was changed since, to the byte."""
    from app.handed import Asked
    from app.verify import verify

    return verify(call, Asked(**asked))


@click.command("prove")
@click.argument("wanted", metavar="BASE..HEAD")
@answers("prove")
def prove_command(call: Call, wanted: str) -> Answer:
    """Put the change BASE..HEAD, whoever wrote it, through the gates that an item passes."""
    from app.prove import prove

    return prove(call, wanted)


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
