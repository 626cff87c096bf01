"""Several repositories at once, as a user works with them."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app.demo.build import build
from backlog.calibration.outcomes import keep_outcomes
from backlog.store import Backlog
from cli.envelope import ending
from cli.main import lamplighter
from evals.calibration import BIASED, history
from tests.app.several import git, listing, small
from tests.backlog.conftest import make_item
from tests.cli.conftest import LAMPLIGHTER, Program

LOOK = ("discover", "--source", "markers")
DOCS = Path(__file__).parents[2] / "docs" / "repos.md"
KEYS = {"list", "repositories", "twice", "tables"}
ROW = {
    "name", "path", "problem", "open", "ready", "blocked", "last_look", "uncommitted", "scored_by", "added", "sources",
}  # fmt: skip


class Here(Program):
    """The program in this very process, which starts in no time."""

    capture: pytest.CaptureFixture[str]

    def run(self, *args: str, **environment: str) -> subprocess.CompletedProcess[str]:
        if environment:
            return super().run(*args, **environment)
        self.capture.readouterr()
        code = ending(lamplighter, list(args))
        out, err = self.capture.readouterr()
        return subprocess.CompletedProcess(args, code, out, err)


@pytest.fixture
def user(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    """In a folder that is no repository, with three good repositories and others that are not."""
    (tmp_path / "start").mkdir()
    small(tmp_path / "three", notes=3)
    small(tmp_path / "two", notes=2)
    small(tmp_path / "other", notes=1, lamplighter__toml='preset = "seed004"\n')
    broken = small(tmp_path / "broken")
    (broken / ".git" / "HEAD").write_text("garbage\n")
    small(tmp_path / "nosy", lamplighter__toml='repos = "/etc/repos.txt"\n')
    (tmp_path / "link").symlink_to("three")
    found = Here(tmp_path / "start")
    object.__setattr__(found, "capture", capsys)
    for name in set(os.environ) - {"PATH"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(found.root)
    return found


def place(user: Program, name: str) -> Path:
    return user.root.parent / name


def repos(user: Program, *args: str, of: tuple[str, ...] = ("three", "two")) -> subprocess.CompletedProcess[str]:
    return user.run("repos", *args, "--list", str(listing(user.root.parent, *of)))


def result(user: Program, *args: str, of: tuple[str, ...] = ("three", "two")) -> tuple[int, dict[str, Any]]:
    return user.json("repos", *args, "--list", str(listing(user.root.parent, *of)))


def files(root: Path) -> Mapping[str, bytes]:
    """Without SQLite's own files beside the database, which come and go with who has it open."""
    there = [p for p in root.rglob("*") if p.is_file() and not p.name.startswith("backlog.db-")]
    return {str(p.relative_to(root)): p.read_bytes() for p in there}


class TestDiscover:
    def test_a_failing_one_does_not_stop_the_others_and_has_a_line(self, user: Program) -> None:
        done = repos(user, *LOOK, of=("broken", "three", "gone", "link", "nosy", "two"))
        assert done.returncode == 3
        assert done.stdout.splitlines() == [
            "three: 3 new, 3 open",
            "two: 2 new, 2 open",
            "",
            done.stdout.splitlines()[3],
            "left out: gone: no such folder",
            "left out: nosy: repos can not be set by a repository's own file: use the environment or a flag",
            "line 4: link is the repository of line 2 again",
        ]
        assert done.stdout.splitlines()[3].startswith("left out: broken: git cannot read this repository")
        assert done.stderr == "▸ three\n▸ nosy\n▸ two\n"
        assert repos(user, *LOOK, "--log-level", "warning").stderr == ""

    def test_what_is_only_there_twice_is_not_missing(self, user: Program) -> None:
        code, told = result(user, *LOOK, of=("three", "link"))
        assert (code, len(told["repositories"]), len(told["twice"])) == (0, 1, 1)

    def test_a_source_that_could_not_look_is_named(self, user: Program) -> None:
        reports = place(user, "two") / ".lamplighter" / "reports"
        reports.mkdir(parents=True)
        (reports / "half.json").write_text('{"runs": [')
        done = repos(user, "discover", "--source", "report", "--source", "markers", of=("two",))
        assert re.match(r"two: 2 new, 2 open; could not look: report:.*half\.json \(.+\)$", done.stdout)

    def test_it_does_in_each_what_discover_does_there(self, user: Program) -> None:
        other = small(user.root.parent / "alone" / "three", notes=3)
        user.run(*LOOK, "--repo", str(other))
        repos(user, *LOOK)
        both = [user.json("backlog", "list", "--repo", str(root))[1] for root in (place(user, "three"), other)]
        assert both[0] == both[1]

    def test_two_at_once_find_each_thing_once(self, user: Program) -> None:
        file = str(listing(user.root.parent, "three", "two"))
        command = user.command("repos", *LOOK, "--list", file)
        both = [
            subprocess.Popen(command, cwd=user.root, env=user.environment(), stdout=subprocess.PIPE, text=True)
            for _ in range(2)
        ]
        told = [one.communicate()[0] for one in both]
        assert [one.returncode for one in both] == [0, 0], told
        assert [r["open"] for r in result(user, "status")[1]["repositories"]] == [3, 2]


