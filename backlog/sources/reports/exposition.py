"""Signals in Prometheus' text format, by names that are agreed on here.

    lamplighter_error_rate{name="checkout",window="24h"} 0.05
    lamplighter_error_rate_baseline{name="checkout"} 0.01
    lamplighter_error_rate_samples{name="checkout"} 12000

and the same for `lamplighter_latency` and `lamplighter_resource`; `name` is needed, `window` and `path` may be there.
Other metrics in the file are passed over.
"""

from __future__ import annotations

import re
from typing import Any

from backlog.source import SourceBroken

SAMPLE = re.compile(
    r"lamplighter_(?P<measures>error_rate|latency|resource)(?P<what>_baseline|_samples)?"
    r"\{(?P<labels>[^}]*)\}\s+(?P<value>\S+)(?:\s+-?\d+)?\s*$"
)
ANY_SAMPLE = re.compile(r"^(?:# (?:HELP|TYPE|EOF)|[a-zA-Z_:][\w:]*(?:\{[^}]*\})?\s+(?:[-+]?\d|[-+]?Inf|NaN))", re.M)
LABEL = re.compile(r'\b(\w{1,60})="((?:[^"\\]|\\.){0,500})"')


def readings(text: str) -> list[dict[str, Any]] | None:
    """One mapping for each signal, for `Signal`; None when the text is in another format.

    Raises SourceBroken for a signal of which a part is missing: half of a measurement is none.
    """
    if not ANY_SAMPLE.match(text.lstrip()):
        return None
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in text.splitlines():
        if not row.startswith("lamplighter_"):
            continue
        match = SAMPLE.match(row)
        labels = dict(LABEL.findall(match["labels"])) if match else {}
        if match is None or "name" not in labels:
            raise SourceBroken(f"can not be understood, or has no label name: {row[:80]}")
        one = found.setdefault((match["measures"], labels["name"]), {})
        key = {"_baseline": "baseline", "_samples": "n"}.get(match["what"] or "", "current")
        one |= {k: v for k, v in labels.items() if k in ("name", "window", "path")}
        one |= {"measures": match["measures"], key: _number(match["value"])}
    for (measures, name), one in found.items():
        if missing := {"current", "baseline", "n"} - one.keys():
            raise SourceBroken(f"{measures} of {name[:40]}: {', '.join(sorted(missing))} is missing")
    return list(found.values())


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SourceBroken(f"{text[:20]} is no number") from None
