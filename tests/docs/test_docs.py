"""The documents say what the program does: every command in them is run, every generated page is up to date."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from app.answer import FAILED, GATE, INVALID, LIMIT, NO_SANDBOX, OK, PERSON, USAGE
from app.demo.build import build
from app.settings import ENVIRONMENT, Settings
from cli.main import COMMANDS
from graph.diagram import page
from sandbox.scope_file import parse_scope
from tests.cli.conftest import Program

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^(?:    (?P<indented>(?:make|lamplighter|cd|export) .*))$", re.MULTILINE)


def commands(text: str) -> list[str]:
    return [re.sub(r"\s+#.*", "", m["indented"]).strip() for m in BLOCK.finditer(text)]


def test_the_picture_of_the_machines_is_the_machines() -> None:
    assert (ROOT / "docs" / "state-machine.md").read_text() == page(), "run `make docs`"


@pytest.mark.parametrize("name", sorted({c for p in PAGES for c in commands(p.read_text()) if c.startswith("make ")}))
def test_every_make_target_in_the_documents_exists(name: str) -> None:
    target = name.split()[1].split("=")[0]
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_lamplighter_command_in_the_documents_runs(tmp_path: Path) -> None:
    program = Program(build(tmp_path / "timers"))
    seen = [c for p in PAGES for c in commands(p.read_text()) if c.startswith("lamplighter ")]
    program.run("discover")
    _, published = program.json("run")
    known = {"BRANCH": published["branch"], "WHAT": published["branch"], "RUN": published["run"]}
    known |= {"BASE..HEAD": f"main..{published['branch']}", "origin/main..HEAD": "main..HEAD"}
    for name in ("change.patch", "evidence.json"):
        folder = program.root / ".lamplighter" / "pulls" / f"{published['item']}-1"
        (program.root / name).write_bytes((folder / name).read_bytes())
    (program.root / "allowed_signers").touch()
    settings = tmp_path / ".config" / "lamplighter" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('repos = "~/repos.txt"\n')
    (tmp_path / "repos.txt").write_text("timers\n")
    for command in dict.fromkeys(seen):
        words = [known.get(w, w.replace("ITEM", published["item"])) for w in shlex.split(command)[1:]]
        done = program.run(*words)
        assert done.returncode in (OK, GATE, LIMIT), f"{command}: {done.stderr}"
        assert "Traceback" not in done.stderr


def test_the_table_of_commands_is_complete() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in COMMANDS if f"`{name}" not in text] == []


def test_the_table_of_settings_is_complete() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    wanted = [*Settings.model_fields, *ENVIRONMENT]
    assert [name for name in wanted if f"`{name}`" not in text] == []


def test_the_table_of_exit_codes_is_complete() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    codes = (OK, FAILED, USAGE, INVALID, GATE, PERSON, LIMIT, NO_SANDBOX)
    assert [code for code in codes if not re.search(rf"^\| {code}[ ,]", text, re.MULTILINE)] == []


def test_the_examples_of_a_scope_file_are_valid() -> None:
    text = (ROOT / "docs" / "scope.md").read_text()
    examples = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        parse_scope(example)


def test_links_between_pages_lead_somewhere() -> None:
    for path in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"
