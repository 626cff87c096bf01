"""A small repository with a bug, a house on it, and a way to work an item with any model."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.call import Call
from app.house import House, open_house
from app.run_item import deps_for, open_record
from app.runs import Begun, Runs
from backlog.item import Item, Kind, Status
from checks.check import Check, TestCheck
from evidence.record import Record
from graph.deps import Deps, ItemLimits
from graph.outcome import Outcome
from model.port import Model

FILES = {
    "calc.py": '"""Sums."""\n\n\ndef add(a, b):\n    return a - b\n\n\ndef double(a):\n    return a * 2\n',
    "tests/test_calc.py": "from calc import double\n\n\ndef test_double():\n    assert double(2) == 4\n",
    "README.md": "# calc\n",
    "pyproject.toml": '[project]\nname = "calc"\nversion = "1"\n',
}


def git(root: Path, *args: str) -> str:
    command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *args]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def repository(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root


@dataclass
class Lab:
    """One repository and one item in it."""

    house: House
    item: Item
    record: Record | None = None

    def work(self, model: Model, limits: ItemLimits | None = None, answer: str | None = None) -> Outcome:
        """Work the item from where it stands; in memory, as a single process would."""
        from langgraph.checkpoint.memory import InMemorySaver

        from graph.run import Start, run_item, serializer

        begun = self.begun
        self.record = Record(self.house.state / "runs" / begun.run, self.house.now)
        known = deps_for(self.house, begun, self.record, model)
        deps = replace(known, limits=limits or ItemLimits())
        open_record(self.house, begun, self.record, deps)
        self.deps: Deps = deps
        saver = InMemorySaver(serde=serializer())
        start = Start(begun.item, begun.base, begun.base_tree)
        outcome = run_item(deps, start, saver)
        if answer is not None:
            assert outcome.kind == "needs_person"
            outcome = run_item(deps, start, saver, answer=answer)
        return outcome

    @property
    def begun(self) -> Begun:
        runs = Runs(self.house.state / "runs")
        begun = runs.latest(self.item.id)
        return begun or runs.begin(
            runs.next_id(self.item.id), self.item, self.house.base, self.house.base_tree, "model"
        )

    @property
    def branches(self) -> list[str]:
        return git(self.house.repository.root, "branch", "--format=%(refname:short)").split()

    def said(self) -> str:
        """Everything that was said to the model and the reviewer."""
        assert self.record is not None
        talks = [self.record.messages(c) for c in ("work", "review")]
        return "\n".join(str(m.get("content")) for talk in talks for m in talk)


@pytest.fixture
def make_lab(tmp_path: Path) -> Callable[..., Lab]:
    def make(files: dict[str, str] | None = None, check: Check | None = None, **fields: object) -> Lab:
        root = tmp_path / "a repository"
        root.mkdir()
        house = open_house(Call(repo=repository(root, files or FILES)))
        when = datetime(2026, 3, 1, tzinfo=UTC)
        known: dict[str, object] = {
            "id": "bug-1",
            "title": "add() subtracts",
            "kind": Kind.BUG,
            "source": "hand",
            "status": Status.READY,
            "criteria": ("add(2, 3) is 5",),
            "check": check or TestCheck(),
            "created_at": when,
            "updated_at": when,
        }
        item = Item.model_validate(known | fields)
        house.backlog.add(item)
        return Lab(house, item)

    return make


@pytest.fixture
def lab(make_lab: Callable[..., Lab]) -> Lab:
    return make_lab()
