"""Activity on stderr: one line for each event of the record that a person may want to see go by."""

from __future__ import annotations

import sys
from collections.abc import Callable

from app.plain import one_line
from evidence.event import Answered, Decided, Done, Ended, Event, Judged, Started, ToolRan

Teller = Callable[[Event], None]


def teller(level: str) -> Teller:
    def tell(event: Event) -> None:
        line = told(event, level)
        if line:
            print(line, file=sys.stderr, flush=True)  # noqa: T201  (this is the one place that tells)

    return tell


def told(event: Event, level: str) -> str | None:
    if level == "warning":
        return None
    match event:
        case Started(item=item, model=model):
            return f"▸ {item['id']}  {one_line(item['title'])}  [{model}]"
        case Judged(phase=phase, passed=passed, reasons=reasons):
            why = "" if passed else "".join(f"\n      {one_line(r['sentence'])}" for r in reasons)
            mark = "?" if _waits(event) else "✓" if passed else "✗"
            return f"  {mark} {phase}{why}"
        case Done(effect=effect, result=result):
            return f"  ✓ {effect}  {result.get('branch', '')}"
        case Decided(what=what, answer=answer):
            return f"  · {what}: {one_line(answer)}"
        case Ended(outcome=outcome) if outcome["kind"] != "published":
            return f"  ■ {outcome['kind']}: {one_line(outcome['reason'])}"
    return _detail(event) if level == "debug" else None


def _waits(judged: Judged) -> bool:
    """It passed, and left something that only a person can say: a question, or a doubt."""
    contract = judged.update.get("contract") or {}
    return judged.passed and bool(contract.get("questions") or judged.update.get("doubts"))


def _detail(event: Event) -> str | None:
    match event:
        case ToolRan(name=name, ok=ok, output=output):
            first = output.splitlines()[0][:100] if output else ""
            return f"    {'·' if ok else '!'} {one_line(name)}: {one_line(first)}"
        case Answered(turn=turn):
            return f"    ? {one_line(', '.join(c.name for c in turn.calls) or turn.text[:100])}"
    return None
