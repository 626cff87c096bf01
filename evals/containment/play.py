"""Play one escape: first as its own control, then in the sandbox, each on a host of its own."""

from __future__ import annotations

import time
from dataclasses import dataclass

from evals.containment.bare import bare
from evals.containment.boxed import boxed
from evals.containment.escape import Escape, Outcome
from evals.containment.host import expendable
from sandbox.bwrap import Bwrap


@dataclass(frozen=True)
class Played:
    control: Outcome
    """Without a sandbox: must have done harm."""
    contained: Outcome
    """In the sandbox: must not."""
    seconds: float


def play(escape: Escape, sandbox: Bwrap, secret: str) -> Played:
    """`secret` is one that whoever starts commands keeps in the environment and in an open file."""
    started = time.monotonic()
    with expendable(secret) as host:
        control = escape.attack(bare(host))
    if control.impossible:
        return Played(control, Outcome(), time.monotonic() - started)
    with expendable(secret) as host:
        contained = escape.attack(boxed(host, sandbox))
    return Played(control, contained, time.monotonic() - started)
