"""Which groups the kernel offers is read from its own tables; the ones that are here are tried."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from sandbox.groups import Watchdog, _delegated, _hierarchies, available, sweep
from sandbox.limits import MIB, TOOL, Limits
from sandbox.watch import Usage, exact_memory, growth, now, usage

HYBRID = """\
31 25 0:27 / /sys/fs/cgroup ro - tmpfs tmpfs ro
35 31 0:31 / /sys/fs/cgroup/memory rw,relatime shared:12 - cgroup cgroup rw,memory
36 31 0:32 /docker/x /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
37 31 0:33 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
38 31 0:34 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
"""


def test_our_groups_are_found_in_a_mixed_system() -> None:
    mine = "9:name=systemd:/\n8:pids:/docker/x/y\n4:memory:/user/a\n1:cpu,cpuacct:/\n0::/slice\n"
    found = _hierarchies(HYBRID, mine)
    assert found["memory"] == Path("/sys/fs/cgroup/memory/user/a")
    assert found["pids"] == Path("/sys/fs/cgroup/pids/y")
    assert found["cpuacct"] == Path("/sys/fs/cgroup/cpu,cpuacct")
    assert found[""] == Path("/sys/fs/cgroup/unified/slice")


@pytest.mark.parametrize("mine", ["8:pids:/elsewhere\n", "8:pids:/../../up\n", "", "0::/../x\n"])
def test_a_group_that_is_not_in_view_is_not_used(mine: str) -> None:
    assert _hierarchies(HYBRID, mine) == {}


def test_watching_is_always_possible() -> None:
    assert [g.name for g in available()][-1] == "watchdog"


def test_a_group_holds_a_process_from_its_start_and_is_gone_after_it() -> None:
    groups = next(available())
    if groups.name == "watchdog":
        pytest.skip("no cgroup may be written here")
    before = _folders()
    group = groups.make(TOOL)
    command = group.starting(["sh", "-c", "echo; exec sleep 60"])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        group.add(process.pid)
        assert "lamplighter-" in Path(f"/proc/{process.pid}/cgroup").read_text()
        assert group.exceeded(Usage(0, 0.0, 0, ())) is None
        process.kill()
    group.close()
    assert _folders() == before


def _folders() -> set[Path]:
    return set(Path("/sys/fs/cgroup").rglob(f"lamplighter-{os.getpid()}-*"))


def test_groups_of_killed_processes_are_swept_and_those_of_living_ones_stay() -> None:
    groups = next(available())
    if groups.name == "watchdog":
        pytest.skip("no cgroup may be written here")
    group = groups.make(TOOL)
    own = next(iter(_folders()))
    with subprocess.Popen(["true"]) as ended:
        ended.wait()
    left = own.parent / f"lamplighter-{ended.pid}-0"
    left.mkdir()
    sweep()
    assert not left.exists()
    assert own.exists()
    group.close()


def test_a_group_of_the_second_kind_is_made_only_where_its_controllers_are_given(tmp_path: Path) -> None:
    """No kernel that has them is needed to read what it would say; running in one is not tested here."""
    mine = tmp_path / "slice" / "app" / "scope"
    mine.mkdir(parents=True)
    for folder, controllers in ((mine, ""), (mine.parent, "cpu memory pids"), (tmp_path / "slice", "memory")):
        (folder / "cgroup.subtree_control").write_text(controllers)
    assert list(_delegated(mine)) == [mine.parent]


def test_memory_is_looked_at_exactly_before_a_command_is_killed_for_it() -> None:
    code = "import os, time; kept = bytearray(40 << 20); os.fork(); os.fork(); print(flush=True); time.sleep(60)"
    with subprocess.Popen(["python3", "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(4):
            process.stdout.readline()
        used = usage(process.pid)
        exact = exact_memory(used.pids)
        _kill(used.pids)
    assert len(used.pids) == 4
    assert exact is not None
    assert exact < 100 * MIB < used.memory_bytes


def _kill(pids: tuple[int, ...]) -> None:
    for pid in pids:
        os.kill(pid, 9)


def test_too_much_exact_memory_is_over_the_limit() -> None:
    with subprocess.Popen(["sh", "-c", "echo; exec sleep 60"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        used = usage(process.pid)
        tight = Watchdog(Limits(memory_bytes=1))
        assert tight.exceeded(used) == "memory"
        assert Watchdog(TOOL).exceeded(used) is None
        process.kill()


def test_only_what_was_written_since_counts_as_growth(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(bytes(1 << 20))
    since = now() + 3600
    assert growth([tmp_path], since).bytes == 0
    grown = growth([tmp_path], now() - 3600)
    assert grown.bytes >= 1 << 20
    assert grown.files == 1


def test_a_hole_in_a_file_is_no_growth(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    assert growth([tmp_path], 0.0).bytes < 1 << 20


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("/usr")
    assert growth([tmp_path], 0.0).files == 1


def test_a_file_as_a_place_to_write_counts(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_bytes(bytes(1 << 16))
    assert growth([file, tmp_path / "gone"], 0.0).bytes >= 1 << 16
