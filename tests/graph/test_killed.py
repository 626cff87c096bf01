"""`kill -9` at every instant of an item: it goes on, nothing is paid or done twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from model.playback import Playback
from tests.graph.conftest import Lab, git
from tests.graph.engineers import honest

ROOT = Path(__file__).parents[2]


def once(lab: Lab, url: str, where: str) -> subprocess.CompletedProcess[str]:
    """One process that dies at the next such instant, or ends."""
    return subprocess.run(
        [sys.executable, "-m", "tests.graph.child", str(lab.house.repository.root), lab.item.id, where, "1"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "k"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("where", ["checkpoint", "event"])
def test_an_item_killed_after_every_step_ends_as_if_it_never_was(make_lab: Callable[..., Lab], where: str) -> None:
    lab = make_lab()
    kills = 0
    with Playback(honest()) as server:
        while (done := once(lab, server.url, where)).returncode == -signal.SIGKILL:
            kills += 1
            assert kills < 200, "it does not come to an end"
        asked = len(server.requests)
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert (outcome["kind"], outcome["branch"]) == ("published", "lamplighter/bug-1")
    assert kills > 20
    assert asked == len(honest()), "a recorded model call was paid again"
    root = lab.house.repository.root
    assert lab.branches == ["lamplighter/bug-1", "main"]
    assert len(list((root / ".lamplighter" / "pulls").iterdir())) == 1
    assert len(git(root, "log", "--format=%H", "main..lamplighter/bug-1").split()) == 2
