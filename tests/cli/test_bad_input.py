"""Bad input of every kind: one clear line or a stated reason, the right exit code, never a traceback."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.demo.build import build
from tests.cli.conftest import Program

GIT = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org"]


def git(root: Path, *args: str) -> None:
    subprocess.run([*GIT, *args], cwd=root, check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")


def plain(root: Path) -> None:
    root.mkdir()


def empty(root: Path) -> None:
    plain(root)
    git(root, "init", "-q")


def bare(root: Path) -> None:
    plain(root)
    git(root, "init", "-q", "--bare")


def written(name: str, text: str, *, committed: bool = True) -> Callable[[Path], None]:
    def make(root: Path) -> None:
        build(root)
        (root / name).write_text(text)
        if committed:
            commit(root)

    return make


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (plain, "not in a git repository"),
        (empty, "no commit yet"),
        (bare, "a bare repository"),
        (written("lamplighter.toml", "modle = 'x'\n", committed=False), "did you mean model?"),
        (written("lamplighter.toml", "model = [\n", committed=False), "lamplighter.toml"),
        (written("lamplighter.toml", "python = 'no/such'\n", committed=False), "no/such"),
        (written("lamplighter.toml", "preset = 'best'\n", committed=False), "'best' is none of"),
        (written(".automation-scope.yaml", "restricted_paths: [x\n"), "no YAML"),
        (written(".automation-scope.yaml", "restricted_path: [x]\n"), "did you mean `restricted_paths`?"),
    ],
)
def test_what_can_not_be_worked_is_refused_in_one_line(tmp_path: Path, make: Callable[[Path], None], says: str) -> None:
    make(tmp_path / "r")
    for command in ("discover", "run", "shift"):
        done = Program(tmp_path / "r").run(command)
        assert (done.returncode, done.stdout) == (3, ""), command
        assert says in done.stderr
        assert done.stderr.count("\n") == 1, done.stderr


def dirty(root: Path) -> None:
    build(root)
    (root / "timers" / "duration.py").write_text("x = (\n")
    (root / "new.py").write_text("import os\n")


def detached(root: Path) -> None:
    build(root)
    git(root, "checkout", "-q", "--detach")


def red(root: Path) -> None:
    build(root)
    (root / "tests" / "test_red.py").write_text("def test_red():\n    assert 0\n")
    commit(root)


def odd(root: Path) -> None:
    build(root)
    (root / "huge.bin").write_bytes(bytes(60_000_000))
    (root / "latin.py").write_bytes(b"x = '\xff\xfe'  # TODO latin \xe9\n")
    (root / "loop").symlink_to("loop")
    (root / "data").mkdir()
    (root / "data" / "self").symlink_to(".")
    (root / "a b\nc").mkdir()
    (root / "a b\nc" / "m.py").write_text("# TODO: in an odd folder\n")
    commit(root)


@pytest.mark.parametrize("make", [dirty, detached, red, odd])
@pytest.mark.parametrize("name", ["r", "spa ce\nline"])
def test_what_is_only_odd_is_worked(tmp_path: Path, make: Callable[[Path], None], name: str) -> None:
    make(tmp_path / name)
    program = Program(tmp_path / name)
    assert program.run("discover").returncode == 0
    code, result = program.json("run")
    assert (code, result["outcome"]) == (0, "published"), result


def test_without_tests_nothing_is_green(tmp_path: Path) -> None:
    root = build(tmp_path / "r")
    git(root, "rm", "-qr", "tests")
    commit(root)
    program = Program(root)
    program.run("discover")
    code, result = program.json("run")
    assert (code, result["outcome"]) == (4, "blocked")
    assert "without tests nothing is green" in result["reason"]


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["run", "no-such"], 2, "no such item"),
        (["verify", "no-such"], 2, "there is no branch"),
        (["replay", "no-such"], 2, "there is no run"),
        (["discover", "--source", "no-such"], 3, "no source is called"),
        (["backlog", "add", "x", "--kind", "sausage"], 2, "none of bug"),
        (["backlog", "add", " "], 2, "needs a title"),
        (["shift", "--until", "25:00"], 3, "not a time of day"),
        (["shift", "--max-items", "0"], 2, "0 is not in the range"),
        (["run", "--config", "no-such.toml"], 3, "there is no file"),
        (["sandbox", "exec", "--workspace", "no-such", "--", "true"], 2, "does not exist"),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(sample: Program, args: list[str], code: int, says: str) -> None:
    done = sample.run(*args)
    assert done.returncode == code
    assert says in done.stderr
    assert "Traceback" not in done.stderr
