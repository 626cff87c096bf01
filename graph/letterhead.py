"""How a pull request introduces itself: its subject lines and its body."""

from __future__ import annotations

import json
from typing import Any

from evidence.statement import Statement
from graph.state import ItemState

WIDTH = 72


def subject(kind: str, title: str) -> str:
    """A Conventional Commits subject of at most 72 characters."""
    text = " ".join("".join(c if c.isprintable() else " " for c in title).split())
    text = text[:1].lower() + text[1:] if text[1:2].islower() else text
    room = WIDTH - len(kind) - 2
    return f"{kind}: {text if len(text) <= room else text[: room - 1].rstrip() + '…'}"


def body(state: ItemState, statement: Statement) -> str:
    """Markdown: what, why it is right, how to check. Every figure comes from the statement."""
    contract, item = state["contract"], state["item"]
    criteria = contract.criteria if contract else item.criteria
    parts = [
        f"{item.title}\n\nItem `{item.id}` ({item.kind.value}, found by {item.source}"
        + (f" in `{item.path}`" if item.path else "")
        + ").",
        "## What was asked, and is tested\n\n" + "\n".join(f"- {c}" for c in criteria),
        "## Why it can be believed\n\n" + "\n".join(f"- {line}" for line in evidence_lines(statement)),
        f"## Check it yourself\n\n    lamplighter verify lamplighter/{item.id}\n\n"
        "runs red and green again from a clean clone.",
    ]
    return "\n\n".join(parts) + "\n"


def evidence_lines(statement: Statement) -> list[str]:
    lines = [f"Red: {_red(statement)} on base `{statement.base[:12]}`."]
    proof = json.loads(statement.proofs["validate"])
    runs = proof["runs"]
    counts = ", ".join(f"{n} {e}" for e, n in runs[-1]["counts"].items()) if runs else "not measured"
    lines.append(f"Green: the check passes; whole suite on the result: {counts}.")
    lines += _strength(proof.get("strength"))
    lines += [f"Note: {note}." for note in proof["notes"]]
    lines.append(f"Isolation: {statement.isolation.get('backend')} {statement.isolation.get('level')}.")
    lines.append("Tools: " + ", ".join(f"{k} {v}" for k, v in sorted(statement.versions.items())) + ".")
    return lines


def _strength(found: dict[str, Any] | None) -> list[str]:
    """How many wrong versions of the changed lines the tests notice, and which they do not."""
    if found is None:
        return []
    if not found["total"]:
        return [f"Strength: not measured ({found['trouble'] or 'no changed line can be varied'})."]
    left = [f"Not noticed: `{survivor}`." for survivor in found["survivors"][:5]]
    return [f"Strength: the tests notice {found['killed']} of {found['total']} wrong versions of the change.", *left]


def _red(statement: Statement) -> str:
    check = statement.check
    if check["kind"] == "test":
        return f"{len(statement.ids)} test(s) fail for the right reason ({', '.join(statement.ids[:3])})"
    if check["kind"] == "finding":
        return f"{check['tool']} reports {check['rule']} in `{check['path']}`"
    return f"the command `{' '.join(check['argv'])}` fails"
