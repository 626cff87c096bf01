"""All escapes, by group."""

from __future__ import annotations

from evals.containment.cases import (
    afterwards,
    exfil,
    files,
    git,
    imports,
    leftovers,
    machine,
    resources,
    results,
    verdict,
)
from evals.containment.escape import Escape

GROUPS = (files, git, imports, exfil, resources, verdict, leftovers, machine, results, afterwards)


def every() -> dict[str, Escape]:
    """By key, in order of their numbers."""
    found = sorted((escape for group in GROUPS for escape in group.ESCAPES), key=lambda e: e.number)
    return {escape.key: escape for escape in found}
