"""Where mounts land: no link takes one elsewhere, and none covers what the system has."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from sandbox.policy import Mount, SandboxUnavailable
from sandbox.tree import shown

_SHARED = ("usr", "bin", "sbin", "lib", "lib32", "lib64")
"""Folders of the system that are there anyway."""
_SYSTEM = ("etc", "proc", "dev", "sys", "boot", *_SHARED)
_SOURCES = ("/usr/src/", "/usr/local/src/")
_PACKAGES = ("site-packages", "dist-packages")


def of_the_system(place: str) -> bool:
    """A place that root's programs may come from before they are the owner's."""
    return place.split("/")[1] in ("", *_SYSTEM) and not f"{place}/".startswith(_SOURCES)


def there_anyway(mount: Mount) -> bool:
    """What the system's folders show at this place is what the mount would show."""
    same = str(mount.host) == mount.inside and not mount.writable
    return same and f"{mount.inside}/".startswith(tuple(f"/{name}/" for name in _SHARED))


def refuse_astray(workspace: Path, at: str, mounts: Sequence[Mount]) -> None:
    """Raises SandboxUnavailable for a mount that would not lie where it says, or would cover the system.

    Links are looked for where they would be met: in the workspace, in /usr and in the other mounts.
    """
    covers = [Mount(Path("/usr"), "/usr"), Mount(workspace, at), *mounts]
    for place in dict.fromkeys((at, *(mount.inside for mount in mounts))):
        if not place.startswith("/") or os.path.normpath(place) != place or _forbidden(place):
            raise SandboxUnavailable(f"nothing can be mounted at {shown(place)}: take another interpreter or folder")
        link = _link(place, covers)
        if link is not None:
            what = f"{shown(link)} is a link, so that nothing can be mounted at {shown(place)}"
            raise SandboxUnavailable(f"{what}; put a real folder in its place")


def _forbidden(place: str) -> bool:
    return of_the_system(place) and not set(_PACKAGES) & set(place.split("/"))


def _link(place: str, covers: Sequence[Mount]) -> str | None:
    """The first step on the way to `place`, its last included, that is a link inside."""
    steps = place.split("/")[1:]
    for depth in range(1, len(steps) + 1):
        step = "/" + "/".join(steps[:depth])
        if step != place and any(cover.inside == step for cover in covers):
            continue
        above = [cover for cover in covers if step.startswith(f"{cover.inside}/")]
        if above:
            deepest = max(above, key=lambda cover: len(cover.inside))
            if os.path.islink(f"{deepest.host}/{step.removeprefix(f'{deepest.inside}/')}"):
                return step
    return None
