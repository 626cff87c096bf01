"""The filter, run by a small interpreter of its own for both machines."""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from sandbox import seccomp
from sandbox.seccomp import program, supported

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS, 0x80000000
DONE = 0x50000
"""Answered with success, and not made."""
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
MACHINES = list(AUDIT)


def verdict(machine: str, name: str | int, *arguments: int, audit: int | None = None, **options: bool) -> int:
    """What the kernel would answer to a call. Raises KeyError where the machine does not have it."""
    number = name if isinstance(name, int) else _number(machine, name)
    data = struct.pack(
        "=IIQ6Q",
        number,
        AUDIT[machine] if audit is None else audit,
        0,
        *arguments,
        *[0] * (6 - len(arguments)),
    )
    return _run(program(machine, **options), data)


def _number(machine: str, name: str) -> int:
    number = seccomp._NUMBERS[name][MACHINES.index(machine)]
    if number is None:
        raise KeyError(name)
    return number


def _run(code: bytes, data: bytes) -> int:
    steps = list(struct.iter_unpack("=HBBI", code))
    at = value = 0
    while True:
        kind, true, false, k = steps[at]
        at += 1
        if kind == 0x20:
            value = struct.unpack_from("=I", data, k)[0]
        elif kind == 0x54:
            value &= k
        elif kind == 0x06:
            return int(k)
        else:
            holds = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[kind]
            at += true if holds else false


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("mount", (), EPERM),
        ("ptrace", (), EPERM),
        ("bpf", (), EPERM),
        ("keyctl", (), EPERM),
        ("io_uring_setup", (), EPERM),
        ("fchmodat2", (3, 0, 0o4755), EPERM),
        ("clone3", (), ENOSYS),
        ("openat2", (), ENOSYS),
        ("clone", (0x10000000,), EPERM),
        ("clone", (0x40000000 | 17,), EPERM),
        ("clone", (0x3D0F00,), ALLOW),
        ("fchmod", (3, 0o4755), EPERM),
        ("fchmod", (3, 0o2755), EPERM),
        ("fchmod", (3, 0o1777), ALLOW),
        ("fchmodat", (3, 0, 0o755), ALLOW),
        ("openat", (3, 0, 0x41, 0o4755), EPERM),
        ("openat", (3, 0, 0x410000 | 2, 0o4755), EPERM),
        ("openat", (3, 0, 0x41, 0o644), ALLOW),
        ("openat", (3, 0, 0, 0o4755), ALLOW),
        ("mknodat", (3, 0, 0o104755), EPERM),
        ("mknodat", (3, 0, 0o020600), EPERM),
        ("mknodat", (3, 0, 0o060600), EPERM),
        ("mknodat", (3, 0, 0o010600), ALLOW),
        ("mknodat", (3, 0, 0o100600), ALLOW),
        ("socket", (1, 1), ALLOW),
        ("socket", (10, 2), ALLOW),
        ("socket", (16, 3, 0), ALLOW),
        ("socket", (16, 3, 12), EPERM),
        ("socket", (38, 5), EPERM),
        ("socketpair", (40, 1), EPERM),
        ("ioctl", (0, 0x5412), EPERM),
        ("ioctl", (0, 0xFFFFFFFF00005412), EPERM),
        ("ioctl", (0, 0x5413), ALLOW),
        ("memfd_create", (), ALLOW),
        ("setrlimit", (4, 0x1000), DONE),
        ("setrlimit", (7, 0x1000), ALLOW),
        ("prlimit64", (0, 4, 0, 0x1000), ALLOW),
        ("prlimit64", (0, 4, 0x1000, 0), DONE),
        ("prlimit64", (0, 4, 0x7F0000000000, 0), DONE),
        ("prlimit64", (0, 4, 0x1000, 0x1000), EPERM),
        ("prlimit64", (0, 4, 0x1000, 0x7F0000000000), EPERM),
        ("prlimit64", (0, 7, 0x1000, 0x1000), ALLOW),
    ],
)
def test_a_call_is_answered(machine: str, name: str, arguments: tuple[int, ...], answer: int) -> None:
    assert verdict(machine, name, *arguments) == answer


@pytest.mark.parametrize(("name", "mode"), [("chmod", 1), ("creat", 1), ("mknod", 1)])
def test_calls_that_only_the_older_machine_has(name: str, mode: int) -> None:
    assert verdict("x86_64", name, 0, 0o4755) == EPERM
    assert verdict("x86_64", name, 0, 0o100644) == ALLOW
    with pytest.raises(KeyError):
        verdict("aarch64", name, 0, 0)


def test_open_is_judged_as_openat_is() -> None:
    assert verdict("x86_64", "open", 0, 0x41, 0o4755) == EPERM
    assert verdict("x86_64", "open", 0, 0, 0o4755) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_memory_of_no_process_is_refused_only_where_it_would_not_be_counted(machine: str) -> None:
    for name in ("memfd_create", "shmget", "msgget", "semget", "vmsplice"):
        assert verdict(machine, name, ownerless_memory=True) == ALLOW
        assert verdict(machine, name, ownerless_memory=False) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_of_another_machine_end_the_process(machine: str) -> None:
    assert verdict(machine, 1, audit=0x40000003) == KILL


def test_the_second_table_of_numbers_ends_the_process() -> None:
    assert verdict("x86_64", 0x40000000 | 39) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_ordinary_calls_pass(machine: str) -> None:
    denied = {n[MACHINES.index(machine)] for n in seccomp._NUMBERS.values()}
    assert {verdict(machine, number) for number in range(480) if number not in denied} == {ALLOW}


def test_the_program_is_short_enough_for_the_kernel() -> None:
    assert all(len(program(m, ownerless_memory=False)) // 8 < 4096 for m in MACHINES)


def test_an_unknown_machine_is_said_to_be_unknown() -> None:
    assert supported("x86_64")
    assert not supported("riscv64")
    with pytest.raises(KeyError):
        program("riscv64")


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
        ("aarch64", Path("/usr/include/asm-generic/unistd.h")),
    ],
)
def test_the_numbers_are_those_of_the_kernels_headers(machine: str, header: Path) -> None:
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    text = header.read_text()
    known = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    column = MACHINES.index(machine)
    for name, numbers in seccomp._NUMBERS.items():
        assert known.get(name, numbers[column]) == numbers[column], name
