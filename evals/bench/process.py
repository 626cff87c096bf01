"""Start a process and wait for its end, with the times of both."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

MOST_SECONDS = 120.0


class BenchFailed(Exception):
    """Something could not be measured. One line: what, and what the process said last."""


@dataclass(frozen=True)
class Ended:
    """Times in ns of the monotonic clock."""

    started: int
    ended: int
    said: str
    """What it wrote to stdout and stderr."""

    @property
    def ms(self) -> float:
        return (self.ended - self.started) / 1_000_000


def timed(argv: Sequence[str], cwd: Path, environment: Mapping[str, str], code: int = 0) -> Ended:
    """Raises BenchFailed when it does not end with `code`."""
    with tempfile.TemporaryFile() as out:
        started = time.monotonic_ns()
        process = subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        limit = threading.Timer(MOST_SECONDS, process.kill)
        limit.start()
        try:
            got = process.wait()  # without a timeout: with one, Python looks only every now and then
            ended = time.monotonic_ns()
        finally:
            limit.cancel()
            process.kill()
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    if got != code:
        last = " ".join(said.split())[-300:] or "nothing"
        raise BenchFailed(f"{' '.join(argv)[:200]} ended with {got} instead of {code} and said: {last}")
    return Ended(started, ended, said)
