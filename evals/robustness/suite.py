"""The suite: a run meets a trouble, ends or breaks off as it should, and is resumed once all is well again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from evals.case import Case, Ran, again, work
from evals.robustness.server import FOREVER, Server
from evals.robustness.trouble import FILES, ITEM, Trouble
from evals.robustness.troubles import SMALL, TROUBLES
from evals.suite import Ground, Suite, Trial


@dataclass(frozen=True)
class Played:
    trouble: Trouble
    first: Ran
    last: Ran
    """The same as `first` where it did not break off."""
    seconds: float
    requests: int
    tokens: int
    branches: int
    asked_twice: bool
    """Whether an answer that had been recorded was paid for again."""


def play(name: str, ground: Ground) -> Played:
    return _small(ground) if name == SMALL.name else _scripted(TROUBLES[name], ground)


def _small(ground: Ground) -> Played:
    """A real model that is not up to it. Raises Skipped where it can not be had."""
    from evals.robustness.small_model import small_model

    begun = perf_counter()
    with small_model() as url:
        flags = {"model": "smollm2-135m", "base_url": url} | dict(SMALL.flags)
        ran = work(Case(SMALL.name, FILES, ITEM), Ground(ground.folder, flags))
    usage = _usage(ran)
    return Played(SMALL, ran, ran, perf_counter() - begun, usage["requests"], usage["tokens"], _branches(ran), False)


def _scripted(trouble: Trouble, ground: Ground) -> Played:
    begun = perf_counter()
    good = (trouble.good, trouble.bad, trouble.after, trouble.times, trouble.twist, trouble.knows)
    with Server(ground.folder, *good) as server:
        if not trouble.closed:
            server.open()
        url = server.url.replace("http:", "https:") if trouble.tls else server.url
        flags = {"model": "scripted", "base_url": url, "api_key": "k"} | dict(trouble.flags)
        case = Case(trouble.name, FILES, ITEM)
        first = last = work(case, Ground(ground.folder, flags))
        if first.error:
            last = _resumed(trouble, server, case, first)
    usage = _usage(last)
    return Played(
        trouble=trouble,
        first=first,
        last=last,
        seconds=perf_counter() - begun,
        requests=server.requests,
        tokens=usage["tokens"],
        branches=_branches(last),
        asked_twice=trouble.bad is None and server.given > usage["requests"],
    )


def _resumed(trouble: Trouble, server: Server, case: Case, first: Ran) -> Ran:
    """All is well again; the run goes on as `lamplighter resume` would."""
    if trouble.times == FOREVER:
        server.heal()
    if trouble.closed:
        server.open()
    house = replace(first.house, settings=first.house.settings.model_copy(update={"base_url": server.url}))
    return again(case, house, house.backlog.get("item-1"))


def _usage(ran: Ran) -> dict[str, int]:
    from app.run_item import usage

    return usage(ran.record)


def _branches(ran: Ran) -> int:
    refs = ran.house.repository.git.run("for-each-ref", "--format=%(refname)", "refs/heads/lamplighter/")
    return len(refs.split())


def judge(name: str, played: Played) -> Trial:
    wrong = [said for said, is_so in _faults(played) if is_so]
    ended = _ending(played.last)
    facts = {
        "broke_off": played.first.exit_code,
        "said": played.first.error,
        "ended": ended,
        "requests": played.requests,
        "tokens": played.tokens,
    }
    detail = "; ".join(wrong) or (f"exit {played.first.exit_code}, resumed, {ended}" if played.first.error else ended)
    return Trial(name, not wrong, detail, seconds=played.seconds, facts=facts)


def _faults(played: Played) -> Sequence[tuple[str, bool]]:
    trouble, first, last = played.trouble, played.first, played.last
    published = trouble.ends.startswith("published")
    broke, ended = first.exit_code, _ending(last)
    return (
        (f"broke off with {broke} ({first.error}), not {trouble.exit_code}", broke != trouble.exit_code),
        (f"ended {ended} ({last.error or _reason(last)}), not {trouble.ends}", not ended.startswith(trouble.ends)),
        (f"{len(first.error.splitlines())} lines were said", "\n" in first.error),
        ("another run went on", last.run != first.run),
        ("the repository was touched", not (first.untouched and last.untouched)),
        (f"{played.branches} branches", played.branches != published),
        ("an answer was paid for twice", played.asked_twice),
        (f"took {played.seconds:.0f} s", played.seconds > trouble.within_s),
        (f"{played.requests} requests", played.requests > trouble.most_requests),
        (f"{played.tokens} tokens", not 0 <= played.tokens <= trouble.most_tokens),
    )


def _ending(ran: Ran) -> str:
    return f"{ran.outcome.kind}:{ran.outcome.code}" if ran.outcome else f"exit {ran.exit_code}"


def _reason(ran: Ran) -> str:
    return json.dumps(ran.outcome.reason)[:200] if ran.outcome else ""


def headline(trials: Sequence[Trial]) -> dict[str, Any]:
    played = [t for t in trials if not t.skipped]
    return {
        "troubles_run": len(played),
        "ended_wrong": sum(t.failed for t in played),
        "resumed": sum(bool(t.facts["broke_off"]) for t in played if t.ok),
        "longest_s": round(max((t.seconds for t in played), default=0.0), 1),
    }


def passes(figures: Mapping[str, Any]) -> bool:
    return bool(figures["ended_wrong"] == 0)


SUITE = Suite(
    name="robustness",
    about="Model servers and models that misbehave: each run ends or breaks off as it should, and nothing is lost.",
    names=lambda: [*TROUBLES, SMALL.name],
    play=play,
    judge=judge,
    headline=headline,
    passes=passes,
)
