"""backlog add: a new item, with everything that a person can say of one."""

from __future__ import annotations

from typing import Any

import click

from app.answer import Answer
from app.call import Call
from cli.envelope import answers

NUMBER = click.IntRange(1, 13)


@click.command("add")
@click.argument("title")
@click.option("--kind", "--category", default="feature", show_default=True)
@click.option("--story", "--description", default="", help="Who wants what, and why.")
@click.option("--criterion", "criteria", multiple=True, help="Acceptance criterion; may be repeated.")
@click.option("--path", default=None)
@click.option("--command", default=None, help="The check: a command that fails now and must pass.")
@click.option("--test", "tests", multiple=True, help="The check: a test that fails now; may be repeated.")
@click.option("--value", "--impact", type=NUMBER, default=None)
@click.option("--time-criticality", type=NUMBER, default=None)
@click.option("--risk-reduction", type=NUMBER, default=None)
@click.option("--size", "--effort", type=NUMBER, default=None)
@click.option("--link", "links", multiple=True, help="May be repeated.")
@click.option("--label", "labels", multiple=True, help="May be repeated.")
@click.option("--depends-on", multiple=True, metavar="ITEM", help="Id of an item that must be done first; repeatable.")
@click.option("--security-notes", default="", help="What a security review should look at.")
@click.option("--test-notes", default="", help="What should be tested, and how.")
@click.option("--hold", is_flag=True, help="Leave it alone until somebody says otherwise.")
@answers("backlog add")
def add_command(call: Call, **given: Any) -> Answer:
    """Add an item by hand. It is READY when it has an acceptance criterion or a check."""
    from app.editing import NewItem, add

    return add(call, NewItem(**given))
