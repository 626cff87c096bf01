"""Try Lamplighter on real projects that nobody here wrote, and say what came of it.

    python -m evals.real_projects --lamplighter PATH/TO/lamplighter --into NEW_FOLDER

Each project's pinned source archive (see `real_projects.toml`) is fetched with pip, unpacked, committed to
a new repository and installed into a `.venv` of its own; then `init`, `discover`, `next`, `run` and `verify`
run there. Fetching, installing and the first test run happen with the caller's own rights, outside any
sandbox, and run code of these projects: start this where that is acceptable.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALL_SECONDS = 600
TESTS_SECONDS = 300
COMMAND_SECONDS = 1800
UNTRACKED = ".venv/\n*.egg-info/\n__pycache__/\nbuild/\n"
PYTHON = ".venv/bin/python"
UNKNOWN = "not measured"
COLUMNS = ("project", "tests", "findings", "item picked", "outcome", "branch", "verify", "seconds")


class Failed(Exception):
    """A step did not work. One line: which one, and the end of what it printed."""


@dataclass(frozen=True)
class Bug:
    """A known real bug. `probe` is Python that passes once it is fixed."""

    path: str
    function: str
    title: str
    criterion: str
    why: str
    probe: str


@dataclass(frozen=True)
class Project:
    name: str
    version: str
    sha256: str
    install: tuple[str, ...]
    bugs: tuple[Bug, ...]


@dataclass(frozen=True)
class Envelope:
    """What `lamplighter … --json` answered; `result` holds `error` when it was no envelope."""

    command: str
    exit_code: int
    result: Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One project's line of the table, and what is said below it."""

    cells: tuple[str, ...]
    notes: tuple[str, ...]
    good: bool


def projects(file: Path) -> tuple[Project, ...]:
    return tuple(_project(**read) for read in tomllib.loads(file.read_text(encoding="utf-8"))["project"])


def _project(name: str, version: str, sha256: str, install: list[str], bug: Sequence[Any] = ()) -> Project:
    return Project(name, version, sha256, tuple(install), tuple(Bug(**b) for b in bug))


def run(step: str, argv: Sequence[str], cwd: Path, seconds: int) -> subprocess.CompletedProcess[str]:
    """Raises Failed when it takes too long."""
    quiet = subprocess.DEVNULL
    try:
        return subprocess.run(argv, cwd=cwd, capture_output=True, text=True, timeout=seconds, stdin=quiet)
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{step}: no end after {seconds} s") from error
    except OSError as error:
        raise Failed(f"{step}: {error}") from error


def must(step: str, argv: Sequence[str], cwd: Path, seconds: int = 60) -> str:
    """The command's standard output. Raises Failed when it fails or takes too long."""
    done = run(step, argv, cwd, seconds)
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).split())[-400:]
        raise Failed(f"{step}: exit {done.returncode}: {said}")
    return done.stdout


def prepare(project: Project, folder: Path, python: str) -> None:
    """Build the repository with its environment in `folder`, which must not exist. Raises Failed."""
    if folder.exists():
        raise Failed(f"{folder} exists: give another --into folder, or --reuse to try it as it stands")
    with tempfile.TemporaryDirectory() as name:
        archive = fetch(project, Path(name), python)
        folder.mkdir()
        must("unpack", ["tar", "-xzf", str(archive), "--strip-components=1", "--no-same-owner"], folder)
    for stale in folder.glob("**/*.egg-info"):
        shutil.rmtree(stale)
    commit(project, folder)
    install(project, folder, python)


