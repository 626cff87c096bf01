"""Folds the events of one pytest run into one outcome per test."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from checks.testrun import Ending, Frame, Outcome, Raised, Stage

# When several reports of one test disagree (call and teardown, subtests), the first of these stands.
_WORST: tuple[Ending, ...] = ("failed", "error", "xpassed", "passed", "xfailed", "skipped")


@dataclass(slots=True)
class Story:
    """What the events told so far."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    collected: dict[str, None] = field(default_factory=dict)
    running: dict[str, None] = field(default_factory=dict)
    """Started, and not seen to the end: who was running when the process died."""
    turns: dict[str, list[Ending]] = field(default_factory=dict)
    """How each test ended, every time it was started."""
    started: set[str] = field(default_factory=set)
    """Those whose present turn has no ending yet."""
    begin: Mapping[str, Any] = field(default_factory=dict)
    exit_code: int | None = None
    unusable: str = ""
    """Why pytest could not be started at all."""


def fold(events: Iterable[Mapping[str, Any]], root: str) -> Story:
    """`root` is the folder the repository is seen at; paths below it become repo-relative."""
    story = Story()
    for event in events:
        match event["event"]:
            case "begin":
                story.begin = event
            case "collected":
                story.collected.update(dict.fromkeys(event["ids"]))
            case "collect":
                story.outcomes[event["id"]] = _collect(event, root)
            case "start":
                story.running[event["id"]] = None
                story.started.add(event["id"])
            case "report":
                _report(story, event, root)
            case "finish":
                story.exit_code = event["exit"]
            case "unusable":
                story.unusable = event["message"]
    return story


def _collect(event: Mapping[str, Any], root: str) -> Outcome:
    ending: Ending = "skipped" if event["outcome"] == "skipped" else "error"
    return Outcome(event["id"], ending, "collect", _raised(event, root), event["text"])


def _report(story: Story, event: Mapping[str, Any], root: str) -> None:
    name = event["id"]
    if event["stage"] == "teardown":
        story.running.pop(name, None)
    ending = _ending(event)
    if ending is None:
        return
    if event["stage"] not in ("setup", "call", "teardown"):  # xdist: the worker died under this test
        story.running.pop(name, None)
    stage: Stage = event["stage"] if event["stage"] in ("setup", "call", "teardown") else "call"
    raised = None if ending in ("passed", "xpassed") else _raised(event, root)
    outcome = Outcome(name, ending, stage, raised, event["text"], event["seconds"])
    _turn(story, name, ending)
    before = story.outcomes.get(name)
    story.outcomes[name] = outcome if before is None else _worse(before, outcome)


def _turn(story: Story, name: str, ending: Ending) -> None:
    turns = story.turns.setdefault(name, [])
    if name in story.started or not turns:
        story.started.discard(name)
        turns.append(ending)
    else:
        turns[-1] = min(turns[-1], ending, key=_WORST.index)


def _ending(event: Mapping[str, Any]) -> Ending | None:
    """None for a report that decides nothing: a phase around the call that went well, an announced rerun."""
    outcome, stage = event["outcome"], event["stage"]
    if outcome == "skipped":
        return "xfailed" if event["xfail"] else "skipped"
    if outcome == "failed":
        return "failed" if stage == "call" else "error"
    if outcome != "passed":
        return None
    if event["raised"] is not None:  # it raised, and something rewrote the report
        return "failed" if stage == "call" else "error"
    if stage != "call":
        return None
    return "xpassed" if event["xfail"] else "passed"


def _worse(a: Outcome, b: Outcome) -> Outcome:
    worst = a if _WORST.index(a.ending) <= _WORST.index(b.ending) else b
    return replace(worst, seconds=a.seconds + b.seconds)


def _raised(event: Mapping[str, Any], root: str) -> Raised | None:
    raised = event["raised"]
    if raised is None:
        return None
    frames = tuple(Frame(_relative(path, root), line, name) for path, line, name in raised["frames"])
    return Raised(raised["type"], raised["message"], frames, tuple(raised["bases"]))


def _relative(path: str, root: str) -> str:
    return path[len(root) + 1 :] if path.startswith(root + "/") else path
