"""eval."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers

FILE = click.Path(path_type=Path)


@click.command("eval")
@click.argument("suites", nargs=-1, required=True, metavar="SUITE…")
@click.option("--model", default=None, help="Model for the suites that need one.")
@click.option("--base-url", default=None, help="Chat Completions endpoint for it.")
@click.option("--baseline", type=FILE, default=None, help="Earlier results; a case that passed there may not fail.")
@click.option("--only", multiple=True, metavar="CASE", help="This case; may be repeated.")
@click.option("--out", type=FILE, default=None, help="Folder for results.json, Inspect's logs and failed trials.")
@click.option("--junit", type=FILE, default=None, help="Write JUnit XML here.")
@click.option("--markdown", type=FILE, default=None, help="Add a summary in Markdown to this file.")
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Trials at once (default: one a processor).")
@answers("eval")
def eval_command(_call: Call, **asked: Any) -> Answer:
    """Measure behaviour: cheats, containment, honesty, robustness, capability. Needs no repository.

    Exit 4 when a suite misses its threshold or a case is worse than in the baseline."""
    from evals.catalogue import SuiteUnknown
    from evals.command import Asked, evaluate

    try:
        return evaluate(Asked(**asked))
    except SuiteUnknown as error:
        raise click.UsageError(str(error)) from error
