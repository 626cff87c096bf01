"""What is under way, what waits for a person, and figures from the record."""

from __future__ import annotations

from app.answer import Answer
from app.call import Call
from app.disagreeing import conflicts, told_conflict
from app.house import House, open_house
from app.run_item import usage
from app.runs import Runs
from app.shift import WAITING
from backlog.item import OPEN, Item, Status
from forge.pulls import opened_on, pulls
from metrics.figures import RunFacts, figure_lines, figures


def waiting(house: House) -> list[Item]:
    """Items whose run stopped at a question or an approval."""
    return [i for i in house.backlog.all({Status.DOING}) if i.reason.startswith(WAITING)]


def status(call: Call) -> Answer:
    house = open_house(call)
    items = house.backlog.all(None)
    counts = {s.value: sum(1 for i in items if i.status is s) for s in Status}
    doing = [i for i in items if i.status is Status.DOING]
    today = len(opened_on(house.state, house.now().date()))
    limit = house.scope.limits.max_prs_per_day
    lines = ["  ".join(f"{name} {n}" for name, n in counts.items() if n) or "the backlog is empty"]
    lines += [f"under way: {i.id}  {i.title}  ({_how(i)})" for i in doing]
    lines.append(f"pull requests today: {today} of {limit}")
    rows = [{"id": i.id, "title": i.title, "waits": i.reason} for i in doing]
    return Answer({"counts": counts, "doing": rows, "pulls_today": today, "pulls_limit": limit}, tuple(lines))


def _how(item: Item) -> str:
    return item.reason if item.reason.startswith(WAITING) else "if nothing works on it: lamplighter resume"


def inbox(call: Call) -> Answer:
    house = open_house(call)
    found = waiting(house)
    rows = [{"id": i.id, "title": i.title, "what": i.reason.split(":")[0], "asked": i.reason} for i in found]
    lines = [f"{i.id}  {i.title}\n    {i.reason}" for i in found]
    for item, field, both in conflicts(house):
        lines.append(told_conflict(item, field, both))
        rows.append({"id": item, "title": house.backlog.get(item).title, "what": "conflict", "asked": lines[-1]})
    return Answer({"waiting": rows}, tuple(lines or ["nothing waits for a person"]))


def metrics(call: Call) -> Answer:
    house = open_house(call)
    open_items = [i for i in house.backlog.all(OPEN)]
    found = figures(run_facts(house), [p.created for p in pulls(house.state)], len(open_items))
    return Answer({"figures": found}, tuple(figure_lines(found)))


def run_facts(house: House) -> list[RunFacts]:
    """What each run's record says of itself."""
    runs = Runs(house.state / "runs")
    facts = []
    for begun in runs.all():
        ended = runs.ended(begun.run)
        used = usage(runs.path(begun.run))
        outcome = str(ended["kind"]) if ended else "under way"
        kind = begun.item.kind.value
        facts.append(RunFacts(begun.run, kind, begun.thinker, outcome, used["requests"], used["tokens"]))
    return facts