class TestStatus:
    def test_nothing_is_made_where_nobody_looked(self, user: Program) -> None:
        names = ("three", "two", "other", "nosy", "broken")
        before = {name: files(place(user, name)) for name in names}
        for command in ("status", "list", "next", "report"):
            assert repos(user, command, of=names).returncode == 3
        assert {name: files(place(user, name)) for name in names} == before
        assert not any((place(user, name) / ".lamplighter").exists() for name in names)

    def test_each_is_told_with_what_is_in_it(self, user: Program) -> None:
        repos(user, *LOOK, of=("three",))
        (place(user, "two") / "new.py").write_text("x = 1\n")
        code, told = result(user, "status", of=("three", "two", "other"))
        three, two, other = told["repositories"]
        assert code == 0
        assert (three["open"], three["ready"], three["blocked"], three["uncommitted"]) == (3, 3, 0, 0)
        assert three["last_look"]
        assert (two["open"], two["last_look"], two["uncommitted"]) == (None, None, 1)
        assert (two["scored_by"], other["scored_by"]) == ("preset default", "preset seed004")
        lines = repos(user, "status", of=("three", "two")).stdout.splitlines()
        assert lines[0].split() == [
            "repository",
            "open",
            "ready",
            "blocked",
            "last",
            "look",
            "(UTC)",
            "changed",
            "scored",
            "by",
        ]
        assert lines[2].split()[:5] == ["two", "-", "-", "-", "never"]

    def test_without_a_list_it_says_how_to_make_one(self, user: Program) -> None:
        done = user.run("repos", "status")
        assert done.returncode == 3
        assert done.stderr.startswith("lamplighter: no list of repositories: name a file")
        assert user.run("repos", "status", "--repo", ".").returncode == 2

    def test_the_users_own_configuration_and_environment_name_the_list(self, user: Program) -> None:
        listing(user.root.parent, "~/three")
        assert user.json("repos", "status", LAMPLIGHTER_REPOS="~/repos.txt")[0] == 0
        settings = user.root.parent / ".config" / "lamplighter" / "config.toml"
        settings.parent.mkdir(parents=True)
        settings.write_text('repos = "~/repos.txt"\n')
        assert user.json("repos", "status")[1]["repositories"][0]["name"] == "three"


