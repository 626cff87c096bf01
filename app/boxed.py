"""Any command, in the sandbox that items get."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import surroundings
from app.state_folder import STATE
from sandbox.lend import lent, reclaim, refuse_shared
from sandbox.limits import TESTS
from sandbox.policy import Killed, Mount, Policy
from sandbox.repositories import kept
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
    moved: tuple[str, ...] = ()
    """A line for each git directory that the command made and that was moved aside."""


def boxed(workspace: Path, command: tuple[str, ...], wall: float | None, stdin: bytes = b"") -> Boxed:
    """Run `command` with `workspace` as its writable current directory.

    The folder itself is given, not a copy: that is what was asked for. What git would run from it, and our own
    state, stay read-only, and what git would run afterwards is moved aside. Raises SandboxUnavailable, and
    TreeRefused for what reaches out of the folder or can not be kept as it is.
    """
    folder = workspace.resolve()
    around = surroundings()
    ours = around.user_file.parent
    reclaim(ours / NOTES)
    mounts, path = _toolchain(folder, around.active, ours / "toolchain")
    sandbox = select(ours / "probe.json")
    apart = {Path(m.inside).relative_to(folder).parts for m in mounts if Path(m.inside).is_relative_to(folder)}
    limits = TESTS if wall is None else replace(TESTS, wall_s=wall)
    with kept(folder, apart) as git:
        readonly = (*git.readonly, STATE) if (folder / STATE).exists() else git.readonly
        refuse_shared(folder, [folder.joinpath(*parts) for parts in (*(r.split("/") for r in readonly), *apart)])
        policy = Policy(folder, str(folder), writable=(".",), readonly=readonly, mounts=mounts, path=path)
        with lent(folder, sandbox.owner, ours / NOTES):
            result = sandbox.run(policy, command, stdin=stdin, limits=limits)
    if result.code is None:
        code = TIMED_OUT if result.killed == "wall" else KILLED
    else:
        code = result.code if result.code >= 0 else 128 - result.code
    return Boxed(result.stdout, result.stderr, code, result.killed, tuple(git.moved))


def _toolchain(folder: Path, active: str | None, shelf: Path) -> tuple[tuple[Mount, ...], tuple[str, ...]]:
    """What an item of a repository in `folder` would run with; without a place for links, only the system's."""
    try:
        chosen = choose(folder, None, active, shelf)
    except OSError:
        return (), ()
    return tuple(_settled(mount, folder) for mount in chosen.mounts), chosen.path


def _settled(mount: Mount, folder: Path) -> Mount:
    """Where a link of the folder leads to: it is there inside as well."""
    if not Path(mount.inside).is_relative_to(folder):
        return mount
    return replace(mount, inside=os.path.realpath(mount.inside))
