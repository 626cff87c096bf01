"""A program that syncs a copy of a folder in a child of its own, when it is told to: so that a test can kill it.

Reads `FOLDER` lines; for each it says the child's process id, waits for `go`, and says how the child ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.backlog.file.conftest import desk_at


def main() -> None:
    for line in sys.stdin:
        folder = Path(line.strip())
        gate, opened = os.pipe()
        child = os.fork()
        if not child:
            os.read(gate, 1)
            desk_at(folder).sync()
            os._exit(0)
        print(child, flush=True)
        sys.stdin.readline()
        os.write(opened, b"!")
        _, status = os.waitpid(child, 0)
        os.close(gate)
        os.close(opened)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
