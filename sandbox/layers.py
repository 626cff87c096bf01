"""What of the workspace is writable, read-only or hidden: mounts on one another, the deepest rule holds."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sandbox.policy import Policy

Kind = Literal["write", "read", "hide folder", "hide file"]
Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layer:
    """One mount at a repo-relative path (no parts: the root). Never at a link or where nothing is."""

    parts: Parts
    kind: Kind


def layers(policy: Policy, covered: tuple[Parts, ...] = ()) -> tuple[Layer, ...]:
    """The layers of a workspace, parents first; `covered` are places that something else is mounted on.

    A folder above a read-only, hidden or covered place becomes a mount point itself where it could be renamed
    otherwise, so that nothing protected is moved aside and replaced.
    """
    kinds: dict[Parts, Kind] = {(): "read"}
    for kind, paths in (("write", policy.writable), ("read", policy.readonly)):
        for path in paths:
            if (parts := _parts(path)) is not None and kind_at(policy.workspace, parts):
                kinds[parts] = "write" if kind == "write" else "read"
    for path in policy.hidden:
        for parts in _places(policy.workspace, path):
            kinds[parts] = "hide folder" if kind_at(policy.workspace, parts) == "folder" else "hide file"
    for parts in [parts for parts in kinds if _hidden_above(kinds, parts)]:
        del kinds[parts]
    protected = [parts for parts, kind in kinds.items() if kind != "write"]
    for parts in (*protected, *covered):
        for above in _above(parts, covered):
            if above not in kinds and _effective(kinds, above) == "write" and kind_at(policy.workspace, above):
                kinds[above] = "write"
    return tuple(Layer(parts, kinds[parts]) for parts in sorted(kinds, key=lambda p: (len(p), p)))


def _parts(path: str) -> Parts | None:
    """None for a path that is not one of the workspace's own."""
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    return None if path.startswith("/") or ".." in parts else parts


def kind_at(workspace: Path, parts: Parts) -> Literal["folder", "file"] | None:
    """What is there, no link followed on the way: a link made inside must never steer a mount."""
    path = str(workspace)
    mode = stat.S_IFDIR
    for part in parts:
        path = f"{path}/{part}"
        try:
            mode = os.lstat(path).st_mode
        except OSError:
            return None
        if stat.S_ISLNK(mode):
            return None
    return "folder" if stat.S_ISDIR(mode) else "file"


def _places(workspace: Path, path: str) -> list[Parts]:
    """Where the content of a hidden path lies: there, or where its links lead to in the workspace."""
    parts = _parts(path)
    if parts is None:
        return []
    if kind_at(workspace, parts):
        return [parts]
    root = os.path.realpath(workspace)
    real = os.path.realpath(os.path.join(root, *parts))
    leads = tuple(os.path.relpath(real, root).split("/"))
    return [leads] if real.startswith(f"{root}/") and kind_at(workspace, leads) else []


def _above(parts: Parts, covered: tuple[Parts, ...]) -> list[Parts]:
    """The workspace's own folders on the way: those below a covered place are not."""
    found = [parts[:depth] for depth in range(1, len(parts))]
    return found[: next((at for at, above in enumerate(found) if above in covered), len(found))]


def _hidden_above(kinds: dict[Parts, Kind], parts: Parts) -> bool:
    return any(kinds.get(parts[:depth]) == "hide folder" for depth in range(1, len(parts)))


def _effective(kinds: dict[Parts, Kind], parts: Parts) -> Kind:
    while parts not in kinds:
        parts = parts[:-1]
    return kinds[parts]
