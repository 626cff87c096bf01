"""Where and with what it was measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import version

from sandbox.policy import Isolation

NAMED = ("lamplighter", "openai", "langgraph", "langgraph-checkpoint-sqlite", "pydantic", "sqlalchemy")


def machine() -> dict[str, str]:
    return {
        "cores": str(os.cpu_count()),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def versions(isolation: Isolation | None) -> dict[str, str]:
    """Of what takes part. Nothing is said of the sandbox where there is none."""
    return dict(_versions(isolation))


def _versions(isolation: Isolation | None) -> Iterator[tuple[str, str]]:
    for name in NAMED:
        yield name, version(name)
    if isolation:
        yield isolation.backend, f"{isolation.version} ({isolation.level}, limits by {isolation.limits_by})"
