"""sandbox exec."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

import click


@click.group("sandbox")
def sandbox_command() -> None:
    """Run any command in the sandbox that items get."""


@sandbox_command.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--workspace", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option("--wall", type=float, default=None, help="Seconds before it is killed.")
@click.option("--stdin", "-i", "give_stdin", is_flag=True, help="Read standard input to its end and pass it on.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_command(workspace: Path, wall: float | None, give_stdin: bool, command: tuple[str, ...]) -> int:
    """Run COMMAND with the folder DIR as its writable current directory; its exit code is passed on."""
    from app.boxed import boxed

    result = boxed(workspace, command, wall, sys.stdin.buffer.read() if give_stdin else b"")
    _pass_on(result.stdout, sys.stdout)
    _pass_on(result.stderr, sys.stderr)
    if result.killed:
        print(f"lamplighter: killed: over its {result.killed} limit", file=sys.stderr)
    for line in result.moved:
        print(f"lamplighter: {line}", file=sys.stderr)
    return result.exit_code


def _pass_on(output: bytes, to: TextIO) -> None:
    """Byte by byte to a program; to a terminal only what does not steer it, and colours."""
    from app.plain import coloured

    shown = coloured(output.decode("utf-8", "replace")).encode() if to.isatty() else output
    to.buffer.write(shown)
    to.buffer.flush()
