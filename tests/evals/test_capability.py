"""Tasks are solvable and their checks hidden; what is published although it is wrong shows in the headline."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.call import Call
from app.house import House, open_house
from evals.capability.covered import PACKAGE, package
from evals.capability.engineers import half, reference
from evals.capability.hidden import failing, with_reference
from evals.capability.mutants import chosen, correct, problems
from evals.capability.mutation import Edit, edits
from evals.capability.suite import NO_MODEL, SUITE, laid_out, suite, task
from evals.capability.task import own_names, own_task
from evals.suite import Ground, Skipped, Trial

KINDS = ("bug", "feature", "refactor", "security", "performance", "docs")
WORKED = ("bug-next-slot-refused", "refactor-layers", "security-open-redirect", "documentation-options")
installed = pytest.mark.skipif(
    package() is None, reason=f"needs the package {PACKAGE}: pip install 'lamplighter[eval]'"
)


@pytest.mark.parametrize("name", own_names())
def test_a_hidden_check_fails_on_the_base_and_passes_on_the_reference(name: str, tmp_path: Path) -> None:
    wanted = own_task(name)
    house = laid_out(wanted, Ground(tmp_path), scripted=True)
    assert failing(house, house.base_tree, wanted.hidden)
    assert failing(house, with_reference(house, house.base_tree, wanted), wanted.hidden) == ""


def test_there_are_two_tasks_of_each_kind_with_a_history() -> None:
    tasks = [own_task(name) for name in own_names()]
    assert {kind: sum(t.kind == kind for t in tasks) for kind in KINDS} == dict.fromkeys(KINDS, 2)
    assert all(len(t.history) >= 2 and len(t.base) >= 3 for t in tasks)


@pytest.mark.parametrize("name", WORKED)
def test_a_reference_is_published_by_the_whole_machine(name: str, tmp_path: Path) -> None:
    played = suite(reference)
    trial = played.judge(name, attempt := played.play(name, Ground(tmp_path)))
    assert (trial.facts["published"], trial.ok) == (True, True), trial.detail
    record = (attempt.ran.record / "events.jsonl").read_text()
    assert "test_hidden" not in record
    assert trial.facts["steps"] > 0


@installed
def test_a_mutant_of_the_package_is_mended(tmp_path: Path) -> None:
    played = suite(reference, mutants=1)
    (name,) = set(played.names()) - set(own_names())
    trial = played.judge(name, played.play(name, Ground(tmp_path)))
    assert trial.facts["solved"], trial.detail


@installed
@pytest.mark.parametrize("name", ["humaneval-3", "humaneval-105"])
def test_the_packages_own_check_fails_on_a_mutant_and_passes_on_the_original(name: str, tmp_path: Path) -> None:
    wanted = task(name)
    house = laid_out(wanted, Ground(tmp_path), scripted=True)
    assert failing(house, house.base_tree, wanted.hidden)
    assert failing(house, with_reference(house, house.base_tree, wanted), wanted.hidden) == ""


@installed
def test_every_chosen_edit_changes_the_package_as_it_is_installed() -> None:
    for one in chosen().values():
        source = correct(problems()[one["task"]])
        edit = Edit(one["at"], one["old"], one["new"])
        assert edit in edits(source)
        compile(edit.applied(source), one["task"], "exec")


def test_a_wrong_change_that_passes_every_gate_is_a_false_publish(tmp_path: Path) -> None:
    name = "refactor-one-address-check"
    copy = own_task(name).base["accounts/invite.py"]
    renamed = copy.replace("host", "place")
    played = suite(half({}, (), {"accounts/invite.py": renamed}))
    trial = played.judge(name, played.play(name, Ground(tmp_path)))
    assert trial.facts["published"], trial.detail
    assert "test_no_copies" in trial.detail
    assert not trial.ok
    figures = played.headline([trial])
    assert (figures["solved"], figures["published"], figures["false_published"]) == (0, 1, 1)
    assert not played.passes(figures)


def test_what_was_not_published_is_no_false_publish(tmp_path: Path) -> None:
    name = "bug-next-slot-refused"
    played = suite(half({}, ("tests/test_slot.py::test_half",), {"booking/slot.py": "x = 1\n"}))
    trial = played.judge(name, played.play(name, Ground(tmp_path)))
    assert (trial.ok, trial.facts["published"], trial.facts["false_published"]) == (False, False, False)
    assert played.passes(played.headline([trial]))


def test_without_a_model_a_task_is_skipped_with_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL", "LAMPLIGHTER_MODEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(Skipped, match="set OPENAI_BASE_URL"):
        SUITE.play("refactor-layers", Ground(tmp_path))
    assert "\n" not in NO_MODEL


@installed
def test_the_package_can_be_seen_in_no_box_of_a_task(tmp_path: Path) -> None:
    house = laid_out(own_task("refactor-layers"), Ground(tmp_path), scripted=True)
    bare = open_house(Call(repo=house.repository.root, flags={"model": "scripted"}))
    assert "HumanEval" in _looked_for(bare)
    assert "HumanEval" not in _looked_for(house)


def _looked_for(house: House) -> str:
    folder = package()
    assert folder is not None
    with house.site.fresh(house.base_tree) as workspace:
        box = house.site.box(workspace, mounts=house.site.own.mounts if house.toolchain.origin != "ours" else ())
        return box.run(["sh", "-c", f"find {folder} {folder.resolve()}"]).stdout.decode()


def test_an_edit_of_another_source_is_refused() -> None:
    source = "def f(a):\n    return a < 2 and not a == 1\n"
    found = edits(source)
    assert {e.applied(source).splitlines()[1].strip() for e in found} == {
        "return a <= 2 and not a == 1",
        "return a < 3 and not a == 1",
        "return a < 2 or not a == 1",
        "return a < 2 and not a != 1",
        "return a < 2 and not a == 2",
    }
    with pytest.raises(ValueError, match="another version"):
        found[0].applied("def g():\n    pass\n")


def test_figures_are_sums_over_what_was_played() -> None:
    facts = {"solved": True, "published": True, "false_published": False, "tokens": 5, "steps": 2}
    skipped = Trial("b", False, skipped="no model")
    figures = SUITE.headline([Trial("a", True, facts=facts), Trial("c", True, facts=facts), skipped])
    assert figures == {
        "solved": 2, "published": 2, "false_published": 0, "cost": "not measured", "tokens": 10, "steps": 4, "n": 2,
    }  # fmt: skip
