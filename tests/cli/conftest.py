"""The sample repository, and the program as a user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.demo.build import build

LAMPLIGHTER = Path(sys.prefix) / "bin" / "lamplighter"


@dataclass(frozen=True)
class Program:
    root: Path

    def environment(self, **more: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.root.parent)} | more

    def command(self, *args: str) -> list[str]:
        return [str(LAMPLIGHTER), *args]

    def run(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*args),
            cwd=self.root,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *args: str, **environment: str) -> tuple[int, dict[str, Any]]:
        """Exit code and `result` of the one envelope on stdout."""
        done = self.run(*args, "--json", **environment)
        envelope = json.loads(done.stdout)
        assert envelope["exit_code"] == done.returncode, done.stderr
        assert set(envelope) == {"version", "command", "exit_code", "result"}
        return done.returncode, envelope["result"]


@pytest.fixture
def sample(tmp_path: Path) -> Program:
    return Program(build(tmp_path / "timers"))
