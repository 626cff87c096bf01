"""Limits are hard: crossing one kills the whole command, and the result says which it was."""

from __future__ import annotations

from lab import Lab, small

from sandbox.limits import MIB
from sandbox.policy import Mount


def test_a_command_past_its_time_is_killed_with_all_it_started(lab: Lab) -> None:
    result = lab.sh("trap '' TERM; (sleep 30 &) ; echo started; sleep 30", limits=small(wall_s=0.5))
    assert (result.killed, result.code) == ("wall", None)
    assert result.stdout == b"started\n"
    assert 0.5 <= result.seconds < 5


def test_a_busy_loop_is_killed_for_its_processor_time(lab: Lab) -> None:
    assert lab.sh("while :; do :; done", limits=small(cpu_s=1)).killed == "cpu"


def test_processor_time_counts_for_all_processes_together(lab: Lab) -> None:
    script = "for i in 1 2 3 4; do (while :; do :; done) & done; wait"
    result = lab.sh(script, limits=small(cpu_s=2))
    assert result.killed == "cpu"


def test_memory_counts_for_all_processes_together(lab: Lab) -> None:
    code = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        kept = [bytearray(1 << 20) for _ in range(60)]
        time.sleep(20)
        os._exit(0)
time.sleep(20)
"""
    assert lab.py(code, limits=small(memory_bytes=160 * MIB)).killed == "memory"


def test_memory_below_the_limit_is_left_alone(lab: Lab) -> None:
    code = "import time; kept = [bytearray(1 << 20) for _ in range(60)]; time.sleep(0.3); print('fine')"
    assert lab.py(code, limits=small(memory_bytes=160 * MIB)).stdout == b"fine\n"


def test_memory_that_processes_share_counts_once(lab: Lab) -> None:
    code = """
import os, time
kept = [bytearray(1 << 20) for _ in range(60)]
children = [os.fork() for _ in range(3) ]
time.sleep(0.4)
print("fine")
"""
    result = lab.py(code, limits=small(memory_bytes=200 * MIB))
    assert result.killed is None
    assert b"fine" in result.stdout


def test_memory_that_belongs_to_no_process_is_limited_too(lab: Lab) -> None:
    code = """
import os
kept = []
for _ in range(40):
    fd = os.memfd_create("x")
    os.write(fd, bytes(1 << 23))
    kept.append(fd)
print("escaped")
"""
    assert b"escaped" not in lab.py(code, limits=small(memory_bytes=160 * MIB)).stdout


def test_a_fork_bomb_is_killed_and_gone(lab: Lab) -> None:
    code = """
import os, time
while True:
    try:
        os.fork()
    except OSError:
        time.sleep(0.01)
"""
    result = lab.py(code, limits=small(processes=40, wall_s=20.0))
    assert result.killed == "processes"
    assert result.seconds < 15


def test_threads_count_as_processes(lab: Lab) -> None:
    code = """
import _thread, time
for _ in range(60):
    try:
        _thread.start_new_thread(time.sleep, (20,))
    except RuntimeError:
        pass
time.sleep(5)
"""
    assert lab.py(code, limits=small(processes=40)).killed == "processes"


def test_several_files_together_are_held_to_the_disk_limit(lab: Lab) -> None:
    script = "i=0; while :; do i=$((i+1)); head -c 4000000 /dev/zero > file-$i; done"
    result = lab.sh(script, limits=small(growth_bytes=40 * MIB, wall_s=20.0))
    assert result.killed == "disk"
    assert sum(p.stat().st_size for p in lab.workspace.iterdir()) < 800 * MIB


def test_what_was_there_before_does_not_count(lab: Lab) -> None:
    (lab.workspace / "big").write_bytes(bytes(8 * MIB))
    lab.give()
    result = lab.sh("sleep 0.1; cat big >/dev/null; sleep 0.5; echo fine", limits=small(growth_bytes=4 * MIB))
    assert result.stdout == b"fine\n"


def test_many_small_files_are_held_to_the_disk_limit(lab: Lab) -> None:
    script = "i=0; while :; do i=$((i+1)); : > file-$i; done"
    assert lab.sh(script, limits=small(growth_files=500, wall_s=20.0)).killed == "disk"


def test_growth_deeper_than_a_path_can_name_is_found(lab: Lab) -> None:
    code = """
import os, time
for _ in range(60):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
time.sleep(20)
"""
    result = lab.py(code, limits=small(wall_s=15.0))
    assert result.killed == "disk"


def test_growth_in_a_folder_that_can_not_be_listed_is_found(lab: Lab) -> None:
    result = lab.sh("mkdir -m 300 dark; head -c 9000000 /dev/zero > dark/a; sleep 15", limits=small(growth_bytes=MIB))
    assert result.killed == "disk"


def test_a_writable_mount_is_watched_too(lab: Lab) -> None:
    (lab.folder / "out").mkdir()
    lab.give()
    mount = Mount(lab.folder / "out", "/run/out", writable=True)
    script = "head -c 20000000 /dev/zero > /run/out/a; sleep 15"
    assert lab.sh(script, mounts=(mount,), limits=small(growth_bytes=MIB)).killed == "disk"


def test_one_file_can_not_be_larger_than_allowed(lab: Lab) -> None:
    result = lab.sh("head -c 9000000 /dev/zero > big", limits=small(file_bytes=MIB))
    assert not result.ok
    assert (lab.workspace / "big").stat().st_size == MIB


def test_temporary_folders_have_a_size(lab: Lab) -> None:
    script = "head -c 30000000 /dev/zero > /tmp/a; head -c 30000000 /dev/zero > /dev/shm/a; "
    script += "stat -c %s /tmp/a /dev/shm/a"
    sizes = [int(size) for size in lab.sh(script, limits=small(tmp_bytes=8 * MIB)).stdout.split()]
    assert sizes == [8 * MIB, 16 * MIB]


def test_endless_output_is_cut_and_killed(lab: Lab) -> None:
    result = lab.sh("yes", limits=small(output_bytes=100_000))
    assert (result.killed, result.truncated) == ("output", True)
    assert len(result.stdout) + len(result.stderr) == 100_000
    assert result.seconds < 10


def test_output_of_exactly_the_limit_is_whole(lab: Lab) -> None:
    result = lab.sh("head -c 100000 /dev/zero", limits=small(output_bytes=100_000))
    assert (result.killed, result.truncated, len(result.stdout)) == (None, False, 100_000)


def test_no_core_file_is_left(lab: Lab) -> None:
    lab.sh("ulimit -c unlimited; kill -SEGV $$")
    assert list(lab.workspace.iterdir()) == []
