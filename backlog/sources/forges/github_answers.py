"""GitHub's answers about a repository and one of its branches, each with what was asked.

One row is one answer: `{"url": …, "status": …, "body": …}`. Where nothing protects a branch, GitHub says so with status
404, so an answer that is not 200 is a row too, and not a page that was refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args
from urllib.parse import unquote

from backlog.source import SourceBroken
from backlog.sources.reports.fields import WrongType, mapping, rows, within, word
from backlog.sources.text import clean

Row = Mapping[str, Any]
Question = Literal["protection", "rules", "branch", "rulesets", "repository"]
QUESTIONS: tuple[Question, ...] = get_args(Question)
ADDRESS = re.compile(
    r"(?:^|/)repos/(?P<repository>[^/]+/[^/]+?)"
    r"(?:/branches/(?P<protection>.+)/protection|/rules/branches/(?P<rules>.+)|/branches/(?P<branch>.+)|(?P<rulesets>/rulesets))?$"
)
UNPROTECTED = ("branch not protected", "branch protection has been disabled on this repository")
"""What GitHub says with 404 where a branch has no classic protection. `Not Found` is for those without the rights."""
RULE = frozenset({"type", "ruleset_id"})
RULESET = frozenset({"enforcement", "source", "name"})


@dataclass(frozen=True, slots=True)
class Answer:
    question: Question
    repository: str
    """In lower case."""
    branch: str
    """Nothing where it is not about a branch."""
    body: Any
    """None where there is no classic protection."""


def asked(url: str) -> tuple[Question, str, str] | None:
    """What an address asks for, of which repository and which branch; None for anything else."""
    found = ADDRESS.search(re.sub(r"[?#].*$", "", url).rstrip("/"))
    if found is None:
        return None
    question: Question = next((q for q in QUESTIONS if found[q]), "repository")
    branch = "" if question in ("rulesets", "repository") else unquote(found[question])
    return question, found["repository"].lower(), branch


def tells_unprotected(row: Row) -> bool:
    """It is the 404 of a branch without classic protection, and not one for want of rights."""
    body = row.get("body")
    said = str(body.get("message", "")) if isinstance(body, Mapping) else ""
    place = asked(str(row.get("url") or ""))
    about = place is None or place[0] == "protection"
    return row.get("status") == 404 and about and said.strip().rstrip(".").lower() in UNPROTECTED


def as_row(value: Any) -> Row | None:
    """An answer that was kept without its address, by what is in it. Rules do not say which branch they are about."""
    if isinstance(value, list):
        pages = value and all(isinstance(page, list) for page in value)
        flat = [row for page in value for row in page] if pages else value
        known = any(flat and all(isinstance(r, dict) and keys <= r.keys() for r in flat) for keys in (RULE, RULESET))
        return {"url": "", "status": 200, "body": flat} if known else None
    if not isinstance(value, dict):
        return None
    if tells_unprotected({"status": 404, "body": value}):
        return {"url": "", "status": 404, "body": value}
    if {"name", "commit", "protected", "_links"} <= value.keys():
        return {"url": word(within(value, "_links"), "self"), "status": 200, "body": value}
    whole = {"full_name", "default_branch"} <= value.keys() or {"enforce_admins", "url"} <= value.keys()
    return {"url": value["url"], "status": 200, "body": value} if whole and "url" in value else None


def answers(given: Sequence[Row]) -> list[Answer]:
    """Raises SourceBroken for a refusal, for an answer to nobody knows what, and for two that contradict each other;
    WrongType for what GitHub does not answer."""
    told = [answer for row in given if (answer := _answer(row)) is not None]
    if len({a.repository for a in told}) > 1:
        named = ", ".join(sorted({clean(a.repository, 80) for a in told}))
        raise SourceBroken(f"the answers are about several repositories: {named}")
    for n, one in enumerate(told):
        if any((o.question, o.branch) == (one.question, one.branch) and o.body != one.body for o in told[:n]):
            raise SourceBroken(f"two answers about {_about(one)} contradict each other: keep the newest alone")
    return told


def _about(answer: Answer) -> str:
    return f"{answer.question} {clean(answer.branch, 80)}".strip()


def _answer(row: Row) -> Answer | None:
    """None for `not protected` without an address: it names no branch, and the branch's own answer says the same."""
    url, status, body = row.get("url"), row.get("status"), row.get("body")
    if not isinstance(url, str) or not isinstance(status, int):
        raise WrongType("url is no text, or status no number")
    if status != 200 and not tells_unprotected(row):
        said = body.get("message", "") if isinstance(body, Mapping) else ""
        raise SourceBroken(f"GitHub answered {status}: {clean(str(said), 160)}")
    place = asked(url)
    if place is None and status == 404:
        return None
    if place is None:
        raise SourceBroken("an answer does not say what it is about: keep it with its address")
    question, repository, branch = place
    if status == 404:
        return Answer(question, repository, branch, None)
    return Answer(question, repository, _named(question, branch, body), _checked(question, body))


def _named(question: Question, branch: str, body: Any) -> str:
    """A branch that was renamed is answered under its new name, which the answer has and the address has not."""
    if question == "branch":
        return word(body, "name")
    if question == "protection":
        place = asked(word(body, "url"))
        if place is None or place[0] != "protection":
            raise WrongType("url of the protection is no address")
        return place[2]
    return branch


def _checked(question: Question, body: Any) -> Any:
    if question in ("rules", "rulesets"):
        return rows({question: body}, question)
    return mapping(body, question)
