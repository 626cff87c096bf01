"""Runs the small suite by Inspect AI in a process of its own: `python -m tests.evals.inspect_small OUT NAME…`"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from evals.inspected import Plan, run_suites
from tests.evals.suites import suite

if __name__ == "__main__":
    out, *names = sys.argv[1:]
    trials = run_suites([suite(*names)], Plan(out=Path(out), flags={"model": "m"}, jobs=2))
    print(json.dumps([asdict(trial) for trial in trials["small"]]))
