"""The look at the structure as a person asks for it: on request or once in seven days, and never closing blindly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.cache_folder import CacheFolder
from app.call import Call
from app.discovering import discover
from app.house import open_house
from backlog.discover import look
from backlog.item import Item, Status
from backlog.source import Report
from backlog.sources.architecture import Architecture
from backlog.sources.weekly import Weekly
from tests.backlog.conftest import make_view
from tests.backlog.sources.histories import Commit, put, tangled

CIRCLE: Commit = {"pkg/__init__.py": "", "pkg/a.py": "import pkg.b\n", "pkg/b.py": "import pkg.a\n"}
HOT: list[Commit] = [
    {f"pkg/q{n}.py": "def f(x):\n    return 1 if x else 2\n" for n in range(4)},
    *({"pkg/hot.py": tangled(range(n))} for n in range(12)),
]


def told(root: Path, *only: str, **flags: Any) -> dict[str, Any]:
    answer = discover(Call(root, flags=flags), only)
    (mine,) = [s for s in answer.result["sources"] if s["name"] == "architecture"]
    return mine


def items(root: Path) -> dict[str, Item]:
    with open_house(Call(root)).backlog as backlog:
        return {item.path or "": item for item in backlog.all()}


def test_it_looks_only_when_it_is_asked_for(tmp_path: Path) -> None:
    root = put(tmp_path / "r", CIRCLE)
    mine = told(root)
    assert (mine["status"], "--source architecture" in mine["reason"]) == ("not configured", True)
    assert told(root, "architecture")["found"] == 1


def test_in_the_settings_it_looks_once_and_then_leaves_its_items_as_they_are(tmp_path: Path) -> None:
    root = put(tmp_path / "r", CIRCLE)
    assert told(root, sources="architecture")["status"] == "ready"
    put(root, {"pkg/b.py": "# nothing\n"})
    mine = told(root, sources="architecture")
    assert mine["status"] == "not run"
    assert "looked less than a day ago at " in mine["reason"]
    assert "or now with --source architecture" in mine["reason"]
    assert items(root)["pkg/a.py"].status is Status.READY
    assert told(root, "architecture")["status"] == "ready"
    closed = items(root)["pkg/a.py"]
    assert (closed.status, closed.reason.startswith("no longer found by architecture")) == (Status.CANCELLED, True)


def test_a_file_that_can_not_be_parsed_closes_no_circle(tmp_path: Path) -> None:
    root = put(tmp_path / "r", CIRCLE, *HOT)
    assert told(root, "architecture")["found"] == 2
    put(root, {"pkg/b.py": "import pkg.a\ndef f(:\n"})
    mine = told(root, "architecture")
    assert (mine["status"], mine["found"], "can not be parsed: pkg/b.py" in mine["reason"]) == ("ready", 1, True)
    assert {item.status for item in items(root).values()} == {Status.READY}


def test_what_is_hardly_tested_and_a_hotspot_is_one_item_and_first_tested(tmp_path: Path) -> None:
    root = put(tmp_path / "r", *HOT)
    lines = list(range(1, 51))
    for missed, title in ((lines[1:], "Test tangled"), ([], "Simplify tangled")):
        run = [line for line in lines if line not in missed]
        files = {"pkg/hot.py": {"executed_lines": run, "missing_lines": missed}}
        report = root / ".lamplighter" / "reports" / "coverage.json"
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(json.dumps({"meta": {}, "totals": {}, "files": files}))
        discover(Call(root), ("coverage", "architecture"))
        (item,) = items(root).values()
        assert (item.title.startswith(title), item.status) == (True, Status.READY), item.title


class Looking:
    """A source that counts how often it looked, and then answers so."""

    name = "looking"

    def __init__(self, status: Any = "ready") -> None:
        self.status, self.looks = status, 0

    def look(self, view: object) -> Report:
        self.looks += 1
        return Report(self.name, self.status)


def again(folder: Path, days: float, first: str = "ready", rules: str = "1", asked: bool = False) -> tuple[int, Report]:
    """So many days after a first look: how often it looked in all, and its last answer."""
    source = Looking(first)
    view = replace(make_view(), kept=CacheFolder(folder))
    look(Weekly(source, lambda: "1", asked=False), view)
    last = look(Weekly(source, lambda: rules, asked), replace(view, now=view.now + timedelta(days=days)))
    return source.looks, last


@pytest.mark.parametrize(("days", "ago"), [(0, "less than a day"), (1.5, "1 day"), (6.99, "6 days")])
def test_within_a_week_it_says_when_it_looked_and_when_it_will(tmp_path: Path, days: float, ago: str) -> None:
    looks, report = again(tmp_path, days)
    assert (looks, report.status) == (1, "not run")
    assert report.reason == (
        f"looked {ago} ago at cccccccccc and found 0, which stay as they are; looks again from 2026-03-08 on, "
        "or now with --source looking"
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"days": 7}, id="a week later"),
        pytest.param({"days": -1}, id="by a wrong clock"),
        pytest.param({"days": 1, "rules": "2"}, id="other rules"),
        pytest.param({"days": 1, "asked": True}, id="asked for"),
        pytest.param({"days": 1, "first": "not run"}, id="the first look failed"),
    ],
)
def test_it_looks_again(tmp_path: Path, changes: Any) -> None:
    assert again(tmp_path, **changes)[0] == 2


@pytest.mark.parametrize(
    "kept", [b"", b"{", b"[]", b'{"rules": "1", "at": "2026-03-01T12:00:00", "commit": "c", "found": 0}']
)
def test_what_was_kept_and_is_damaged_is_no_reason_not_to_look(tmp_path: Path, kept: bytes) -> None:
    folder = CacheFolder(tmp_path)
    folder.save("looking-looked", kept)
    source = Looking()
    assert look(Weekly(source, lambda: "1", asked=False), replace(make_view(), kept=folder)).status == "ready"


def test_without_a_place_to_keep_it_it_looks_every_time() -> None:
    source = Weekly(Architecture(), lambda: "1", asked=False)
    assert [look(source, make_view()).status for _ in range(2)] == ["ready", "ready"]
