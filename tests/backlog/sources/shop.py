"""A small shop: the code that the reports in `reports/` were made of, and views of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from backlog.discover import look
from backlog.source import Artefact, Found, Report, View
from backlog.sources.reports.artefacts import artefact_sources
from backlog.sources.reports.formats import formats
from tests.backlog.conftest import NOON, make_view

REPORTS = Path(__file__).parent / "reports"
ORDERS = '''"""Orders of a small shop."""
import os
import subprocess
import sqlite3
import hashlib


def label(name):
    return subprocess.call("print-label " + name, shell=True)


def find(db, customer):
    cursor = sqlite3.connect(db).cursor()
    return cursor.execute("SELECT * FROM orders WHERE customer = '%s'" % customer).fetchall()


def digest(data):
    return hashlib.md5(data).hexdigest()


def total(prices, rebate=0):
    result = 0
    for p in prices:
        if p < 0:
            raise ValueError("negative price")
        elif p == 0:
            continue
        elif rebate and p > 100:
            result += p * (1 - rebate)
        elif rebate > 0.5:
            result += p / 2
        else:
            result += p
    return result
'''
FILES: Mapping[str, str] = {
    "src/shop/__init__.py": "",
    "src/shop/orders.py": ORDERS,
    "src/shop/typed.py": 'def f(x: int) -> str:\n    return x\n\n\nf("a")\n',
    "tests/test_orders.py": "def test_total(): ...\n",
    "requirements.txt": "jinja2==2.10\n",
    "vendor/v.py": "eval('1')\n",
}
ROOT = Path("/nowhere/shop")


def real(name: str) -> bytes:
    """What a tool really wrote."""
    return (REPORTS / name).read_bytes()


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def artefact(data: bytes | str, name: str = "report", days: float = 1) -> Artefact:
    raw = data.encode() if isinstance(data, str) else data
    return Artefact(f".lamplighter/reports/{name}", lambda: raw, NOON - timedelta(days=days))


def shop(*artefacts: Artefact, files: Mapping[str, str] = FILES, **fields: Any) -> View:
    return replace(make_view(files, **fields), artefacts=tuple(artefacts), root=ROOT)


def reports(*given: Artefact | bytes | str, view: View | None = None) -> dict[str, Report]:
    """What the sources made of these files say, without those that have no file."""
    made = [a if isinstance(a, Artefact) else artefact(a, f"report-{n}") for n, a in enumerate(given)]
    seen = view or shop()
    told = (look(source, seen) for source in artefact_sources(made, formats()))
    return {r.name: r for r in told if r.status != "not configured" or "no file of this kind" not in r.reason}


def report(*given: Artefact | bytes | str, view: View | None = None) -> Report:
    """The same where there is one."""
    (one,) = reports(*given, view=view).values()
    return one


def titles(found: Iterable[Found]) -> list[str]:
    return [f.title for f in found]


def sarif(*results: Mapping[str, Any], tool: str = "codeql", rules: Sequence[Any] = (), **run: Any) -> bytes:
    driver = {"name": tool, "rules": list(rules)}
    one = {"tool": {"driver": driver}, "results": list(results), **run}
    return as_json({"version": "2.1.0", "runs": [one]})


def result(rule: str = "r1", uri: str = "src/shop/orders.py", line: int = 9, **fields: Any) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    plain = {"ruleId": rule, "message": {"text": "It is wrong."}, "locations": [{"physicalLocation": place}]}
    return {**plain, **fields}
