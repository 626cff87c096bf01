"""What a command in the sandbox can see and change, as data. No rule means no."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Protocol

from sandbox.limits import TOOL, Limits

Killed = Literal["wall", "cpu", "memory", "processes", "disk", "output"]
Level = Literal["full", "reduced", "none"]

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mount:
    """A folder or file of the host shown inside, beyond the workspace and the toolchain."""

    host: Path
    inside: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The whole permission of one command.

    `workspace` (a private copy on the host) is shown at `at`, the original path of the repository, so that
    virtual environments, editable installs and absolute paths in configuration keep working.

    | field      | empty                        | filled                                                    |
    |------------|------------------------------|-----------------------------------------------------------|
    | writable   | nothing can be written       | these repo-relative paths; `"."` is the whole workspace    |
    | readonly   | –                            | these paths inside `writable` are read-only again          |
    | hidden     | everything in it is readable | these repo-relative files and folders are seen empty       |
    | toolchain  | only the system's /usr       | these host paths are seen read-only at their own path      |
    | mounts     | –                            | as each one says                                           |
    | environment| PATH, HOME, LANG, TMPDIR only| these variables as well (they win)                         |

    There is no network in any policy, and no path of the host besides those named here.
    """

    workspace: Path
    at: str
    writable: tuple[str, ...] = ()
    readonly: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    toolchain: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    """Folders put in front of the system's on PATH."""
    mounts: tuple[Mount, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Isolation:
    """What was probed to really hold; recorded in every run and in the evidence."""

    backend: str
    """For example `bwrap`."""
    version: str
    level: Level
    limits_by: str
    """What enforces group limits: `cgroup2`, `cgroup1` or `watchdog`."""
    probes: tuple[str, ...] = ()
    """Names of the checks that passed."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a command in the sandbox ended."""

    code: int | None
    """Exit code; negative is a signal; None when it was killed for crossing a limit."""
    stdout: bytes
    stderr: bytes
    seconds: float
    killed: Killed | None = None
    truncated: bool = False

    @property
    def ok(self) -> bool:
        return self.code == 0


class Sandbox(Protocol):
    """A backend that runs commands under a policy. Stateless between commands."""

    @property
    def isolation(self) -> Isolation: ...

    @property
    def owner(self) -> int | None:
        """The uid that files of a workspace must belong to, or None when they stay the caller's."""
        ...

    def run(
        self,
        policy: Policy,
        argv: Sequence[str],
        *,
        cwd: str = ".",
        stdin: bytes = b"",
        limits: Limits = TOOL,
    ) -> Result:
        """Run `argv` with repo-relative `cwd` and wait until every process of it is gone.

        Raises SandboxUnavailable when the machinery (not the command) failed: that is never shown to a
        model as a command's output.
        """
        ...


class SandboxUnavailable(Exception):
    """No working sandbox: the operator must act. One line that says what failed and what to do."""


@dataclass(frozen=True, slots=True)
class Box:
    """A sandbox together with one policy: all that tools and checks are ever given."""

    sandbox: Sandbox
    policy: Policy

    def run(self, argv: Sequence[str], *, cwd: str = ".", stdin: bytes = b"", limits: Limits = TOOL) -> Result:
        return self.sandbox.run(self.policy, argv, cwd=cwd, stdin=stdin, limits=limits)
