"""Any command, in the sandbox that items get."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from app.house import STATE
from app.settings import surroundings
from sandbox.lend import lent, reclaim, refuse_shared
from sandbox.limits import TESTS
from sandbox.policy import Killed, Mount, Policy
from sandbox.select import select
from sandbox.toolchain import choose

TIMED_OUT = 124
KILLED = 137
NOTES = "lent"
"""Where it is written down, beside the user's settings, whose folders are with the sandbox's user."""


@dataclass(frozen=True)
class Boxed:
    stdout: bytes
    stderr: bytes
    exit_code: int
    killed: Killed | None


def boxed(workspace: Path, command: tuple[str, ...], wall: float | None, stdin: bytes = b"") -> Boxed:
    """Run `command` with `workspace` as its writable current directory.

    The folder itself is given, not a copy: that is what was asked for. What git would run from it, and our own
    state, stay read-only. Raises SandboxUnavailable, and TreeRefused for files that also lie elsewhere.
    """
    folder = workspace.resolve()
    around = surroundings()
    ours = around.user_file.parent
    reclaim(ours / NOTES)
    mounts, path = _toolchain(folder, around.active, ours / "toolchain")
    sandbox = select(ours / "probe.json")
    ours_alone = tuple(name for name in (".git", STATE) if (folder / name).exists())
    refuse_shared(folder, [*(folder / name for name in ours_alone), *(Path(m.inside) for m in mounts)])
    policy = Policy(folder, str(folder), writable=(".",), readonly=ours_alone, mounts=mounts, path=path)
    limits = TESTS if wall is None else replace(TESTS, wall_s=wall)
    with lent(folder, sandbox.owner, ours / NOTES):
        result = sandbox.run(policy, command, stdin=stdin, limits=limits)
    if result.code is None:
        code = TIMED_OUT if result.killed == "wall" else KILLED
    else:
        code = result.code if result.code >= 0 else 128 - result.code
    return Boxed(result.stdout, result.stderr, code, result.killed)


def _toolchain(folder: Path, active: str | None, shelf: Path) -> tuple[tuple[Mount, ...], tuple[str, ...]]:
    """What an item of a repository in `folder` would run with; without a place for links, only the system's."""
    try:
        chosen = choose(folder, None, active, shelf)
    except OSError:
        return (), ()
    return chosen.mounts, chosen.path
