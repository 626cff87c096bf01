"""How strong tests are, as it stands in JSON results."""

from __future__ import annotations

from typing import Any

from checks.strength import Strength


def strength_json(strength: Strength | None, revert_fails: bool | None) -> dict[str, Any]:
    """`killed` of `total` wrong versions of the change; `survivors[]`; `revert_fails`: without it, the tests fail."""
    strength = strength or Strength(trouble="not measured")
    survivors = [
        {"path": s.path, "line": s.line, "operator": s.operator, "before": s.before, "after": s.after}
        for s in strength.survivors
    ]
    return {
        "killed": strength.killed,
        "total": strength.total,
        "revert_fails": revert_fails,
        "survivors": survivors,
        "trouble": strength.trouble,
    }
