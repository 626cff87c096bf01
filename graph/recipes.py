"""Which findings have a known fix. Everything else needs a model or a person."""

from __future__ import annotations

import shlex

from backlog.item import Item
from checks.check import FindingCheck
from model.mechanic import Recipe

# What bandit itself recommends, as a text change on the reported call only.
BANDIT_REMEDIES = {
    "B506": (
        r"s/\byaml\.load\(([A-Za-z_][A-Za-z_0-9.]*(\(\))?)(, *(Loader *= *)?yaml\.(Unsafe|Full)?Loader)?\)"
        r"/yaml.safe_load(\1)/g",
        "yaml.load builds any object that the text names; safe_load builds plain data only.",
    ),
}


def recipe_for(item: Item) -> Recipe | None:
    """The recipe for an item whose check is a finding with a known fix, or None."""
    check = item.check
    if not isinstance(check, FindingCheck):
        return None
    if check.tool == "ruff" and check.fixable:
        return _recipe(check, _ruff_command(check), f"Fixed by ruff, which calls this fix of {check.rule} safe.")
    if check.tool == "bandit" and check.rule in BANDIT_REMEDIES:
        script, note = BANDIT_REMEDIES[check.rule]
        return _recipe(check, f"sed -E -i {shlex.quote(script)} {shlex.quote(check.path)}", note)
    return None


def _ruff_command(check: FindingCheck) -> str:
    return f"ruff check --no-cache --fix-only --select {check.rule} -- {shlex.quote(check.path)}"


def _recipe(check: FindingCheck, command: str, note: str) -> Recipe:
    contract = {
        "criteria": [
            f"{check.tool} no longer reports {check.rule} in {check.path}",
            "every test that passed before still passes",
        ],
        "files": [check.path],
        "plan": f"{check.tool} reports {check.rule} in {check.path} before the change and not after it.",
        "effort": 1,
    }
    return Recipe(f"{check.tool} {check.rule}", contract, (("run", {"command": command}),), note)
