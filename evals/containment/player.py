"""A program that plays escapes as the user it runs as: a key on a line in, a line of JSON out.

It is itself what an escape would like to rob: a secret stands in its environment and in an open file that its
children could inherit.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path

SECRET = "LAMPLIGHTER_ESCAPE_SECRET"


def main(paths: list[str]) -> None:
    """`paths` are folders to import from, ours first."""
    sys.path[:0] = paths
    from evals.containment.cases import every
    from evals.containment.play import play
    from sandbox.select import select

    secret = os.environ[SECRET]
    held = os.memfd_create("held")
    os.write(held, secret.encode())
    os.set_inheritable(held, True)
    escapes, sandbox = every(), select()
    say({"ready": asdict(sandbox.isolation)})
    for line in sys.stdin:
        try:
            say(asdict(play(escapes[line.strip()], sandbox, secret)))
        except Exception:
            say({"broken": traceback.format_exc()})


def say(value: object) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or [str(Path(__file__).parents[2])])
