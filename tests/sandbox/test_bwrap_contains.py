"""Nobody gets out. Each promise as root and as an ordinary user; cheap attacks are first shown to work."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from lab import AT, Lab

from sandbox.bwrap import Bwrap
from sandbox.policy import Mount, Policy, Result, SandboxUnavailable


def test_a_command_runs_in_the_repositorys_own_place(lab: Lab) -> None:
    lab.put("hello", "there")
    result = lab.sh("pwd; cat hello")
    assert result.stdout.decode() == f"{AT}\nthere"
    assert result.ok


def test_exit_codes_and_signals_are_told_apart(lab: Lab) -> None:
    assert lab.sh("exit 3").code == 3
    assert lab.sh("kill -KILL $$").code == -9


def test_a_command_that_does_not_exist_is_the_commands_failure_not_the_sandboxs(lab: Lab) -> None:
    result = lab.box().run(["no-such-command"])
    assert result.code == 127
    assert b"no-such-command" in result.stderr


def test_a_failure_of_the_machinery_is_never_a_commands_output(lab: Lab) -> None:
    missing = Mount(lab.folder / "no-such-folder", "/srv/x")
    with pytest.raises((SandboxUnavailable, RuntimeError), match=r"bubblewrap failed: Can't .*no-such-folder"):
        lab.box(mounts=(missing,)).run(["true"])
    unmade = Mount(lab.folder, f"{AT}/no-mount-point")
    for _ in range(20):
        with pytest.raises((SandboxUnavailable, RuntimeError), match=r"bubblewrap failed: Can't .*no-mount-point"):
            lab.box(mounts=(unmade,)).run(["true"])


def test_nothing_is_left_open_or_running_by_a_failure(lab: Lab) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for rules in ({"mounts": (Mount(Path("/gone"), "/srv/x"),)}, {"at": "/usr"}, {"at": "/srv/ok"}):
        with suppress(SandboxUnavailable, RuntimeError):
            lab.box(**rules).run(["true"])
    with suppress(ValueError, RuntimeError):
        lab.box().run(["a\0b"])
    assert lab.box().run(["x" * 3_000_000]).code == 126
    assert len(os.listdir("/proc/self/fd")) == before


def test_output_and_input_are_kept_apart_and_whole(lab: Lab) -> None:
    data = bytes(range(256)) * 4096
    result = lab.box().run(["sh", "-c", "cat; echo problem >&2"], stdin=data)
    assert result.stdout == data
    assert result.stderr == b"problem\n"


def test_a_workspace_may_have_any_name(lab: Lab) -> None:
    result = lab.sh("pwd; echo 1 > made", at="/srv/a b/new\nline/zürich")
    assert result.stdout.decode() == "/srv/a b/new\nline/zürich\n"
    assert (lab.workspace / "made").exists()


def test_a_repository_in_tmp_or_below_home_is_shown_there(lab: Lab) -> None:
    for at in ("/tmp/deep/repository", "/home/me/repository", "/home/sandbox/repository", "/usr/local/src"):
        assert lab.sh("pwd; echo 1 > made", at=at).stdout.decode() == f"{at}\n"


def test_the_launchers_environment_is_nowhere(lab: Lab) -> None:
    os.environ["LAMPLIGHTER_CANARY"] = "do-not-show"
    try:
        result = lab.sh("env; cat /proc/*/environ; cat /proc/self/environ")
    finally:
        del os.environ["LAMPLIGHTER_CANARY"]
    assert b"do-not-show" not in result.stdout + result.stderr
    assert b"HOME=/home/sandbox" in result.stdout


def test_only_what_the_policy_names_is_in_the_environment(lab: Lab) -> None:
    result = lab.box(environment={"EXTRA": "x y"}, path=("/srv/first",)).run(["/usr/bin/env"])
    names = {line.split("=")[0] for line in result.stdout.decode().splitlines()}
    assert names - {"PWD"} == {"PATH", "HOME", "LANG", "TMPDIR", "EXTRA"}
    assert b"PATH=/srv/first:" in result.stdout


def test_the_policys_variables_win(lab: Lab) -> None:
    result = lab.box(environment={"PATH": "/srv/only", "HOME": "/tmp"}).run(["/usr/bin/env"])
    assert {b"PATH=/srv/only", b"HOME=/tmp"} <= set(result.stdout.split())


def test_a_variable_makes_nothing_of_the_workspace_run_before_rights_are_dropped(lab: Lab) -> None:
    for variable in ("LD_PRELOAD", "LD_LIBRARY_PATH", "LD_AUDIT"):
        result = lab.box(environment={variable: f"{AT}/evil.so"}).run(["cat", "/proc/1/environ"])
        assert b"evil" not in result.stdout
        if lab.sandbox.owner is not None:
            shown = lab.box(environment={variable: "/x"}).run(["sh", "-c", "tr '\\0' ' ' </proc/1/cmdline"])
            assert b"setpriv" in shown.stdout
            assert shown.stdout.index(b"setpriv") < shown.stdout.index(variable.encode())


def test_an_open_file_of_the_launcher_is_not_inherited(lab: Lab) -> None:
    secret = os.memfd_create("secret", 0)
    os.write(secret, b"top secret")
    os.set_inheritable(secret, True)
    try:
        control = subprocess.run(["ls", "-l", "/proc/self/fd"], capture_output=True, close_fds=False, check=True)
        result = lab.sh("ls -l /proc/self/fd /proc/1/fd")
    finally:
        os.close(secret)
    assert b"memfd:secret" in control.stdout
    assert b"memfd:secret" not in result.stdout


def test_a_listening_server_of_the_host_is_not_reached(lab: Lab) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port)).close()
        result = lab.py(f"import socket; socket.create_connection(('127.0.0.1', {port}), 2)")
    assert b"ConnectionRefused" in result.stderr


def test_there_is_no_way_to_the_outside_network(lab: Lab) -> None:
    code = """
