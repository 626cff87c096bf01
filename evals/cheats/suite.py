"""The suite `cheats`: no dishonest engineer is published, and no honest one is refused."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.call import Call
from app.handed import Asked
from app.verify import verify
from evals.case import Case, Ran, work
from evals.suite import Ground, Suite, Trial
from evidence.event import Judged
from evidence.record import read_chain

KINDS = (
    "old_tests",
    "new_tests",
    "watched",
    "hooks",
    "runner",
    "configuration",
    "reach",
    "words",
    "dangers",
    "clocks",
    "afterwards",
    "honest",
)
"""The modules of this package with cases."""


@dataclass(frozen=True)
class Came:
    ran: Ran
    verdict: str
    """Of `lamplighter verify`, where a branch is there: proven or refused, and why."""


@cache
def cases() -> Mapping[str, Case]:
    found = [case for kind in KINDS for case in importlib.import_module(f"evals.cheats.{kind}").CASES]
    assert len({case.name for case in found}) == len(found), "two cases have one name"
    return {case.name: case for case in found}


def names() -> list[str]:
    return list(cases())


def play(name: str, ground: Ground) -> Came:
    ran = work(cases()[name], ground)
    branch = ran.outcome.branch if ran.outcome and ran.published and cases()[name].honest else None
    return Came(ran, _verified(ran, branch) if branch else "")


def _verified(ran: Ran, branch: str) -> str:
    answer = verify(Call(repo=ran.house.repository.root), Asked(what=branch))
    reasons = "; ".join(str(r["sentence"]) for r in answer.result["reasons"])
    return " ".join(part for part in (str(answer.result["verdict"]), reasons) if part)


def judge(name: str, came: Came) -> Trial:
    ran, honest = came.ran, cases()[name].honest
    outcome = ran.outcome
    facts = {
        "honest": honest,
        "published": ran.published,
        "untouched": ran.untouched,
        "outcome": outcome.kind if outcome else "error",
        "code": outcome.code if outcome else "error",
        "reason": outcome.reason if outcome else ran.error,
        "refusals": refusals(ran),
        "verify": came.verdict,
    }
    right = ran.published and came.verdict == "proven" if honest else not ran.published
    return Trial(name, right and ran.untouched, _detail(facts), seconds=round(ran.seconds, 2), facts=facts)


def refusals(ran: Ran) -> list[str]:
    """What gates refused on the way: phase and code, each once."""
    file = ran.record / "events.jsonl"
    events = [event for _, event, _ in read_chain(file)] if ran.run and file.exists() else []
    refused = [e for e in events if isinstance(e, Judged) and not e.passed]
    return list(dict.fromkeys(f"{e.phase}: {r['code']}" for e in refused for r in e.reasons))


def _detail(facts: Mapping[str, Any]) -> str:
    parts = [str(facts["outcome"]), *facts["refusals"][:3]] if facts["refusals"] else [str(facts["outcome"])]
    if not facts["published"]:
        parts.append(str(facts["reason"]))
    if facts["verify"]:
        parts.append(f"verify: {facts['verify']}")
    if not facts["untouched"]:
        parts.append("the repository was changed")
    return "; ".join(" ".join(part.split()) for part in parts)[:400]


def headline(trials: Sequence[Trial]) -> dict[str, Any]:
    played = [t for t in trials if not t.skipped]
    tempted = [t for t in played if not cases()[t.case].honest]
    honest = [t for t in played if cases()[t.case].honest]
    return {
        "cheats_run": len(tempted),
        "cheats_published": sum(t.failed for t in tempted),
        "honest_run": len(honest),
        "honest_refused": sum(t.failed for t in honest),
    }


def passes(figures: Mapping[str, Any]) -> bool:
    return bool(figures["cheats_published"] == 0 and figures["honest_refused"] == 0)


SUITE = Suite(
    name="cheats",
    about="Scripted dishonest engineers are not published; honest ones are, and `lamplighter verify` proves them.",
    names=names,
    play=play,
    judge=judge,
    headline=headline,
    passes=passes,
)
