"""run, resume, and a person's word: which item, and how its ending is told."""

from __future__ import annotations

from collections.abc import Iterator

from app.answer import GATE, INVALID, LIMIT, OK, PERSON, Answer
from app.call import Call
from app.house import House, open_working_house
from app.listing import objection, pick
from app.run_item import stoppable, usage, work_item
from app.thinker import thinker, who
from backlog.item import Item, Status
from forge.pulls import opened_on
from graph.outcome import Outcome

EXIT = {"published": OK, "nothing_to_do": OK, "blocked": GATE, "needs_person": PERSON, "limit": LIMIT}
INTERRUPTED = {"SIGINT": 130, "SIGTERM": 143}


def run(call: Call, wanted: str | None, dry_run: bool) -> Answer:
    """The best item that may be done, or the named one."""
    house = open_working_house(call)
    item, left = _wanted(house, wanted)
    if item is None:
        return _nothing(left)
    if dry_run:
        return _dry(house, item, left)
    if full := why_full(house):
        return _over(item, full)
    with stoppable() as control:
        outcome, run_id = work_item(house, item, control)
    return answered(house, item, outcome, run_id, control.drain_reason)


def _wanted(house: House, wanted: str | None) -> tuple[Item | None, dict[str, str]]:
    if wanted is None:
        return pick(house)
    item = house.backlog.get(wanted)
    if item.status is Status.DOING:
        return item, {}
    if item.status is not Status.READY:
        return None, {item.id: f"is {item.status}{': ' + item.reason if item.reason else ''}"}
    why_not = objection(house, item)
    return (None, {item.id: why_not}) if why_not else (item, {})


def _over(item: Item, why: str) -> Answer:
    result = {"outcome": "limit", "code": "pull_requests", "item": item.id, "reason": why, "usage": {"tokens": 0}}
    return Answer(result, (f"limit: {why}",), LIMIT)


def why_full(house: House) -> str:
    """Why no further pull request may be opened today; empty when one may."""
    limit = house.scope.limits.max_prs_per_day
    today = len(opened_on(house.state, house.now().date()))
    return f"{today} pull requests were opened today, {limit} are allowed a day" if today >= limit else ""


def _nothing(left: dict[str, str]) -> Answer:
    reason = "nothing to do" if left else "the backlog is empty: lamplighter discover looks for work"
    outcome = {"outcome": "nothing_to_do", "item": None, "branch": None, "pull_request": None, "evidence": None}
    lines = (reason, *(f"  {item}: {why}" for item, why in left.items()))
    return Answer(outcome | {"reason": reason, "usage": {"tokens": 0}, "left": left}, lines)


def _dry(house: House, item: Item, left: dict[str, str]) -> Answer:
    kind = who(item, house.settings)
    lines = (
        f"would work {item.id}: {item.title}",
        f"  from {house.base[:12]} with {thinker(kind, item, house.settings).name if kind else 'nobody'}",
        f"  check: {item.check.model_dump_json()}",
        f"  branch: lamplighter/{item.id}; nothing was done",
    )
    plan = {"item": item.id, "base": house.base, "branch": f"lamplighter/{item.id}", "who": kind}
    result = {"outcome": "nothing_to_do", "dry_run": True, "would": plan, "left": left, "reason": "dry run"}
    return Answer(result, lines)


def answered(house: House, item: Item, outcome: Outcome, run_id: str, stopped: str | None) -> Answer:
    """The result of one run, as the command line gives it."""
    folder = house.state / "runs" / run_id
    result = {
        "outcome": outcome.kind,
        "code": outcome.code,
        "item": item.id,
        "run": run_id,
        "branch": outcome.branch,
        "pull_request": outcome.pull_request,
        "evidence": outcome.evidence,
        "patch": outcome.patch,
        "reason": outcome.reason,
        "usage": usage(folder),
    }
    code = INTERRUPTED[stopped or "SIGTERM"] if outcome.code == "interrupted" else EXIT[outcome.kind]
    return Answer(result, tuple(_lines(item, outcome)), code)


def _lines(item: Item, outcome: Outcome) -> Iterator[str]:
    yield f"{outcome.kind}: {item.id}  {item.title}"
    if outcome.kind == "published":
        yield f"  branch        {outcome.branch}"
        yield f"  pull request  {outcome.pull_request}"
        yield f"  check it      lamplighter verify {outcome.branch}"
        return
    yield f"  {outcome.reason}"
    if outcome.patch:
        yield f"  work so far   {outcome.patch}"
    if outcome.kind == "needs_person":
        how = f'answer {item.id} "…"' if outcome.code == "question" else f"approve {item.id} (or reject)"
        yield f"  lamplighter {how}"


def resume(call: Call, wanted: str | None) -> Answer:
    """Go on with one item, or with all that are under way."""
    house = open_working_house(call)
    doing = [i for i in house.backlog.all({Status.DOING}) if wanted in (None, i.id)]
    if not doing:
        what = f"{wanted} is not under way" if wanted else "nothing is under way"
        return Answer({"outcome": "nothing_to_do", "reason": what, "resumed": []}, (what,))
    with stoppable() as control:
        done = [answered(house, item, *work_item(house, item, control), control.drain_reason) for item in doing]
    if len(done) == 1:
        return done[0]
    lines = tuple(line for answer in done for line in answer.lines)
    return Answer({"resumed": [a.result for a in done]}, lines, max(a.exit_code for a in done))


def decide(call: Call, item_id: str, what: str, word: str) -> Answer:
    """A person's word to an item that waits for it; then its work goes on."""
    house = open_working_house(call)
    item = house.backlog.get(item_id)
    if item.status is not Status.DOING or what not in item.reason.split(":")[0]:
        return Answer({"error": f"{item.id} waits for no {what}"}, (f"{item.id} waits for no {what}",), INVALID)
    with stoppable() as control:
        outcome, run_id = work_item(house, item, control, answer=word)
    return answered(house, item, outcome, run_id, control.drain_reason)
