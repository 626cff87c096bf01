"""What a statement must say of itself to be worth checking: cheap, and without the repository."""

from __future__ import annotations

import json
import re
from typing import Any

from evidence.statement import Statement

_OID = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
FULL = "full"


def unsound(said: Statement) -> str:
    """Why the statement can not be what a run wrote; empty when it can."""
    oids = (said.base, said.base_tree, said.red_tree, said.result_tree, *said.locked.values())
    if not all(map(_OID.fullmatch, oids)):
        return "the evidence names something by no git id"
    if not _SHA256.fullmatch(said.patch_sha256) or not _SHA256.fullmatch(said.record_head):
        return "the evidence names the patch or the record by no sha256"
    if said.base_tree == said.result_tree:
        return "the evidence states no change"
    if said.check.get("kind") == "test" and not said.ids:
        return "the evidence names no test that was red"
    if said.red_tree != said.base_tree and not said.locked:
        return "the evidence has a red tree, but names no test file that made it"
    return _without_proof(said)


def _without_proof(said: Statement) -> str:
    for phase, text in said.proofs.items():
        if not _is_proof(text):
            return f"the proof of {phase} in the evidence can not be read"
    missing = [phase for phase in ("red", "validate") if phase not in said.proofs]
    if missing:
        return f"the evidence has no proof of {missing[0]}"
    failing = [name for name in said.ids if any(name in run["failing"] for run in runs_of(said, "validate"))]
    return f"by the evidence {failing[0]} failed on the result" if failing else ""


def runs_of(said: Statement, phase: str) -> list[dict[str, Any]]:
    """The test runs behind a gate, as they were stated."""
    runs: list[dict[str, Any]] = json.loads(said.proofs[phase])["runs"]
    return runs


def _is_proof(text: str) -> bool:
    try:
        proof = json.loads(text)
        return all({"counts", "ids", "failing"} <= run.keys() for run in proof["runs"]) and "notes" in proof
    except (ValueError, TypeError, KeyError, AttributeError):
        return False
