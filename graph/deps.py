"""What the machine works with: live objects, handed in by the app, never checkpointed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from checks.check import Tool as Scanner
from checks.finding import Finding
from checks.suite import Suite
from checks.testrun import TestRun
from evidence.record import Record
from forge.publish import Publication, Published
from model.port import Model
from sandbox.scope import Scope
from sandbox.site import Site
from sandbox.workspace import Workspace


@dataclass(frozen=True)
class ItemLimits:
    tokens: int = 2_000_000
    """For one item, all conversations together."""
    faults: int = 8
    """Calls in a row that could not be carried out."""
    mends: int = 2
    """Times that findings may send the change back to GREEN."""


@dataclass(frozen=True)
class Deps:
    model: Model
    site: Site
    workspace: Workspace
    scope: Scope
    suite: Suite
    record: Record
    baseline: Callable[[], TestRun]
    """The whole suite on the base, run once for a base and remembered."""
    scan: Callable[[str, Scanner, Sequence[str]], tuple[Finding, ...]]
    """Findings of a scanner on a tree (all of it, or these paths)."""
    publish: Callable[[Publication], Published]
    now: Callable[[], datetime]
    run: str
    limits: ItemLimits = ItemLimits()
