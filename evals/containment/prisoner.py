"""Start a player as ourselves, or as root also as an ordinary user made for it, and have it play escapes."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.containment.escape import Outcome
from evals.containment.play import Played
from evals.containment.player import SECRET

SOMEBODY = 61_234
"""An uid that nobody has."""
HERE = Path(__file__).parents[2]
_PROGRAM = Path(__file__).with_name("player.py")


class NoPlayer(Exception):
    """Escapes can not be played as this user. One line that says why."""


class PlayBroken(Exception):
    """The attack or its control did not run as written: a fault of the case."""


@dataclass(frozen=True)
class Prisoner:
    process: subprocess.Popen[str]
    isolation: dict[str, Any]

    def play(self, key: str) -> Played:
        """Raises PlayBroken."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{key}\n")
        self.process.stdin.flush()
        answer = _heard(self.process)
        if "broken" in answer:
            raise PlayBroken(f"{key}: {answer['broken']}")
        return Played(Outcome(**answer["control"]), Outcome(**answer["contained"]), answer["seconds"])


def users() -> tuple[str, ...]:
    """As whom escapes are played: root's machine has ordinary users as well."""
    return ("root", "user") if os.geteuid() == 0 else ("user",)


@contextmanager
def prisoner(user: str) -> Iterator[Prisoner]:
    """Raises NoPlayer."""
    other = SOMEBODY if user == "user" and os.geteuid() == 0 else None
    python = sys.executable if other is None else _public_python()
    packages = sysconfig.get_path("purelib")
    for folder in (str(HERE), packages) if other is not None else ():
        if not _may_enter(python, folder):
            raise NoPlayer(f"{folder} can not be read by an ordinary user; clone to a folder that everybody may enter")
    environment = {
        "PATH": os.environ["PATH"],
        SECRET: f"s3cret-{secrets.token_hex(12)}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with subprocess.Popen(
        [python, "-I", str(_PROGRAM), str(HERE), packages],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd="/",
        **_as(other),
    ) as process:
        try:
            yield Prisoner(process, _heard(process)["ready"])
        finally:
            process.kill()


def _heard(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise NoPlayer(f"the player ended with {process.wait()}; what it said stands on stderr")
    answer: dict[str, Any] = json.loads(line)
    return answer


def _as(uid: int | None) -> dict[str, Any]:
    return {} if uid is None else {"user": uid, "group": uid, "extra_groups": []}


def _public_python() -> str:
    """An interpreter of our own minor version that anybody may run, for the packages are made for it."""
    check = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            ended = subprocess.run([python, "-I", "-c", check], check=False, capture_output=True, **_as(SOMEBODY))
        except OSError:
            continue
        if ended.returncode == 0:
            return python
    version = ".".join(map(str, sys.version_info[:2]))
    raise NoPlayer(f"no Python {version} that an ordinary user may run; install python3")


def _may_enter(python: str, folder: str) -> bool:
    listing = [python, "-I", "-c", f"import os; os.listdir({folder!r})"]
    return subprocess.run(listing, check=False, capture_output=True, cwd="/", **_as(SOMEBODY)).returncode == 0
