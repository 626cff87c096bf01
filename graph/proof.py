"""The runs behind a verdict, as a small JSON document for the evidence."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from checks.strength import Strength
from checks.testrun import TestRun
from checks.verdict import Verdict


def proof_of(verdict: Verdict, strength: Strength | None = None) -> bytes:
    """`{"runs": [{exit_code, counts, ids (sha256), failing: {id: reason}}], "notes": [...]}`, in canonical form.

    With `strength`: `{killed, total, survivors: [sentence], trouble}`, or null where the check is no test.
    """
    runs = [summary(run) for run in verdict.runs]
    proof: dict[str, Any] = {"runs": runs, "notes": [r.sentence for r in verdict.reasons]}
    if strength:
        proof["strength"] = in_short(strength)
    return json.dumps(proof, sort_keys=True, separators=(",", ":")).encode()


def in_short(strength: Strength) -> dict[str, Any]:
    left = [f"{s.path}:{s.line}: {s.before} → {s.after}" for s in strength.survivors]
    return {"killed": strength.killed, "total": strength.total, "survivors": left, "trouble": strength.trouble}


def summary(run: TestRun) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for outcome in run.outcomes.values():
        counts[outcome.ending] = counts.get(outcome.ending, 0) + 1
    failing = {
        o.id: (f"{o.raised.type}: {o.raised.message[:200]}" if o.raised else o.stage)
        for o in run.outcomes.values()
        if o.ending in ("failed", "error")
    }
    ids = hashlib.sha256("\n".join(sorted(run.ids)).encode("utf-8", "replace")).hexdigest()
    return {"exit_code": run.exit_code, "counts": dict(sorted(counts.items())), "ids": ids, "failing": failing}
