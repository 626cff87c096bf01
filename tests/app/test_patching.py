"""What policy leaves to a person is made and checked, and applies as it says."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from app.call import Call
from app.discovering import discover
from app.house import House, open_house
from app.patching import patch
from backlog.item import Item, Status
from tests.app.finished import finished, git

WORKFLOW = "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make test\n"


def committed(tmp_path: Path, files: dict[str, str]) -> House:
    root = finished(tmp_path / "calc").house.repository.root
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "more")
    house = open_house(Call(repo=root))
    discover(Call(repo=root), ("ruff", "configuration"))
    return house


def only(house: House, source: str, path: str) -> Item:
    (item,) = [i for i in house.backlog.all({Status.READY}) if (i.source, i.path) == (source, path)]
    return item


def applied(house: House, item: Item) -> str:
    """What the command that the item names changes."""
    root = house.repository.root
    before = git(root, "status", "--porcelain")
    answer = patch(Call(repo=root), item.id)
    assert answer.exit_code == 0, answer.lines
    assert git(root, "status", "--porcelain") == before, "making the patch changed the repository"
    kept = house.backlog.get(item.id)
    assert kept.status is Status.BLOCKED
    assert answer.result["apply"] in kept.reason
    git(root, *shlex.split(answer.result["apply"])[1:])
    return git(root, "status", "--porcelain", "-uall")


def test_a_finding_in_a_test_file_is_mended_for_a_person(tmp_path: Path) -> None:
    test = "import os\n\nfrom calc import add\n\n\ndef test_add():\n    assert add(0, 0) == 0\n"
    house = committed(tmp_path, {"tests/test_more.py": test})
    item = only(house, "ruff", "tests/test_more.py")
    assert applied(house, item) == "M tests/test_more.py"
    assert "import os" not in (house.repository.root / "tests" / "test_more.py").read_text()
    assert "no test fails that passed" in house.backlog.get(item.id).reason


def test_a_workflow_among_the_documents_is_put_where_it_runs(tmp_path: Path) -> None:
    house = committed(tmp_path, {"docs/workflows/ci.yml": WORKFLOW})
    item = only(house, "configuration", "docs/workflows/ci.yml")
    assert applied(house, item) == "?? .github/workflows/ci.yml"
    assert (house.repository.root / ".github/workflows/ci.yml").read_text() == WORKFLOW


def test_without_a_recipe_there_is_no_patch_and_nothing_moves(tmp_path: Path) -> None:
    house = committed(tmp_path, {"odd.py": "def f(x):\n    return y\n"})
    item = only(house, "ruff", "odd.py")
    answer = patch(Call(repo=house.repository.root), item.id)
    assert (answer.exit_code, answer.result["patch"]) == (4, None)
    assert "no recipe" in answer.lines[0]
    assert house.backlog.get(item.id).status is Status.READY


@pytest.mark.parametrize("name", ["tests/test_more.py"])
def test_a_patch_that_breaks_a_test_is_not_handed_over(tmp_path: Path, name: str) -> None:
    """The import that ruff takes for unused is what the test looks for."""
    test = "import os\n\n\ndef test_os():\n    assert 'os' in globals()\n"
    house = committed(tmp_path, {name: test})
    answer = patch(Call(repo=house.repository.root), only(house, "ruff", name).id)
    assert answer.exit_code == 4
    assert "test_os" in answer.lines[0]
