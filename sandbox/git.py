"""Run git so that nothing but git itself runs: no hook, filter, pager, helper, network or configuration."""

from __future__ import annotations

import os
import subprocess
import threading
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
TIMEOUT_S = 120.0

ENVIRONMENT: Mapping[str, str] = {
    "PATH": PATH,
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_SYSTEM": "/dev/null",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "/bin/false",
    "SSH_ASKPASS": "/bin/false",
    "GIT_SSH_COMMAND": "/bin/false",
    "GIT_EDITOR": "/bin/false",
    "GIT_PAGER": "cat",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_LITERAL_PATHSPECS": "1",
}

SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    "core.sshCommand=/bin/false",
    "core.alternateRefsCommand=/bin/false",
    "credential.helper=",
    "protocol.allow=never",
    "diff.external=",
    "diff.ignoreSubmodules=all",
    "submodule.recurse=false",
    "commit.gpgSign=false",
    "tag.gpgSign=false",
    "log.showSignature=false",
    "gc.auto=0",
    "maintenance.auto=false",
)


class GitFailed(Exception):
    """Git could not do what was asked. One line: which command, what it said."""


class ObjectMissing(GitFailed):
    """An object that was asked for is in none of the object folders."""


class Git:
    """The git binary on one git directory, under its own environment built from nothing.

    New objects go to `objects` when given, and objects are also looked for in `alternates`. Whatever the git
    directory's configuration says, nothing in it starts a program. Safe to share between threads.
    """

    def __init__(self, git_dir: Path, objects: Path | None = None, alternates: Sequence[Path] = ()) -> None:
        self.git_dir = git_dir
        self._environment = dict(ENVIRONMENT)
        if objects is not None:
            self._environment["GIT_OBJECT_DIRECTORY"] = str(objects)
        if alternates:
            self._environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = ":".join(map(_listed, alternates))
        self._contents = _Reader(self, "--batch")
        self._headers = _Reader(self, "--batch-check")

    def run(self, *args: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        """What `git <args>` wrote to stdout. Raises GitFailed when it did not exit with 0."""
        try:
            ended = subprocess.run(
                self.command(*args),
                input=stdin,
                capture_output=True,
                env=self._environment | dict(environment or {}),
                cwd=self.git_dir,
                timeout=TIMEOUT_S,
                check=False,
            )
        except FileNotFoundError:
            raise _not_startable(self.git_dir) from None
        except subprocess.TimeoutExpired:
            raise GitFailed(f"git {args[0]} in {self.git_dir} did not end within {TIMEOUT_S:.0f} s") from None
        if ended.returncode != 0:
            said = ended.stderr.decode("utf-8", "replace").strip().replace("\n", "; ") or "nothing"
            where = f"git {args[0]} in {self.git_dir}"
            raise GitFailed(f"{where} ended with {ended.returncode} and said: {said[:400]}")
        return ended.stdout

    def object(self, oid: str) -> tuple[str, bytes]:
        """Kind and content of an object. Raises ObjectMissing."""
        return self._contents.ask(oid)

    def has(self, oid: str) -> bool:
        try:
            self._headers.ask(oid)
        except ObjectMissing:
            return False
        return True

    def close(self) -> None:
        """End the readers; they start again when needed."""
        self._contents.close()
        self._headers.close()

    def command(self, *args: str) -> list[str]:
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        return ["git", f"--git-dir={self.git_dir}", "-c", f"safe.directory={self.git_dir}", *settings, *args]

    def start(self, *args: str) -> subprocess.Popen[bytes]:
        """A git that is talked to through its pipes."""
        try:
            return subprocess.Popen(
                self.command(*args),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment,
                cwd=self.git_dir,
                start_new_session=True,
            )
        except FileNotFoundError:
            raise _not_startable(self.git_dir) from None


class _Reader:
    """A `git cat-file` that stays, so that one object costs microseconds and not a process."""

    def __init__(self, git: Git, mode: str) -> None:
        self._start = weakref.WeakMethod(git.start)
        self._mode = mode
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._pid = 0
        self._stop: weakref.finalize[..., _Reader] | None = None

    def ask(self, oid: str) -> tuple[str, bytes]:
        if not oid.isalnum():
            raise ObjectMissing(f"{oid!r} is no object id")
        with self._lock:
            try:
                return self._answer(oid)
            except (BrokenPipeError, EOFError):
                self.close()
                raise GitFailed(f"git cat-file ended while it was asked for {oid}") from None

    def _answer(self, oid: str) -> tuple[str, bytes]:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(oid.encode() + b"\n")
        process.stdin.flush()
        header = process.stdout.readline().split()
        if not header:
            raise EOFError
        if len(header) != 3:
            raise ObjectMissing(f"object {oid} is not in the repository: {b' '.join(header[1:]).decode()}")
        kind, size = header[1].decode(), int(header[2])
        if self._mode != "--batch":
            return kind, b""
        return kind, process.stdout.read(size + 1)[:size]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._pid != os.getpid():  # a forked child must not share the pipes
            start = self._start()
            assert start is not None
            self._process, self._pid = start("cat-file", self._mode), os.getpid()
            self._stop = weakref.finalize(self, _end, self._process)
        return self._process

    def close(self) -> None:
        if self._stop is not None and self._pid == os.getpid():
            self._stop()
        self._process = None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.wait()


def _not_startable(git_dir: Path) -> GitFailed:
    if not git_dir.is_dir():
        return GitFailed(f"{git_dir} does not exist (any more)")
    return GitFailed(f"no git found on {PATH}; install git 2.30 or newer")


def _listed(folder: Path) -> str:
    """One entry of git's colon-separated list of alternates; quoted where git asks for it."""
    text = str(folder)
    if ":" not in text and not text.startswith('"') and "\n" not in text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def private(folder: Path, alternates: Sequence[Path], algorithm: str) -> Git:
    """A git directory of our own at `folder` that sees the objects of `alternates` and nothing else there.

    `algorithm` is `sha1` or `sha256`. Making it twice is the same as once.
    """
    for part in ("objects", "refs"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    config = "[core]\n\trepositoryFormatVersion = 0\n\tbare = true\n"
    if algorithm != "sha1":
        config = config.replace("= 0", "= 1") + f"[extensions]\n\tobjectFormat = {algorithm}\n"
    _once(folder / "HEAD", "ref: refs/heads/none\n")
    _once(folder / "config", config)
    return Git(folder, folder / "objects", alternates)


def _once(file: Path, text: str) -> None:
    if not file.exists():
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_text(text)
        fresh.replace(file)
