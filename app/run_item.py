"""One run of one item: begun or gone on with, and what came of it put into the backlog."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.house import House
from app.remembered import baseline, findings
from app.runs import Begun, Runs
from app.settings import ConfigError, Settings
from app.settle import settle
from app.tell import teller
from app.thinker import NOBODY, has_model, thinker, who
from app.versions import versions
from backlog.item import Item, Status
from backlog.store import ClaimLost
from evidence.event import Answered, Decided, Started
from evidence.record import Record, read_chain
from forge.publish import Sign, publish
from graph.deps import Deps, ItemLimits
from graph.outcome import Outcome
from model.port import Model
from sandbox.sign import NAMESPACE, Signer

if TYPE_CHECKING:
    from langgraph.runtime import RunControl

Thinking = Callable[[str, Item, Settings], Model]
"""From who was chosen (`mechanic` or `model`), the item and the settings, the model that is asked."""

RECIPE_FAILED = ("blocked", "green_turns", "faults")
"""Endings of the mechanic after which a model may do better; not a person's word, and not the scope's."""


def work_item(
    house: House,
    item: Item,
    control: RunControl | None = None,
    answer: str | None = None,
    think: Thinking = thinker,
) -> tuple[Outcome, str]:
    """The outcome, already in the backlog, and the run's id. An item that is under way goes on.

    Where the mechanic's recipe did not lead through and a model is there, the model gets its turn.
    `think` says who thinks: evals pass an engineer of their own.
    """
    runs = Runs(house.state / "runs")
    begun = _taken_up(house, runs, item) if item.status is Status.DOING else _begin(house, runs, item)
    ended = runs.ended(begun.run)
    outcome = Outcome.model_validate(ended) if ended else _go(house, runs, begun, control, answer, think)
    if begun.thinker == "mechanic" and outcome.code in RECIPE_FAILED and has_model(house.settings):
        begun = runs.begin(runs.next_id(item.id), begun.item, house.base, house.base_tree, "model")
        outcome = _go(house, runs, begun, control, None, think)
    settle(house, begun.item, outcome)
    return outcome, begun.run


def _begin(house: House, runs: Runs, item: Item) -> Begun:
    """The claim names the run, so that a process killed right after it leaves no doubt which run is meant."""
    kind, run = _kind(house, item), runs.next_id(item.id)
    claimed = house.backlog.claim(item.id, run, house.now())
    if claimed is None:
        raise ClaimLost(f"{item.id} was taken by another process: nothing was done")
    return runs.begin(run, claimed, house.base, house.base_tree, kind)


def _taken_up(house: House, runs: Runs, item: Item) -> Begun:
    """The run that the item is in the hands of, or the one after it; begun now if it was only claimed."""
    claimed = next(c.run for c in house.backlog.claims() if c.item == item.id)
    if not runs.known(claimed):
        return runs.begin(claimed, item, house.base, house.base_tree, _kind(house, item))
    latest = runs.latest(item.id)
    return latest or runs.load(claimed)


def _kind(house: House, item: Item) -> str:
    kind = who(item, house.settings)
    if kind is None:
        raise ConfigError(f"{item.id} {NOBODY}")
    return kind


def _go(
    house: House, runs: Runs, begun: Begun, control: RunControl | None, answer: str | None, think: Thinking
) -> Outcome:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from graph.run import Start, run_item, serializer

    folder = runs.path(begun.run)
    record = Record(folder, house.now, teller(house.settings.log_level))
    try:
        model = think(begun.thinker, begun.item, house.settings)
        deps = deps_for(house, begun, record, model)
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


def deps_for(house: House, begun: Begun, record: Record, model: Model) -> Deps:
    site = house.site
    return Deps(
        model=model,
        site=site,
        workspace=site.workspace(begun.run),
        scope=house.scope,
        suite=house.suite,
        record=record,
        baseline=lambda: baseline(house, begun.base_tree),
        scan=lambda tree, tool, paths: findings(house, tree, tool, paths),
        publish=lambda publication: publish(house.repository, house.state, publication, signing(house)),
        now=house.now,
        run=begun.run,
        limits=ItemLimits(tokens=house.settings.max_tokens),
    )


def signing(house: House) -> Sign | None:
    """How evidence is signed, when there is a key for it."""
    if house.settings.sign_key is None:
        return None
    signer = Signer(Path(house.settings.sign_key).expanduser(), house.around.environment.get("SSH_AUTH_SOCK"))
    return lambda evidence: signer.sign(evidence, NAMESPACE)


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
                "probes": list(isolation.probes),
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

    def stop(number: int, _frame: object) -> None:
        control.request_drain(signal.Signals(number).name)

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield control
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def usage(folder: Path) -> dict[str, int]:
    """Tokens of a run, from its record."""
    file = folder / "events.jsonl"
    turns = [e.turn.usage for _, e, _ in read_chain(file) if isinstance(e, Answered)] if file.exists() else []
    prompt, completion = sum(u.prompt for u in turns), sum(u.completion for u in turns)
    return {"requests": len(turns), "prompt": prompt, "completion": completion, "tokens": prompt + completion}
