"""Which symbolic links lead out of the tree they are in."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandbox.tree import LINK, Entry

HOPS = 40
"""Links followed for one path before it counts as leading nowhere, as in the kernel."""


def leaving(entries: Mapping[str, Entry], target: Callable[[str], str]) -> frozenset[str]:
    """The paths of links that lead above the tree's root or to an absolute path.

    `target` gives what a link's blob says. Links on the way are followed; a link to nothing stays inside.
    """
    links = {path: target(entry.oid) for path, entry in entries.items() if entry.mode == LINK}
    return frozenset(path for path in links if _leaves(path, links))


def _leaves(path: str, links: Mapping[str, str]) -> bool:
    at: list[str] = []
    ahead = path.split("/")[::-1]
    hops = 0
    while ahead:
        step = ahead.pop()
        if step == "..":
            if not at:
                return True
            at.pop()
        elif step not in ("", "."):
            at.append(step)
            target = links.get("/".join(at))
            if target is None:
                continue
            hops += 1
            if hops > HOPS:
                return False
            if target.startswith("/"):
                return True
            at.pop()
            ahead.extend(target.split("/")[::-1])
    return False
