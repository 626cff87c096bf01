"""What the sandbox itself costs: the same command in it and as a bare process, in turn."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass

from app.house import House
from evals.bench.process import BenchFailed
from sandbox.policy import Box

COMMAND = ("sh", "-c", "true 1")
"""Just what the tool `run` starts for `true 1`."""
WORKSPACE = "bench"


@dataclass(frozen=True)
class Share:
    """Milliseconds of each single command."""

    boxed: tuple[float, ...]
    bare: tuple[float, ...]


def box(house: House) -> Box:
    """The sandbox that clarify's tools get: the whole repository, nothing writable."""
    workspace = house.site.workspace(WORKSPACE)
    workspace.restore(house.base_tree)
    return house.site.box(workspace)


def shares(inside: Box, pairs: int) -> Share:
    """Raises BenchFailed when the command does not work in there."""
    measured = [(_boxed(inside), _bare()) for _ in range(pairs)]
    return Share(tuple(b for b, _ in measured), tuple(b for _, b in measured))


def _boxed(inside: Box) -> float:
    before = time.perf_counter()
    result = inside.run(COMMAND)
    spent = time.perf_counter() - before
    if not result.ok:
        raise BenchFailed(f"true failed in the sandbox: {result.stderr.decode(errors='replace')[:200]}")
    return spent * 1000


def _bare() -> float:
    before = time.perf_counter()
    subprocess.run(COMMAND, capture_output=True, check=True)
    return (time.perf_counter() - before) * 1000
