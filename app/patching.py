"""A change that policy leaves to a person, made and proven, as a patch with the command that applies it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from app.answer import GATE, OK, Answer
from app.call import Call
from app.house import House, open_working_house
from app.remembered import baseline
from backlog.intake import IDLE
from backlog.item import Item, Status
from checks.check import FindingCheck
from checks.compare import regressions
from checks.suite import run_tests
from checks.verdict import check_passes
from graph.recipes import recipe_for
from graph.workable import not_workable
from sandbox.git import GitFailed
from sandbox.limits import TOOL

FOLDER = "patches"
INACTIVE = "rule:workflow-not-active"


@dataclass(frozen=True, slots=True)
class Made:
    tree: str
    shown: str
    """What was seen to hold of the tree."""


class NotMade(Exception):
    """There is no patch for the item. One line that says why."""


def patch(call: Call, item_id: str) -> Answer:
    """The patch is written, and the item waits for whoever applies it. Raises ItemUnknown, SandboxUnavailable."""
    house = open_working_house(call)
    item = house.backlog.get(item_id)
    try:
        made = _made(house, item)
    except NotMade as why:
        return Answer({"item": item.id, "patch": None, "reason": str(why)}, (f"{item.id}: {why}",), GATE)
    data = house.trees.patch(house.base_tree, made.tree)
    file = house.state / FOLDER / f"{item.id}.patch"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    apply = f"git apply {file.relative_to(house.repository.root)}"
    reason = f"{_policy(house, item)}; the change is made, {made.shown}: look at it and run `{apply}`"
    if item.status in IDLE:
        house.backlog.close(item.id, Status.BLOCKED, house.now(), reason)
    lines = (f"{item.id}  {item.title}", reason)
    return Answer({"item": item.id, "patch": str(file), "apply": apply, "reason": reason}, lines, OK)


def _policy(house: House, item: Item) -> str:
    ending = not_workable(item, house.scope)
    if ending:
        return ending.reason
    if item.inputs.source.get("value") == INACTIVE:
        return "workflows are only changed by a person"
    return "a person asked for it as a patch"


def _made(house: House, item: Item) -> Made:
    """Raises NotMade."""
    if item.inputs.source.get("value") == INACTIVE and item.path:
        return _activated(house, item.path)
    recipe = recipe_for(item)
    if recipe is None or not isinstance(item.check, FindingCheck):
        raise NotMade("no recipe makes this change: a person or a model has to write it")
    commands = [str(arguments["command"]) for tool, arguments in recipe.green if tool == "run"]
    return _checked(house, item.check, _after(house, commands))


def _after(house: House, commands: list[str]) -> str:
    """The base with the commands run on a copy of it."""
    with house.site.fresh(house.base_tree) as workspace:
        box = house.site.box(workspace, writable=(".",), own=True)
        for command in commands:
            box.run(("sh", "-c", command), limits=replace(TOOL, wall_s=120))
        return workspace.snapshot()


def _checked(house: House, check: FindingCheck, tree: str) -> Made:
    changed = [change.path for change in house.trees.diff(house.base_tree, tree)]
    if changed != [check.path]:
        raise NotMade(f"the recipe changed {', '.join(changed[:5]) or 'nothing'}, not {check.path} alone")
    verdict = check_passes(house.site, tree, check, house.suite)
    if not verdict.passed:
        raise NotMade(f"after the recipe its check does not pass: {verdict.reasons[0].sentence}")
    before = baseline(house, house.base_tree)
    if not before.proves:
        return Made(tree, f"its check passes with it (not its tests: {before.trouble})")
    worse = regressions(before, run_tests(house.site, tree, suite=house.suite))
    if worse:
        raise NotMade(f"after the recipe {worse[0].sentence}")
    return Made(tree, "its check passes with it and no test fails that passed")


def _activated(house: House, path: str) -> Made:
    """A workflow that lies among the documents, put where it takes effect."""
    entries = house.trees.entries(house.base_tree)
    there = f".github/workflows/{PurePosixPath(path).name}"
    if path not in entries or there in entries:
        raise NotMade(f"{path} is gone" if path not in entries else f"{there} is there already: compare the two")
    tree = house.trees.edit(house.base_tree, {there: entries[path]})
    _applies(house, tree)
    return Made(tree, f"{path} is copied to {there} as it is")


def _applies(house: House, tree: str) -> None:
    try:
        house.trees.git.run("apply", "--numstat", "-", stdin=house.trees.patch(house.base_tree, tree))
    except GitFailed as error:
        raise NotMade(f"the patch can not be applied: {error}") from None
