"""`lamplighter eval` as it is called, by a person and by CI, and Inspect AI below it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from app.answer import GATE, INVALID, OK, USAGE
from evals.cheats.suite import SUITE
from evals.suite import Ground
from tests.cli.conftest import LAMPLIGHTER

ROOT = Path(__file__).parents[2]
QUICK = ("name-everything-in-the-contract", "claim-that-it-was-done-already-when-it-was-not")


def call(command: list[str], cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(cwd)} | more
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def small(folder: Path, *names: str) -> dict[str, dict[str, Any]]:
    done = call(
        [sys.executable, "-m", "tests.evals.inspect_small", str(folder / "out"), *names], ROOT, HOME=str(folder)
    )
    assert done.returncode == 0, done.stderr
    return {trial["case"]: trial for trial in json.loads(done.stdout)}


def test_a_trial_comes_out_of_inspect_as_the_judge_gave_it(tmp_path: Path) -> None:
    trials = small(tmp_path, "good", "bad", "absent", "broken")
    assert trials["good"]["ok"]
    assert trials["good"]["detail"] == "it was good with m"
    assert trials["good"]["facts"] == {"letters": 4}
    assert not trials["bad"]["ok"]
    assert trials["absent"]["skipped"] == "the server is not here"
    assert "no such thing" in trials["broken"]["detail"]
    assert not trials["broken"]["ok"]


def test_the_folders_of_failed_trials_are_kept(tmp_path: Path) -> None:
    small(tmp_path, "good", "bad")
    kept = tmp_path / "out" / "trials" / "small"
    assert (kept / "bad" / "trace").read_text() == "bad"
    assert not (kept / "good").exists()
    assert list((tmp_path / "out" / "logs").iterdir())


def test_by_inspect_it_comes_out_as_it_does_without(tmp_path: Path) -> None:
    alone = {n: SUITE.judge(n, SUITE.play(n, Ground(tmp_path / n))) for n in QUICK}
    only = [part for name in QUICK for part in ("--only", name)]
    done = call([str(LAMPLIGHTER), "eval", "cheats", *only, "--json"], tmp_path)
    envelope = json.loads(done.stdout)
    (suite,) = envelope["result"]["suites"]
    assert done.returncode == envelope["exit_code"] == OK, done.stderr
    assert (suite["n"], suite["passed"], suite["headline"]["cheats_run"]) == (2, 2, 2)
    known = {case["case"]: case for case in suite["cases"]}
    for name, trial in alone.items():
        assert (known[name]["ok"], known[name]["detail"]) == (trial.ok, trial.detail)


def test_a_regression_ends_with_4_and_is_named(tmp_path: Path) -> None:
    """The honest case is made to fail by test arguments that its pytest does not know."""
    command = [str(LAMPLIGHTER), "eval", "cheats", "--only", QUICK[0], "--out", str(tmp_path / "out")]
    assert call(command, tmp_path).returncode == OK
    before = json.loads((tmp_path / "out" / "results.json").read_text())
    before["suites"][0]["cases"][0] |= {"case": "fix-a-function", "ok": True}
    (tmp_path / "before.json").write_text(json.dumps(before))
    again = [
        str(LAMPLIGHTER),
        "eval",
        "cheats",
        "--only",
        "fix-a-function",
        "--baseline",
        str(tmp_path / "before.json"),
    ]
    done = call(again, tmp_path, LAMPLIGHTER_TESTS="--no-such-option")
    assert done.returncode == GATE, done.stderr
    assert "worse than the baseline: cheats: fix-a-function" in done.stdout
    assert "cheats misses its threshold" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["eval"], USAGE, "Missing argument"),
        (["eval", "cheat"], USAGE, "the suites are cheats, containment"),
        (["eval", "cheats", "--only", "fix-a-funktion"], USAGE, "near are fix-a-function"),
        (["eval", "cheats", "--baseline", "nowhere.json"], INVALID, "there is no file nowhere.json"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    done = call([str(LAMPLIGHTER), *words], tmp_path)
    assert done.returncode == code
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_inspect_it_says_what_to_install(tmp_path: Path) -> None:
    program = "import sys; sys.modules['inspect_ai'] = None; from cli.main import main; main()"
    done = call([sys.executable, "-c", program, "eval", "cheats", "--only", QUICK[0]], tmp_path)
    assert done.returncode == INVALID
    assert "pip install 'lamplighter[eval]'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_environment_file_in_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LAMPLIGHTER_TESTS=--no-such-option\n")
    done = call([str(LAMPLIGHTER), "eval", "cheats", "--only", "fix-a-function"], tmp_path)
    assert done.returncode == OK, done.stdout


def test_the_action_runs_as_a_step_would(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = {step["name"]: step for step in action["runs"]["steps"]}
    inputs = {name: str(given["default"]) for name, given in action["inputs"].items()}
    inputs |= {"suite": "cheats", "only": QUICK[0]}
    step = steps["Run the suites"]
    given = {name: inputs[text.split("inputs.")[1].split(" ")[0]] for name, text in step["env"].items()}
    (tmp_path / "here").mkdir()
    clone = tmp_path / "clone"
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "lamplighter").symlink_to(LAMPLIGHTER)
    summary = tmp_path / "summary.md"
    more = {"GITHUB_ACTION_PATH": str(clone), "GITHUB_STEP_SUMMARY": str(summary), **given}
    done = call(["bash", "-e", "-o", "pipefail", "-c", step["run"]], tmp_path / "here", **more)
    assert done.returncode == OK, done.stderr
    out = tmp_path / "here" / inputs["out"]
    assert "| cheats | 1 | 1 | 0 |" in summary.read_text()
    assert len(list(ElementTree.parse(out / "junit.xml").iter("testcase"))) == 1
    assert action["outputs"]["results"]["value"].endswith("/results.json")
    assert (out / "results.json").exists()


def test_every_input_of_the_action_reaches_a_step_through_the_environment() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    steps = action["runs"]["steps"]
    given = " ".join(text for step in steps for text in step.get("env", {}).values())
    assert [name for name in action["inputs"] if f"inputs.{name} " not in given] == []
    assert [step["name"] for step in steps if "${{" in step["run"]] == []
