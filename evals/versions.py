"""With what a suite was run."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sandbox.policy import SandboxUnavailable
from sandbox.select import select

PACKAGES = ("lamplighter", "inspect-ai", "langgraph", "pytest", "ruff", "bandit")


def versions(folder: Path) -> dict[str, str]:
    """`folder` is where the sandbox's probe may be remembered."""
    found = {"python": platform.python_version(), "kernel": platform.release().split("-")[0]}
    return {**{name: _version(name) for name in PACKAGES}, **found, "sandbox": _sandbox(folder)}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _sandbox(folder: Path) -> str:
    try:
        isolation = select(folder / "probe.json").isolation
    except SandboxUnavailable:
        return "none that works"
    return f"{isolation.backend} {isolation.version}, {isolation.level}"
