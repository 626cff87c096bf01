"""The corpus of escapes as a suite of evals, so that anybody can check the machine they have."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from evals.containment.cases import every
from evals.containment.escape import Escape
from evals.containment.play import Played
from evals.containment.prisoner import SOMEBODY, NoPlayer, prisoner, users
from evals.suite import Ground, Skipped, Suite, Trial

_AS = " as "


def names() -> Sequence[str]:
    """Each escape as each user, such as `07-read-by-way-of-a-process-s-root as user`."""
    return [f"{key}{_AS}{user}" for user in users() for key, escape in every().items() if escape.only in ("", user)]


def play(name: str, ground: Ground) -> Played:
    """Raises Skipped where it can not be played as this user."""
    key, _, user = name.partition(_AS)
    try:
        with prisoner(user) as player:
            played = player.play(key)
    except NoPlayer as error:
        raise Skipped(str(error)) from None
    if played.control.impossible:
        raise Skipped(played.control.impossible)
    return played


def judge(name: str, played: Played) -> Trial:
    key, _, user = name.partition(_AS)
    fault = why_not(every()[key], played)
    facts = {
        "uid": SOMEBODY if user == "user" and os.geteuid() == 0 else os.geteuid(),
        "escaped": bool(played.contained.harm),
        "control_did_harm": bool(played.control.harm),
    }
    return Trial(name, not fault, fault or f"without a sandbox: {played.control.harm}", "", played.seconds, facts)


def why_not(escape: Escape, played: Played) -> str:
    """One line on what is wrong; empty when the escape was contained, told, and worth trying."""
    told = played.contained.told
    if not played.control.harm:
        return f"the control did no harm, so this shows nothing: {played.control.told[-300:]!r}"
    if played.contained.harm:
        return f"escaped: {played.contained.harm}"
    if escape.expected != "contained" and (not told or escape.says not in told):
        return f"contained, but {escape.says or 'a reason'!r} was not told: {told[:300]!r}"
    return ""


def headline(trials: Sequence[Trial]) -> dict[str, Any]:
    played = [trial for trial in trials if not trial.skipped]
    return {
        "escapes_run": len(played),
        "escaped": sum(bool(trial.facts.get("escaped")) for trial in played),
        "controls_that_did_no_harm": sum(not trial.facts.get("control_did_harm") for trial in played),
        "not_told": sum(not trial.ok for trial in played if not trial.facts.get("escaped")),
        "as_user": sorted({trial.facts["uid"] for trial in played if "uid" in trial.facts}),
    }


def passes(figures: Mapping[str, Any]) -> bool:
    bad = figures["escaped"] + figures["controls_that_did_no_harm"] + figures["not_told"]
    return bool(figures["escapes_run"]) and not bad


SUITE = Suite(
    name="containment",
    about="Escapes from the sandbox: each must do harm without it, and none with it.",
    names=names,
    play=play,
    judge=judge,
    headline=headline,
    passes=passes,
)
