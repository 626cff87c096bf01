"""The coverage of the base's own tests, measured here: what `coverage` says of risky code when no report is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass

from backlog.source import NotConfigured, Ran, Report, SourceBroken, View
from backlog.sources.reports.places import Places
from backlog.sources.risky_code import report_on
from backlog.sources.text import clean
from backlog.sources.whose import foreign_in

ABSENT = 97
PROGRAM = f"""
import contextlib, io, json, sys
try:
    import coverage
except ImportError:
    sys.exit({ABSENT})
import pytest
measured = coverage.Coverage(data_file=None, source=["."])
measured.start()
with contextlib.redirect_stdout(io.StringIO()):
    code = int(pytest.main(["-q", "-p", "no:cacheprovider", *sys.argv[1:]]))
measured.stop()
lines = {{}}
for name in measured.get_data().measured_files():
    _, can, _, missed, _ = measured.analysis2(name)
    lines[name] = [sorted(set(can) - set(missed)), list(missed)]
sys.__stdout__.write("\\n" + json.dumps({{"code": code, "lines": lines}}) + "\\n")
"""


@dataclass(frozen=True, slots=True)
class CoverageRun:
    arguments: tuple[str, ...]
    """More for pytest."""
    wall_s: float
    name: str = "coverage-run"

    def look(self, view: View) -> Report:
        """Raises NotConfigured without coverage.py, SourceBroken when the run does not end with a measurement."""
        ran = view.run(("python", "-c", PROGRAM, *self.arguments), self.wall_s)
        if ran.code == ABSENT and not ran.killed:
            raise NotConfigured("coverage.py is not installed in the repository's environment")
        places = Places(view.files, str(view.root), foreign_in(view))
        lines = {path: one for named, one in _lines(ran).items() if (path := places.path(named))}
        return report_on(self.name, lines, view, places.notes())


def _lines(ran: Ran) -> dict[str, tuple[set[int], set[int]]]:
    if ran.killed or ran.code is None:
        raise SourceBroken(f"the tests were ended while coverage was measured: {ran.killed or 'killed'}")
    try:
        told = json.loads(ran.stdout.decode("utf-8", "replace").strip().rpartition("\n")[2])
        code, lines = int(told["code"]), told["lines"]
    except (ValueError, TypeError, KeyError):
        said = clean(ran.stderr.decode("utf-8", "replace")[-1_000:], 200)
        raise SourceBroken(f"the tests ended with {ran.code} and without a measurement: {said}") from None
    if code not in (0, 1):
        raise SourceBroken(f"pytest ended with {code}: what the tests reach was not measured")
    return {str(name): (set(run), set(missed)) for name, (run, missed) in lines.items()}
