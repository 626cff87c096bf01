"""The sandbox as root and as an ordinary user, on folders that are thrown away.

As root, the ordinary user's sandbox runs in a process of its own under an unused uid, asked over pipes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import SOMEBODY, Lab, Remote

from sandbox.bwrap import Bwrap
from sandbox.policy import Mount
from sandbox.remove import remove_path
from sandbox.select import select
from sandbox.toolchain import base

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def somebodys_sandbox() -> Iterator[Remote]:
    """Skips where no interpreter can be run by another user."""
    if os.geteuid() != 0:
        pytest.skip("not root: the sandbox of the user itself is tested instead")
    python = _public_python()
    if python is None:
        pytest.skip("no Python 3.11 that an ordinary user may run")
    environment = {
        "PATH": "/usr/bin:/bin",
        "LAMPLIGHTER_CANARY": "do-not-show",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    with subprocess.Popen(
        [python, "-I", str(HERE / "driver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        user=SOMEBODY,
        group=SOMEBODY,
        extra_groups=[],
        env=environment,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        facts = json.loads(process.stdout.readline() or '{"raised": "the driver did not start"}')
        if "raised" in facts:
            pytest.fail(facts["raised"])
        yield Remote(process, facts)
        process.stdin.close()


def _public_python() -> str | None:
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        try:
            ended = subprocess.run([python, "-I", "-c", check], user=SOMEBODY, check=False, capture_output=True)
        except OSError:
            continue
        if ended.returncode == 0:
            return python
    return None


@pytest.fixture(scope="session")
def own_sandbox() -> Bwrap:
    return select()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Beside pytest's own, which only root may enter."""
    path = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
    (path / "workspace").mkdir()
    yield path
    remove_path(path)


@pytest.fixture(params=["root", "user"])
def lab(request: pytest.FixtureRequest, folder: Path) -> Lab:
    """The same promises hold for both."""
    if request.param == "user" and os.geteuid() == 0:
        remote = request.getfixturevalue("somebodys_sandbox")
        mounts = tuple(Mount(Path(host), inside) for host, inside in remote.facts["mounts"])
        lab = Lab(remote, folder, remote.facts["python"], mounts, remote.facts["limits_by"], SOMEBODY)
    else:
        if request.param == "root" and os.geteuid() != 0:
            pytest.skip("not root")
        sandbox = request.getfixturevalue("own_sandbox")
        python, mounts = base()
        lab = Lab(sandbox, folder, python, mounts, sandbox.isolation.limits_by, sandbox.owner)
    lab.give()
    return lab
