"""What do the settings of an earlier tool come to here? A lamplighter.toml to look at, and what is left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.answer import Answer
from app.repos.siblings import list_of, receiver
from app.settings import REPOSITORY_MAY_NOT_SET, Settings
from backlog.sources.text import clean
from backlog.sources.vocabulary import words

SPELLINGS: Mapping[str, str] = {
    "max_prs_per_day": "max_prs", "pr_daily_limit": "max_prs", "max_pull_requests": "max_prs",
    "wsjf_threshold": "threshold", "min_wsjf_score": "threshold", "execution_threshold": "threshold",
    "aging_cap": "aging_max", "aging_multiplier_max": "aging_max", "max_cycles": "max_items",
    "max_iterations": "max_items", "max_tasks": "max_items",
}  # fmt: skip


SCANNED = "github_repos_to_scan"


def proposal(content: Mapping[str, Any], file: str, beside: Path) -> Answer:
    """`beside` is the folder in which other repositories are looked for."""
    taken: dict[str, Any] = {}
    left: list[str] = []
    scanned: list[str] | None = None
    for key, value in _leaves(content):
        name = words(key.rpartition(".")[2])
        name = SPELLINGS.get(name, name)
        if words(key) == SCANNED and _names(value):
            scanned = value
        elif name in Settings.model_fields and name not in REPOSITORY_MAY_NOT_SET and _valid(name, value):
            taken[name] = value
        else:
            left.append(f"{key} = {_shown(value)}: {_instead(key, value, beside)}")
    toml = [f"# lamplighter.toml, from {file}", *(f"{name} = {_shown(v)}" for name, v in taken.items())]
    if not taken:
        toml.append("# nothing in it is a setting here")
    result: dict[str, Any] = {"proposal": "\n".join(toml) + "\n", "left": left, "dry_run": True}
    lines = ["a proposal; nothing was written:", "", *toml, ""]
    if scanned is not None:
        told, more = list_of(scanned, file, beside)
        result |= told
        lines += [*more, ""]
    return Answer(result, (*lines, *(f"not taken: {line}" for line in left)))


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _leaves(content: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, value in content.items():
        name = f"{before}{clean(str(key), 60)}"
        found += _leaves(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return found


def _valid(name: str, value: Any) -> bool:
    try:
        Settings.model_validate({name: value})
    except ValidationError:
        return False
    return True


def _shown(value: Any) -> str:
    """JSON of these values is TOML as well, but for null."""
    return clean(json.dumps(value, ensure_ascii=False), 120)


def _instead(key: str, value: Any, beside: Path) -> str:
    name = words(key)
    if name == "analyzer_scan_for_todos":
        return (
            "comment markers are always looked for" if value else "discover --source NAME looks at named sources only"
        )
    if name == "analyzer_scan_open_issues":
        return "see the sources that discover --json lists"
    if name == SCANNED:
        return "is no list of names"
    if name == "github_manager_repo":
        return receiver(value, beside)
    if "token" in name or "key" in name:
        return "secrets do not belong in a file"
    return "has no counterpart here"
