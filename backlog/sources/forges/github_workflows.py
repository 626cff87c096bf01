"""Workflows that are committed and that GitHub does not run, because it or somebody turned them off.

| state               | what                                                         | value | time | risk | size |
|---------------------|--------------------------------------------------------------|-------|------|------|------|
| disabled_inactivity | nothing happened in the repository for 60 days: GitHub did   | 5     | 3    | 5    | 2    |
| disabled_fork       | the repository is a fork, and nobody has turned it on yet    | 3     | 1    | 3    | 2    |
| disabled_manually   | somebody did; then the file is misleading                    | 2     | 1    | 3    | 2    |

All are of the kind infrastructure. `deleted` is left aside, and so are workflows without a committed file, which GitHub
brings itself or remembers of other branches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from backlog.identity import item_id
from backlog.item import Kind
from backlog.source import Found, View
from backlog.sources.configuration import ACTIVE
from backlog.sources.forges.github_branches import waiting
from backlog.sources.reports.fields import word
from backlog.sources.text import clean
from backlog.sources.valued import Worth

Row = Mapping[str, Any]


def _worth(state: str, value: int, time: int, risk: int, size: int) -> Worth:
    return Worth(f"rule:workflow-{state.replace('_', '-')}", Kind.INFRASTRUCTURE, value, time, risk, size)


WORTH = {
    "disabled_inactivity": _worth("disabled_inactivity", 5, 3, 5, 2),
    "disabled_fork": _worth("disabled_fork", 3, 1, 3, 2),
    "disabled_manually": _worth("disabled_manually", 2, 1, 3, 2),
}
WHY = {
    "disabled_inactivity": "GitHub turned it off because nothing had happened in the repository for 60 days",
    "disabled_fork": "GitHub runs no workflow of a fork before somebody turns it on",
    "disabled_manually": "somebody turned it off on GitHub, and its file does not show that",
}
RUNNING = ("active", "deleted")


def workflows(rows: Sequence[Row], view: View) -> tuple[Sequence[Found], Sequence[str], Sequence[str]]:
    """What is found, what was not looked at, and what was left out. Raises WrongType."""
    off = [(word(row, "path"), row) for row in rows if word(row, "state") in WORTH]
    gaps = [f"states that are not known here: {', '.join(strange)}"] if (strange := _strange(rows)) else []
    committed = {path for path, entry in view.files.items() if entry.is_file and ACTIVE.match(path)}
    if committed and not committed & {word(row, "path") for row in rows}:
        gaps.append(f"none of the {len(committed)} committed workflows is among them: they may be another repository's")
    found = [_found(row, path) for path, row in off if path in committed]
    out = len(off) - len(found)
    return found, gaps, [f"{out} that are off have no committed file and are left out"] if out else []


def _strange(rows: Sequence[Row]) -> list[str]:
    return sorted({clean(word(row, "state"), 40) for row in rows} - set(WORTH) - set(RUNNING))


def _found(row: Row, path: str) -> Found:
    state = word(row, "state")
    name, worth = clean(word(row, "name"), 120), WORTH[state]
    link = row.get("html_url")
    return waiting(
        Found(
            fingerprint=item_id("github:workflows", path, "", prefix="workflow-off"),
            kind=worth.kind,
            title=f"Turn the workflow {name} on again, or remove its file"[:300],
            path=path,
            inputs=worth.inputs(),
            criteria=(f"GitHub lists {clean(path, 200)} as active, or the file is gone.",),
            story=f"{clean(path, 200)} is committed and does not run: {WHY[state]}.",
            labels=("github:workflows",),
            links=(clean(link, 300),) if isinstance(link, str) and link.startswith("https://") else (),
        )
    )
