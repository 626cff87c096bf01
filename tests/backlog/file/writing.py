"""Programs that write to a backlog file or its database at the same time as others, for as many rounds as told.

`rename` and `truncate` are an editor: each round adds a line and counts up a title, and saves the whole file in that
way. `sync` syncs. `work` changes items in the database, so that there is always something to write into the file.
"""

from __future__ import annotations

import os
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from backlog.edit import edited
from backlog.file.swap import FileBusy
from tests.backlog.conftest import NOON
from tests.backlog.file.conftest import Desk, desk_at

PAUSE_S = 0.004


def by_rename(file: Path, text: str) -> None:
    aside = file.with_name("backlog.yml~")
    aside.write_text(text)
    aside.replace(file)


def by_truncation(file: Path, text: str) -> None:
    half = len(text) // 2
    with file.open("w") as opened:
        opened.write(text[:half])
        opened.flush()
        time.sleep(random.random() * PAUSE_S)
        opened.write(text[half:])


def edit(desk: Desk, number: int, save: Callable[[Path, str], None]) -> None:
    text = desk.file.read_text()
    while not text.endswith("# end\n"):  # half of what this same program never wrote: nobody else truncates
        raise AssertionError(f"an editor saw half a file: {text!r}")
    text = re.sub(r"title: mine \d+", f"title: mine {number}", text)
    save(desk.file, text.removesuffix("# end\n") + f"# line {number}\n# end\n")


def sync(desk: Desk) -> None:
    try:
        desk.sync()
    except FileBusy as error:
        print(error, flush=True)


def work(desk: Desk, number: int) -> None:
    """Lists never end in a conflict: each round is one more label for the next sync to write."""
    item = f"item-{number % 5}"
    desk.backlog.update(item, lambda stored: edited(stored, {"labels": f"round-{number}"}, NOON))


def main(what: str, folder: str, rounds: int) -> None:
    desk = desk_at(Path(folder))
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(1, rounds + 1):
        if what == "rename":
            edit(desk, number, by_rename)
        elif what == "truncate":
            edit(desk, number, by_truncation)
        elif what == "work":
            work(desk, number)
        else:
            sync(desk)
        time.sleep(random.random() * PAUSE_S)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
