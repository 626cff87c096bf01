"""A sandbox of an ordinary user, for the tests of root: a line of JSON in, a line of JSON out."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sandbox.limits import Limits
from sandbox.policy import Mount, Policy, Sandbox
from sandbox.select import select
from sandbox.toolchain import base


def main() -> None:
    sandbox = select()
    python, mounts = base()
    shown = [[str(m.host), m.inside] for m in mounts]
    say({"python": python, "mounts": shown, "limits_by": sandbox.isolation.limits_by})
    for line in sys.stdin:
        try:
            say(answer(sandbox, json.loads(line)))
        except Exception as error:
            say({"raised": f"{type(error).__name__}: {error}"})


def answer(sandbox: Sandbox, request: dict[str, Any]) -> dict[str, Any]:
    rules = request["policy"]
    mounts = tuple(Mount(Path(host), inside, writable) for host, inside, writable in rules.pop("mounts"))
    lists = {name: tuple(rules.pop(name)) for name in ("writable", "readonly", "hidden", "toolchain", "path")}
    policy = Policy(workspace=Path(rules.pop("workspace")), mounts=mounts, **lists, **rules)
    stdin = base64.b64decode(request["stdin"])
    result = sandbox.run(policy, request["argv"], cwd=request["cwd"], stdin=stdin, limits=Limits(**request["limits"]))
    outputs = {name: base64.b64encode(getattr(result, name)).decode() for name in ("stdout", "stderr")}
    return asdict(result) | outputs


def say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


if __name__ == "__main__":
    main()
