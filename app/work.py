"""Work items: begin a run, or go on with one, and put what came of it into the backlog."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from app.answer import GATE, INVALID, LIMIT, OK, PERSON, Answer
from app.call import Call
from app.house import House, open_working_house
from app.listing import objection, pick
from app.remembered import baseline, findings
from app.runs import Begun, Runs, RunUnknown
from app.settle import settle
from app.tell import teller
from app.thinker import NOBODY, thinker, who
from app.versions import versions
from backlog.item import Item, Status
from evidence.event import Decided, Started
from evidence.record import Record
from forge.publish import publish
from graph.deps import Deps, ItemLimits
from graph.outcome import Outcome

if TYPE_CHECKING:
    from langgraph.runtime import RunControl

EXIT = {"published": OK, "nothing_to_do": OK, "blocked": GATE, "needs_person": PERSON, "limit": LIMIT}
INTERRUPTED = 143

__all__ = ["RunUnknown", "decide", "deps_for", "open_record", "resume", "run", "work_item"]


def run(call: Call, wanted: str | None, dry_run: bool) -> Answer:
    """The best item that may be done, or the named one."""
    house = open_working_house(call)
    item, left = _wanted(house, wanted)
    if item is None:
        return _nothing(left)
    if dry_run:
        return _dry(house, item, left)
    with stoppable() as control:
        outcome, run_id = work_item(house, item, control)
    return answered(house, item, outcome, run_id)


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


def work_item(
    house: House, item: Item, control: RunControl | None = None, answer: str | None = None
) -> tuple[Outcome, str]:
    """The outcome, already in the backlog, and the run's id. An item that is under way goes on.

    Where the mechanic's recipe did not lead through and a model is there, the model gets its turn.
    """
    runs = Runs(house.state / "runs")
    begun = runs.latest(item.id) if item.status is Status.DOING else None
    ended = runs.ended(begun.run) if begun else None
    begun = begun or _begin(house, runs, item)
    outcome = Outcome.model_validate(ended) if ended else _go(house, runs, begun, control, answer)
    settle(house, begun.item, outcome)
    return outcome, begun.run


def _begin(house: House, runs: Runs, item: Item) -> Begun:
    kind = who(item, house.settings)
    if kind is None:
        raise RunUnknown(f"{item.id} {NOBODY}")
    claimed = item if item.status is Status.DOING else house.backlog.claim(item.id, "run", house.now())
    if claimed is None:
        raise RunUnknown(f"{item.id} was taken by another process: nothing was done")
    return runs.begin(claimed, house.base, house.base_tree, kind)


def _go(house: House, runs: Runs, begun: Begun, control: RunControl | None, answer: str | None) -> Outcome:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from graph.run import Start, run_item, serializer

    folder = runs.path(begun.run)
    record = Record(folder, house.now, teller(house.settings.log_level))
    try:
        deps = deps_for(house, begun, record)
        open_record(house, begun, record, deps)
        if answer is not None:
            record.once(f"person:{len(record.events)}", lambda: Decided(what="answer", answer=answer))
        with closing(sqlite3.connect(folder / "checkpoints.sqlite", check_same_thread=False)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            saver = SqliteSaver(connection, serde=serializer())
            outcome = run_item(deps, Start(begun.item, begun.base, begun.base_tree), saver, control, answer)
    finally:
        record.close()
    if runs.ended(begun.run):
        shutil.rmtree(house.state / "work" / begun.run, ignore_errors=True)
    return outcome


def deps_for(house: House, begun: Begun, record: Record) -> Deps:
    site = house.site
    return Deps(
        model=thinker(begun.thinker, begun.item, house.settings),
        site=site,
        workspace=site.workspace(begun.run),
        scope=house.scope,
        suite=house.suite,
        record=record,
        baseline=lambda: baseline(house, begun.base_tree),
        scan=lambda tree, tool, paths: findings(house, tree, tool, paths),
        publish=lambda publication: publish(house.repository, house.state, publication),
        now=house.now,
        run=begun.run,
        limits=ItemLimits(tokens=house.settings.max_tokens),
    )


def open_record(house: House, begun: Begun, record: Record, deps: Deps) -> None:
    isolation = house.site.sandbox.isolation
    record.once(
        "started",
        lambda: Started(
            run=begun.run,
            item=begun.item.model_dump(mode="json"),
            base=begun.base,
            base_tree=begun.base_tree,
            model=deps.model.name,
            isolation={
                "backend": isolation.backend,
                "version": isolation.version,
                "level": isolation.level,
                "limits_by": isolation.limits_by,
            },
            versions=versions(house),
        ),
    )


@contextmanager
def stoppable() -> Iterator[RunControl]:
    """While open, SIGTERM and SIGINT end the work after the step under way instead of at once."""
    import signal

    from langgraph.runtime import RunControl

    control = RunControl()
    before = {s: signal.signal(s, lambda *_: control.request_drain("signal")) for s in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield control
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def answered(house: House, item: Item, outcome: Outcome, run_id: str) -> Answer:
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
    code = INTERRUPTED if outcome.code == "interrupted" else EXIT[outcome.kind]
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


def usage(folder: object) -> dict[str, int]:
    """Tokens of a run, from its record."""
    from pathlib import Path

    from evidence.event import Answered
    from evidence.record import read_chain

    file = Path(str(folder)) / "events.jsonl"
    turns = [e.turn.usage for _, e, _ in read_chain(file) if isinstance(e, Answered)] if file.exists() else []
    prompt, completion = sum(u.prompt for u in turns), sum(u.completion for u in turns)
    return {"requests": len(turns), "prompt": prompt, "completion": completion, "tokens": prompt + completion}


def resume(call: Call, wanted: str | None) -> Answer:
    """Go on with one item, or with all that are under way."""
    house = open_working_house(call)
    doing = [i for i in house.backlog.all({Status.DOING}) if wanted in (None, i.id)]
    if not doing:
        what = f"{wanted} is not under way" if wanted else "nothing is under way"
        return Answer({"outcome": "nothing_to_do", "reason": what, "resumed": []}, (what,))
    with stoppable() as control:
        done = [answered(house, item, *work_item(house, item, control)) for item in doing]
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
    return answered(house, item, outcome, run_id)
