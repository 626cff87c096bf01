"""An expendable host: a workspace, and around it what an escape would want to reach."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PRECIOUS = "precious\n"


@dataclass(frozen=True)
class Host:
    """Everything lies in `folder`; open to everybody, so that it is never mere permissions that stop an escape."""

    folder: Path
    secret: str
    """Stands in the environment, in home's keys and in an open file of whoever starts commands."""
    listeners: tuple[socket.socket, ...]
    """TCP over IPv4 and, where there is any, IPv6; UDP; a socket in a file; an abstract one."""
    victim: subprocess.Popen[bytes]

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    @property
    def outside(self) -> Path:
        return self.folder / "outside"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def put(self, path: str, text: str, mode: int = 0o644) -> Path:
        """A file in the workspace."""
        file = self.workspace / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)
        return file

    def facts(self, further: Sequence[object] = ()) -> dict[str, object]:
        """What an attacker may know; `further` are addresses beside those of the listeners."""
        return {
            "tag": self.folder.name,
            "workspace": str(self.workspace),
            "outside": str(self.outside),
            "home": str(self.home),
            "addresses": [*([s.family, s.type, _plain(s.getsockname())] for s in self.listeners), *further],
            "victim": self.victim.pid,
        }

    def damage(self) -> str:
        """What is no longer as it was outside the workspace."""
        if (self.outside / "precious").read_text() != PRECIOUS:
            return "a file outside was changed"
        new = sorted(set(os.listdir(self.outside)) - {"precious", "secret"})
        return f"a file outside was made: {new[0]}" if new else ""

    def leaked(self, output: bytes) -> str:
        return "the secret was read" if self.secret.encode() in output else ""

    def heard(self) -> str:
        """What reached a listener."""
        return next((f"{s.getsockname()!r} was reached" for s in self.listeners if _reached(s)), "")

    def survivors(self) -> list[int]:
        """Processes that an attack left running, told by the facts on their command line."""
        mine, tag = os.getpid(), f'"tag": "{self.folder.name}"'.encode()
        pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
        return [pid for pid in pids if pid != mine and tag in _command_line(pid)]


@contextmanager
def expendable(secret: str) -> Iterator[Host]:
    """A host that is gone afterwards, with all that an attack left of it."""
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="lamplighter-escape-"))
        stack.callback(_gone, folder)
        folder.chmod(0o755)
        _furnish(folder, secret)
        listeners = tuple(stack.enter_context(s) for s in _listeners(folder))
        victim = stack.enter_context(_victim(secret))
        host = Host(folder, secret, listeners, victim)
        stack.callback(_kill, host)
        yield host


def _furnish(folder: Path, secret: str) -> None:
    for name in ("workspace", "outside", "home/.ssh", "home/.config/gh"):
        (folder / name).mkdir(parents=True)
    (folder / "outside").chmod(0o777)
    texts = {"outside/precious": PRECIOUS, "outside/secret": secret}
    texts |= {f"home/{name}": secret for name in (".ssh/id_ed25519", ".netrc", ".config/gh/hosts.yml")}
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o666)


def _listeners(folder: Path) -> Iterator[socket.socket]:
    for family, kind, address in (
        (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0)),
        (socket.AF_INET6, socket.SOCK_STREAM, ("::1", 0)),
        (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
        (socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "agent.sock")),
        (socket.AF_UNIX, socket.SOCK_STREAM, f"\0{folder.name}"),
    ):
        made = socket.socket(family, kind)
        try:
            made.bind(address)
        except OSError:  # a machine without IPv6
            made.close()
            continue
        if kind == socket.SOCK_STREAM:
            made.listen()
        else:
            made.setblocking(False)
        if family == socket.AF_UNIX and isinstance(address, str) and address.startswith("/"):
            os.chmod(address, 0o777)
        made.setblocking(False)
        yield made


def _reached(listener: socket.socket) -> bool:
    try:
        if listener.type == socket.SOCK_DGRAM:
            return bool(listener.recv(100))
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _plain(address: object) -> object:
    return list(address) if isinstance(address, tuple) else _text(address)


def _text(address: object) -> str:
    return address.decode() if isinstance(address, bytes) else str(address)


@contextmanager
def _victim(secret: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user with the secret in its memory."""
    program = f"import sys, time; kept = 'S' + {secret!r}; sys.stdout.write('.'); sys.stdout.flush(); time.sleep(600)"
    argv = [sys.executable, "-I", "-S", "-c", "import sys; exec(sys.stdin.read())"]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(program.encode())
        process.stdin.close()
        process.stdout.read(1)
        try:
            yield process
        finally:
            process.kill()


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _kill(host: Host) -> None:
    for _ in range(20):  # what forks while we look
        found = host.survivors()
        for pid in found:
            try:
                os.kill(pid, 9)
            except OSError:
                continue
        if not found:
            return


def _gone(folder: Path) -> None:
    from sandbox.remove import remove_path

    for top in (Path("/tmp"), Path("/dev/shm")):
        for left in top.glob(f"left-{folder.name}*"):
            remove_path(left)
    if stat.S_ISDIR(os.lstat(folder).st_mode):
        remove_path(folder)