class TestList:
    def test_there_is_one_table_over_all_whose_rules_are_the_same(self, user: Program) -> None:
        repos(user, *LOOK)
        user.run(
            "backlog",
            "add",
            "First",
            "--criterion",
            "c",
            "--value",
            "13",
            "--size",
            "1",
            "--repo",
            str(place(user, "two")),
        )
        code, told = result(user, "list")
        (table,) = told["tables"]
        assert (code, table["of"], table["repositories"]) == (0, 6, ["three", "two"])
        assert [i["rank"] for i in table["items"]] == [1, 2, 3, 4, 5, 6]
        assert (table["items"][0]["repository"], table["items"][0]["title"]) == ("two", "First")
        lines = repos(user, "list", "--top", "1").stdout.splitlines()
        assert lines[0] == "1 of 6 open items in three and two, scored by preset default"
        assert len(lines) == 3

    def test_where_rules_differ_there_are_two_tables_unless_one_preset_is_asked_for(self, user: Program) -> None:
        of = ("other", "three", "two")
        repos(user, *LOOK, of=of)
        _, told = result(user, "list", of=of)
        assert [t["repositories"] for t in told["tables"]] == [["three", "two"], ["other"]]
        assert "can not be compared" in repos(user, "list", of=of).stdout
        _, told = result(user, "list", "--preset", "default", of=of)
        assert [(t["repositories"], t["of"]) for t in told["tables"]] == [(["other", "three", "two"], 6)]
        assert "can not be compared" not in repos(user, "list", "--preset", "default", of=of).stdout
        code, told = result(user, "list", "--preset", "best")
        assert (code, told["error"][:14]) == (3, "--preset best:")
        assert result(user, "next", "--focus", "dept")[0] == 3

    @pytest.mark.parametrize(
        ("name", "text", "says"),
        [
            (".lamplighter/backlog.db", "garbage", ".lamplighter/backlog.db: can not be used"),
            ("lamplighter.toml", "modle = 'x'\n", "lamplighter.toml: unknown key 'modle'; did you mean model?"),
            ("lamplighter.toml", "preset = 'best'\n", "setting preset: 'best' is none of"),
        ],
    )
    def test_one_that_is_broken_inside_has_its_reason_and_the_others_are_ranked(
        self, user: Here, name: str, text: str, says: str
    ) -> None:
        repos(user, *LOOK)
        (place(user, "two") / name).write_text(text)
        for command in (LOOK, ("status",), ("list",), ("next",), ("report",)):
            code, told = result(user, *command)
            assert (code, told["repositories"][0]["problem"]) == (3, None)
            assert told["repositories"][1]["problem"].startswith(says)

    def test_a_calibration_leaves_one_table_and_is_named(self, user: Here) -> None:
        repos(user, *LOOK)
        with Backlog(place(user, "two") / ".lamplighter" / "backlog.db") as backlog:
            keep_outcomes(backlog, history(BIASED, 200, 1))
        two = ("--repo", str(place(user, "two")))
        assert user.run("backlog", "calibrate", *two).returncode == 0
        before = repos(user, "list").stdout
        assert user.run("backlog", "calibrate", "--adopt", "1", *two).returncode == 0
        told = repos(user, "list").stdout.splitlines()
        assert told[:2] == [
            before.splitlines()[0],
            "two: sizes as calibration 1 learned them from what was delivered there",
        ]

    def test_what_was_never_looked_at_is_said_to_be_missing(self, user: Program) -> None:
        repos(user, *LOOK, of=("three",))
        done = repos(user, "list")
        assert done.returncode == 3
        assert f"left out: two: never looked at: lamplighter discover --repo {place(user, 'two')}" in done.stdout

    def test_nothing_that_is_done_in_one_moves_anything_in_another(self, user: Program) -> None:
        of = ("three", "two", "other")
        repos(user, *LOOK, of=of)
        three = str(place(user, "three"))
        repos(user, "list", of=of)
        listed, kept = user.run("backlog", "list", "--repo", three).stdout, files(place(user, "three"))
        two = str(place(user, "two"))
        same = result(user, "list", of=("three",))[1]["tables"][0]["items"]
        more = ("SECURITY now", "--kind", "security", "--value", "13", "--criterion", "c")
        assert user.run("backlog", "add", *more, "--repo", two).returncode == 0
        (place(user, "two") / "b.py").write_text("# TODO: security critical crash\n")
        git(place(user, "two"), "add", "b.py")
        git(place(user, "two"), "commit", "-qm", "more")
        repos(user, *LOOK, of=("two", "other"))
        for command in ("list", "next", "status"):
            repos(user, command, of=of)
        assert files(place(user, "three")) == kept
        assert user.run("backlog", "list", "--repo", three).stdout == listed
        merged = [t for t in result(user, "list", of=of)[1]["tables"] if "three" in t["repositories"]]
        mine = [row | {"rank": 0} for row in merged[0]["items"] if row["repository"] == "three"]
        assert mine == [row | {"rank": 0} for row in same]

    def test_what_would_steer_the_terminal_is_not_in_the_table(self, user: Program) -> None:
        small(user.root.parent / "bad\x1b[2J\nname", notes=0)
        file = place(user, "two") / ".lamplighter" / "backlog.db"
        repos(user, *LOOK)
        with Backlog(file) as backlog:
            backlog.add(make_item(id="evil", title="\x1b[31mred\x1b[0m\n  1  99.00  READY  \u202eme", value=13, size=1))
        for command in (("list",), ("next",), ("report",)):
            told = repos(user, *command).stdout
            assert not set(told) & {"\x1b", "\u202e"}
            assert not any(line.startswith("  1  99.00") for line in told.splitlines())
        assert "\x1b" not in repos(user, "status", of=("bad\x1b[2J",)).stdout


