"""The system calls a command in the sandbox can not make, as a BPF program for x86_64 and aarch64.

A deny list: what a test suite needs stays open; what reaches the kernel's rarely used corners, other
processes, mounts, namespaces or set-id bits answers EPERM (or ENOSYS where callers have a fallback).
"""

from __future__ import annotations

import errno
import struct

# name: (x86_64, aarch64); None where the machine does not have it.
_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "open_tree_attr": (467, 467),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "perf_event_open": (298, 241),
    # kernel surface
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "memfd_secret": (447, 447),
    "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42),
    "_sysctl": (156, None),
    "uselib": (134, None),
    "modify_ldt": (154, None),
    "iopl": (172, None),
    "ioperm": (173, None),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # the machine itself
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "vhangup": (153, 58),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # looked at by their arguments, or answered as if unknown
    "clone": (56, 220),
    "clone3": (435, 435),
    "openat2": (437, 437),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "open": (2, None),
    "openat": (257, 56),
    "creat": (85, None),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "socket": (41, 198),
    "socketpair": (53, 199),
    "ioctl": (16, 29),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    # memory that belongs to no process
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "vmsplice": (278, 75),
    "memfd_create": (319, 279),
}
_UNKNOWN = ("clone3", "openat2")
"""Their flags lie behind a pointer, where a filter can not look; libraries fall back to the older call."""
_OWNERLESS = ("shmget", "msgget", "semget", "vmsplice", "memfd_create")
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
"""Column of the table, and the kernel's name for the machine (AUDIT_ARCH_*)."""

_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_BITS, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_DONE = _ERRNO
"""Answered as if it had been done: error number 0."""
_X32 = 0x40000000
_SET_ID = 0o6000
_CREATES = 0x40 | 0x400000  # O_CREAT | O_TMPFILE: without these the mode argument is not looked at
_NEW_NAMESPACE = 0x7E020000
_FORMAT, _DEVICES = 0o170000, (0o020000, 0o060000)
_DOMAINS = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
_NETLINK = 16
_CORE = 4  # RLIMIT_CORE
_TYPING = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: put characters into a terminal's input

Step = tuple[int, int, int, int]


def program(machine: str, *, ownerless_memory: bool = True) -> bytes:
    """The filter as `struct sock_filter[]`, for `bwrap --seccomp`.

    Without `ownerless_memory`, memory that is charged to no process can not be made: needed where only the
    processes' own memory is counted. Raises KeyError for a machine that is not in the table.
    """
    column, audit = _MACHINES[machine]
    steps = [_load(4), (_JUMP_EQUAL, 1, 0, audit), _return(_KILL), _load(0)]
    if machine == "x86_64":
        steps += [(_JUMP_ABOVE, 0, 1, _X32), _return(_KILL)]
    for name, body in _rules(ownerless_memory).items():
        number = _NUMBERS[name][column]
        if number is not None:
            steps += [(_JUMP_EQUAL, 0, len(body), number), *body]
    steps.append(_return(_ALLOW))
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def supported(machine: str) -> bool:
    return machine in _MACHINES


def _rules(ownerless_memory: bool) -> dict[str, list[Step]]:
    """What happens on each call. A body always ends in a return, for it may have lost the call's number."""
    rules = {name: [_refuse()] for name in _NUMBERS}
    rules |= {name: [_return(_ERRNO | errno.ENOSYS)] for name in (*_UNKNOWN, *_OWNERLESS)}
    if ownerless_memory:
        for name in _OWNERLESS:
            del rules[name]
    rules["clone"] = _refuse_bits(0, _NEW_NAMESPACE)
    rules |= {name: _refuse_bits(1, _SET_ID) for name in ("chmod", "fchmod", "creat")}
    rules |= {name: _refuse_bits(2, _SET_ID) for name in ("fchmodat", "fchmodat2")}
    rules |= {"open": _creates(1), "openat": _creates(2), "mknod": _makes_node(1), "mknodat": _makes_node(2)}
    rules["socket"] = _socket()
    rules["socketpair"] = _socket()
    rules["setrlimit"] = [_argument(0), (_JUMP_EQUAL, 0, 1, _CORE), _return(_DONE), _return(_ALLOW)]
    rules["prlimit64"] = _sets_limit()
    rules["ioctl"] = [_argument(1), *[s for n in _TYPING for s in _refuse_equal(n)], _return(_ALLOW)]
    return rules


def _load(offset: int) -> Step:
    return (_LOAD, 0, 0, offset)


def _argument(index: int) -> Step:
    """The low 32 bits: the kernel looks at no more of any of these arguments."""
    return _load(16 + 8 * index)


def _high(index: int) -> Step:
    """The other half of an argument, for pointers."""
    return _load(16 + 8 * index + 4)


def _return(value: int) -> Step:
    return (_RETURN, 0, 0, value)


def _refuse() -> Step:
    return _return(_ERRNO | errno.EPERM)


def _refuse_equal(value: int) -> list[Step]:
    return [(_JUMP_EQUAL, 0, 1, value), _refuse()]


def _refuse_bits(index: int, bits: int) -> list[Step]:
    return [_argument(index), (_JUMP_BITS, 0, 1, bits), _refuse(), _return(_ALLOW)]


def _creates(flags: int) -> list[Step]:
    return [
        _argument(flags),
        (_JUMP_BITS, 1, 0, _CREATES),
        _return(_ALLOW),
        *_refuse_bits(flags + 1, _SET_ID),
    ]


def _makes_node(mode: int) -> list[Step]:
    kinds = [step for kind in _DEVICES for step in _refuse_equal(kind)]
    test = [_argument(mode), (_JUMP_BITS, 0, 1, _SET_ID), _refuse()]
    return [*test, (_AND, 0, 0, _FORMAT), *kinds, _return(_ALLOW)]


def _sets_limit() -> list[Step]:
    """Of core files, for which programs set 0: that would start the host's crash handler, see sandbox.bwrap.

    The old limit can not be told when the call is not made; whoever asks for it as well is refused.
    """
    new, old = 2, 3
    return [
        *(_argument(1), (_JUMP_EQUAL, 1, 0, _CORE), _return(_ALLOW)),
        *(_argument(new), (_JUMP_EQUAL, 0, 3, 0), _high(new), (_JUMP_EQUAL, 0, 1, 0), _return(_ALLOW)),
        *(_argument(old), (_JUMP_EQUAL, 1, 0, 0), _refuse(), _high(old), (_JUMP_EQUAL, 1, 0, 0), _refuse()),
        _return(_DONE),
    ]


def _socket() -> list[Step]:
    """Local sockets, and of netlink only the routes: name lookup asks it which addresses there are."""
    known = [step for domain in _DOMAINS for step in ((_JUMP_EQUAL, 0, 1, domain), _return(_ALLOW))]
    netlink = [(_JUMP_EQUAL, 1, 0, _NETLINK), _refuse(), _argument(2), (_JUMP_EQUAL, 1, 0, 0), _refuse()]
    return [_argument(0), *known, *netlink, _return(_ALLOW)]
