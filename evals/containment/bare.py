"""The way with nothing in an attack's way: what a careless tool would do. Every control goes through here."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.containment.escape import SMALL, Kept, Said
from evals.containment.host import Host
from evals.containment.payload import argv
from sandbox.limits import Limits
from sandbox.toolchain import base

BOUND_S = 40.0
"""No control runs longer."""
_OUTPUT = 80_000_000
_READER = """
import base64, os, sys, json
got, read = {}, 0
for where, _, names in os.walk("."):
    for name in names:
        path = os.path.join(where, name)[2:]
        with open(path, "rb") as file:
            size = 0
            first = b""
            while size < 1 << 26 and read + size < 1 << 28:
                data = file.read(1 << 20)
                if not data:
                    break
                first, size = first or data[:65536], size + len(data)
        got[path], read = base64.b64encode(first).decode(), read + size
print(json.dumps([got, read]))
"""


@dataclass(frozen=True)
class Bare:
    host: Host
    python: str
    protected: bool = False

    def run(self, code: str, limits: Limits = SMALL, **rules: tuple[str, ...]) -> Said:
        """In a session of its own; what it leaves running goes on, as it would."""
        return _run(argv(self.python, code, self.host.facts()), self.host)

    def write(self, path: str, text: str) -> str:
        (self.host.workspace / path).write_text(text)
        return "written"

    def edit(self, path: str, old: str, new: str) -> str:
        file = self.host.workspace / path
        file.write_text(file.read_text().replace(old, new))
        return "edited"

    def read(self, path: str) -> str:
        return (self.host.workspace / path).read_text()

    def keep(self) -> Kept:
        """Reads every file there is, links and all."""
        import base64

        said = _run([self.python, "-I", "-S", "-c", _READER], self.host, wall_s=2.0)
        if said.killed:
            return Kept(hung=True)
        try:
            files, read = json.loads(said.output)
        except ValueError:
            return Kept(refused=said.output.decode("utf-8", "replace")[-200:])
        return Kept({path: base64.b64decode(data) for path, data in files.items()}, read)

    def handle(self, *commands: Sequence[str]) -> str:
        return "".join(_run(list(command), self.host).output.decode("utf-8", "replace") for command in commands)


def bare(host: Host) -> Bare:
    return Bare(host, base()[0])


def environment(host: Host) -> dict[str, str]:
    """What a tool's process has, and passes on: its own with its keys, and a home."""
    kept = dict(os.environ)
    who = {f"GIT_{role}_{what}": "a@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return kept | who | {"HOME": str(host.home), "SSH_AUTH_SOCK": str(host.folder / "agent.sock"), "TMPDIR": "/tmp"}


def _run(command: list[str], host: Host, wall_s: float = BOUND_S) -> Said:
    started = time.monotonic()
    log = host.folder / "output"
    with log.open("w+b") as out:
        process = subprocess.Popen(
            command,
            cwd=host.workspace,
            env=environment(host),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            close_fds=False,
        )
        killed = None
        try:
            process.wait(wall_s)
        except subprocess.TimeoutExpired:
            killed = "wall"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        output = _first(log)
    return Said(output, killed, time.monotonic() - started)


def _first(log: Path) -> bytes:
    with log.open("rb") as file:
        return file.read(_OUTPUT)
