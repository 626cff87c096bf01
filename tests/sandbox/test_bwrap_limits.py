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


def test_time_of_children_that_nobody_waits_for_counts(lab: Lab) -> None:
    code = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(40):
    if os.fork() == 0:
        while time.process_time() < 0.2:
            pass
        os._exit(0)
    try:
        os.wait()
    except ChildProcessError:
        pass
"""
    assert lab.py(code, limits=small(cpu_s=2)).killed == "cpu"


def test_time_of_children_counts_once(lab: Lab) -> None:
    code = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        while time.process_time() < 0.12:
            pass
        os._exit(0)
    os.wait()
print("fine")
"""
    assert lab.py(code, limits=small(cpu_s=2)).stdout == b"fine\n"


def test_page_tables_count_as_memory(lab: Lab) -> None:
    code = """
import mmap, time
size = 120 << 30
room = mmap.mmap(-1, size, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, mmap.PROT_READ)
room.madvise(15)
for at in range(0, size, 1 << 21):
    room[at]
time.sleep(20)
"""
    assert lab.py(code, limits=small(memory_bytes=100 * MIB)).killed == "memory"


def test_shared_memory_counts_when_it_is_not_mapped_any_more(lab: Lab) -> None:
    code = """
import mmap, time
size = 400 << 20
room = mmap.mmap(-1, size)
for at in range(0, size, 1 << 20):
    room[at : at + (1 << 20)] = bytes(1 << 20)
    room.madvise(mmap.MADV_DONTNEED, at, 1 << 20)
time.sleep(20)
"""
    assert lab.py(code, limits=small(memory_bytes=100 * MIB)).killed == "memory"


def test_buffers_of_sockets_count_as_memory(lab: Lab) -> None:
    code = """
import os, socket, time
for _ in range(4):
    if os.fork() == 0:
        pairs = [socket.socketpair() for _ in range(250)]
        for one in (one for pair in pairs for one in pair):
            one.setblocking(False)
            try:
                while True:
                    one.send(bytes(1 << 15))
            except BlockingIOError:
                pass
        time.sleep(20)
time.sleep(20)
"""
    assert lab.py(code, limits=small(memory_bytes=100 * MIB)).killed == "memory"


def test_memory_of_semaphores_is_limited(lab: Lab) -> None:
    code = """
import ctypes, time
made = [ctypes.CDLL(None).semget(0, 32000, 0o1600) for _ in range(100)]
if any(one >= 0 for one in made):
    time.sleep(5)
    print("escaped")
"""
    assert b"escaped" not in lab.py(code, limits=small(memory_bytes=100 * MIB)).stdout


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


_FILL = """
import mmap, os, socket, sys, time
fds = []
def fill(name):
    fd = os.open(name, os.O_CREAT | os.O_RDWR)
    os.unlink(name)
    for _ in range(60):
        os.write(fd, bytes(1 << 20))
    return fd
"""


def test_files_without_a_name_are_held_to_the_disk_limit(lab: Lab) -> None:
    code = _FILL + "kept = [fill('a'), fill('b')]; time.sleep(15)"
    assert lab.py(code, limits=small(growth_bytes=100 * MIB)).killed == "disk"


def test_files_without_a_name_in_another_table_of_descriptors_count(lab: Lab) -> None:
    """The first thread has ended, and the table of the second one is its own."""
    code = """
import ctypes, threading
libc = ctypes.CDLL(None)
def other():
    kept = [fill('a'), fill('b')]
    time.sleep(15)
threading.Thread(target=other).start()
libc.syscall({"x86_64": 60}.get(os.uname().machine, 93), 0)
"""
    assert lab.py(_FILL + code, limits=small(growth_bytes=100 * MIB)).killed == "disk"


def test_files_on_their_way_to_a_process_are_held_to_the_disk_limit(lab: Lab) -> None:
    code = """
here, there = socket.socketpair()
for name in "abcd":
    fd = fill(name)
    socket.send_fds(here, [b"x"], [fd])
    os.close(fd)
time.sleep(15)
"""
    assert lab.py(_FILL + code, limits=small(growth_bytes=20 * MIB)).killed == "disk"


def test_files_that_are_only_mapped_are_held_to_the_disk_limit(lab: Lab) -> None:
    code = """
kept = []
for name in "abcd":
    fd = fill(name)
    kept.append(mmap.mmap(fd, 4096))
    os.close(fd)
os.closerange(3, 100)
time.sleep(15)
"""
    assert lab.py(_FILL + code, limits=small(growth_bytes=20 * MIB)).killed == "disk"


def test_files_without_a_name_in_memory_are_no_growth(lab: Lab) -> None:
    code = _FILL + "kept = [fill('/tmp/a'), fill('/tmp/b')]; time.sleep(0.6); print('fine')"
    assert lab.py(code, limits=small(growth_bytes=20 * MIB)).stdout == b"fine\n"


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


def test_a_crash_is_handed_to_no_program_of_the_host(lab: Lab) -> None:
    """With a limit of 0 the kernel would start it, with 1 it does not; see core(5)."""
    code = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (1, 1)), resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    resource.prlimit(0, resource.RLIMIT_CORE, (0, 0))
except PermissionError:
    print("refused")
print(resource.getrlimit(resource.RLIMIT_CORE))
"""
    assert lab.py(code).stdout == b"refused\n(1, 1)\n"