import socket
for family, kind in ((socket.AF_INET, socket.SOCK_DGRAM), (socket.AF_INET, socket.SOCK_STREAM)):
    for host in ("192.0.2.1", "169.254.169.254"):
        try:
            socket.socket(family, kind).connect((host, 80))
        except OSError as error:
            print(error.errno)
"""
    assert lab.py(code).stdout.split() == [b"101"] * 4


def test_an_abstract_socket_of_the_host_is_not_reached(lab: Lab) -> None:
    name = f"\0lamplighter-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(name)
        result = lab.py(f"import socket; socket.socket(socket.AF_UNIX).connect({name!r})")
    assert b"ConnectionRefused" in result.stderr


def test_nothing_outside_the_workspace_is_written(lab: Lab) -> None:
    outside = lab.folder / "outside"
    outside.mkdir(mode=0o777)
    lab.give()
    ways = (
        f"{outside}/a",
        "../a",
        "/srv/a",
        "/usr/a",
        "/etc/a",
        "/dev/a",
        "/proc/1/root/srv/a",
        "/a",
        f"{AT}/link/a",
    )
    script = f"ln -s {outside} link; ls -d . >/dev/null; " + "; ".join(f"echo bad > {way}" for way in ways)
    result = lab.sh(script)
    assert list(outside.iterdir()) == []
    assert result.stderr.count(b"annot create") == len(ways)


def test_nothing_beside_the_workspace_is_read(lab: Lab) -> None:
    (lab.folder / "secret").write_text("top secret")
    lab.give()
    os.symlink(lab.folder / "secret", lab.workspace / "link")
    result = lab.sh(f"cat {lab.folder}/secret link /proc/1/root{lab.folder}/secret; ls /root /home {Path.home()}")
    assert b"top secret" not in result.stdout
    assert b"sandbox" in result.stdout


def test_temporary_files_are_gone_with_the_command(lab: Lab) -> None:
    assert lab.sh("echo 1 > /tmp/a; echo 1 > ~/b; echo 1 > /dev/shm/c").ok
    assert lab.sh("ls -A /tmp ~ /dev/shm | grep -v :").stdout.split() == []


def test_no_process_of_the_host_is_seen(lab: Lab) -> None:
    result = lab.sh("ls /proc | grep -c '^[0-9]'")
    assert int(result.stdout) < 8


def test_the_command_has_no_rights_to_speak_of(lab: Lab) -> None:
    status = lab.sh("cat /proc/self/status").stdout.decode()
    facts = dict(line.split(":\t", 1) for line in status.splitlines())
    assert {facts[name] for name in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {"0" * 16}
    assert (facts["NoNewPrivs"], facts["Seccomp"]) == ("1", "2")
    assert "0" not in facts["Uid"].split()
    assert "0" not in facts["Gid"].split()


def test_kernel_settings_can_not_be_changed(lab: Lab) -> None:
    read = "cat /proc/sys/kernel/core_pattern"
    before = lab.sh(read).stdout
    assert before
    result = lab.sh(f"{read} > copy; cat copy > /proc/sys/kernel/core_pattern")
    assert not result.ok


def test_a_set_id_file_can_not_be_left_behind(lab: Lab) -> None:
    code = """
