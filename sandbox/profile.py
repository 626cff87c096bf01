"""The view of the machine that a command gets, as bubblewrap's arguments."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.landing import of_the_system, refuse_astray, there_anyway
from sandbox.layers import Layer, Parts, layers
from sandbox.limits import MIB, Limits
from sandbox.policy import Mount, Policy, SandboxUnavailable

HOME = "/home/sandbox"
USER = 1000
"""The uid inside when we are an ordinary user ourselves."""
SYSTEM_PATH = ("/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin")
_ETC = (
    "alternatives",
    "ssl",
    "pki",
    "crypto-policies",
    "ld.so.cache",
    "nsswitch.conf",
    "protocols",
    "services",
    "mime.types",
)


@dataclass(frozen=True, slots=True)
class Data:
    """The numbers of open files that arguments refer to."""

    passwd: int
    group: int
    hosts: int
    empty: tuple[int, ...]
    """One for each file that is hidden; files beyond these can not even be opened."""


def isolation(owner: int | None) -> list[str]:
    """As root without a user namespace: in one, uid 0 could still change the kernel's settings."""
    if owner is None:
        first = ["--unshare-user", "--uid", str(USER), "--gid", str(USER), "--cap-drop", "ALL"]
    else:
        # For changing to the owner, and to enter the owner's folder before that; the change drops them all.
        keep = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_DAC_READ_SEARCH")
        first = ["--cap-drop", "ALL", *(a for cap in keep for a in ("--cap-add", cap))]
    names = ("pid", "ipc", "uts", "cgroup-try", "net")
    shared = [f"--unshare-{name}" for name in names]
    return [*first, *shared, "--die-with-parent", "--new-session", "--hostname", "sandbox"]


def view(policy: Policy, limits: Limits, data: Data, places: tuple[Layer, ...], *, as_root: bool) -> list[str]:
    """Everything that is mounted, in order; what may not change is read-only in the end."""
    home = "1777" if as_root else "0700"
    return [
        *_system(),
        *_folder("/etc"),
        *_settings(),
        *_file(data.passwd, "/etc/passwd"),
        *_file(data.group, "/etc/group"),
        *_file(data.hosts, "/etc/hosts"),
        *("--proc", "/proc", *_keys(), "--dev", "/dev"),
        *_memory("/dev/shm", "1777", 16 * MIB),
        *_memory("/tmp", "1777", limits.tmp_bytes),
        *_folder(os.path.dirname(HOME)),
        *_memory(HOME, home, 64 * MIB),
        *_placed(policy, data, places),
        *("--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/"),
    ]


def variables(policy: Policy, owner: int | None) -> list[str]:
    """The environment from nothing; as root without what the policy adds, see `as_owner`."""
    path = ":".join((*policy.path, *SYSTEM_PATH))
    base = {"PATH": path, "HOME": HOME, "LANG": "C.UTF-8", "TMPDIR": "/tmp"}
    given = base if owner is not None else base | dict(policy.environment)
    return ["--clearenv", *(a for name, value in given.items() for a in ("--setenv", name, value))]


