"""`python -m evals.bench`: measure everything, print the table. Missed goals are said, they do not fail."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.house import clock
from evals.bench.compare import compared
from evals.bench.disk import disk
from evals.bench.figure import Section
from evals.bench.ground import Ground, prepared
from evals.bench.help_time import help_time
from evals.bench.machine import machine, versions
from evals.bench.many_items import many_items
from evals.bench.markers import markers
from evals.bench.process import BenchFailed
from evals.bench.rounds import rounds
from evals.bench.table import Report, lines
from evals.bench.whole_item import whole_item

Measurement = Callable[[Ground, int], Sequence[Section]]

MEASUREMENTS: dict[str, Measurement] = {
    "rounds": lambda ground, number: compared(rounds(ground, number)),
    "item": lambda ground, _number: [whole_item(ground)],
    "help": lambda ground, number: [help_time(ground, 2 * number)],
    "disk": lambda ground, _number: [disk(ground)],
    "markers": markers,
    "items": lambda ground, number: [many_items(ground, number)],
}


def measured(ground: Ground, number: int, only: Sequence[str]) -> list[Section]:
    """What fails is said where its figures would stand; the rest is measured all the same."""
    found: list[Section] = []
    for name in only:
        print(f"{name} …", file=sys.stderr, flush=True)
        try:
            found += MEASUREMENTS[name](ground, number)
        except BenchFailed as error:
            found.append(Section(name, "", trouble=str(error)))
    return found


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.bench")
    option = parser.add_argument
    option("--json", type=Path, metavar="FILE", help="write the figures there as well")
    option("--rounds", type=int, default=7, help="rounds of all contenders after the warm-up (default 7)")
    option("--only", action="append", choices=list(MEASUREMENTS), help="only this; may be repeated")
    trees = "source trees and clones for `markers`, each a folder in DIR (default: get Debian's python3.11 and django)"
    option("--sources", type=Path, metavar="DIR", help=trees)
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """0 when everything was measured, whether or not the goals are met; 1 when something could not be."""
    options = arguments(argv)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lamplighter-bench-") as name:
        try:
            ground = replace(prepared(Path(name)), sources=options.sources)
        except BenchFailed as error:
            print(f"bench: {error}", file=sys.stderr)
            return 1
        where = machine()
        found = measured(ground, options.rounds, options.only or list(MEASUREMENTS))
        isolation = ground.house().site.sandbox.isolation
    at = clock().isoformat(timespec="seconds")
    report = Report(at, time.monotonic() - started, where, versions(isolation), found)
    print("\n".join(lines(report)))
    if options.json:
        options.json.write_text(json.dumps(report.as_json(), indent=1) + "\n")
    return 1 if any(section.trouble for section in found) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
