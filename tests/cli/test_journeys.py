"""What a user does, with the program as it is installed and the sample repository."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from model.playback import Playback
from model.port import Turn
from model.scripted import call
from tests.cli.conftest import Program

FIELDS = {"id", "title", "kind", "source", "path", "line", "status", "score", "terms"}


def git(root: Path, *args: str) -> str:
    return subprocess.run(["git", *args], cwd=root, check=True, capture_output=True, text=True).stdout


def test_discovering_twice_adds_nothing(sample: Program) -> None:
    _, first = sample.json("discover")
    assert first["added"] == 3
    assert all(set(item) >= FIELDS for item in first["items"])
    _, again = sample.json("discover")
    assert again["added"] == 0
    assert [i["id"] for i in again["items"]] == [i["id"] for i in first["items"]]


def test_the_best_item_is_worked_proven_and_refused_once_it_is_tampered_with(sample: Program) -> None:
    sample.run("discover")
    code, result = sample.json("run")
    assert (code, result["outcome"]) == (0, "published"), result
    assert result["item"].startswith("bandit-b506")
    assert set(result) >= {"branch", "pull_request", "evidence", "reason", "usage"}
    code, proof = sample.json("verify", result["branch"])
    assert (code, proof["verdict"]) == (0, "proven")
    git(sample.root, "-c", "user.name=x", "-c", "user.email=x@y", "switch", "-q", result["branch"])
    (sample.root / "timers" / "settings.py").write_text("x = 1\n")
    git(sample.root, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qam", "more", "--amend", "--no-edit")
    code, proof = sample.json("verify", result["branch"])
    assert (code, proof["verdict"]) == (4, "refused")


def test_a_run_is_replayed_with_the_same_trees_and_verdicts(sample: Program) -> None:
    sample.run("discover", "--source", "ruff")
    _, result = sample.json("run")
    code, replayed = sample.json("replay", result["run"])
    assert (code, replayed["verdict"]) == (0, "same"), replayed


def test_a_perturbed_recording_is_noticed(sample: Program) -> None:
    sample.run("discover", "--source", "ruff")
    _, result = sample.json("run")
    file = sample.root / ".lamplighter" / "runs" / result["run"] / "events.jsonl"
    file.write_bytes(file.read_bytes().replace(b"F401", b"F402", 1))
    code, told = sample.json("replay", result["run"])
    assert code == 4
    assert "line" in told["error"]


def test_a_dry_run_says_what_it_would_do_and_does_nothing(sample: Program) -> None:
    sample.run("discover")
    before = sorted(p for p in sample.root.rglob("*") if ".lamplighter" not in p.parts)
    code, told = sample.json("run", "--dry-run")
    assert (code, told["dry_run"]) == (0, True)
    assert told["would"]["item"].startswith("bandit-b506")
    assert "would begin with bandit-b506" in sample.run("shift", "--dry-run").stdout
    assert sorted(p for p in sample.root.rglob("*") if ".lamplighter" not in p.parts) == before
    assert not (sample.root / ".lamplighter" / "runs").exists()


def test_nothing_to_do_lists_why(sample: Program) -> None:
    sample.run("discover", "--source", "markers")
    code, result = sample.json("run")
    assert (code, result["outcome"]) == (0, "nothing_to_do")
    (reason,) = result["left"].values()
    assert "needs a model" in reason


def test_a_shift_works_item_after_item_and_keeps_to_its_pull_requests_a_day(sample: Program) -> None:
    code, result = sample.json("shift", "--max-prs", "1")
    assert code == 0
    assert [w["kind"] for w in result["worked"]] == ["published"]
    assert result["ended"].startswith("limit: 1 pull requests were opened today")
    code, result = sample.json("shift")
    assert [w["kind"] for w in result["worked"]] == ["published"]
    assert result["ended"] == "nothing to do"


def test_a_shift_ends_after_its_items(sample: Program) -> None:
    _, result = sample.json("shift", "--max-items", "1")
    assert len(result["worked"]) == 1
    assert result["ended"].startswith("limit: 1 items")


class Interrupting(Playback):
    """Sends a signal to the process that asks, in the middle of its second request."""

    victim: subprocess.Popen[str]

    def take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        if len(self.requests) == 1:
            self.victim.send_signal(signal.SIGTERM)
        return super().take(body)


@pytest.mark.parametrize("command", [("run",), ("shift",)])
def test_sigterm_finishes_the_step_and_resume_goes_on(sample: Program, command: tuple[str, ...]) -> None:
    sample.run("discover", "--source", "markers")
    stop = call("stop", kind="blocked", reason="enough")
    turns = [call("find_files"), call("find_files", glob="*.md"), stop]
    with Interrupting(turns) as server:
        known = sample.environment(OPENAI_BASE_URL=server.url, OPENAI_API_KEY="k")
        server.victim = subprocess.Popen(
            sample.command(*command),
            cwd=sample.root,
            env=known,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = server.victim.communicate()
        assert server.victim.returncode == 143, out + err
        assert len(server.requests) == 2
        code, result = sample.json("resume", OPENAI_BASE_URL=server.url, OPENAI_API_KEY="k")
        assert len(server.requests) == 3
    assert (code, result["outcome"], result["reason"]) == (4, "blocked", "stopped in clarify: enough")


def test_a_model_that_can_not_be_reached_leaves_the_item_to_resume(sample: Program) -> None:
    sample.run("discover", "--source", "markers")
    code, told = sample.json("run", OPENAI_BASE_URL="http://127.0.0.1:9/v1")
    assert code == 1
    assert "did not answer" in told["error"]
    with Playback([call("stop", kind="blocked", reason="enough")]) as server:
        code, result = sample.json("resume", OPENAI_BASE_URL=server.url)
    assert (code, result["outcome"]) == (4, "blocked")


def test_where_the_recipe_does_not_lead_through_the_model_gets_its_turn(sample: Program) -> None:
    file = sample.root / "timers" / "settings.py"
    file.write_text(
        file.read_text().replace("yaml.load(text, Loader=yaml.Loader)", "yaml.load(str(text + ''), yaml.Loader)")
    )
    git(sample.root, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qam", "harder")
    sample.run("discover", "--source", "bandit")
    with Playback([call("stop", kind="blocked", reason="not for me")]) as server:
        code, result = sample.json("run", OPENAI_BASE_URL=server.url)
    assert (code, result["reason"]) == (4, "stopped in clarify: not for me")
    assert result["run"].endswith("-2")


def test_a_shift_with_an_interval_looks_again(sample: Program) -> None:
    shift = subprocess.Popen(
        sample.command("shift", "--interval", "0.02", "--json"),
        cwd=sample.root,
        env=sample.environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert shift.stderr is not None
    published = 0
    for line in shift.stderr:
        published += "publish" in line
        if published == 2 and not (sample.root / "extra.py").exists():
            (sample.root / "extra.py").write_text("import os\n")
            git(sample.root, "add", "extra.py")
            git(sample.root, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "-qm", "more")
        if published == 3:
            shift.send_signal(signal.SIGTERM)
            break
    out, _ = shift.communicate()
    assert shift.returncode == 143, out
    assert "extra.py" in out


def test_a_question_reaches_the_inbox_and_its_answer_the_model(sample: Program) -> None:
    sample.run("discover", "--source", "markers")
    ask = call("submit_contract", criteria=["?"], files=["timers/duration.py"], questions=["Days as well?"])
    turns: list[Turn | int] = [ask, call("stop", kind="blocked", reason="enough")]
    with Playback(turns) as server:
        code, result = sample.json("run", OPENAI_BASE_URL=server.url)
        assert (code, result["outcome"]) == (5, "needs_person")
        _, box = sample.json("inbox")
        assert "Days as well?" in box["waiting"][0]["asked"]
        code, result = sample.json("answer", result["item"], "No days.", OPENAI_BASE_URL=server.url)
        assert b"No days." in server.requests[-1]
    assert (code, result["outcome"]) == (4, "blocked")


def test_hand_made_items_are_added_edited_explained_and_closed(sample: Program) -> None:
    _, made = sample.json("backlog", "add", "Count days", "--kind", "feature", "--criterion", "2d is 172800")
    item = made["item"]["id"]
    _, edited = sample.json("backlog", "edit", item, "value=8")
    assert edited["item"]["inputs"]["value"] == 8
    _, explained = sample.json("backlog", "explain", item)
    assert {t["name"] for t in explained["explain"]["terms"]} >= {"value", "size", "aging"}
    code, told = sample.json("backlog", "edit", item, "valeu=3")
    assert code == 2
    assert "value" in told["error"]
    sample.run("backlog", "close", item, "--reason", "not wanted")
    _, listed = sample.json("backlog", "list")
    assert listed["items"] == []


def test_sandbox_exec_passes_output_and_exit_code_on(sample: Program, tmp_path: Path) -> None:
    folder = tmp_path / "any folder"
    folder.mkdir()
    script = "echo hi; echo no >&2; touch x; exit 7"
    done = sample.run("sandbox", "exec", "--workspace", str(folder), "--", "sh", "-c", script)
    assert (done.returncode, done.stdout, done.stderr) == (7, "hi\n", "no\n")
    assert (folder / "x").stat().st_uid == os.getuid()
    done = sample.run("sandbox", "exec", "--workspace", str(folder), "--wall", "1", "--", "sleep", "60")
    assert done.returncode == 124
