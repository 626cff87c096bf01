"""Works one item in processes that kill themselves with SIGKILL at the next instant of a kind, until one ends.

    python -m tests.graph.child REPOSITORY ITEM checkpoint|event

Prints how many were killed, and the outcome of the one that ended. This process only forks: everything is imported
once, and every life starts from nothing but what is on disk.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

LIVES = 300


def deadly(owner: Any, name: str) -> None:
    """Let `owner.name` happen once; after it nothing happens any more."""
    real = getattr(owner, name)

    def last(*args: Any, **kwargs: Any) -> Any:
        real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, last)


def life(root: str, item: str, where: str) -> None:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from app.call import Call
    from app.house import open_house
    from app.run_item import work_item
    from evidence.record import Record

    owner, name = {"checkpoint": (SqliteSaver, "put"), "event": (Record, "_append")}[where]
    deadly(owner, name)
    house = open_house(Call(repo=Path(root), flags={"log_level": "warning"}))
    outcome, _ = work_item(house, house.backlog.get(item))
    print(outcome.model_dump_json(), flush=True)


def main(root: str, item: str, where: str) -> int:
    import openai  # noqa: F401

    for killed in range(LIVES):
        pid = os.fork()
        if pid == 0:
            life(root, item, where)
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            print(killed, flush=True)
            return os.waitstatus_to_exitcode(status)
    print(f"still not at an end after {LIVES} lives", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