def as_owner(policy: Policy, owner: int | None) -> list[str]:
    """In front of the command: what makes it the owner's, with no way back.

    The policy's variables are set only then: some (LD_PRELOAD) would make root load a file of the workspace.
    """
    if owner is None:
        return []
    user = (f"--reuid={owner}", f"--regid={owner}", "--clear-groups")
    drop = ["/usr/bin/setpriv", *user, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs", "--"]
    given = [f"{name}={value}" for name, value in policy.environment.items()]
    return [*drop, "/usr/bin/env", *given] if given else drop


def workspace_layers(policy: Policy) -> tuple[Layer, ...]:
    """Raises SandboxUnavailable when the policy shows the workspace, or something else, where it can not be."""
    at, shown = policy.at, _shown(policy)
    if not at.startswith("/") or os.path.normpath(at) != at or of_the_system(at):
        raise SandboxUnavailable(f"a repository at {at!r} can not be shown there; move it to a folder of its own")
    refuse_astray(policy.workspace, at, shown)
    inner = tuple(parts for mount in shown if (parts := _below(mount.inside, at)))
    return layers(policy, inner)


def accounts(uid: int) -> tuple[bytes, bytes, bytes]:
    """passwd, group and hosts for the one user there is."""
    passwd = f"root:x:0:0::/nonexistent:/bin/false\nsandbox:x:{uid}:{uid}::{HOME}:/bin/sh\n"
    group = f"root:x:0:\nsandbox:x:{uid}:\n"
    hosts = "127.0.0.1 localhost sandbox\n::1 localhost\n"
    return passwd.encode(), group.encode(), hosts.encode()


def _system() -> list[str]:
    args = ["--ro-bind", "/usr", "/usr"]
    for path in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(path):
            args += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            args += ["--ro-bind", path, path]
    return args


def _settings() -> list[str]:
    """What programs look up in /etc. Every mount costs time: only what is there."""
    present = [f"/etc/{name}" for name in _ETC if os.path.exists(f"/etc/{name}")]
    zone = os.path.realpath("/etc/localtime")
    local = ["--symlink", zone, "/etc/localtime"] if zone.startswith("/usr/") else []
    return [*local, *(a for path in present for a in ("--ro-bind", path, path))]


def _keys() -> list[str]:
    """The kernel's keys belong to users, not to a namespace: not even their names are shown."""
    present = [path for path in ("/proc/keys", "/proc/key-users") if os.path.exists(path)]
    return [argument for path in present for argument in ("--ro-bind", "/dev/null", path)]


def _folder(path: str) -> list[str]:
    """With its mode said: what bubblewrap makes in passing, only root may enter."""
    return ["--perms", "0755", "--dir", path]


def _file(fd: int, path: str) -> list[str]:
    return ["--perms", "0444", "--file", str(fd), path]


def _memory(path: str, mode: str, size: int) -> list[str]:
    return ["--perms", mode, "--size", str(size), "--tmpfs", path]


def _placed(policy: Policy, data: Data, places: tuple[Layer, ...]) -> list[str]:
    """The toolchain, the workspace with its layers, and the other mounts; those above come first."""
    empty = iter(data.empty)
    wanted = [(_depth(m.inside), 1, _bind(m)) for m in _shown(policy)]
    for layer in places:
        inside = "/".join((policy.at, *layer.parts))
        wanted.append((_depth(inside), 0, _layer(policy.workspace, inside, layer, empty)))
    parents = _parents([policy.at, *(m.inside for m in _shown(policy))], policy.at)
    wanted += [(_depth(parent), -1, _folder(parent)) for parent in parents]
    return [argument for _, _, args in sorted(wanted, key=lambda w: w[:2]) for argument in args]


def _shown(policy: Policy) -> Sequence[Mount]:
    """Nothing twice; what lies in /usr is there already."""
    toolchain = [Mount(Path(path), path) for path in policy.toolchain if not f"{path}/".startswith("/usr/")]
    mounts = [mount for mount in policy.mounts if _below(mount.inside, policy.at) or not there_anyway(mount)]
    return list(dict.fromkeys([*toolchain, *mounts]))


def _bind(mount: Mount) -> list[str]:
    return ["--bind" if mount.writable else "--ro-bind", str(mount.host), mount.inside]


def _layer(workspace: Path, inside: str, layer: Layer, empty: Iterator[int]) -> list[str]:
    host = "/".join((str(workspace), *layer.parts))
    if layer.kind == "hide folder":
        return ["--perms", "0555", "--size", "4096", "--tmpfs", inside, "--remount-ro", inside]
    if layer.kind == "hide file":
        fd = next(empty, None)
        if fd is None:
            return ["--ro-bind", "/dev/null", inside]
        return ["--perms", "0444", "--ro-bind-data", str(fd), inside]
    return ["--bind" if layer.kind == "write" else "--ro-bind", host, inside]


def _parents(places: Sequence[str], at: str) -> list[str]:
    """The folders above mount points that have to be made; those in the workspace or the system are there."""
    found: set[str] = set()
    for place in places:
        above = os.path.dirname(place)
        while above not in ("/", "") and not _inside_system(above) and not f"{above}/".startswith(f"{at}/"):
            found.add(above)
            above = os.path.dirname(above)
    return sorted(found)


def _inside_system(path: str) -> bool:
    return path == "/tmp" or any(f"{path}/".startswith(f"{top}/") for top in ("/usr", "/proc", "/dev", HOME))


def _below(path: str, at: str) -> Parts:
    """Its parts when it lies in the workspace, else none."""
    return tuple(path.removeprefix(f"{at}/").split("/")) if path.startswith(f"{at}/") else ()


def _depth(path: str) -> int:
    return len([part for part in path.split("/") if part])
