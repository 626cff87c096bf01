"""Any command, in the sandbox that items get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import surroundings
from sandbox.lend import lent
from sandbox.limits import TESTS
from sandbox.policy import Killed, Policy
from sandbox.select import select

TIMED_OUT = 124
KILLED = 137


@dataclass(frozen=True)
class Boxed:
    stdout: bytes
    stderr: bytes
    exit_code: int
    killed: Killed | None


def boxed(workspace: Path, command: tuple[str, ...], wall: float | None) -> Boxed:
    """Run `command` with `workspace` as its writable current directory. Raises SandboxUnavailable.

    The folder itself is given, not a copy: that is what was asked for. Standard input is empty.
    """
    folder = workspace.resolve()
    sandbox = select(surroundings().user_file.with_name("probe.json"))
    policy = Policy(workspace=folder, at=str(folder), writable=(".",))
    limits = TESTS if wall is None else replace(TESTS, wall_s=wall)
    with lent(folder, sandbox.owner):
        result = sandbox.run(policy, command, limits=limits)
    if result.code is None:
        code = TIMED_OUT if result.killed == "wall" else KILLED
    else:
        code = result.code if result.code >= 0 else 128 - result.code
    return Boxed(result.stdout, result.stderr, code, result.killed)
