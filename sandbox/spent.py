"""Processor time of a command from look to look, also of processes whose parent never asks how they ended."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.watch import Process, Times, Usage, still_there


class Spent:
    """What a process used is added to its parent's time when the parent waits for it, and else is lost there.

    So what was last seen of such a process is kept. What it used after that, and processes that came and went
    between two looks, are not seen.
    """

    def __init__(self) -> None:
        self._before: Mapping[Process, Times] = {}
        self._lost = 0.0

    def so_far(self, used: Usage) -> float:
        """Seconds of all processes there were, to be called at every look."""
        overlooked = {p: t for p, t in self._before.items() if p not in used.times and still_there(p)}
        now = {**used.times, **overlooked}
        self._lost = lost(self._lost, self._before, now)
        self._before = now
        return sum(map(sum, now.values())) + self._lost


def lost(known: float, before: Mapping[Process, Times], now: Mapping[Process, Times]) -> float:
    """Seconds that processes which are gone had used and that no parent was given, after those known before."""
    gone = sum(sum(times) for process, times in before.items() if process not in now)
    given = sum(times.children - before[process].children for process, times in now.items() if process in before)
    return max(0.0, known + gone - given)
