"""One started bubblewrap: held until its limits are set, released, and ended with everything in it."""

from __future__ import annotations

import contextlib
import fcntl
import io
import json
import os
import resource
import select
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sandbox.policy import SandboxUnavailable

_DEATH_S = 10.0
"""Until killed processes are really gone."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to start: `options` for bubblewrap, then the command; `files` are open and kept open for it."""

    bwrap: str
    options: Sequence[str]
    command: Sequence[str]
    files: Sequence[int]
    stdin: int
    starting: Callable[[Sequence[str]], list[str]] = list
    """Turns the command that starts bubblewrap into the one that is started; see sandbox.groups."""


class Running:
    """A sandbox that has its namespaces and waits. Raises SandboxUnavailable when it does not get there.

    bubblewrap itself is the monitor outside; the process it calls child is the first one of the sandbox's
    process namespace: when that one is dead, all are.
    """

    def __init__(self, plan: Plan) -> None:
        status, their_status = os.pipe()
        their_gate, self._gate = os.pipe()
        self._status = io.FileIO(status)
        own = ["--json-status-fd", str(their_status), "--block-fd", str(their_gate)]
        arguments = memory("arguments", b"".join(os.fsencode(a) + b"\0" for a in (*own, *plan.options)))
        passed = (*plan.files, their_status, their_gate, arguments)
        try:
            self.process = subprocess.Popen(
                plan.starting([plan.bwrap, "--args", str(arguments), "--", *plan.command]),
                env={},
                cwd="/",
                pass_fds=passed,
                stdin=plan.stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except BaseException:
            self._status.close()
            os.close(self._gate)
            raise
        finally:
            for fd in (their_status, their_gate, arguments):
                os.close(fd)
        self.init = self._first_process()
        self.monitor_fd = os.pidfd_open(self.process.pid)
        try:
            self.init_fd = os.pidfd_open(self.init)
        except ProcessLookupError:
            os.close(self.monitor_fd)
            raise SandboxUnavailable(self._complaint()) from None

    def limit(self, limits: Mapping[int, tuple[int, int]]) -> None:
        """Resource limits (soft, hard) for everything in it; set from here, they cost no program inside."""
        for kind, (soft, hard) in limits.items():
            most = resource.prlimit(self.init, kind)[1]
            if most != resource.RLIM_INFINITY:
                soft, hard = min(soft, most), min(hard, most)
            resource.prlimit(self.init, kind, (soft, hard))

    def release(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            os.write(self._gate, b"1")

    def kill(self) -> None:
        """Everything in the sandbox. The monitor ends by itself and tells when they are gone."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.init_fd, signal.SIGKILL)

    def wait(self) -> None:
        """Until no process is left. Raises SandboxUnavailable when some can not be killed."""
        for fd in (self.init_fd, self.monitor_fd):
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            if not poll.poll(_DEATH_S * 1000):
                stuck = f"processes of the sandbox (first {self.init}) did not die within {_DEATH_S:.0f} s"
                raise SandboxUnavailable(f"{stuck}; look for a disk or network file system that hangs")
        self.process.wait()

    def exit_code(self) -> int | None:
        """The command's, as a shell says it (128 + signal); None when bubblewrap failed before it started."""
        found: int | None = None
        for line in self._status.read().splitlines():
            found = json.loads(line).get("exit-code", found)
        return found

    def close(self) -> None:
        """After wait."""
        for fd in (self._gate, self.init_fd, self.monitor_fd):
            os.close(fd)
        self._status.close()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _first_process(self) -> int:
        line = b""
        while not line.endswith(b"\n"):
            part = self._status.read(4096)
            if not part:
                raise SandboxUnavailable(self._complaint())
            line += part
        return int(json.loads(line)["child-pid"])

    def _complaint(self) -> str:
        _, said = self.process.communicate()
        self._status.close()
        os.close(self._gate)
        return complaint(said)


def complaint(said: bytes) -> str:
    """One line from what bubblewrap wrote before it gave up."""
    text = said.decode("utf-8", "replace").strip().replace("\n", "; ") or "it said nothing"
    return f"bubblewrap failed: {text.removeprefix('bwrap: ')[:400]}"


def memory(name: str, data: bytes) -> int:
    """An open file in memory with this content, which nobody can change any more."""
    fd = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
    os.lseek(fd, 0, os.SEEK_SET)
    _seal(fd)
    return fd


def _seal(fd: int) -> None:
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
