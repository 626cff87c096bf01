"""Calibrate sizes from what was delivered: computed, shown as a shadow, adopted by a person, and taken back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.answer import Answer
from app.call import Call
from app.comparing import RANKED
from app.delivered import collect
from app.house import House, open_house
from backlog.calibration.compute import MOST, calibrated
from backlog.calibration.outcomes import outcomes
from backlog.calibration.result import Calibration
from backlog.calibration.shadow import Effect, effect
from backlog.calibration.versions import Kept, adopt, keep, kept, revert, sizes_of
from backlog.scoring import Scoring

AUTO_FEWEST = 50
AUTO_BETTER_BY = 0.05
AUTO_NEW_IN_TOP = 10


def calibrate(call: Call, every: str | None) -> Answer:
    """Once more computing what is known already, or a period that had its turn, changes nothing."""
    house = open_house(call)
    collect(house)
    now, known = house.now(), kept(house.backlog)
    period = _period(every, now)
    done = next((k for k in known if period and k.period == period), None)
    if done is not None:
        what = f"version {done.version}" if done.calibration.changes else done.calibration.verdict
        return _answer(house, done.calibration, done.version, (f"{period} has been calibrated already: {what}",))
    found = calibrated(outcomes(house.backlog, MOST))
    if not found.changes:
        version = keep(house.backlog, found, period, now) if period else 0
        return _answer(house, found, version, (found.verdict,))
    same = next((k for k in reversed(known) if k.calibration.factors == found.factors and not period), None)
    version = same.version if same else keep(house.backlog, found, period, now)
    return _proposed(house, found, version, now)


def adopted(call: Call, version: int) -> Answer:
    """Raises CalibrationUnknown."""
    house = open_house(call)
    adopt(house.backlog, version, house.now())
    lines = (f"calibration {version} is in force; lamplighter backlog calibrate --revert takes it back",)
    return Answer({"in_force": version}, lines)


def reverted(call: Call) -> Answer:
    """Raises CalibrationUnknown."""
    house = open_house(call)
    was, now = revert(house.backlog, house.now())
    said = f"calibration {now}" if now else "no calibration"
    return Answer({"in_force": now, "reverted": was}, (f"calibration {was} is out of force; in force is {said}",))


def proves_itself(found: Calibration, change: Effect) -> bool:
    """The rule by which `calibration = "auto"` puts a version in force."""
    better = (found.after or 0) - (found.before or 0) >= AUTO_BETTER_BY
    return better and found.n >= AUTO_FEWEST and change.new_in_top <= AUTO_NEW_IN_TOP


def _proposed(house: House, found: Calibration, version: int, now: datetime) -> Answer:
    change = effect(house.backlog.all(RANKED), house.scoring, _with(house.scoring, version, found), now)
    lines = [found.verdict, *_kind_lines(found), *_effect_lines(change)]
    if house.scoring.calibration.version == version:
        lines.append(f"version {version} is in force already")
    elif house.settings.calibration == "auto" and proves_itself(found, change):
        adopt(house.backlog, version, now)
        lines.append(f"version {version} is in force now, by the setting calibration = auto")
    else:
        lines.append(f"version {version} is a shadow: lamplighter backlog calibrate --adopt {version} puts it in force")
    return _answer(house, found, version, tuple(lines), change)


def _with(scoring: Scoring, version: int, found: Calibration) -> Scoring:
    return scoring.model_copy(update={"calibration": sizes_of(version, found)})


def _period(every: str | None, now: datetime) -> str:
    if every is None:
        return ""
    year, week, _ = now.isocalendar()
    return f"{year}-W{week:02}" if every == "week" else f"{now:%Y-%m}"


def _answer(
    house: House, found: Calibration, version: int, lines: tuple[str, ...], change: Effect | None = None
) -> Answer:
    known = kept(house.backlog)
    result: dict[str, Any] = {
        "version": version,
        "calibration": found.model_dump(mode="json"),
        "effect": asdict(change) if change else None,
        "versions": [_version(k) for k in known],
    }
    shown = tuple(f"  version {k.version}  {k.at:%Y-%m-%d}  {k.state}" for k in known if k.calibration.changes)
    return Answer({"calibrate": result}, (*lines, *shown))


def _version(known: Kept) -> dict[str, Any]:
    return {
        "version": known.version,
        "at": known.at.isoformat(),
        "period": known.period,
        "state": known.state,
        "verdict": known.calibration.verdict,
    }


def _kind_lines(found: Calibration) -> list[str]:
    head = f"  {'kind':<15} {'n':>4}  {'mean ln(actual/estimated)':>26}  {'size times':>10}"
    rows = [
        f"  {k or '(a stranger said)':<15} {s.n:>4}  {s.mean:>26.3f}  {s.factor:>10g}" for k, s in found.kinds.items()
    ]
    return [head, *rows]


def _effect_lines(change: Effect) -> list[str]:
    if not change.rows:
        return ["nothing waits to be ranked: the effect on ranks is not measured"]
    together = "not measured" if change.correlation is None else f"{change.correlation:.3f}"
    first = f"{change.new_in_top} of the first {change.top} would be others; rank correlation {together} (n={change.n})"
    return [first, f"  {'now':>5} {'then':>5}", *(f"  {was:>5} {then:>5}  {i}" for i, was, then in change.rows)]
