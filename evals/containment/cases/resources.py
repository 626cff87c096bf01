"""42–47: too much of everything. What is too much here hurts nobody where there is no sandbox."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from evals.containment.escape import SMALL, Escape, Outcome, Way
from sandbox.limits import MIB


def _forks(way: Way) -> Outcome:
    code = """
import time
made = 0
for _ in range(120):
    try:
        if os.fork() == 0:
            time.sleep(1.5)
            os._exit(0)
    except OSError:
        time.sleep(0.01)
        continue
    made += 1
    print("made", made, flush=True)
time.sleep(0.3)
"""
    said = way.run(code, replace(SMALL, processes=40))
    many = said.output.count(b"made")
    return Outcome(f"{many} processes at once" if many > 60 else "", said.killed or "")


def _memory(way: Way) -> Outcome:
    code = """
import time
ready, tell = os.pipe()
wait, go = os.pipe()
for _ in range(4):
    if os.fork() == 0:
        os.close(go)
        kept = bytearray(48 << 20)
        kept[::4096] = b"x" * len(kept[::4096])
        os.write(tell, b".")
        os.read(wait, 1)
        os._exit(0)
for _ in range(4):
    os.read(ready, 1)
    print("held", flush=True)
time.sleep(0.8)
"""
    said = way.run(code, replace(SMALL, memory_bytes=96 * MIB))
    held = said.output.count(b"held")
    return Outcome("192 MiB were held, twice the limit" if held == 4 and not said.killed else "", said.killed or "")


def _disk(way: Way) -> Outcome:
    code = """
import time
block = bytes(1 << 20)
def fill(name):
    with open(name, "wb") as file:
        for _ in range(40):
            file.write(block)
for top in ("/tmp", "/dev/shm"):
    attempt(fill, f"{top}/left-{F['tag']}")
for number in range(6):
    attempt(fill, f"big{number}")
    time.sleep(0.05)
time.sleep(0.5)
"""
    said = way.run(code)
    left = [p for p in (Path("/tmp"), Path("/dev/shm")) if (p / f"left-{way.host.folder.name}").exists()]
    size = sum(p.stat().st_size for p in way.host.workspace.iterdir()) >> 20
    if left:
        return Outcome(f"{left[0]} of the host was filled")
    return Outcome(f"{size} MiB were written" if size > 150 else "", said.killed or "")


def _output(way: Way) -> Outcome:
    said = way.run("block = 'x' * (1 << 20)\nfor _ in range(64):\n    sys.stdout.write(block)")
    return Outcome(f"{len(said.output)} bytes in one line" if len(said.output) > 2 * MIB else "", said.killed or "")


_TYPES = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[31m\x9b5n\u202edlrow"


def _terminal(way: Way) -> Outcome:
    """A text from the repository that ends up on a person's terminal."""
    from app.tell import told
    from evidence.event import Started

    title = way.run(f"sys.stdout.buffer.write({_TYPES!r}.encode())").output.decode()
    item = {"id": "x", "title": title}
    line = told(Started(run="r", item=item, base="b", base_tree="t", model="m", isolation={}), "info") or ""
    shown = line if way.protected else f"▸ {title}"
    return Outcome("control characters reach the terminal" if set(shown) & set("\x1b\x07\x9b\u202e") else "")


def _daemon(way: Way) -> Outcome:
    code = """
import signal, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in (1, 2, 3, 15):
            signal.signal(number, signal.SIG_IGN)
        null = os.open("/dev/null", os.O_RDWR)
        for fd in range(3):
            os.dup2(null, fd)
        time.sleep(60)
    os._exit(0)
os.wait()
"""
    way.run(code)
    return Outcome("a process outlived its command" if way.host.survivors() else "")


def _busy(way: Way) -> Outcome:
    code = """
import time
while time.process_time() < 1.4:
    pass
print("finished")
"""
    said = way.run(code, replace(SMALL, cpu_s=1, wall_s=40.0))
    return Outcome("it ran on" if b"finished" in said.output else "", said.killed or "")


def _waits(way: Way) -> Outcome:
    said = way.run("import time; time.sleep(2); print('finished')", replace(SMALL, wall_s=0.5))
    return Outcome("it slept on" if b"finished" in said.output else "", said.killed or "")


ESCAPES = (
    Escape(42, "a fork bomb", "resources", _forks, "error", "processes"),
    Escape(43, "memory over several processes", "resources", _memory, "error", "memory"),
    Escape(44, "a full disk", "resources", _disk, "error", "disk"),
    Escape(45, "endless output in one line", "resources", _output, "error", "output"),
    Escape(45, "control characters for a terminal", "resources", _terminal),
    Escape(46, "a daemon that ignores signals", "resources", _daemon),
    Escape(47, "a busy loop", "resources", _busy, "error", "cpu"),
    Escape(47, "a command that waits", "resources", _waits, "error", "wall"),
)
