"""Starting the program: light, and out of reach of the folder it is started in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import COMMANDS

LAMPLIGHTER = Path(sys.prefix) / "bin" / "lamplighter"


def lamplighter(*args: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(LAMPLIGHTER), *args],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd)} | environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['lamplighter', '--help']\n"
        "from cli.main import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'langgraph', 'openai', 'pydantic', 'sqlalchemy', 'git', 'yaml'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(name: str, tmp_path: Path) -> None:
    done = lamplighter(name, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: lamplighter {name}")


def test_no_module_does_work_when_imported() -> None:
    root = Path(__file__).parents[2]
    packages = [
        "backlog",
        "graph",
        "prompts",
        "model",
        "tools",
        "sandbox",
        "checks",
        "evidence",
        "forge",
        "metrics",
        "app",
        "cli",
    ]
    files = [p for name in packages for p in (root / name).rglob("*.py") if "sample" not in p.parts]
    inside = {"inside.py", "launcher.py", "reporter.py"}  # programs that are run in the sandbox, not imported
    names = [".".join(p.relative_to(root).with_suffix("").parts) for p in files if p.name not in inside]
    script = "import importlib, sys\nfor n in sys.argv[1:]: importlib.import_module(n.removesuffix('.__init__'))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", script, *names],
        env={},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_misspelt_command_names_the_nearest(tmp_path: Path) -> None:
    done = lamplighter("discovr", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean discover?" in done.stderr


def test_an_error_is_one_line_and_one_envelope(tmp_path: Path) -> None:
    done = lamplighter("next", "--json", cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    envelope = json.loads(done.stdout)
    assert (envelope["version"], envelope["command"], envelope["exit_code"]) == (1, "next", 3)


def test_code_of_the_repository_does_not_run_at_start(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\n"
    for name in ("cli", "app", "tools", "graph", "tests", "evals", "backlog", "click"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(trap)
    for name in ("sitecustomize.py", "usercustomize.py", "json.py"):
        (tmp_path / name).write_text(trap)
    done = lamplighter("--help", cwd=tmp_path, PYTHONPATH=".", PYTHONSTARTUP="json.py")
    assert done.returncode == 0
    assert not (tmp_path / "sprung").exists()
