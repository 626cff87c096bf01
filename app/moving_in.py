"""What do the settings of an earlier tool come to here? A lamplighter.toml to look at, and what is left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from app.answer import Answer
from app.settings import REPOSITORY_MAY_NOT_SET, Settings
from backlog.sources.text import clean
from backlog.sources.vocabulary import words

SPELLINGS: Mapping[str, str] = {
    "max_prs_per_day": "max_prs", "pr_daily_limit": "max_prs", "max_pull_requests": "max_prs",
    "wsjf_threshold": "threshold", "min_wsjf_score": "threshold", "execution_threshold": "threshold",
    "aging_cap": "aging_max", "aging_multiplier_max": "aging_max", "max_cycles": "max_items",
    "max_iterations": "max_items", "max_tasks": "max_items",
}  # fmt: skip


def proposal(content: Mapping[str, Any], file: str) -> Answer:
    taken: dict[str, Any] = {}
    left: list[str] = []
    for key, value in _leaves(content):
        name = words(key.rpartition(".")[2])
        name = SPELLINGS.get(name, name)
        if name in Settings.model_fields and name not in REPOSITORY_MAY_NOT_SET and _valid(name, value):
            taken[name] = value
        else:
            left.append(f"{key} = {_shown(value)}: {_instead(key, value)}")
    toml = [f"# lamplighter.toml, from {file}", *(f"{name} = {_shown(v)}" for name, v in taken.items())]
    if not taken:
        toml.append("# nothing in it is a setting here")
    lines = ["a proposal; nothing was written:", "", *toml, "", *(f"not taken: {line}" for line in left)]
    return Answer({"proposal": "\n".join(toml) + "\n", "left": left, "dry_run": True}, tuple(lines))


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


def _instead(key: str, value: Any) -> str:
    name = words(key)
    if name == "analyzer_scan_for_todos":
        return (
            "comment markers are always looked for" if value else "discover --source NAME looks at named sources only"
        )
    if name == "analyzer_scan_open_issues":
        return "see the sources that discover --json lists"
    if name == "github_repos_to_scan":
        return "each repository has its own backlog: lamplighter --repo PATH in each"
    if "token" in name or "key" in name:
        return "secrets do not belong in a file"
    return "has no counterpart here"
