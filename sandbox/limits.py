"""How much one command in the sandbox may use before it is killed."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit is hard: crossing it kills the whole command and the result says which one it was."""

    wall_s: float = 30.0
    cpu_s: int = 60
    memory_bytes: int = 2048 * MIB
    """Of all processes of the command together."""
    processes: int = 128
    file_bytes: int = 256 * MIB
    """The largest single file that may be written."""
    growth_bytes: int = 1024 * MIB
    """How much the workspace may grow during one command."""
    growth_files: int = 50_000
    tmp_bytes: int = 256 * MIB
    output_bytes: int = 4 * MIB
    """stdout and stderr together."""


TOOL = Limits()
TESTS = Limits(wall_s=600.0, cpu_s=1200, processes=256)
