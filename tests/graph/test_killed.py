"""`kill -9` at every instant of an item: it goes on, nothing is paid or done twice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from model.playback import Playback
from tests.graph.conftest import Lab, git
from tests.graph.engineers import honest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("where", ["checkpoint", "event"])
def test_an_item_killed_after_every_step_ends_as_if_it_never_was(make_lab: Callable[..., Lab], where: str) -> None:
    lab = make_lab()
    root = lab.house.repository.root
    with Playback(honest()) as server:
        done = subprocess.run(
            [sys.executable, "-m", "tests.graph.child", str(root), lab.item.id, where],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": "/nonexistent",
                "OPENAI_BASE_URL": server.url,
                "OPENAI_API_KEY": "k",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        asked = len(server.requests)
    assert done.returncode == 0, done.stderr
    outcome, killed = done.stdout.splitlines()
    ended = json.loads(outcome)
    assert (ended["kind"], ended["branch"]) == ("published", "lamplighter/bug-1")
    assert int(killed) > 20
    assert asked == len(honest()), "a recorded model call was paid again"
    assert lab.branches == ["lamplighter/bug-1", "main"]
    assert len(list((root / ".lamplighter" / "pulls").iterdir())) == 1
    assert len(git(root, "log", "--format=%H", "main..lamplighter/bug-1").split()) == 2
