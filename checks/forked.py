"""Inside the sandbox: does a piece of work in a forked process and hears how it ended. Standard library only."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import signal
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

END = '{"end": true}'


class Ending(NamedTuple):
    """`how`: `ended` (it said so), `died` or `late`."""

    told: list[dict[str, Any]]
    how: str
    seconds: float

    def fact(self, name: str) -> Any:
        return next((told[name] for told in self.told if name in told), None)

    def verdict(self) -> tuple[str, str]:
        """Whether tests noticed something, and by what: a process that dies or never ends does not pass either."""
        if self.how != "ended":
            return "killed", {"late": "time limit", "died": "the process died"}[self.how]
        if self.fact("cold"):
            return "cold", ""
        failed = self.fact("failed")
        return ("killed", str(failed)) if failed else ("survived", "")


class Say:
    """A child's way to its parent: lines that begin with a word only the two know."""

    def __init__(self, fd: int, token: str) -> None:
        self.fd, self._token = fd, token

    def __call__(self, **fields: Any) -> None:
        self._write(json.dumps(fields))

    def end(self) -> None:
        """The last word; the process is gone after it, without any cleaning up that tested code could hook."""
        self._write(END)
        os._exit(0)

    def _write(self, body: str) -> None:
        data = f"{self._token} {body}\n".encode()
        while data:
            data = data[os.write(self.fd, data) :]


def attempt(work: Callable[[Say], None], limit_s: float, shut: Sequence[int] = ()) -> Ending:
    """Fork, do `work` there with the descriptors `shut` closed, and kill all that is left of it afterwards."""
    started = time.monotonic()
    token = secrets.token_hex(16)
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer Pythons warn when tested code has started threads
        pid = os.fork()
    if pid == 0:
        _child(work, Say(write, token), [read, *shut])
    os.close(write)
    data, how = _heard(read, pid, f"{token} {END}\n".encode(), started + limit_s)
    os.close(read)
    _buried(pid)
    return Ending(list(_lines(data, token)), how, time.monotonic() - started)


def _child(work: Callable[[Say], None], say: Say, shut: Sequence[int]) -> None:
    try:
        os.setpgid(0, 0)
        for fd in shut:
            os.close(fd)
        work(say)
    finally:  # whatever it raised: nothing of the parent's goes on here
        os._exit(70)


def _heard(read: int, pid: int, end: bytes, until: float) -> tuple[bytes, str]:
    """A daemon that the child leaves behind may hold the pipe open, so the child itself is watched too."""
    poll = select.poll()
    poll.register(read, select.POLLIN)
    data, gone = b"", False
    while time.monotonic() < until:
        if poll.poll(50):
            piece = os.read(read, 1 << 16)
            data += piece
            if data.endswith(end):
                return data, "ended"
            if not piece:
                return data, "died"
        elif gone:
            return data, "died"
        else:
            gone = _gone(pid)
    return data, "late"


def _gone(pid: int) -> bool:
    """Without burying it: its number must not be given to another process yet."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _buried(pid: int) -> None:
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _lines(data: bytes, token: str) -> Iterator[dict[str, Any]]:
    for line in data.decode(errors="replace").split("\n"):
        word, _, body = line.partition(" ")
        if secrets.compare_digest(word.encode(), token.encode()) and body != END:
            yield json.loads(body)
