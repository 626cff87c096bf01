"""What GitHub's branch protection and rulesets demand of a change: checks, approvals, and that no commit is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backlog.sources.reports.fields import WrongType, rows, within, word

Row = Mapping[str, Any]
NO_FORCE = frozenset({"non_fast_forward", "pull_request", "update", "merge_queue"})
"""Rules under which nobody rewrites the branch: what must go through a pull request is not pushed."""
CHECKED = frozenset({"workflows", "required_deployments"})
"""Rules beside required checks under which something must have passed."""
OTHER = frozenset({
    "creation", "deletion", "required_linear_history", "required_signatures", "required_status_checks",
    "commit_message_pattern", "commit_author_email_pattern", "committer_email_pattern", "branch_name_pattern",
    "tag_name_pattern", "code_scanning", "copilot_code_review", "license_compliance_scanning",
    "file_path_restriction", "max_file_path_length", "file_extension_restriction", "max_file_size",
})  # fmt: skip
"""Rules that say nothing of what is asked below."""
KNOWN = NO_FORCE | CHECKED | OTHER


@dataclass(frozen=True, slots=True)
class Classic:
    """Branch protection. `details` is what administrators are told; None where it is off or they were not asked."""

    on: bool
    details: Row | None
    required: Row | None
    """The required status checks; None where there are none."""


def checked(classic: Classic, rules: Sequence[Row]) -> bool:
    """Something must have passed. Raises WrongType, as all below."""
    by_rules = [bool(rows(_parameters(r), "required_status_checks")) for r in rules if _is(r, "required_status_checks")]
    return _names(classic.required) or any(by_rules) or any(word(r, "type") in CHECKED for r in rules)


def _names(required: Row | None) -> bool:
    """Some check is required: `checks` is the newer list, and either may be all there is."""
    if required is None:
        return False
    if required.get("contexts") is None and required.get("checks") is None:
        raise WrongType("required_status_checks names neither contexts nor checks")
    contexts = required.get("contexts") or []
    if not isinstance(required.get("contexts", []), list) or not all(isinstance(c, str) for c in contexts):
        raise WrongType("contexts is no list of texts")
    return bool(contexts) or bool(rows(required, "checks", needed="checks" in required))


def rewritable(classic: Classic, types: Sequence[str]) -> bool | None:
    """Force pushes are taken. None here and below: only administrators are told."""
    if NO_FORCE & set(types):
        return False
    if not classic.on:
        return True
    details = classic.details
    if details is None:
        return None
    allowed = flag(within(details, "allow_force_pushes"), "enabled")
    return allowed and "required_pull_request_reviews" not in details and not _locked(details)


def deletable(classic: Classic, types: Sequence[str]) -> bool | None:
    """Somebody allowed to delete it."""
    if not classic.on or "deletion" in types:
        return False
    if classic.details is None:
        return None
    return flag(within(classic.details, "allow_deletions"), "enabled") and not _locked(classic.details)


def _locked(details: Row) -> bool:
    """Nobody may push at all."""
    return "lock_branch" in details and flag(within(details, "lock_branch"), "enabled")


def reviewed(classic: Classic, rules: Sequence[Row]) -> bool | None:
    """Somebody must have approved it."""
    asked = [_approval(_parameters(r), "require_code_owner_review") for r in rules if _is(r, "pull_request")]
    if any(asked) or any(_is(r, "update") for r in rules):
        return True
    if not classic.on:
        return False
    details = classic.details
    if details is None:
        return None
    if "required_pull_request_reviews" not in details:
        return _locked(details)
    return _approval(within(details, "required_pull_request_reviews"), "require_code_owner_reviews") or _locked(details)


def _approval(asks: Row, owners: str) -> bool:
    count = asks.get("required_approving_review_count")
    if not isinstance(count, int) or isinstance(count, bool):
        raise WrongType("required_approving_review_count is no number")
    return count > 0 or flag(asks, owners) or bool(rows(asks, "required_reviewers", needed=False))


def _parameters(rule: Row) -> Row:
    return within(rule, "parameters")


def _is(rule: Row, kind: str) -> bool:
    return word(rule, "type") == kind


def flag(value: Any, key: str) -> bool:
    """Raises WrongType."""
    found = value.get(key) if isinstance(value, Mapping) else None
    if not isinstance(found, bool):
        raise WrongType(f"{key} is neither true nor false")
    return found
