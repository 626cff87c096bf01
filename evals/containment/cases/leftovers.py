"""49–: what one command leaves for the next, for another one, or for the host."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from evals.containment.escape import SMALL, Escape, Outcome, Way


def _found_link(way: Way) -> Outcome:
    """A folder that is given to `sandbox exec` already holds a second name of a file outside."""
    os.link(way.host.outside / "precious", way.host.workspace / "mine")
    command = ("sh", "-c", "echo escaped > mine")
    if not way.protected:
        way.handle(command)
        return Outcome(way.host.damage())
    from app.boxed import boxed
    from sandbox.policy import SandboxUnavailable
    from sandbox.tree import TreeRefused

    try:
        boxed(way.host.workspace, command, 10.0)
    except (TreeRefused, SandboxUnavailable) as error:
        return Outcome(way.host.damage(), str(error))
    return Outcome(way.host.damage(), "it ran")


_POST = {
    "shared memory": (
        "open(f\"/dev/shm/left-{F['tag']}\", 'w').write('left behind')",
        "attempt(lambda: print(open(f\"/dev/shm/left-{F['tag']}\").read()))",
    ),
    "a temporary file": (
        "open(f\"/tmp/left-{F['tag']}\", 'w').write('left behind')",
        "attempt(lambda: print(open(f\"/tmp/left-{F['tag']}\").read()))",
    ),
    "System V memory": (
        "import ctypes; libc = ctypes.CDLL(None); libc.shmat.restype = ctypes.c_void_p\n"
        "key = int.from_bytes(F['tag'].encode()[-3:], 'big'); n = libc.shmget(key, 4096, 0o1666)\n"
        "p = libc.shmat(n, None, 0); n >= 0 and ctypes.memmove(p, b'left behind', 11)",
        "import ctypes; libc = ctypes.CDLL(None); libc.shmat.restype = ctypes.c_void_p\n"
        "key = int.from_bytes(F['tag'].encode()[-3:], 'big'); n = libc.shmget(key, 4096, 0o666)\n"
        "p = libc.shmat(n, None, 0) if n >= 0 else 0\n"
        "print(ctypes.string_at(p, 11) if n >= 0 else 'none'); n >= 0 and libc.shmctl(n, 0, None)",
    ),
}


def _left(what: str) -> Callable[[Way], Outcome]:
    first, second = _POST[what]

    def attack(way: Way) -> Outcome:
        way.run(first)
        said = way.run(second)
        return Outcome("the next command finds it" if b"left behind" in said.output else "", said.output.decode())

    return attack


_LISTENS = """
import socket, time
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
    s.bind("\\0between-" + F["tag"])
    s.settimeout(1.5)
    print(attempt(s.recv, 100))
"""
_SENDS = """
import socket, time
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
    for _ in range(30):
        try:
            s.sendto(b"hello sibling", "\\0between-" + F["tag"])
            break
        except OSError:
            time.sleep(0.05)
"""


def _siblings(way: Way) -> Outcome:
    """Two commands at the same time, on workspaces that neither may change."""
    heard: list[bytes] = []
    none: tuple[str, ...] = ()
    short = replace(SMALL, wall_s=6.0)
    listener = threading.Thread(target=lambda: heard.append(way.run(_LISTENS, short, writable=none).output))
    listener.start()
    way.run(_SENDS, short, writable=none)
    listener.join()
    return Outcome("two commands talked to each other" if b"hello sibling" in heard[0] else "")


_ANSWERS = """
import socket, time
server = socket.socket(socket.AF_UNIX)
server.bind("agent")
server.listen()
if os.fork() == 0:
    os.setsid()
    for fd in range(3):
        os.dup2(os.open("/dev/null", os.O_RDWR), fd)
    server.settimeout(5)
    s = server.accept()[0]
    socket.send_fds(s, [b"take this"], [os.open("/dev/null", os.O_RDONLY)])
"""


def _agent(way: Way) -> Outcome:
    """A socket in the result, which hands an open file to whoever of the host connects."""
    import socket

    way.run(_ANSWERS)
    told = way.keep().refused if way.protected else ""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(str(way.host.workspace / "agent"))
            data, fds, _, _ = socket.recv_fds(client, 100, 4)
        except OSError:
            return Outcome("", told)
    for fd in fds:
        os.close(fd)
    return Outcome("a process behind the socket handed over a file" if data and fds else "", told)


_SWAPS = """
import time
os.makedirs("d"); open("d/secret", "w").write("nothing")
if os.fork() == 0:
    os.setsid()
    for fd in range(3):
        os.dup2(os.open("/dev/null", os.O_RDWR), fd)
    end = time.monotonic() + 6
    while time.monotonic() < end:
        try:
            os.rename("d", "aside"); os.symlink(F["outside"], "d"); time.sleep(0.002)
            os.unlink("d"); os.rename("aside", "d"); time.sleep(0.001)
        except OSError:
            pass
"""


def _swapped_while_kept(way: Way) -> Outcome:
    """A process left behind exchanges a folder while the result is taken over."""
    way.run(_SWAPS)
    for _ in range(3 if way.protected else 400):
        careless = _read(way.host.workspace / "d" / "secret")
        found = list(way.keep().files.values()) if way.protected else [careless]
        if any(way.host.secret.encode() in data for data in found):
            return Outcome("the result holds a file from outside")
    return Outcome("")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


_KEYS = """
import ctypes
x86 = os.uname().machine == "x86_64"
call = ctypes.CDLL(None, use_errno=True).syscall
add, control = (248, 250) if x86 else (217, 219)
"""


def _keyring(way: Way) -> Outcome:
    """A key in the user's keyring outlives processes."""
    name = f"left-{way.host.folder.name}"
    put = f"n = call(add, b'user', b'{name}', b'left behind', 11, -4)\nprint('made' if n > 0 else ctypes.get_errno())"
    find = f"n = call(control, 10, -4, b'user', b'{name}', 0)\nprint('found' if n > 0 else 'none')\n"
    find += "if n > 0: call(control, 9, n, -4)"
    made = way.run(_KEYS + put)
    if not way.protected and b"made" not in made.output:
        return Outcome(impossible="the kernel or a filter around us refuses keys to everybody")
    said = way.run(_KEYS + find)
    return Outcome("the next command finds the key" if b"found" in said.output else "")


ESCAPES = (
    Escape(49, "a hard link that was there before", "leftovers", _found_link, "error", "more than one name"),
    Escape(50, "shared memory for the next command", "leftovers", _left("shared memory")),
    Escape(51, "a temporary file for the next command", "leftovers", _left("a temporary file")),
    Escape(52, "System V memory for the next command", "leftovers", _left("System V memory")),
    Escape(53, "a message from one command to another", "leftovers", _siblings),
    Escape(54, "a socket in the result that hands over files", "leftovers", _agent, "error", "socket"),
    Escape(55, "a folder swapped while the result is taken over", "leftovers", _swapped_while_kept),
    Escape(56, "a key for the next command", "leftovers", _keyring),
)
