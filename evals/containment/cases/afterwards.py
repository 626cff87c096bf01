"""75–: limits that count the wrong thing, folders given to `sandbox exec`, and what a mount lets through."""

from __future__ import annotations

import ctypes
import os
import select
import socket
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from evals.containment.bare import environment
from evals.containment.cases.git import _git, _project, _repository
from evals.containment.escape import SMALL, Escape, Outcome, Way
from evals.containment.host import Host
from sandbox.limits import MIB


def _exec(way: Way, *command: str) -> str:
    """The command on the folder itself, as `sandbox exec` does it: what it said, or why it was not run."""
    if not way.protected:
        return way.handle(command)
    from app.boxed import boxed
    from sandbox.policy import SandboxUnavailable
    from sandbox.tree import TreeRefused

    with _home(way.host):
        try:
            ended = boxed(way.host.workspace, command, 10.0)
        except (TreeRefused, SandboxUnavailable) as error:
            return f"refused: {error}"
    return (ended.stdout + ended.stderr).decode("utf-8", "replace")


@contextmanager
def _home(host: Host) -> Iterator[None]:
    """What is kept beside a user's settings lies in the expendable home meanwhile."""
    before = os.environ.get("HOME")
    os.environ["HOME"] = str(host.home)
    try:
        yield
    finally:
        del os.environ["HOME"]
        if before is not None:
            os.environ["HOME"] = before


def _held(output: bytes) -> int:
    """The MiB that a payload said it held, all its processes together."""
    return sum(int(line.split()[1]) for line in output.decode().splitlines() if line.startswith("held "))


_NAMELESS = """
import time
fds = []
block = bytes(1 << 20)
for number in range(5):
    fds.append(os.open(f"f{number}", os.O_CREAT | os.O_RDWR))
    os.unlink(f"f{number}")
    for _ in range(15):
        os.write(fds[-1], block)
time.sleep(1)
print("held", sum(os.fstat(fd).st_blocks for fd in fds) >> 11)
"""


def _nameless_files(way: Way) -> Outcome:
    """Files that are open and in no folder any more fill the disk as others do."""
    said = way.run(_NAMELESS)
    held = _held(said.output)
    return Outcome(f"{held} MiB of the disk were held, the limit is 16" if held > 40 else "", said.killed or "")


_UNCOUNTED = """
import signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(40):
    if os.fork() == 0:
        while time.process_time() < 0.1:
            pass
        os._exit(0)
    try:
        os.wait()
    except ChildProcessError:
        pass
print("finished")
"""


def _uncounted_time(way: Way) -> Outcome:
    """A parent that ignores its children's end is charged nothing for what they used."""
    said = way.run(_UNCOUNTED, replace(SMALL, cpu_s=1, wall_s=40.0))
    used = "4 seconds of processor time were used, the limit is 1"
    return Outcome(used if b"finished" in said.output else "", said.killed or "")


_PAGE_TABLES = """
import mmap, time
size = 96 << 30
room = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, prot=mmap.PROT_READ)
attempt(room.madvise, 15)
for at in range(0, size, 1 << 21):
    room[at]
time.sleep(0.5)
for line in open("/proc/self/status"):
    if line.startswith("VmPTE"):
        print("held", int(line.split()[1]) >> 10, flush=True)
"""
_BUFFERS = """
import socket, time
for _ in range(3):
    if os.fork() == 0:
        kept, sent = [], 0
        for _ in range(220):
            pair = socket.socketpair()
            kept.append(pair)
            for one in pair:
                one.setblocking(False)
                try:
                    while True:
                        sent += one.send(bytes(1 << 15))
                except BlockingIOError:
                    pass
        time.sleep(1)
        print("held", sent >> 20, flush=True)
        os._exit(0)
for _ in range(3):
    os.wait()
"""
_SEMAPHORES = """
import ctypes, time
libc = ctypes.CDLL(None, use_errno=True)
sets = [libc.semget(0, 32000, 0o1600) for _ in range(60)]
time.sleep(0.5)
made = [one for one in sets if one >= 0]
print("held", len(made) * 32000 * 64 >> 20, flush=True)
for one in made:
    libc.semctl(one, 0, 0)
"""


def _kernel_memory(code: str, what: str) -> Callable[[Way], Outcome]:
    """Memory that the kernel takes for a process, and that is no page of the process."""

    def attack(way: Way) -> Outcome:
        said = way.run(code, replace(SMALL, memory_bytes=64 * MIB))
        held = _held(said.output)
        return Outcome(f"{held} MiB of {what} were held, the limit is 64" if held > 100 else "", said.killed or "")

    return attack


_CONNECTS = """
import socket
with socket.socket(socket.AF_UNIX) as s:
    s.connect("service")
    s.sendall(b"do this")
"""