class TestNext:
    def test_the_best_of_each_and_a_command_that_works_it(self, user: Program) -> None:
        build(user.root.parent / "a timers")
        of = ("three", "a timers")
        repos(user, "discover", "--source", "markers", "--source", "ruff", of=of)
        done = repos(user, "next", of=of)
        assert done.returncode == 0
        command = next(line for line in done.stdout.splitlines() if line.startswith("lamplighter run"))
        told = user.run(*shlex.split(command)[1:], "--dry-run")
        assert told.returncode == 0, told.stderr
        assert "nothing to do in three: todo-" in done.stdout
        assert "needs a model" in done.stdout
        _, found = result(user, "next", of=of)
        assert [(i["repository"], i["source"]) for i in found["tables"][0]["items"]] == [("a timers", "ruff")]


class TestReport:
    def test_a_page_is_written_where_it_is_said_and_nowhere_else(self, user: Program) -> None:
        repos(user, *LOOK)
        manager = small(user.root.parent / "manager")
        out = manager / "REPORT.md"
        before = files(place(user, "three"))
        for _ in range(2):
            done = repos(user, "report", "--out", str(out), of=("three", "two", "gone"))
            assert (done.returncode, done.stdout.splitlines()[0]) == (3, f"written: {out}; not in it: gone")
        assert files(place(user, "three")) == before
        page = out.read_text()
        assert "| 1 | " in page
        assert "5 open items in three and two" in page
        assert str(user.root.parent) not in page
        assert sorted(p.name for p in manager.iterdir()) == [".git", "REPORT.md", "a.py"]

    @pytest.mark.parametrize("make", [lambda p: p.write_text("# Mine\n"), lambda p: p.symlink_to("x"), Path.mkdir])
    def test_what_is_no_such_report_is_not_written_over(self, user: Program, make: Any) -> None:
        repos(user, *LOOK)
        out = user.root / "R.md"
        make(out)
        done = repos(user, "report", "--out", str(out))
        assert (done.returncode, "is there already" in done.stderr) == (3, True)
        assert repos(user, "report", "--out", str(user.root / "no" / "R.md")).returncode == 3


def test_every_command_gives_programs_one_shape(user: Program) -> None:
    of = ("three", "two", "gone")
    repos(user, *LOOK, of=of)
    for command in (LOOK, ("status",), ("list",), ("next",), ("report",)):
        code, told = result(user, *command, of=of)
        assert code == 3
        assert set(told) - {"report", "out"} == KEYS
        assert [set(row) for row in told["repositories"]] == [ROW] * 3
        assert [bool(row["problem"]) for row in told["repositories"]] == [False, False, True]


class TestImport:
    def test_the_settings_of_an_earlier_tool_become_a_list_of_what_is_there(self, user: Program) -> None:
        file = user.root / "config.json"
        github = {
            "username": "u",
            "managerRepo": "u/other",
            "reposToScan": ["three", "u/two", "gone", "../start", ".."],
        }
        file.write_text(json.dumps({"github": github}))
        before = files(user.root.parent)
        code, told = user.json("backlog", "import", str(file), "--repo", str(place(user, "three")))
        assert code == 0
        assert [m["name"] for m in told["repos"]["missing"]] == ["gone", "../start", ".."]
        assert {p for p in files(user.root.parent) if ".lamplighter" not in p} == set(before)
        assert f"lamplighter repos report --out {place(user, 'other') / 'REPORT.md'}" in "".join(told["left"])
        user.root.joinpath("list.txt").write_text(told["repos"]["list"])
        _, status = user.json("repos", "status", "--list", "list.txt")
        assert [(r["name"], r["problem"]) for r in status["repositories"]] == [("three", None), ("two", None)]

    def test_what_is_no_list_of_names_is_not_taken(self, user: Program) -> None:
        file = user.root / "config.json"
        file.write_text(json.dumps({"github": {"reposToScan": [1, {"a": 2}]}}))
        _, told = user.json("backlog", "import", str(file), "--repo", str(place(user, "three")))
        assert "repos" not in told
        assert told["left"] == ['github.reposToScan = [1, {"a": 2}]: is no list of names']


def test_the_loop_in_the_page_goes_through_them_one_after_the_other(user: Here) -> None:
    (script,) = re.findall(r"```sh\n(.*?)```", DOCS.read_text(), re.DOTALL)
    build(user.root.parent / "src" / "timers")
    small(user.root.parent / "src" / "site")
    around = user.environment()
    around["PATH"] = f"{LAMPLIGHTER.parent}:{around['PATH']}"
    dry = script.replace("--max-items 3", "--max-items 3 --dry-run")
    assert dry != script
    done = subprocess.run(["sh", "-ec", dry], cwd=user.root, env=around, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()[:1]] == ["would"]
