"""Finished work, published without running anything: what is written is real, the runs it tells of are not."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.call import Call
from app.house import House, open_house
from evidence.event import Answered, Done, Judged, Started
from evidence.portable import portable
from evidence.record import Record
from evidence.statement import Statement
from forge.publish import Publication, Published, Sign, Step, publish
from model.port import Turn
from sandbox.tree import Entry

AT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FILES = {"calc.py": "def add(a, b):\n    return a - b\n", "README.md": "# calc\n"}
TEST = b"from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n"
NOT_BOTH = b"PNG\0\xff not text, so the patch is binary\n"


def git(root: Path, *args: str) -> str:
    command = ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *args]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


@dataclass(frozen=True)
class Finished:
    house: House
    statement: Statement
    published: Published

    @property
    def call(self) -> Call:
        return Call(repo=self.house.repository.root)

    @property
    def run(self) -> Path:
        return self.house.state / "runs" / "bug-1-1"


def finished(root: Path, sign: Sign | None = None) -> Finished:
    """A repository at `root` with one item worked and published."""
    house = open_house(Call(repo=_repository(root)))
    trees, base = house.trees, house.base_tree
    red = trees.edit(base, {"tests/test_calc.py": Entry("100644", trees.put(TEST))})
    fixed = trees.put(FILES["calc.py"].replace("-", "+").encode())
    green = trees.edit(red, {"calc.py": Entry("100644", fixed), "logo.png": Entry("100644", trees.put(NOT_BOTH))})
    record = Record(house.state / "runs" / "bug-1-1", lambda: AT)
    statement = _worked(record, house, red, green)
    plan = Publication(
        item="bug-1", run="1", key="bug-1-1", base=house.base, base_tree=base, title="fix: add() subtracts",
        steps=(Step(red, "test: add() subtracts"), Step(green, "fix: add() subtracts")), body="add() subtracts\n",
        patch=trees.patch(base, green), evidence=statement.encode(), at=AT,
        record=portable(record.folder, statement.record_head),
    )  # fmt: skip
    published = publish(house.repository, house.state, plan, sign)
    record.once("publish", lambda: Done(effect="publish"))
    record.close()
    return Finished(house, statement, published)


def _worked(record: Record, house: House, red: str, green: str) -> Statement:
    item = {"id": "bug-1", "title": "add() subtracts", "kind": "bug", "source": "hand"}
    record.once(
        "started",
        lambda: Started(
            run="bug-1-1", item=item | {"path": None}, base=house.base, base_tree=house.base_tree, model="scripted",
            isolation={"backend": "bwrap", "level": "full"}, versions={"python": "3"},
        ),
    )  # fmt: skip
    record.say("work", 0, {"role": "user", "content": "add() subtracts, in 0.12s"})
    record.once("work:1", lambda: Answered(conversation="work", asked="", turn=Turn(text="done")))
    proofs = {}
    for phase, tree, ending in (("red", red, "failed"), ("validate", green, "passed")):
        run = {"exit_code": 0, "counts": {ending: 1}, "ids": "0" * 64, "failing": {}}
        proofs[phase] = json.dumps({"runs": [run], "notes": []}).encode()
        blob = record.keep(proofs[phase])
        record.once(f"gate:{phase}", lambda p=phase, t=tree, b=blob: Judged(phase=p, tree=t, passed=True, proof=b))  # type: ignore[misc]
    return Statement.build(
        item=item, base=house.base, base_tree=house.base_tree, red_tree=red, result_tree=green,
        check={"kind": "test", "ids": []}, ids=("tests/test_calc.py::test_add",),
        locked={"tests/test_calc.py": house.trees.put(TEST)}, symbols=(), files=("calc.py", "logo.png"),
        patch=house.trees.patch(house.base_tree, green), proofs=proofs, record=record,
    )  # fmt: skip


def _repository(root: Path) -> Path:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "start")
    return root
