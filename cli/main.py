"""`lamplighter`: the command line. Nothing heavy is imported before a command is known."""

from __future__ import annotations

import gc
import importlib
import sys

import click

COMMANDS = {
    "init": ("cli.setup", "Make this repository ready to be worked."),
    "doctor": ("cli.setup", "Say what works here, and what to do about what does not."),
    "demo": ("cli.setup", "Work a sample repository from end to end, without a key."),
    "discover": ("cli.backlog", "Look for work and put it into the backlog."),
    "backlog": ("cli.backlog", "List, show, add, edit, explain and close items."),
    "next": ("cli.backlog", "Show the best item that may be done now, and why."),
    "repos": ("cli.repos", "Look for work in several repositories, and rank it in one table."),
    "run": ("cli.work", "Work one item: the best one, or the one you name."),
    "shift": ("cli.work", "Work item after item until nothing is left or a limit is reached."),
    "resume": ("cli.work", "Go on with what was interrupted."),
    "status": ("cli.work", "Show what is under way and what is waiting."),
    "inbox": ("cli.work", "Show what waits for a person."),
    "answer": ("cli.work", "Answer an item's question."),
    "approve": ("cli.work", "Approve a change that waits for a person."),
    "reject": ("cli.work", "Reject a change that waits for a person."),
    "verify": ("cli.proof", "Prove a branch again, from a clean clone."),
    "prove": ("cli.proof", "Put anybody's branch through the gates that an item passes."),
    "replay": ("cli.proof", "Play a recorded run again, offline, and compare."),
    "metrics": ("cli.proof", "Figures from the record."),
    "eval": ("cli.evals", "Measure behaviour: cheats, containment, honesty, robustness, capability."),
    "sandbox": ("cli.sandbox", "Run any command in the sandbox that items get."),
}


class Lazy(click.Group):
    """Knows every command's name and short help; imports its module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else "see lamplighter --help"
            raise click.UsageError(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option("0.1.0", prog_name="lamplighter")
def lamplighter() -> None:
    """Work a repository's backlog like a careful senior engineer: test first, in a sandbox, one item at a time,
    and hand over pull requests that carry their own proof."""


def main() -> None:
    from cli.envelope import ending

    # Imports make many objects that live to the end: looking through them again and again for garbage
    # takes a third of the start, and once more at the exit.
    gc.set_threshold(50_000, 20, 100)
    code = ending(lamplighter, sys.argv[1:])
    gc.freeze()
    sys.exit(code)