def fetch(project: Project, into: Path, python: str) -> Path:
    """The source archive, with pip, which checks the hash."""
    wanted = into / "wanted.txt"
    wanted.write_text(f"{project.name}=={project.version} --hash=sha256:{project.sha256}\n")
    pip = [python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", project.name]
    must("fetch", [*pip, "--dest", str(into), "--requirement", str(wanted)], into, INSTALL_SECONDS)
    return next(into.glob("*.tar.gz"))


def commit(project: Project, folder: Path) -> None:
    """One commit with everything, whatever the caller's own git configuration says."""
    git = ["git", "-c", "user.name=Real", "-c", "user.email=real@example.org", "-c", "commit.gpgSign=false"]
    must("git", [*git, "init", "--quiet", "--initial-branch=main", "--template="], folder)
    (folder / ".git" / "info").mkdir()
    (folder / ".git" / "info" / "exclude").write_text(UNTRACKED)
    must("git", [*git, "add", "--all", "--force", "."], folder)
    must("git", [*git, "commit", "--quiet", "--message", f"{project.name} {project.version}"], folder)


def install(project: Project, folder: Path, python: str) -> None:
    """A `.venv` with the project, editable, and its test dependencies."""
    must("venv", [python, "-m", "venv", "--without-pip", ".venv"], folder)
    # Without tags setuptools-scm would make up a version; the archive's is the true one.
    scm = ["env", f"SETUPTOOLS_SCM_PRETEND_VERSION={project.version}"]
    pip = [python, "-m", "pip", "--python", PYTHON, "install", "--quiet"]
    must("install", [*scm, *pip, "--editable", ".", *project.install], folder, INSTALL_SECONDS)


def tests(folder: Path) -> str:
    """The suite, run once, in its own words: `519 passed in 2.27s`. Raises Failed when it is not green."""
    argv = [PYTHON, "-B", "-m", "pytest", "-q", "--color=no", "-p", "no:cacheprovider"]
    return must("tests", argv, folder, TESTS_SECONDS).strip().splitlines()[-1].strip("= ")


def known_bugs(project: Project, folder: Path) -> Iterator[str]:
    """Each known bug, with whether its probe still fails."""
    for bug in project.bugs:
        done = run("probe", [PYTHON, "-B", "-c", bug.probe], folder, 60)
        yield f"{'known bug' if done.returncode else 'NO LONGER A BUG'} in {bug.path}: {bug.title}"


def ask(lamplighter: Path, folder: Path, *words: str) -> Envelope:
    """One command with `--json`. Raises Failed when it takes too long."""
    done = run(words[0], [str(lamplighter), *words, "--json"], folder, COMMAND_SECONDS)
    return envelope(words[0], done.returncode, done.stdout, done.stderr)


def envelope(command: str, code: int, stdout: str, stderr: str) -> Envelope:
    """Standard output read strictly: version 1, this command, the real exit code."""
    try:
        read = json.loads(stdout)
        if (read["version"], read["command"], read["exit_code"]) == (1, command, code):
            return Envelope(command, code, read["result"])
        wrong = "the envelope is of another version, command or exit code"
    except (ValueError, KeyError, TypeError):
        wrong = "no JSON envelope on stdout"
    said = (stderr.strip().splitlines() or ["nothing on stderr"])[-1]
    return Envelope(command, code, {"error": f"{wrong}; {said}"})


def walk(project: Project, folder: Path, lamplighter: Path, suite: str) -> Row:
    """The whole journey in one prepared project."""
    started = time.monotonic()
    head = must("git", ["git", "rev-parse", "HEAD"], folder)
    asked = [ask(lamplighter, folder, word) for word in ("init", "discover", "next", "run")]
    found, following, ran = (answer.result for answer in asked[1:])
    branch = ran.get("branch")
    if branch:
        asked.append(ask(lamplighter, folder, "verify", branch))
    verdict = asked[-1].result.get("verdict", UNKNOWN) if branch else UNKNOWN
    nothing = "none" if "item" in ran else UNKNOWN
    item = (following.get("item") or {}).get("title") or ran.get("item") or nothing
    ending = (ran.get("outcome", UNKNOWN), branch or "none", verdict, f"{time.monotonic() - started:.0f}")
    notes = (*touched(folder, head), *troubles(asked), *unlooked(found), *left(following))
    good = ending[0] == "published" and verdict == "proven"
    return Row((project.name, suite, findings(found), item, *ending), notes, good)


def findings(result: Mapping[str, Any]) -> str:
    counted = [f"{s['name']} {s['found']}" for s in result.get("sources", ()) if s["found"]]
    return ", ".join(counted) or ("none" if "sources" in result else UNKNOWN)


def touched(folder: Path, head: str) -> Iterator[str]:
    """The user's checkout must be as it was."""
    if must("git", ["git", "rev-parse", "HEAD"], folder) != head:
        yield "BROKEN: HEAD has moved"
    for line in must("git", ["git", "status", "--porcelain"], folder).splitlines():
        yield f"BROKEN: the work tree has changed: {line}"


def troubles(asked: Iterable[Envelope]) -> Iterator[str]:
    for answer in (a for a in asked if a.exit_code or "error" in a.result):
        reasons = "; ".join(r["sentence"] for r in answer.result.get("reasons", ()))
        said = answer.result.get("error") or answer.result.get("reason") or reasons or "no reason given"
        yield f"{answer.command}: exit {answer.exit_code}: {said}"


def unlooked(result: Mapping[str, Any]) -> Iterator[str]:
    for source in (s for s in result.get("sources", ()) if s["status"] == "not run"):
        yield f"discover: {source['name']} was not run: {source['reason']}"


def left(result: Mapping[str, Any]) -> Iterator[str]:
    """The reasons given for items that were not done, each once with how many it holds for."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for item, reason in result.get("left", {}).items():
        by_reason[reason].append(item)
    for reason, items in sorted(by_reason.items(), key=lambda pair: -len(pair[1])):
        yield f"{len(items)} not done ({', '.join(items[:2])}{' …' if len(items) > 2 else ''}): {reason}"


def one(project: Project, options: argparse.Namespace) -> Row:
    """Prepare and walk; what fails becomes the project's row."""
    folder = (options.into / project.name).resolve()
    suite = UNKNOWN
    try:
        if not (options.reuse and folder.exists()):
            prepare(project, folder, options.python)
        suite = tests(folder)
        if options.lamplighter:
            return walk(project, folder, options.lamplighter.resolve(), suite)
        notes = (str(folder), *known_bugs(project, folder))
        return Row((project.name, suite, *[UNKNOWN] * 6), notes, True)
    except Failed as error:
        return Row((project.name, suite, *[UNKNOWN] * 6), (f"FAILED {error}",), False)


def table(rows: Sequence[Row]) -> Iterator[str]:
    lines = [COLUMNS, *(row.cells for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(COLUMNS))]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    for row in rows:
        yield from ("", row.cells[0], *(f"  {note}" for note in row.notes))


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.real_projects")
    option = parser.add_argument
    option("--lamplighter", type=Path, help="the executable; without it the projects are only prepared")
    option("--into", type=Path, required=True, help="a folder for the projects, made when missing")
    option("--only", action="append", metavar="NAME", help="only this project; may be repeated")
    option("--python", default=sys.executable, help="the interpreter behind each .venv; must have pip")
    option("--reuse", action="store_true", help="take projects that are already in the folder as they stand")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """0 when every project ended with a proven branch (without an executable: when each is prepared)."""
    options = arguments(argv)
    known = projects(Path(__file__).with_suffix(".toml"))
    names = [p.name for p in known]
    if strange := set(options.only or ()).difference(names):
        print(f"no project {sorted(strange)[0]!r}; known: {', '.join(names)}", file=sys.stderr)
        return 2
    options.into.mkdir(parents=True, exist_ok=True)
    rows = []
    for project in (p for p in known if not options.only or p.name in options.only):
        print(f"{project.name} {project.version} …", file=sys.stderr)
        rows.append(one(project, options))
    print("\n".join(table(rows)))
    return 0 if all(row.good for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