def _found_socket(way: Way) -> Outcome:
    """A program of the host listens in the folder that is given."""
    with closing(socket.socket(socket.AF_UNIX)) as service:
        service.bind(str(way.host.workspace / "service"))
        os.chmod(way.host.workspace / "service", 0o777)
        service.listen()
        service.setblocking(False)
        said = _exec(way, "python3", "-I", "-S", "-c", _CONNECTS)
        try:
            service.accept()[0].close()
        except BlockingIOError:
            return Outcome("", said)
    return Outcome("a program of the host was reached", said)


def _found_pipe(way: Way) -> Outcome:
    """A program of the host reads commands from a named pipe in the folder that is given."""
    pipe = way.host.workspace / "commands"
    os.mkfifo(pipe)
    os.chmod(pipe, 0o777)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        said = _exec(way, "sh", "-c", "echo do this > commands")
        heard = bool(select.select([reader], [], [], 0.2)[0]) and os.read(reader, 100)
    finally:
        os.close(reader)
    return Outcome("a program of the host read a command" if heard else "", said)


_DEEP, _NAME = 20, "n" * 250
_DOWN = f"""
import os
for _ in range({_DEEP}):
    os.chdir({_NAME!r})
open("mine", "w").write("escaped")
"""


def _deep_link(way: Way) -> Outcome:
    """A second name of a file outside lies where no path reaches, since none may be that long."""
    fd = os.open(way.host.workspace, os.O_RDONLY)
    for _ in range(_DEEP):
        os.mkdir(_NAME, dir_fd=fd)
        inner = os.open(_NAME, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = inner
    os.link(way.host.outside / "precious", "mine", dst_dir_fd=fd)
    os.close(fd)
    before = (way.host.outside / "precious").stat().st_uid
    said = _exec(way, "python3", "-I", "-S", "-c", _DOWN)
    given = before != (way.host.outside / "precious").stat().st_uid
    return Outcome(way.host.damage() or ("a file outside was given away" if given else ""), said)


def _installation(folder: Path) -> None:
    """What looks like one of Python."""
    for path in ("bin/python3", "lib/python3.11/os.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("")
        (folder / path).chmod(0o755)
    folder.chmod(0o777)


def _environment(host: Host, python: str) -> None:
    """A virtual environment in the workspace, whose interpreter is the one at `python`."""
    host.put(".venv/pyvenv.cfg", "home = /usr/bin\n")
    (host.workspace / ".venv/bin").mkdir()
    os.symlink(f"../../{python}", host.workspace / ".venv/bin/python")


def _installation_by_link(way: Way) -> Outcome:
    """The way to the environment's interpreter goes through a link to an installation of the host."""
    python = way.host.folder / "python"
    _installation(python)
    os.symlink("../python", way.host.workspace / "x")
    _environment(way.host, "x/bin/python3")
    said = _exec(way, "sh", "-c", "echo escaped > x/new")
    return Outcome("a file was made in an installation of the host" if (python / "new").exists() else "", said)


def _other_programs(way: Way) -> Outcome:
    """A folder of the workspace is to be mounted over the system's programs, which run before the owner's."""
    host = way.host
    _installation(host.workspace / "fake")
    told = "while read -r line; do echo $line; done < /proc/self/status\n"
    host.put("fake/include/setpriv", f"#!/usr/bin/sh\n{told}", 0o755)
    (host.workspace / "fake/include/sh").write_bytes(Path("/bin/sh").read_bytes())
    (host.workspace / "fake/include/sh").chmod(0o755)
    (host.workspace / "x").mkdir()
    os.symlink("../fake/bin", host.workspace / "x/bin")
    up = "../" * (len(host.workspace.parts))
    os.symlink(f"{up}usr/bin", host.workspace / "x/include")
    _environment(host, "x/bin/python3")
    said = _exec(way, "sh", "-c", told)
    return Outcome("a program of the workspace is root" if "Uid: 0" in said.replace("\t", " ") else "", said)


def _left_monitor(way: Way) -> Outcome:
    """A submodule with its own git directory: `git status` of the whole asks it, and runs its monitor."""
    _project(way.host)
    (way.host.workspace / "sub").mkdir()
    _git(way.host, "init", "-q", folder="sub")
    way.host.put("sub/f", "1")
    _git(way.host, "add", "f", folder="sub")
    _git(way.host, "commit", "-q", "-m", "x", folder="sub")
    _git(way.host, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
    _git(way.host, "commit", "-q", "-m", "sub")
    trap = f"#!/bin/sh\\necho ran > {way.host.outside}/ran\\n"
    settings = f"[core]\\n\\tfsmonitor = {way.host.workspace}/trap.sh\\n"
    code = f"printf '{trap}' > trap.sh; chmod 755 trap.sh; printf '{settings}' >> sub/.git/config"
    said = _exec(way, "sh", "-c", code)
    return _status(way, said)


def _left_repository(way: Way) -> Outcome:
    """The folder that is given is no repository, and is one afterwards."""
    trap = f"#!/bin/sh\\necho ran > {way.host.outside}/ran\\n"
    settings = f"[core]\\n\\tfsmonitor = {way.host.workspace}/trap.sh\\n"
    code = "mkdir -p .git/objects .git/refs; echo 'ref: refs/heads/main' > .git/HEAD; "
    code += f"printf '{trap}' > trap.sh; chmod 755 trap.sh; printf '{settings}' > .git/config"
    said = _exec(way, "sh", "-c", code)
    return _status(way, said)


def _status(way: Way, said: str) -> Outcome:
    """The one whose folder it is looks at it."""
    subprocess.run(
        ["git", "status"],
        cwd=way.host.workspace,
        env=environment(way.host),
        capture_output=True,
        check=False,
    )
    return Outcome(way.host.damage(), said)


def _names_of_keys(way: Way) -> Outcome:
    """What a user's keys are called."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    add, control = (248, 250) if os.uname().machine == "x86_64" else (217, 219)
    key = call(add, b"user", way.host.secret.encode(), b"x", 1, -4)
    if key < 0:
        return Outcome(impossible="the kernel or a filter around us refuses keys to everybody")
    try:
        said = way.run("attempt(lambda: print(open('/proc/keys').read()))")
    finally:
        call(control, 9, key, -4)
    if not way.protected and not way.host.leaked(said.output):
        return Outcome(impossible="this machine tells nobody the names of keys")
    return Outcome(way.host.leaked(said.output), said.output.decode())


_COMPAT = """
import ctypes, mmap
if os.fork() == 0:
    code = bytes.fromhex("b814000000cd80c3")  # getpid, by the way in of 32-bit programs
    room = mmap.mmap(-1, 4096, prot=7)
    room.write(code)
    at = ctypes.addressof(ctypes.c_char.from_buffer(room))
    print("answer", ctypes.CFUNCTYPE(ctypes.c_int)(at)(), os.getpid(), flush=True)
    os._exit(0)
print(os.wait()[1])
"""


def _compat_calls(way: Way) -> Outcome:
    """System calls by other numbers, which a filter of the usual ones does not know."""
    if os.uname().machine != "x86_64":
        return Outcome(impossible="this machine has one set of system calls")
    said = way.run(_COMPAT).output.decode()
    answered = any(len(set(line.split()[1:])) == 1 for line in said.splitlines() if line.startswith("answer"))
    if not way.protected and not answered:
        return Outcome(impossible="this kernel takes no calls of 32-bit programs")
    return Outcome("the kernel answers calls of 32-bit programs" if answered else "", said)


def _forged_object(host: Host) -> None:
    """An object of the repository that holds something else than its name says."""
    oid = _git(host, "rev-parse", "HEAD:a.py")
    file = host.workspace / ".git/objects" / oid[:2] / oid[2:]
    file.chmod(0o644)
    file.write_bytes(zlib.compress(b"blob 8\0A = 666\n"))


def _believes_objects(way: Way) -> Outcome:
    outcome = _repository(_forged_object, ("git", "cat-file", "-p", "HEAD:a.py"))(way)
    copy = way.host.folder / "copy/a.py"
    taken = "666" in (copy.read_text() if copy.exists() else outcome.told) and not outcome.told.startswith("refused")
    return Outcome("a forged object was taken for what its name says" if taken else "", outcome.told)


def _no_checkout(way: Way) -> Outcome:
    """A name that git takes for its own on some systems, so that it checks out the branch on none."""
    way.run(r"open('.git\\config', 'w').write('x')")
    kept = way.keep()
    return Outcome("a tree that git never checks out" if ".git\\config" in kept.files else "", kept.refused)


ESCAPES = (
    Escape(75, "a full disk of files without names", "afterwards", _nameless_files, "error", "disk"),
    Escape(76, "processor time of children nobody counts", "afterwards", _uncounted_time, "error", "cpu"),
    Escape(77, "memory of page tables", "afterwards", _kernel_memory(_PAGE_TABLES, "page tables")),
    Escape(78, "memory of socket buffers", "afterwards", _kernel_memory(_BUFFERS, "socket buffers")),
    Escape(79, "memory of semaphores", "afterwards", _kernel_memory(_SEMAPHORES, "semaphores")),
    Escape(80, "a socket that was there before", "afterwards", _found_socket),
    Escape(81, "a named pipe that was there before", "afterwards", _found_pipe),
    Escape(82, "a hard link deeper than a path can be", "afterwards", _deep_link),
    Escape(83, "an installation of the host by a link", "afterwards", _installation_by_link),
    Escape(84, "other programs for the start", "afterwards", _other_programs, only="root"),
    Escape(85, "a monitor left in a submodule", "afterwards", _left_monitor),
    Escape(86, "a repository left in a plain folder", "afterwards", _left_repository),
    Escape(88, "names of keys", "afterwards", _names_of_keys),
    Escape(89, "system calls of 32-bit programs", "afterwards", _compat_calls),
    Escape(90, "an object that is not what its name says", "afterwards", _believes_objects, "error", "expected object"),
    Escape(91, "a name that no checkout takes", "afterwards", _no_checkout),
)