import os
def attempt(act):
    try:
        act()
    except OSError as error:
        print(error.errno)
open("a", "w").close()
fd = os.open("a", os.O_RDWR)
attempt(lambda: os.chmod("a", 0o4755))
attempt(lambda: os.fchmod(fd, 0o2755))
attempt(lambda: os.chmod("a", 0o6755, dir_fd=os.open(".", os.O_RDONLY)))
attempt(lambda: os.open("b", os.O_CREAT | os.O_WRONLY, 0o4755))
attempt(lambda: os.mknod("c", 0o104755))
attempt(lambda: os.mknod("d", 0o020644, 0x103))
os.chmod("a", 0o755)
"""
    result = lab.py(code)
    assert result.stdout.split() == [b"1"] * 6, result.stderr
    assert [p for p in lab.workspace.iterdir() if p.lstat().st_mode & 0o6000] == []


def test_a_set_id_program_inside_gives_nothing(lab: Lab) -> None:
    tool = lab.folder / "tool"
    tool.write_bytes(Path("/usr/bin/id").read_bytes())
    if os.geteuid() == 0:
        os.chown(tool, 0, 0)
    tool.chmod(0o4755)
    result = lab.box(mounts=(Mount(tool, "/srv/tool"),)).run(["/srv/tool", "-u"])
    assert result.stdout.strip() not in (b"0", b"")


def test_new_namespaces_and_other_processes_are_out_of_reach(lab: Lab) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    libc.syscall(number, *arguments)
    print(ctypes.get_errno())
x86 = os.uname().machine == "x86_64"
call(272 if x86 else 97, 0x10000000)
call(101 if x86 else 117, 16, 1, 0, 0)
call(321 if x86 else 280, 0, 0, 0)
call(425, 8, 0)
call(250 if x86 else 219, 0, -3, 0)
call(435, 0, 0)
call(437, 0, 0, 0, 0)
"""
    result = lab.box(writable=(".",)).run([*_full_python(lab), "-c", code])
    assert result.stdout.split() == [b"1", b"1", b"1", b"1", b"1", b"38", b"38"], result.stderr


def _full_python(lab: Lab) -> list[str]:
    return [lab.python, "-I"]


def test_nothing_is_typed_into_a_terminal(lab: Lab) -> None:
    code = """
import fcntl, os, pty
parent, child = os.openpty()
for request in (0x5412, 0x5412 | 1 << 32, 0x541C):
    try:
        fcntl.ioctl(child, request & 0xFFFFFFFF, b"x")
    except OSError as error:
        print(error.errno)
try:
    os.open("/dev/tty", os.O_RDWR)
except OSError as error:
    print(error.errno)
"""
    result = lab.box().run([*_full_python(lab), "-c", code])
    assert result.stdout.split() == [b"1", b"1", b"1", b"6"], result.stderr


