"""What protects the default branch, put together from both of GitHub's ways to do it: branch protection and rulesets.

Each knows nothing of the other: `Branch not protected` is said of a branch that a ruleset protects. So a branch is
unprotected only where both were asked, and both say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from backlog.source import SourceBroken
from backlog.sources.forges.github_answers import Answer, Question
from backlog.sources.forges.github_demands import KNOWN, Classic, checked, deletable, flag, reviewed, rewritable
from backlog.sources.reports.fields import within, word
from backlog.sources.text import clean

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guard:
    """What is sure of the default branch. None: it is not known, and `gaps` says why."""

    branch: str
    by: tuple[str, ...]
    """What protects it; empty where nothing does."""
    asleep: tuple[str, ...]
    """Names of rulesets that are there and not in force."""
    checked: bool | None
    """Something must have passed before a change is taken."""
    rewritable: bool | None
    """Force pushes are taken."""
    deletable: bool | None
    """Somebody allowed to delete it; without that GitHub keeps a default branch."""
    reviewed: bool | None
    """Somebody must have approved a change."""
    gaps: tuple[str, ...] = ()


def guard_of(told: Sequence[Answer]) -> Guard:
    """Raises SourceBroken where the answers do not suffice or contradict each other, WrongType for odd ones."""
    branch = _default(told)
    mine = {a.question: a for a in told if a.branch in ("", branch)}
    classic, rules = _classic(mine, branch), _rules(mine, branch)
    _agree(mine, classic, rules)
    types = [word(rule, "type") for rule in rules]
    strange = sorted(set(types) - KNOWN)
    guard = Guard(
        branch=branch,
        by=(*(["branch protection"] if classic.on else []), *(["rulesets"] if rules else [])),
        asleep=tuple(_asleep(mine)),
        checked=_sure(checked(classic, rules), True, strange),
        rewritable=_sure(rewritable(classic, types), False, strange),
        deletable=deletable(classic, types),
        reviewed=_sure(reviewed(classic, rules), True, strange),
    )
    return replace(guard, gaps=tuple(_open(guard, classic, strange)))


def _sure(found: bool | None, strict: bool, strange: Sequence[str]) -> bool | None:
    """A rule that is not known here may forbid more, and never allows what another one forbids."""
    return found if found is strict or not strange else None


def _open(guard: Guard, classic: Classic, strange: Sequence[str]) -> Iterator[str]:
    if None not in (guard.checked, guard.rewritable, guard.deletable, guard.reviewed):
        return
    if strange:
        yield f"rules that are not known here: {clean(', '.join(strange), 120)}"
    if classic.on and classic.details is None:
        yield "what the branch protection asks for is told by gh api repos/OWNER/NAME/branches/BRANCH/protection"


def _default(told: Sequence[Answer]) -> str:
    repository = next((a for a in told if a.question == "repository"), None)
    if repository is None:
        raise SourceBroken("nothing says which branch is the default: gh api repos/OWNER/NAME does")
    return word(repository.body, "default_branch")


def _classic(mine: Mapping[Question, Answer], branch: str) -> Classic:
    said = within(mine["branch"].body, "protection") if "branch" in mine else None
    on = flag(said, "enabled") if said is not None else None
    if "protection" in mine:
        details = mine["protection"].body
        if on is not None and on is (details is None):
            raise SourceBroken(
                f"two answers contradict each other on whether {clean(branch, 80)} has branch protection"
            )
        asks = details is not None and "required_status_checks" in details
        return Classic(details is not None, details, within(details, "required_status_checks") if asks else None)
    if said is None or on is None:
        raise SourceBroken(f"nothing says whether {clean(branch, 80)} has branch protection: gh api …/branches/… does")
    return Classic(on, None, within(said, "required_status_checks") if on else None)


def _rules(mine: Mapping[Question, Answer], branch: str) -> Sequence[Row]:
    """The rules in force, or none where there is no ruleset in force at all."""
    if "rules" in mine:
        return [dict(rule) for rule in mine["rules"].body]
    if "rulesets" in mine and not any(_may_apply(ruleset) for ruleset in mine["rulesets"].body):
        return []
    raise SourceBroken(f"nothing says which rulesets protect {clean(branch, 80)}: gh api …/rules/branches/… does")


def _may_apply(ruleset: Row) -> bool:
    return word(ruleset, "enforcement") not in ("disabled", "evaluate") and ruleset.get("target") not in (
        "tag",
        "push",
        "repository",
    )


def _asleep(mine: Mapping[Question, Answer]) -> list[str]:
    listed = mine["rulesets"].body if "rulesets" in mine else []
    return [word(r, "name") for r in listed if word(r, "enforcement") in ("disabled", "evaluate")]


def _agree(mine: Mapping[Question, Answer], classic: Classic, rules: Sequence[Row]) -> None:
    """GitHub's own word on whether the branch is protected at all. Raises SourceBroken."""
    if "branch" not in mine:
        return
    said = flag(mine["branch"].body, "protected")
    if (said and not classic.on and not rules) or (classic.on and not said):
        raise SourceBroken(f"GitHub calls the branch {'' if said else 'un'}protected, and another answer contradicts")
