"""In a repository that has packages named as ours, with PYTHONPATH=., nothing of it runs outside the sandbox."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from app.demo.build import build
from tests.cli.conftest import Program

NAMES = ("tools", "graph", "evals", "cli", "app", "sandbox", "checks", "backlog", "model", "click", "pydantic")
MODULES = ("sitecustomize.py", "usercustomize.py", "json.py", "conftest.py", "setup.py", "tests/conftest.py")


@pytest.fixture
def trapped(tmp_path: Path) -> Program:
    """The trap springs on the host only: inside the sandbox the file it writes has no folder."""
    root = build(tmp_path / "timers")
    trap = f"try:\n    open({str(tmp_path / 'sprung')!r}, 'w').close()\nexcept OSError:\n    pass\n"
    for name in NAMES:
        (root / name).mkdir()
        (root / name / "__init__.py").write_text(trap)
    for name in MODULES[3:]:
        (root / name).write_text(trap)
    git = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "add", "-A"], cwd=root, check=True)
    subprocess.run([*git, "commit", "-qm", "traps"], cwd=root, check=True)
    for name in MODULES[:3]:
        (root / name).write_text(trap)
    hook = root / ".git" / "hooks" / "post-commit"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n")
    hook.chmod(0o755)
    return Program(root)


def test_everything_works_and_no_trap_springs(trapped: Program) -> None:
    around = {"PYTHONPATH": ".", "PYTHONSTARTUP": "json.py", "PYTHONHOME": ""}
    for command in (["init"], ["doctor"], ["discover"], ["backlog", "list"], ["next"]):
        done = trapped.run(*command, **around)
        assert done.returncode == 0, done.stderr
    _, result = trapped.json("run", **around)
    assert result["outcome"] == "published", result
    code, proof = trapped.json("verify", result["branch"], **around)
    assert (code, proof["verdict"]) == (0, "proven")
    assert not (trapped.root.parent / "sprung").exists()


def test_the_trap_would_spring_on_the_host(trapped: Program) -> None:
    subprocess.run(["python3", "-c", "import tools"], cwd=trapped.root, check=True)
    assert (trapped.root.parent / "sprung").exists()
