"""Other processes, terminals, and corners of the kernel."""

from __future__ import annotations

import os
import select

from evals.containment.escape import Escape, Outcome, Way


def _killed(way: Way) -> Outcome:
    way.run("attempt(os.kill, F['victim'], 15); attempt(os.killpg, F['victim'], 15)")
    try:
        way.host.victim.wait(0.3)
    except Exception:
        return Outcome("")
    return Outcome("a process of the host was killed")


def _memory_of_others(way: Way) -> Outcome:
    code = """
import re
def look(pid):
    for line in open(f"/proc/{pid}/maps"):
        start, end = (int(x, 16) for x in line.split()[0].split("-"))
        if "rw" in line.split()[1] and "[v" not in line:
            with open(f"/proc/{pid}/mem", "rb", 0) as memory:
                memory.seek(start)
                for found in re.findall(rb"s3cret-[0-9a-f]+", attempt(memory.read, end - start) or b""):
                    print(found.decode())
attempt(look, F["victim"])
for fd in os.listdir("/proc/self/fd"):
    attempt(lambda: os.readlink(f"/proc/self/fd/{fd}"))
"""
    return Outcome(way.host.leaked(way.run(code).output))


def _inherited(way: Way) -> Outcome:
    code = """
for who in ("self", "1", str(os.getppid())):
    for fd in attempt(os.listdir, f"/proc/{who}/fd") or ():
        if "memfd" in (attempt(os.readlink, f"/proc/{who}/fd/{fd}") or ""):
            attempt(lambda: print(open(f"/proc/{who}/fd/{fd}").read()))
"""
    return Outcome(way.host.leaked(way.run(code).output))


def _traced(way: Way) -> Outcome:
    code = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
print("attached" if libc.ptrace(16, F["victim"], None, None) == 0 else ctypes.get_errno())
"""
    said = way.run(code)
    return Outcome("a process of the host was traced" if b"attached" in said.output else "")


def _typed(way: Way) -> Outcome:
    """Characters put into the input of a terminal, where a shell would read them."""
    parent, child = os.openpty()
    name = os.ttyname(child)
    code = f"""
import fcntl, termios
os.setsid() if os.getpid() != os.getsid(0) else None
def type():
    fd = os.open({name!r}, os.O_RDWR)
    attempt(fcntl.ioctl, fd, termios.TIOCSCTTY, 0)
    for letter in b"rm x\\n":
        fcntl.ioctl(fd, 0x5412, bytes([letter]))
attempt(type)
"""
    try:
        said = way.run(code)
        typed = bool(select.select([child], [], [], 0)[0]) and b"rm" in os.read(child, 100)
    finally:
        os.close(parent)
        os.close(child)
    if not way.protected and not typed:
        return Outcome(impossible=f"this kernel types for nobody: {said.output.decode()[-80:].strip()}")
    return Outcome("a command was typed into a terminal" if typed else "")


_CALLS = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
x86 = os.uname().machine == "x86_64"
def call(x, arm, *args):
    ctypes.set_errno(0)
    return libc.syscall(x if x86 else arm, *args), ctypes.get_errno()
"""


def _namespaces(way: Way) -> Outcome:
    code = """
if os.fork() == 0:
    made, error = call(272, 97, 0x10000000 | 0x20000)
    mounted = libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) if made == 0 else -1
    print("mounted" if mounted == 0 else f"refused {error} {ctypes.get_errno()}", flush=True)
    os._exit(0)
os.wait()
"""
    said = way.run(_CALLS + code)
    if not way.protected and b"mounted" not in said.output:
        return Outcome(impossible="this machine gives nobody namespaces of their own")
    return Outcome("a program is root in namespaces of its own" if b"mounted" in said.output else "")


def _rare_calls(way: Way) -> Outcome:
    """Those that answer at all, in whatever way; EPERM and ENOSYS do not count."""
    code = """
for name, x, arm, *args in (
    ("io_uring_setup", 425, 425, 1, 0), ("userfaultfd", 323, 282, 1), ("bpf", 321, 280, 99, 0, 0),
    ("perf_event_open", 298, 241, 0, 0, -1, -1, 0), ("keyctl", 250, 219, 0, -3, 0),
    ("open_by_handle_at", 304, 265, -1, 0, 0), ("clone3", 435, 435, 0, 0), ("fsopen", 430, 430, 0, 0),
    ("pidfd_getfd", 438, 438, -1, 0, 0), ("process_vm_readv", 310, 270, 1 << 22, 0, 0, 0, 0, 0),
    ("memfd_secret", 447, 447, 99),
):
    result, error = call(x, arm, *args)
    if error not in (1, 38):
        print("open:", name)
"""
    said = way.run(_CALLS + code).output.decode()
    names = [line.partition(" ")[2] for line in said.splitlines() if line.startswith("open:")]
    return Outcome(f"the kernel answers {', '.join(names)}" if names else "")


def _anonymous_program(way: Way) -> Outcome:
    """A program in memory that is in no file system, with a set-id bit, run through its descriptor."""
    code = """
fd = attempt(os.memfd_create, "x", 0)
if fd is None:
    sys.exit()
os.write(fd, open("/usr/bin/id", "rb").read())
attempt(os.fchmod, fd, 0o4755)
print("set" if os.fstat(fd).st_mode & 0o4000 else "plain", flush=True)
"""
    said = way.run(code)
    return Outcome("a set-id program was made in memory" if b"set\n" in said.output else "")


def _core_pattern(way: Way) -> Outcome:
    """What is there is written back: nothing changes, but it could."""
    code = """
path = "/proc/sys/kernel/core_pattern"
def again():
    text = open(path).read()
    with open(path, "w") as file:
        file.write(text)
    print("written")
attempt(again)
"""
    said = way.run(code).output
    if not way.protected and b"written" not in said:
        return Outcome(impossible="the kernel's settings are read-only for everybody here")
    return Outcome("a setting of the kernel was written" if b"written" in said else "")


def _core_file(way: Way) -> Outcome:
    """A crash would leave the memory in a file, or hand it to a program of the host."""
    code = """
import resource, signal
attempt(resource.setrlimit, resource.RLIMIT_CORE, (4096, 4096))
print("cores", resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
    return Outcome("a crash leaves a core file" if b"cores 4096" in way.run(code).output else "")


ESCAPES = (
    Escape(57, "kill a process of the host", "machine", _killed),
    Escape(58, "read the memory of another process", "machine", _memory_of_others),
    Escape(59, "an open file that was inherited", "machine", _inherited),
    Escape(60, "trace a process of the host", "machine", _traced),
    Escape(61, "type into a terminal", "machine", _typed),
    Escape(62, "namespaces of its own", "machine", _namespaces),
    Escape(63, "rarely used system calls", "machine", _rare_calls),
    Escape(64, "a set-id program in memory", "machine", _anonymous_program),
    Escape(65, "settings of the kernel", "machine", _core_pattern, only="root"),
    Escape(66, "core files", "machine", _core_file),
)
