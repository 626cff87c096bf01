"""The demo: the main job from end to end on a sample repository, with no key and nothing beyond this machine.

Two items are worked by the mechanic. The third, a bug, is worked by recorded turns of a model: they come over
HTTP from a server on loopback through the same client as any model's.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import TypeAdapter

from app.answer import FAILED, OK, Answer
from app.call import Call
from app.demo.build import build
from app.discovering import discover
from app.handed import Asked
from app.listing import listed
from app.shift import Plan, shift
from app.verify import verify
from model.playback import Playback
from model.port import Turn

RECORDING = Path(__file__).parent / "recording.json"
ITEMS = 3
_TURNS: TypeAdapter[list[Turn]] = TypeAdapter(list[Turn])


def demo(call: Call, keep: Path | None) -> Answer:
    """Exit 0 when every item was published and proven again."""
    if keep:
        if keep.exists() and any(keep.iterdir()):
            return Answer({"error": f"{keep} is not empty"}, (f"{keep} is not empty",), FAILED)
        keep.mkdir(parents=True, exist_ok=True)
        return _play(call, keep.absolute())
    with TemporaryDirectory(prefix="lamplighter-demo-") as name:
        return _play(call, Path(name) / "timers")


def _play(call: Call, folder: Path) -> Answer:
    build(folder)
    with Playback(_TURNS.validate_json(RECORDING.read_bytes())) as model:
        here = replace(call, repo=folder, flags={**call.flags, "base_url": model.url, "model": "recorded"})
        _say(f"A sample repository: {folder}", "", "What is there to do?", *discover(here, ()).lines, "")
        _say(*listed(here, False, None).lines, "", f"Work the best {ITEMS}:")
        done = shift(here, Plan(max_items=ITEMS))
    _say("", *done.lines, "", "The board now:", *listed(here, False, None).lines, "", "Is it true?")
    branches = [w["branch"] for w in done.result["worked"] if w["kind"] == "published"]
    proofs = {branch: verify(here, Asked(branch)) for branch in branches}
    for proof in proofs.values():
        _say(*proof.lines)
    good = len(branches) == ITEMS and all(p.exit_code == OK for p in proofs.values())
    result = {"published": branches, "proven": [b for b, p in proofs.items() if p.exit_code == OK]}
    last = f"{len(branches)} of {ITEMS} published, {len(result['proven'])} proven again from a clean clone"
    return Answer(result, (last,), OK if good else FAILED)


def _say(*lines: str) -> None:
    for line in lines:
        print(line, file=sys.stderr, flush=True)  # noqa: T201  (a demo shows its work while it goes on)
