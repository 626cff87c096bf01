"""Find out whether a sandbox really holds: run the real profile once and try what must not work."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sandbox.bwrap import Bwrap
from sandbox.limits import MIB, TOOL
from sandbox.policy import Mount, Policy, SandboxUnavailable

_AT = "/srv/lamplighter-probe"
_MEMORY = 96 * MIB

# Each answer is true when the sandbox holds. Standard library only, for `-I -S`.
_PROGRAM = r"""
import json, os, resource, socket, sys
canary, processes = sys.argv[1], int(sys.argv[2])
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())

SYSTEM = ("", "/dev", "/etc", "/usr", "/run", "/home")
SETTING = "/proc/sys/kernel/core_pattern"

def refused(attempt):
    try:
        attempt()
    except OSError:
        return True
    return False

def connect():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect(("192.0.2.1", 9))

def environment():
    try:
        return open("/proc/1/environ", "rb").read() == b""
    except OSError:
        return True

def keys():
    try:
        return open("/proc/keys").read() == ""
    except OSError:
        return True

def core():
    limit = resource.getrlimit(resource.RLIMIT_CORE)
    return limit == (1, 1) or limit == (0, 0) and not open(SETTING).read().startswith("|")

open("written", "w").write("yes")
print(json.dumps({
    "the workspace can be written": os.path.exists("written"),
    "other files can not be read": refused(lambda: open(canary)),
    "the system can not be written": all(refused(lambda: open(p + "/new", "w")) for p in SYSTEM),
    "there is no network": refused(connect),
    "not root": 0 not in (os.getuid(), os.geteuid(), os.getgid()),
    "no capabilities": int(status["CapEff"], 16) == int(status["CapPrm"], 16) == 0,
    "no new privileges": status["NoNewPrivs"].strip() == "1",
    "system calls are filtered": status["Seccomp"].strip() == "2",
    "the filter is ours": refused(lambda: os.chmod("written", 0o4755)),
    "the launcher's environment is not shown": environment(),
    "the kernel's settings can not be written": refused(lambda: os.open(SETTING, os.O_WRONLY)),
    "few processes": resource.getrlimit(resource.RLIMIT_NPROC)[0] <= processes * 8,
    "keys are not shown": keys(),
    "a crash leaves no core file and starts no program": core(),
}))
"""
_BALLOON = "import time; kept = [bytearray(1 << 23) for _ in range(64)]; time.sleep(5)"
_TABLES = """
import mmap, resource, time
page = resource.getpagesize()
step = page * page // 8
try:
    room = mmap.mmap(-1, step * (130 * 2**20 // page), mmap.MAP_PRIVATE | 0x4000 | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
    room.madvise(15)
except OSError:
    raise SystemExit("refused")
for at in range(0, len(room), step):
    room[at]
time.sleep(5)
"""
TABLES_LIMIT = "page tables count as memory"
GROUP_LIMIT = "memory of all processes together is limited"


def probe(sandbox: Bwrap, python: str, mounts: Sequence[Mount]) -> tuple[str, ...]:
    """The names of the checks that passed. Raises SandboxUnavailable when one did not.

    `python` is an interpreter that the `mounts` make visible.
    """
    with tempfile.TemporaryDirectory(prefix="lamplighter-probe-") as name:
        workspace, canary = Path(name, "workspace"), Path(name, "canary")
        workspace.mkdir()
        if sandbox.owner is not None:
            os.chown(workspace, sandbox.owner, sandbox.owner)
        canary.write_text("not for the sandbox")
        policy = Policy(workspace=workspace, at=_AT, writable=(".",), mounts=tuple(mounts))
        checks = _asked(sandbox, policy, python, canary)
        checks["what is written arrives"] = (workspace / "written").exists()
        checks[GROUP_LIMIT] = _limited(sandbox, policy, python, _BALLOON)
        checks[TABLES_LIMIT] = checks[GROUP_LIMIT] and _limited(sandbox, policy, python, _TABLES)
    failed = [check for check, holds in checks.items() if not holds]
    if failed:
        raise SandboxUnavailable(f"the sandbox does not hold here; this is not so: {'; '.join(failed)}")
    return tuple(checks)


def _limited(sandbox: Bwrap, policy: Policy, python: str, balloon: str) -> bool:
    """Whether it is killed for its memory, or can not even have as much."""
    limits = replace(TOOL, memory_bytes=_MEMORY, wall_s=20.0)
    ended = sandbox.run(policy, [python, "-I", "-S", "-c", balloon], limits=limits)
    return ended.killed == "memory" or ended.stderr == b"refused\n"


def _asked(sandbox: Bwrap, policy: Policy, python: str, canary: Path) -> dict[str, bool]:
    argv = [python, "-I", "-S", "-c", _PROGRAM, str(canary), str(TOOL.processes)]
    result = sandbox.run(policy, argv)
    try:
        checks: dict[str, bool] = json.loads(result.stdout)
    except ValueError:
        said = (result.stderr or result.stdout).decode("utf-8", "replace").strip().splitlines()
        why = said[-1] if said else f"exit code {result.code}, killed: {result.killed}"
        raise SandboxUnavailable(f"the sandbox's probe did not run: {why}") from None
    return checks
