"""The backlog as a file for other eyes: YAML and Markdown for people, JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from backlog.file.edit import edited
from backlog.file.entry import entry_of
from backlog.file.nodes import document
from backlog.file.synced import Value
from backlog.item import Item, Status
from backlog.moments import stamp
from backlog.score import Scored

FORMAT = "lamplighter backlog 1"


def exported(ranked: Sequence[Scored], form: str) -> str:
    """`form` is yml, json or md. From JSON every item can be made again as it was; the others carry what people own."""
    return {"yml": _yml, "json": _json, "md": _md}[form](ranked)


def _json(ranked: Sequence[Scored]) -> str:
    rows = [s.item.model_dump(mode="json") | {"score": s.score} for s in ranked]
    return json.dumps({"format": FORMAT, "items": rows}, indent=2, ensure_ascii=False) + "\n"


def _yml(ranked: Sequence[Scored]) -> str:
    return edited(document("items: []\n", "the export"), [], [_entry(s.item) for s in ranked])


def _entry(item: Item) -> dict[str, Value]:
    more: dict[str, Value] = {"created": stamp(item.created_at)}
    if item.path:
        more["path"] = item.path
    if item.line:
        more["line"] = item.line
    given = {name: v for name, v in item.inputs.source.items() if name in ("given_wsjf", "given_priority")}
    return entry_of(item) | more | given


def _md(ranked: Sequence[Scored]) -> str:
    head = "| Rank | ID | Title | Score | Kind | Status | Value | Time criticality | Risk reduction | Size |"
    rows = [_row(number, scored) for number, scored in enumerate(ranked, 1)]
    details = [_details(s.item) for s in ranked if s.item.criteria]
    table = ["# Backlog", "", head, "|" + "---|" * 10, *rows]
    return "\n".join([*table, "", "## Acceptance criteria", "", *details] if details else table) + "\n"


def _row(number: int, scored: Scored) -> str:
    item, i = scored.item, scored.item.inputs
    cells = (
        number, item.id, item.title, f"{scored.score:g}", item.kind.value, item.status.value,
        i.value, i.time_criticality, i.risk_reduction, i.size,
    )  # fmt: skip
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def _details(item: Item) -> str:
    mark = "x" if item.status is Status.DONE else " "
    return "\n".join([f"- [{mark}] **[{item.id}]** {item.title}", *(f"  - {c}" for c in item.criteria)])
