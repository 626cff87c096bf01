"""Asks one of our scanners about one tree, in the sandbox."""

from __future__ import annotations

import json
from collections.abc import Sequence

from checks import bandit, ruff
from checks.check import Tool
from checks.finding import Finding, ScannerFailed
from sandbox.site import Site

_VERSIONS = """
import importlib.metadata, json
print(json.dumps({name: importlib.metadata.version(name) for name in ("ruff", "bandit")}))
"""


def scan(
    site: Site, tree: str, tool: Tool, paths: Sequence[str] = (), *, suppressed: bool = False
) -> tuple[Finding, ...]:
    """What `tool` says about `paths` (none: the whole tree). With `suppressed`, also what comments silence.

    Raises ScannerFailed when there is no usable answer, which is never `nothing found`; SandboxUnavailable.
    """
    scanner = ruff.scan if tool == "ruff" else bandit.scan
    return scanner(site, tree, paths, suppressed=suppressed)


def versions(site: Site) -> dict[str, str]:
    """The versions of the scanners that answer inside. Raises ScannerFailed."""
    with site.fresh(site.trees.write({})) as workspace:
        result = site.box(workspace, own=True).run((site.own.python, "-I", "-c", _VERSIONS))
    if not result.ok:
        raise ScannerFailed(
            f"scanners can not be asked for their versions: {result.stderr.decode(errors='replace')[-300:]}"
        )
    found: dict[str, str] = json.loads(result.stdout)
    return found
