"""The shift: item after item, within its limits."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.answer import LIMIT, OK, Answer
from app.call import Call
from app.discovering import discover, discovered
from app.house import House, open_working_house
from app.listing import pick, ranked, table
from app.reconciling import take_in_pulls
from app.run_item import stoppable, work_item
from app.settings import ConfigError
from app.settle import settle
from app.work import INTERRUPTED, why_full
from backlog.item import Status
from graph.outcome import Outcome
from sandbox.policy import Isolation, SandboxUnavailable

if TYPE_CHECKING:
    from langgraph.runtime import RunControl

    from graph.shift import Choice, Worked

TICK_S = 1.0
WAITING = ("question", "approval")


@dataclass(frozen=True)
class Plan:
    """How long to work. None: no such limit."""

    max_items: int | None = None
    max_prs: int | None = None
    until: str | None = None
    interval: float | None = None
    """Minutes to wait when nothing is left, and then look again."""
    discover_only: bool = False
    dry_run: bool = False


def shift(call: Call, plan: Plan) -> Answer:
    if plan.discover_only:
        return discover(call, ())
    call = replace(call, flags={**call.flags, "max_prs": plan.max_prs, "max_items": plan.max_items})
    house = open_working_house(call)
    until = deadline(plan.until, house.now()) if plan.until else None
    if plan.dry_run:
        return _dry(house)
    refuse_less_than_full(house.site.sandbox.isolation)
    with stoppable() as control:
        worked, ended, left = _rounds(house, call, plan, until, control)
    return _answer(worked, ended, left, control.drain_reason)


def refuse_less_than_full(isolation: Isolation) -> None:
    """Nobody watches a shift. Raises SandboxUnavailable for anything but the whole sandbox."""
    if isolation.level != "full":
        here = f"{isolation.backend} {isolation.version}".strip() or "this one"
        needed = "a shift runs unattended and needs a sandbox of level full"
        raise SandboxUnavailable(f"{needed}; {here} is {isolation.level}: install bubblewrap, see `lamplighter doctor`")


def deadline(text: str, now: datetime) -> datetime:
    """The next time it is HH:MM (UTC). Raises ConfigError."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not match:
        raise ConfigError(f"--until {text!r} is not a time of day such as 07:00")
    at = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    return at if at > now else at + timedelta(days=1)


def _rounds(
    house: House, call: Call, plan: Plan, until: datetime | None, control: RunControl
) -> tuple[list[Worked], str, dict[str, str]]:
    """One pass of the shift machine, or with an interval pass after pass."""
    from graph.shift import shift_machine

    machine = shift_machine()
    worked: list[Worked] = []
    while True:
        deps = _deps(house, until, control, len(worked))
        final = machine.invoke({}, {"recursion_limit": 1_000_000}, context=deps)
        worked += final["worked"]
        again = plan.interval is not None and final["ended"] == "nothing to do"
        if not again or not _wait(plan.interval or 0.0, until, house.now, control):
            ended = "interrupted" if control.drain_requested else final["ended"]
            return worked, ended, final["left"]
        house = open_working_house(call)  # a new look: the base may have moved


def _wait(minutes: float, until: datetime | None, now: Callable[[], datetime], control: RunControl) -> bool:
    """False when the shift should end instead."""
    wake = now() + timedelta(minutes=minutes)
    while now() < wake:
        if control.drain_requested or (until and now() >= until):
            return False
        time.sleep(TICK_S)
    return True


def _deps(house: House, until: datetime | None, control: RunControl, before: int) -> Any:
    from graph.shift import Choice, ShiftDeps

    def room(worked: int) -> str:
        return why_no_room(house, before + worked, until, control)

    def choose() -> Choice:
        item, left = pick(house)
        return Choice(item, left)

    return ShiftDeps(
        sync=lambda: _go_on(house, control),
        discover=lambda: None if room(0) else _discover(house),
        room=room,
        pick=choose,
        work=lambda item: work_item(house, item, control)[0],
        settle=lambda item, outcome: settle(house, item, outcome),
        measure=lambda _worked: None,
    )


def _discover(house: House) -> None:
    discovered(house)


def _go_on(house: House, control: RunControl) -> None:
    """First take in what was merged and finish what was interrupted; what waits for a person keeps waiting."""
    take_in_pulls(house)
    for item in house.backlog.all({Status.DOING}):
        if not control.drain_requested and not item.reason.startswith(WAITING):
            work_item(house, item, control)


def why_no_room(house: House, worked: int, until: datetime | None, control: RunControl) -> str:
    """Why no further item may be begun; empty when one may."""
    if control.drain_requested:
        return "interrupted"
    if house.settings.max_items is not None and worked >= house.settings.max_items:
        return f"limit: {worked} items were worked"
    if until and house.now() >= until:
        return "limit: the shift's time is over"
    full = why_full(house)
    return f"limit: {full}" if full else ""


def _dry(house: House) -> Answer:
    item, left = pick(house)
    lines = ["would discover, then rank; as the backlog is now:", *table(ranked(house)[:10])]
    first = f"would begin with {item.id}: {item.title}" if item else "would begin nothing"
    limit = house.scope.limits.max_prs_per_day
    lines += [first, f"at most {limit} pull requests a day; nothing was done"]
    return Answer({"dry_run": True, "first": item.id if item else None, "left": left}, tuple(lines))


def _answer(worked: list[Worked], ended: str, left: dict[str, str], stopped: str | None) -> Answer:
    rows = [{"item": w["item"], "title": w["title"], **w["outcome"].model_dump(mode="json")} for w in worked]
    lines = [_line(w["item"], w["title"], w["outcome"]) for w in worked]
    lines.append(f"the shift is over: {ended}")
    if ended == "nothing to do":
        lines += [f"  {item}: {why}" for item, why in left.items()]
    code = (
        INTERRUPTED[stopped or "SIGTERM"]
        if ended == "interrupted"
        else LIMIT
        if ended.startswith("limit") and not worked
        else OK
    )
    return Answer({"worked": rows, "ended": ended, "left": left}, tuple(lines), code)


def _line(item: str, title: str, outcome: Outcome) -> str:
    what = outcome.branch if outcome.kind == "published" else outcome.reason
    return f"{outcome.kind:<13} {item:<22} {title}\n{'':<13} {what}"
