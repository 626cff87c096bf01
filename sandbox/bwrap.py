"""Run commands in bubblewrap, under a policy and limits."""

from __future__ import annotations

import errno
import fcntl
import os
import resource
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.groups import Group, Groups
from sandbox.layers import Layer
from sandbox.limits import TOOL, Limits
from sandbox.policy import Isolation, Killed, Policy, Result, SandboxUnavailable
from sandbox.profile import USER, Data, accounts, as_owner, isolation, variables, view, workspace_layers
from sandbox.pump import Captured, Pump
from sandbox.running import Plan, Running, complaint, memory
from sandbox.watch import Usage

_OPEN_FILES = 1024
_NO_CORE = 1
"""Not 0, which the kernel passes over where a program of the host, started as root, takes the cores; see core(5)."""
_HIDDEN_FILES = 200
_NOT_STARTED = (b"bwrap: execvp ", b"setpriv: failed to execute ", b"/usr/bin/env: ")
_NOTHING_RUNS = Usage(0, 0.0, 0, ())
_SIGNALS: dict[int, Killed] = {-signal.SIGXCPU: "cpu", -signal.SIGXFSZ: "disk"}


@dataclass(frozen=True)
class Bwrap:
    """The bubblewrap at `bwrap`, an absolute path. Keeps nothing between commands; threads may share it."""

    bwrap: str
    isolation: Isolation
    owner: int | None
    """As root: the uid that commands run as. Else None: they run as our own user, in another namespace."""
    groups: Groups
    filter: bytes
    """The system calls that are refused; see sandbox.seccomp."""

    def run(
        self,
        policy: Policy,
        argv: Sequence[str],
        *,
        cwd: str = ".",
        stdin: bytes = b"",
        limits: Limits = TOOL,
    ) -> Result:
        """Run `argv` and wait until every process of it is gone.

        `cwd` is relative to the repository. Raises SandboxUnavailable when the machinery failed, ValueError
        for a command or policy that can not be (NUL in an argument, no argument, `cwd` outside).
        """
        started = time.monotonic()
        with ExitStack() as stack:
            _alone(stack, policy)
            group = self._group(stack, limits)
            try:
                running = self._start(stack, policy, argv, cwd, stdin, limits, group)
            except OSError as error:
                if error.errno == errno.E2BIG:
                    return _refused(b"the command line is too long", started)
                raise SandboxUnavailable(
                    f"{self.bwrap} did not start: {error.strerror}; see `lamplighter doctor`"
                ) from error
            self._limit(running, group, limits)
            running.release()
            got = Pump(running, group, limits, _grows(policy)).run()
            killed = got.killed or group.exceeded(_NOTHING_RUNS)
            return _result(running.exit_code(), got, killed, time.monotonic() - started)

    def _start(
        self,
        stack: ExitStack,
        policy: Policy,
        argv: Sequence[str],
        cwd: str,
        stdin: bytes,
        limits: Limits,
        group: Group,
    ) -> Running:
        if not argv or any("\0" in part for part in argv):
            raise ValueError(f"{argv!r} is no command")
        places, folder = workspace_layers(policy), _folder(policy.at, cwd)
        files = self._files(places)
        given = memory("stdin", stdin) if stdin else subprocess.DEVNULL
        opened = (files.passwd, files.group, files.hosts, *files.empty, memory("filter", self.filter))
        try:
            options = [
                *isolation(self.owner),
                *view(policy, limits, files, places, as_root=self.owner is not None),
                *variables(policy, self.owner),
                *("--seccomp", str(opened[-1]), "--chdir", folder),
            ]
            command = [*as_owner(policy, self.owner), *argv]
            running = Running(Plan(self.bwrap, options, command, opened, given, group.starting))
        finally:
            for fd in (*opened, given):
                if fd >= 0:
                    os.close(fd)
        stack.callback(_end, running)
        return running

    def _group(self, stack: ExitStack, limits: Limits) -> Group:
        try:
            group = self.groups.make(limits)
        except OSError as error:
            raise self._no_limits(error) from error
        stack.callback(group.close)
        return group

    def _limit(self, running: Running, group: Group, limits: Limits) -> None:
        try:
            with suppress(ProcessLookupError):  # bubblewrap gave up; why, is said when it has ended
                group.add(running.init)
                running.limit(_resources(limits, shared_user=self.owner is not None))
        except OSError as error:
            raise self._no_limits(error) from error

    def _no_limits(self, error: OSError) -> SandboxUnavailable:
        return SandboxUnavailable(f"{self.groups.name} can not limit commands: {error}; see `lamplighter doctor`")

    def _files(self, places: tuple[Layer, ...]) -> Data:
        passwd, group, hosts = accounts(USER if self.owner is None else self.owner)
        hidden = sum(layer.kind == "hide file" for layer in places)
        return Data(
            passwd=memory("passwd", passwd),
            group=memory("group", group),
            hosts=memory("hosts", hosts),
            empty=tuple(memory("empty", b"") for _ in range(min(hidden, _HIDDEN_FILES))),
        )


def _resources(limits: Limits, *, shared_user: bool) -> dict[int, tuple[int, int]]:
    """A user that several commands share has its processes counted together: leave room for the others."""
    processes = limits.processes * 8 if shared_user else limits.processes
    return {
        resource.RLIMIT_CORE: (_NO_CORE, _NO_CORE),
        resource.RLIMIT_NOFILE: (_OPEN_FILES, _OPEN_FILES),
        resource.RLIMIT_FSIZE: (limits.file_bytes, limits.file_bytes),
        resource.RLIMIT_CPU: (limits.cpu_s, limits.cpu_s + 2),
        resource.RLIMIT_NPROC: (processes, processes),
    }


def _alone(stack: ExitStack, policy: Policy) -> None:
    """No command changes a workspace while mounts are made from it: a link made in time could steer them."""
    fd = os.open(policy.workspace, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    stack.callback(os.close, fd)
    fcntl.flock(fd, fcntl.LOCK_EX if policy.writable else fcntl.LOCK_SH)


def _folder(at: str, cwd: str) -> str:
    inside = os.path.normpath(f"{at}/{cwd}")
    if cwd.startswith("/") or not f"{inside}/".startswith(f"{at}/"):
        raise ValueError(f"cwd {cwd!r} is not within the repository")
    return inside


def _grows(policy: Policy) -> tuple[Path, ...]:
    """What commands can fill. /tmp and the like are in memory, with a size of their own."""
    workspace = (policy.workspace,) if policy.writable else ()
    return (*workspace, *(mount.host for mount in policy.mounts if mount.writable))


def _end(running: Running) -> None:
    """Whatever happened, nothing of it is left; then its group can be closed."""
    running.kill()
    running.wait()
    running.close()


def _result(code: int | None, got: Captured, killed: Killed | None, seconds: float) -> Result:
    stdout, stderr = bytes(got.stdout), bytes(got.stderr)
    not_started = code in (None, 126, 127) and stderr.startswith(_NOT_STARTED)
    if code is None and killed is None and not not_started:
        raise SandboxUnavailable(complaint(stderr))
    if code is not None and 128 < code <= 128 + signal.NSIG:
        code = 128 - code
    if not_started:
        code, stderr = 127, stderr.partition(b" ")[2]
    killed = killed or _SIGNALS.get(code or 0)
    return Result(None if killed else code, stdout, stderr, seconds, killed, got.truncated)


def _refused(why: bytes, started: float) -> Result:
    return Result(126, b"", why + b"\n", time.monotonic() - started)