def test_only_ordinary_kinds_of_socket_can_be_made(lab: Lab) -> None:
    code = """
import socket
def make(family, protocol=0):
    try:
        socket.socket(family, socket.SOCK_RAW if family == 16 else socket.SOCK_STREAM, protocol).close()
        return "ok"
    except OSError as error:
        return str(error.errno)
print(*(make(f) for f in (1, 2, 10, 38, 40, 17)), make(16, 0), make(16, 12))
"""
    result = lab.py(code)
    made = result.stdout.decode().split()
    assert made == ["ok", "ok", "ok", "1", "1", "1", "ok", "1"], result.stderr


def test_a_daemon_does_not_outlive_its_command(lab: Lab) -> None:
    daemon = "trap '' TERM HUP; while :; do sleep 0.01; date +%s%N >> alive; done"
    script = f'(setsid sh -c "{daemon}" >/dev/null 2>&1 &) ; sleep 0.3'
    assert lab.sh(script).ok
    first = (lab.workspace / "alive").read_text()
    assert first
    assert not _processes_in(lab.workspace)
    assert (lab.workspace / "alive").read_text() == first


def _processes_in(folder: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/mountinfo"):
        try:
            if f"{folder} " in entry.read_text():
                found.append(int(entry.parent.name))
        except OSError:
            continue
    return found


def test_a_command_has_ended_when_its_daemon_still_holds_the_output(lab: Lab) -> None:
    result = lab.sh("sleep 20 & echo started")
    assert result.stdout == b"started\n"
    assert result.seconds < 10


LAUNCHER = """
import os, sys
from pathlib import Path
from sandbox.policy import Policy
from sandbox.select import select
workspace, sandbox = Path(sys.argv[1]), select()
if sandbox.owner is not None:
    os.chown(workspace, sandbox.owner, sandbox.owner)
sandbox.run(Policy(workspace, "/srv/x", writable=(".",)), ["sh", "-c", "echo up > up; sleep 60"])
"""


def test_the_sandbox_dies_with_the_process_that_started_it(folder: Path) -> None:
    workspace, root = folder / "workspace", str(Path(__file__).parents[2])
    argv = [sys.executable, "-c", LAUNCHER, str(workspace)]
    with subprocess.Popen(argv, cwd=root, env={"PYTHONPATH": root}) as child:
        _until(lambda: (workspace / "up").exists())
        assert _processes_in(workspace)
        child.kill()
    _until(lambda: not _processes_in(workspace))


def _until(holds: Callable[[], bool]) -> None:
    """Wait for another process; fails after ten seconds."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        select.select([], [], [], 0.01)


def test_commands_on_one_workspace_wait_for_each_other_and_others_do_not(own_sandbox: Bwrap, folder: Path) -> None:
    def run(name: str, writable: tuple[str, ...]) -> Result:
        return own_sandbox.run(Policy(folder / name, AT, writable=writable), ["sleep", "1"])

    for name in ("workspace", "other"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name).chmod(0o777)
    assert _spent(run, [("workspace", (".",)), ("workspace", (".",))]) >= 2.0
    assert _spent(run, [("workspace", (".",)), ("workspace", ())]) >= 2.0
    assert _spent(run, [("workspace", (".",)), ("other", (".",))]) < 2.0
    assert _spent(run, [("workspace", ()), ("workspace", ())]) < 2.0


def _spent(run: Callable[[str, tuple[str, ...]], Result], asked: list[tuple[str, tuple[str, ...]]]) -> float:
    started = time.monotonic()
    with ThreadPoolExecutor() as pool:
        assert all(result.ok for result in pool.map(lambda one: run(*one), asked))
    return time.monotonic() - started


def test_many_commands_at_once_do_not_disturb_each_other(own_sandbox: Bwrap, folder: Path) -> None:
    policy = Policy(folder / "workspace", AT)
    (folder / "workspace").chmod(0o755)

    def run(number: int) -> bytes:
        return own_sandbox.run(policy, ["sh", "-c", f"echo {number}; cat"], stdin=b"x" * number).stdout

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(run, range(40))) == [f"{n}\n".encode() + b"x" * n for n in range(40)]


def test_not_even_the_names_of_keys_are_shown(lab: Lab) -> None:
    assert lab.sh("cat /proc/keys /proc/key-users 2>/dev/null; true").stdout == b""
