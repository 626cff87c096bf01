"""A process with the times of its start and its end."""

from __future__ import annotations

import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

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


class Process:
    """`with Process(…) as process:`; it is killed when the block is left and it still runs."""

    def __init__(
        self,
        argv: Sequence[str],
        cwd: Path,
        environment: Mapping[str, str],
        gone: Callable[[], None] = lambda: None,
    ) -> None:
        """`gone` is called, in a thread of its own, as soon as the process has ended. Raises BenchFailed."""
        self.argv = argv
        self._gone = gone
        self._out = tempfile.TemporaryFile()  # noqa: SIM115  (closed when the process's own block is left)
        self._ended = 0
        self._started = time.monotonic_ns()
        try:
            self._process = subprocess.Popen(
                argv,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=self._out,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            self._out.close()
            raise BenchFailed(f"{argv[0]} can not be started: {error.strerror}; run make install") from error
        self._waiting = threading.Thread(target=self._wait, daemon=True)
        self._waiting.start()

    def __enter__(self) -> Process:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._waiting.join()
        self._out.close()

    def end(self, code: int = 0) -> Ended:
        """Wait for its end. Raises BenchFailed when it takes too long or does not end with `code`."""
        self._waiting.join(MOST_SECONDS)
        if self._waiting.is_alive():
            raise self.failed(f"did not end within {MOST_SECONDS:.0f} s")
        if self._process.returncode != code:
            raise self.failed(f"ended with {self._process.returncode} instead of {code}")
        return Ended(self._started, self._ended, self._said())

    def failed(self, what: str) -> BenchFailed:
        """`what` happened to it, with the last that it said."""
        last = " ".join(self._said().split())[-300:] or "nothing"
        return BenchFailed(f"{' '.join(self.argv)[:200]} {what} and said: {last}")

    def _wait(self) -> None:
        self._process.wait()  # without a timeout: with one, Python looks only every now and then
        self._ended = time.monotonic_ns()
        self._gone()

    def _said(self) -> str:
        self._out.seek(0)
        return self._out.read().decode("utf-8", "replace")


def timed(argv: Sequence[str], cwd: Path, environment: Mapping[str, str], code: int = 0) -> Ended:
    """Raises BenchFailed when it does not end with `code`."""
    with Process(argv, cwd, environment) as process:
        return process.end(code)
