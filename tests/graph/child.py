"""A process that works one item and kills itself with SIGKILL at a given instant.

    python -m tests.graph.child REPOSITORY ITEM checkpoint|event N
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any


def kill_after(owner: Any, name: str, count: int) -> None:
    """Let `owner.name` happen `count` times; after the last of them nothing happens any more."""
    real, seen = getattr(owner, name), [0]

    def counted(*args: Any, **kwargs: Any) -> Any:
        result = real(*args, **kwargs)
        seen[0] += 1
        if seen[0] == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, counted)


def main(root: str, item: str, where: str, count: int) -> None:
    from langgraph.checkpoint.sqlite import SqliteSaver

    from app.call import Call
    from app.house import open_house
    from app.work import work_item
    from evidence.record import Record

    owner, name = {"checkpoint": (SqliteSaver, "put"), "event": (Record, "_append")}[where]
    kill_after(owner, name, count)
    house = open_house(Call(repo=Path(root), flags={"log_level": "warning"}))
    outcome, _ = work_item(house, house.backlog.get(item))
    print(outcome.model_dump_json())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
