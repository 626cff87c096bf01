"""Processor time that no parent was given is kept, and what one was given counts once."""

from __future__ import annotations

import os
import subprocess
import time

from sandbox.spent import Spent, lost
from sandbox.watch import Process, Times, Usage, usage

PARENT, CHILD = Process(1, 10), Process(2, 20)


def test_a_child_that_was_waited_for_is_its_parents() -> None:
    before = {PARENT: Times(1.0, 0.0), CHILD: Times(2.0, 0.5)}
    assert lost(0.0, before, {PARENT: Times(1.0, 2.6)}) == 0.0


def test_a_child_that_nobody_waited_for_is_kept() -> None:
    before = {PARENT: Times(1.0, 0.0), CHILD: Times(2.0, 0.5)}
    assert lost(1.0, before, {PARENT: Times(1.0, 0.0)}) == 3.5


def test_a_parent_may_be_given_a_childs_time_a_look_later() -> None:
    before = {PARENT: Times(1.0, 0.0), CHILD: Times(2.0, 0.0)}
    between = {PARENT: Times(1.0, 0.0)}
    assert lost(lost(0.0, before, between), between, {PARENT: Times(1.0, 2.0)}) == 0.0


def test_a_number_that_is_given_again_is_another_process() -> None:
    again = Process(CHILD.pid, 30)
    assert lost(0.0, {CHILD: Times(2.0, 0.0)}, {again: Times(0.1, 0.0)}) == 2.0


def test_a_process_that_was_overlooked_is_not_counted_twice() -> None:
    with subprocess.Popen(["sh", "-c", "while :; do :; done"]) as process:
        time.sleep(0.1)
        used = usage(process.pid)
        spent = Spent()
        first = spent.so_far(used)
        assert spent.so_far(Usage(0, 0.0, 0, ())) == first
        assert spent.so_far(used) == first
        process.kill()


def test_times_are_those_of_the_tree() -> None:
    used = usage(os.getpid())
    assert next(iter(used.times)).pid == os.getpid()
    assert abs(sum(map(sum, used.times.values())) - used.cpu_s) < 0.01
