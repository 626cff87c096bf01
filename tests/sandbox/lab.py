"""One sandbox with a folder to try things in, and the sandbox of another user behind pipes."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sandbox.limits import TOOL, Limits
from sandbox.policy import Box, Mount, Policy, Result

SOMEBODY = 61_234
"""An uid that nobody has."""
AT = "/srv/project"


@dataclass(frozen=True)
class Remote:
    """A sandbox in a process of an ordinary user. Speaks with driver.py."""

    process: subprocess.Popen[bytes]
    facts: dict[str, Any]
    owner: int | None = None

    def run(
        self,
        policy: Policy,
        argv: Sequence[str],
        *,
        cwd: str = ".",
        stdin: bytes = b"",
        limits: Limits = TOOL,
    ) -> Result:
        request = {
            "policy": plain(policy),
            "argv": list(argv),
            "cwd": cwd,
            "stdin": coded(stdin),
            "limits": asdict(limits),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request).encode() + b"\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "raised" in answer:
            raise RuntimeError(answer["raised"])
        answer["stdout"], answer["stderr"] = (
            base64.b64decode(answer["stdout"]),
            base64.b64decode(answer["stderr"]),
        )
        return Result(**answer)


@dataclass(frozen=True)
class Lab:
    """One sandbox, a folder for this test, and an interpreter that can be seen inside."""

    sandbox: Any
    folder: Path
    python: str
    mounts: tuple[Mount, ...]
    limits_by: str
    uid: int | None

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def policy(self, **rules: Any) -> Policy:
        mounts = (*self.mounts, *rules.pop("mounts", ()))
        return Policy(workspace=self.workspace, at=rules.pop("at", AT), mounts=mounts, **rules)

    def box(self, **rules: Any) -> Box:
        return Box(self.sandbox, self.policy(**rules))

    def put(self, path: str, text: str = "", *, mode: int = 0o644) -> Path:
        """A file in the workspace."""
        file = self.workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        self.give()
        return file

    def give(self) -> None:
        for path in (self.folder, *self.folder.rglob("*")):
            if self.uid is not None:
                os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def sh(self, script: str, *, limits: Limits = TOOL, **rules: Any) -> Result:
        """A shell script, the whole workspace writable unless said otherwise."""
        return self.box(**{"writable": (".",), **rules}).run(["sh", "-c", script], limits=limits)

    def py(self, code: str, *, limits: Limits = TOOL, **rules: Any) -> Result:
        box = self.box(**{"writable": (".",), **rules})
        return box.run([self.python, "-I", "-S", "-c", code], limits=limits)


def plain(policy: Policy) -> dict[str, Any]:
    facts = {name: getattr(policy, name) for name in ("at", "writable", "readonly", "hidden", "toolchain", "path")}
    mounts = [[str(m.host), m.inside, m.writable] for m in policy.mounts]
    return facts | {
        "workspace": str(policy.workspace),
        "environment": dict(policy.environment),
        "mounts": mounts,
    }


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def small(**changes: Any) -> Limits:
    return replace(TOOL, **changes)
