"""How a command ends: lines or one JSON envelope on stdout, one line on stderr for an error, and the exit code."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from app.answer import Answer

VERSION = 1
FAILED = 1
USAGE = 2
SIGINT = 130


def ending(command: click.Command, argv: list[str]) -> int:
    """Run the command and give its exit code. No error leaves as a traceback unless it is a bug."""
    try:
        code = command.main(argv, prog_name="lamplighter", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.Abort:
        return SIGINT
    except KeyboardInterrupt:
        return SIGINT
    except BrokenPipeError:  # who reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except click.ClickException as error:
        return _refused(argv, error.format_message(), USAGE)
    except Exception as error:
        from app.endings import exit_code

        known = exit_code(error)
        if known is None:
            return _bug(argv, error)
        return _refused(argv, str(error), known)


def _bug(argv: list[str], error: Exception) -> int:
    """A traceback for us, on stderr; a program still gets its envelope."""
    from app.plain import plain

    sys.stderr.write(plain("".join(traceback.format_exception(error))))
    return _refused(argv, f"a bug in lamplighter: {type(error).__name__}: {error}", FAILED)


def _refused(argv: list[str], message: str, code: int) -> int:
    from app.plain import plain

    print(f"lamplighter: {plain(message)}", file=sys.stderr)
    if "--json" in argv:
        words = [a for a in argv if not a.startswith("-")]
        name = " ".join(words[: 2 if words[:1] in (["backlog"], ["repos"], ["sandbox"]) else 1])
        _print_json(name, code, {"error": message})
    return code


def _print_json(command: str, code: int, result: dict[str, Any]) -> None:
    envelope = {"version": VERSION, "command": command, "exit_code": code, "result": result}
    print(json.dumps(envelope, ensure_ascii=True))


def answers(name: str) -> Callable[[Callable[..., Answer]], Callable[..., int]]:
    """A command whose function gives an Answer: adds the options all commands share, and prints the answer."""

    def decorate(function: Callable[..., Answer]) -> Callable[..., int]:
        @click.option("--repo", type=click.Path(path_type=Path), default=None, help="The repository (default: here).")
        @click.option("--config", type=click.Path(path_type=Path), default=None, help="Settings file to read instead.")
        @click.option("--log-level", type=click.Choice(["debug", "info", "warning"]), default=None)
        @click.option("--json", "as_json", is_flag=True, help="One JSON envelope on stdout, nothing else.")
        @wraps(function)
        def run(*, repo: Path | None, config: Path | None, log_level: str | None, as_json: bool, **rest: Any) -> int:
            from app.call import Call
            from app.plain import plain

            answer = function(Call(repo=repo, config=config, flags={"log_level": log_level}), **rest)
            if as_json:
                _print_json(name, answer.exit_code, answer.result)
            else:
                for line in answer.lines:
                    click.echo(plain(line))
            return answer.exit_code

        return run

    return decorate
