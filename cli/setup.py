"""init, doctor, demo."""

from __future__ import annotations

from pathlib import Path

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers


@click.command("init")
@answers("init")
def init_command(call: Call) -> Answer:
    """Make this repository ready: a state folder that git ignores, and a first look at what works here."""
    from app.doctor import init

    return init(call)


@click.command("doctor")
@click.option("--no-tests", is_flag=True, help="Do not run the base's tests.")
@answers("doctor")
def doctor_command(call: Call, no_tests: bool) -> Answer:
    """Say what works here: git, sandbox, interpreter, whether the base's tests are green, and the model."""
    from app.doctor import doctor

    return doctor(call, tests=not no_tests)


@click.command("demo")
@click.option("--keep", type=click.Path(path_type=Path), default=None, help="Build the sample here and keep it.")
@answers("demo")
def demo_command(call: Call, keep: Path | None) -> Answer:
    """Build a sample repository and work three items in it, with no key and no network."""
    from app.demo.play import demo

    return demo(call, keep)
