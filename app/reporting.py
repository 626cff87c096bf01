"""The backlog in figures: values are gathered here, what they say is worked out in metrics/."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.answer import Answer
from app.call import Call
from app.comparing import compared
from app.delivered import collect
from app.house import House, open_house
from app.observed import closing, facts_of, schedules
from backlog.calibration.outcomes import Outcome, outcomes
from backlog.calibration.versions import kept
from backlog.counterfactual import standing
from backlog.item import OPEN, Item, Status
from backlog.scans import moved_since, scans, since
from backlog.score import bands_of
from backlog.worth import base_of
from metrics import backlog_review, backlog_sections, maturity
from metrics.cron import next_time
from metrics.sections import Section, markdown_lines, plain_lines, sections_data

REVIEWED_DAYS = 90


def report(call: Call, top: int, days: int, markdown: bool) -> Answer:
    house = open_house(call)
    collect(house)
    sections = sections_of(house, top, days)
    title = f"Backlog of {house.repository.root.name}"
    lines = markdown_lines(title, sections) if markdown else [title, "", *plain_lines(sections)]
    return Answer({"report": {"title": title, "sections": sections_data(sections)}}, tuple(lines))


def sections_of(house: House, top: int, days: int) -> list[Section]:
    now = house.now()
    items, waiting = _waiting(house, now)
    done = outcomes(house.backlog)
    facts = facts_of(house, items)
    sources, kinds = backlog_sections.shares(waiting)
    return [
        _header(house, now, len(waiting)),
        backlog_sections.ranking(waiting, top),
        sources,
        kinds,
        backlog_sections.ages(waiting),
        backlog_sections.debt(waiting),
        _delivery(house, done, len(waiting), now, days),
        _review(house),
        _proposals(house, items, waiting, done, now),
        maturity.maturity(facts),
        maturity.gaps(facts, closing(items)),
    ]


def _waiting(house: House, now: datetime) -> tuple[list[Item], list[backlog_sections.Waiting]]:
    """Every open item, best first. Not by `score`, whose words nobody reads here."""
    scoring = house.scoring
    placed = sorted((standing(i, scoring, now).key(), i) for i in house.backlog.all(OPEN))
    bands = bands_of([base_of(standing(i, scoring, now).facts, scoring) for _, i in placed], scoring)
    waiting = [
        backlog_sections.Waiting(
            id=item.id,
            title=item.title,
            kind=item.kind.value,
            source=item.source,
            status=item.status.value,
            path=item.path or "",
            score=-key[0],
            band=band,
            size=item.inputs.size,
            waited_days=max(0.0, (now - item.created_at).total_seconds() / 86_400),
        )
        for (key, item), band in zip(placed, bands, strict=True)
    ]
    return [item for _, item in placed], waiting


def _header(house: House, now: datetime, n: int) -> Section:
    known = scans(house.backlog)
    last = (
        f"scan {known[-1][0]}, {known[-1][1]:%Y-%m-%d %H:%M} UTC" if known else "none: lamplighter discover makes one"
    )
    times = sorted((at, path) for path, cron in schedules(house) if (at := next_time(cron, now)) is not None)
    coming = (
        f"{times[0][0]:%Y-%m-%d %H:%M} UTC, by {times[0][1]}" if times else "not known: no committed workflow has one"
    )
    notes = (
        f"{now:%Y-%m-%d %H:%M} UTC, base {house.base[:12]}, {n} open items",
        f"last scan: {last}",
        f"next scheduled: {coming}",
        f"scoring: {house.scoring.said}",
    )
    return Section("header", "This report", notes=notes)


def _delivery(house: House, done: list[Outcome], open_now: int, now: datetime, days: int) -> Section:
    begin = now - timedelta(days=days)
    recent = [backlog_sections.Done(o.item, o.score, o.waited_days) for o in done if o.at >= begin]
    finished, given_up = (
        {i for i, item in house.backlog.some(moved_since(house.backlog, s, begin)).items() if item.status is s}
        for s in (Status.DONE, Status.CANCELLED)
    )
    return backlog_sections.delivery(recent, len(finished), len(given_up), open_now, days)


def _review(house: House) -> Section:
    before = since(house.backlog, None)
    if before is None:
        return backlog_review.review(None)
    _, diff, items = compared(house, before)
    left = tuple(items[e.id].status.value if e.id in items else "not in the backlog" for e in diff.left)
    counts = (len(diff.came), len(diff.left), len(diff.up), len(diff.down), diff.stayed)
    at = f"{before.at:%Y-%m-%d %H:%M} UTC"
    return backlog_review.review(backlog_review.Changes(before.number, at, *counts, left, diff.scoring))


def _proposals(
    house: House, items: list[Item], waiting: list[backlog_sections.Waiting], done: list[Outcome], now: datetime
) -> Section:
    blocked = [(i.id, i.reason) for i in items if i.status is Status.BLOCKED]
    begin = now - timedelta(days=REVIEWED_DAYS)
    recent = [backlog_review.Delivered(o.kind, o.reworked) for o in done if o.at >= begin]
    latest = [k for k in kept(house.backlog) if k.calibration.changes][-1:]
    shadow = latest[0].version if latest and latest[0].state == "shadow" else 0
    return backlog_review.proposals(waiting, blocked, recent, shadow)
