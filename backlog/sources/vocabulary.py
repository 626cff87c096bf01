"""The words that authors of backlog files use, and what they mean here."""

from __future__ import annotations

import re
from collections.abc import Mapping

from backlog.item import Kind, Status

NUMBERS = ("value", "time_criticality", "risk_reduction", "size")
LISTS = ("criteria", "labels", "links", "depends_on")
KNOWN_KEYS = (
    "id", "title", "kind", "status", "story", *NUMBERS, "hours", *LISTS, "security_notes", "test_notes",
    "hold", "trust", "reason", "path", "line", "created_at", "updated_at", "given_wsjf", "given_priority",
)  # fmt: skip
ALIASES: Mapping[str, str] = {
    "name": "title", "summary": "title", "task": "title", "item": "title",
    "description": "story", "details": "story", "type": "kind",
    "task_type": "kind", "category": "kind", "impact": "value", "business_value": "value", "bv": "value",
    "user_business_value": "value",
    "effort": "size", "job_size": "size", "tc": "time_criticality", "rr": "risk_reduction",
    "risk": "risk_reduction", "risk_reduction_opportunity": "risk_reduction",
    "est_hours": "hours", "estimated_hours": "hours",
    "effort_hours": "hours", "estimated_effort": "hours",
    "acceptance_criteria": "criteria", "acceptance": "criteria", "tags": "labels",
    "dependencies": "depends_on",
    "blocked_by": "depends_on", "blocker": "reason", "blocked_reason": "reason", "wsjf": "given_wsjf",
    "wsjf_score": "given_wsjf", "score": "given_wsjf", "priority": "given_priority", "file": "path",
    "file_path": "path", "line_number": "line", "created": "created_at", "updated": "updated_at",
}  # fmt: skip
KINDS: Mapping[str, Kind] = {
    "bugfix": Kind.BUG, "fix": Kind.BUG, "defect": Kind.BUG, "enhancement": Kind.FEATURE,
    "story": Kind.FEATURE,
    "technical_debt": Kind.DEBT, "tech_debt": Kind.DEBT, "chore": Kind.DEBT, "cleanup": Kind.DEBT,
    "refactoring": Kind.REFACTOR, "documentation": Kind.DOCS, "doc": Kind.DOCS, "testing": Kind.TEST,
    "tests": Kind.TEST, "research": Kind.INVESTIGATION, "spike": Kind.INVESTIGATION,
    "infra": Kind.INFRASTRUCTURE, "ci": Kind.INFRASTRUCTURE, "dependencies": Kind.DEPENDENCY,
    "style": Kind.LINT, "perf": Kind.PERFORMANCE,
}  # fmt: skip
STATUSES: Mapping[str, Status] = {
    "COMPLETED": Status.DONE, "COMPLETE": Status.DONE, "MERGED": Status.DONE, "CLOSED": Status.DONE,
    "TODO": Status.NEW, "OPEN": Status.NEW, "BACKLOG": Status.NEW, "CANCELED": Status.CANCELLED,
    "WONTFIX": Status.CANCELLED, "IN_PROGRESS": Status.READY, "DOING": Status.READY, "PR": Status.READY,
}  # fmt: skip
"""Work of others under way is READY here: only a claim makes an item DOING."""

HOURS = re.compile(r"\s*(\d{1,5}(?:\.\d+)?)\s*(?:h|hours?|hrs?)?\s*$", re.ASCII)


def understood(name: str, text: str) -> bool:
    """A field of a table that has a meaning here; tables are free text, so others are left out."""
    if name in NUMBERS:
        return re.fullmatch(r"(?:[1-9]|1[0-3])(?:/10)?", text.strip(), re.ASCII) is not None
    if name == "hours":
        return HOURS.match(text) is not None
    if name == "kind":
        key = kind_key(text)
        return key in KINDS or key in list(Kind)
    if name == "status":
        key = status_key(text)
        return key in STATUSES or key in Status.__members__
    return name in KNOWN_KEYS


def plain(name: str) -> str:
    """A field's name as this module knows it: `Est. Hours` is `hours`, `wsjfScore` is `given_wsjf`."""
    key = words(name)
    return ALIASES.get(key, key)


def words(name: str) -> str:
    """`Est. Hours` is `est_hours`, `wsjfScore` is `wsjf_score`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def kind_key(text: str) -> str:
    return re.sub(r"[^a-z]+", "_", text.lower()).strip("_")


def status_key(text: str) -> str:
    return re.sub(r"[^A-Z]+", "_", text.upper()).strip("_")
