"""What the sandbox itself costs: the same command in it and as a plain process."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
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

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> Share:
        return cls(*zip(*pairs, strict=True))


def clarify_box(house: House) -> Box:
    """The sandbox that clarify's tools get: the whole repository, nothing writable."""
    workspace = house.site.workspace(WORKSPACE)
    workspace.restore(house.base_tree)
    return house.site.box(workspace)


def boxed(inside: Box) -> float:
    """Milliseconds. Raises BenchFailed when the command does not work in there."""
    before = time.perf_counter()
    result = inside.run(COMMAND)
    spent = time.perf_counter() - before
    if not result.ok:
        raise BenchFailed(f"true failed in the sandbox: {result.stderr.decode(errors='replace')[:200]}")
    return spent * 1000


def bare() -> float:
    """Milliseconds."""
    before = time.perf_counter()
    subprocess.run(COMMAND, capture_output=True, check=True)
    return (time.perf_counter() - before) * 1000
