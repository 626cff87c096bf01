"""The sandbox is chosen by what is proven, remembered while nothing changes, and never replaced by less."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.bwrap import Bwrap
from sandbox.diagnose import advice
from sandbox.groups import Groups, Watchdog
from sandbox.policy import SandboxUnavailable
from sandbox.probe import GROUP_LIMIT, TABLES_LIMIT, probe
from sandbox.seccomp import program
from sandbox.select import select
from sandbox.toolchain import base


def test_what_was_proven_is_on_record(own_sandbox: Bwrap) -> None:
    isolation = own_sandbox.isolation
    assert (isolation.backend, isolation.level) in (("bwrap", "full"), ("bwrap-bundled", "full"))
    assert isolation.version[0].isdigit()
    assert {GROUP_LIMIT, TABLES_LIMIT} <= set(isolation.probes)
    assert len(isolation.probes) > 10


def test_commands_never_run_as_root(own_sandbox: Bwrap) -> None:
    assert (own_sandbox.owner is not None) == (os.geteuid() == 0)
    assert own_sandbox.owner is None or own_sandbox.owner > 1_000_000_000


def test_a_second_start_does_not_probe_again(tmp_path: Path) -> None:
    cache = tmp_path / "state" / "probe.json"
    first = select(cache)
    spent = [_timed(cache) for _ in range(5)]
    assert min(spent) < 0.02
    assert select(cache).isolation == first.isolation


def _timed(cache: Path) -> float:
    started = time.perf_counter()
    select(cache)
    return time.perf_counter() - started


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "other"}', '{"key": 1, "isolation": {}}'])
def test_a_cache_that_says_nothing_is_replaced(tmp_path: Path, content: str) -> None:
    cache = tmp_path / "probe.json"
    cache.write_text(content)
    assert select(cache).isolation.level == "full"
    assert json.loads(cache.read_text())["isolation"]["level"] == "full"


def test_a_remembered_proof_of_another_machine_is_not_believed(tmp_path: Path) -> None:
    cache = tmp_path / "probe.json"
    select(cache)
    kept = json.loads(cache.read_text())
    cache.write_text(json.dumps(kept | {"key": "0" * 64, "path": "/bin/true"}))
    assert select(cache).bwrap != "/bin/true"


def test_a_cache_that_can_not_be_written_only_costs_time() -> None:
    assert select(Path("/proc/nowhere/probe.json")).isolation.level == "full"


def _probed(sandbox: Bwrap) -> tuple[str, ...]:
    python, mounts = base()
    return probe(sandbox, python, mounts)


def test_a_sandbox_without_a_filter_is_refused(own_sandbox: Bwrap) -> None:
    nothing = program("x86_64")[-8:]
    with pytest.raises(SandboxUnavailable, match="the filter is ours"):
        _probed(replace(own_sandbox, filter=nothing))


class _Blind(Watchdog):
    def exceeded(self, usage: object) -> None:
        return None


def test_a_sandbox_that_does_not_limit_memory_is_refused(own_sandbox: Bwrap) -> None:
    with pytest.raises(SandboxUnavailable, match=GROUP_LIMIT):
        _probed(replace(own_sandbox, groups=Groups("blind", _Blind)))


@pytest.mark.skipif(os.geteuid() != 0, reason="not root")
def test_a_sandbox_that_stays_root_is_refused(own_sandbox: Bwrap) -> None:
    with pytest.raises(SandboxUnavailable, match="not root"):
        _probed(replace(own_sandbox, owner=0))


def test_a_program_that_is_no_bubblewrap_is_refused_in_one_line(own_sandbox: Bwrap) -> None:
    for path in ("/bin/true", "/bin/false", "/no/such/bwrap"):
        with pytest.raises(SandboxUnavailable) as caught:
            _probed(replace(own_sandbox, bwrap=path))
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("failure", "remedy"),
    [
        ("no bwrap found", "apt-get install bubblewrap"),
        ("bubblewrap failed: execvp /usr/bin/setpriv: No such file", "apt-get install util-linux"),
        ("bubblewrap failed: Unknown option --json-status-fd", "install 0.8 or newer"),
        ("this is not so: a crash leaves no core file and starts no program", "--ulimit core=1"),
    ],
)
def test_every_cause_names_its_remedy(failure: str, remedy: str) -> None:
    line = advice(failure)
    assert line.startswith(failure)
    assert remedy in line
    assert "\n" not in line
