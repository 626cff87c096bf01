"""Inside the sandbox: runs the new tests on many wrong versions of the code, each in a forked process.

A program, not a module of ours: it takes the launcher's place and has its arguments: the report file, the name
of the reporter (not used), then pytest's arguments. Stdin: the key (32 bytes), then the plan as JSON:
{"root": folder, "parts": names of the modules beside it, "wall_s": seconds for everything,
 "times", "slack_s": a mutant may take as many times as long as the unchanged code, and the slack,
 "blanks": how often, at random, a blank is run, so that nobody can know which it is,
 "lines": {path: [lines to watch]}, "mutants": [{"edits": [[path, start, end, text]], "hot", "first", "last"}],
 "blank": edits that change the files but not what they do, "perturbed": edits of the tests' expectations}.

This process never loads tested code; it alone holds the key. A *cold* child starts pytest anew. The *hot* child
collects once and forks again for each mutant, which is put into the loaded code. In both, the mutated file lies
on disk, where late imports and other processes find it. Some runs are blanks, in which all does what it did:
they must pass.
Standard library and pytest only, Python 3.8 on.
"""

from __future__ import annotations

import hashlib
import hmac
import importlib
import json
import os
import random
import sys
import time
from typing import Any

NO_PYTEST = 90


class Report:
    """One line per event, each sealed over the line before. Children have no key."""

    def __init__(self, path: str, key: bytes) -> None:
        self._fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._key, self._seal = key, ""

    def write(self, event: str, **fields: Any) -> None:
        body = json.dumps({"event": event, **fields})
        self._seal = hmac.new(self._key, (self._seal + body).encode(), hashlib.sha256).hexdigest()
        os.write(self._fd, f"{self._seal} {body}\n".encode())

    def forget(self) -> None:
        """For a child: it can write nothing from now on."""
        self._key = self._seal = ""  # type: ignore[assignment]
        os.close(self._fd)


class Server:
    """Tries everything in the plan until the time is up."""

    def __init__(self, plan: Any, report: Report, attempt: Any, sessions: Any, files: Any) -> None:
        self._plan, self._report, self._sessions = plan, report, sessions
        self._attempt, self._files = attempt, files
        self._until = time.monotonic() + plan["wall_s"]
        self._limit = float(plan["wall_s"])
        self._verdicts: dict[int, str] = {}
        self._dice = random.SystemRandom()

    def serve(self) -> None:
        control = self._cold([], full=True)
        self._limit = self._plan["times"] * control.seconds + self._plan["slack_s"]
        self._report.write("control", ok=_sound(control), **_facts(control))
        if not _sound(control):
            return
        if self._plan["perturbed"]:
            self._limit *= 2  # that many failures take longer to tell than passes
            self._report.write("perturbed", **_facts(self._cold(self._plan["perturbed"], full=True)))
            self._limit /= 2
        self._all_hot()
        if self._all_cold([i for i in self._indexes() if self._verdicts.get(i, "cold") == "cold"]):
            self._confirm()

    def _all_hot(self) -> None:
        """The hot child's word counts only when it ran to its end and every blank passed."""
        if not any(job["hot"] for job in self._plan["mutants"]):
            return
        ending = self._attempt(self._hot, self._left())
        events = [told for told in ending.told if "event" in told]
        if any(told["event"] == "void" for told in events):
            return
        for told in events:
            self._report.write(**told)
            if told["event"] == "mutant":
                self._verdicts[told["index"]] = told["verdict"]

    def _hot(self, say: Any) -> None:
        self._report.forget()
        self._sessions.hot(say, self._plan, self._files, self._until)

    def _all_cold(self, indexes: list[int]) -> bool:
        """False when a blank did not pass: then nothing that was found means anything."""
        for index in indexes:
            if self._left() <= 0:
                return True
            self._try(index)
            if self._dice.random() < self._plan["blanks"] and not self._blank():
                return False
        return not indexes or self._blank()

    def _try(self, index: int) -> None:
        ending = self._cold(self._plan["mutants"][index]["edits"])
        if self._cut_off(ending):
            return
        verdict, by = ending.verdict()
        self._verdicts[index] = verdict
        self._report.write("mutant", index=index, verdict=verdict, by=by, mode="cold", seconds=ending.seconds)

    def _blank(self) -> bool:
        if self._left() <= 0:
            return True
        ending = self._cold(self._plan["blank"])
        passed = _sound(ending) or self._cut_off(ending)
        if not passed:
            self._report.write("void")
        return passed

    def _cut_off(self, ending: Any) -> bool:
        """It was not too slow itself: the time for everything was up."""
        return ending.how == "late" and self._left() <= 0

    def _confirm(self) -> None:
        """Before it is said that nothing is noticed, what was tried hot is tried cold too."""
        hot = [i for i in self._indexes() if self._verdicts.get(i) == "survived" and self._plan["mutants"][i]["hot"]]
        for index in hot:
            if "killed" in self._verdicts.values() or self._left() <= 0:
                break
            self._try(index)
        self._blank()

    def _cold(self, edits: list[Any], full: bool = False) -> Any:
        def work(say: Any) -> None:
            self._report.forget()
            self._sessions.cold(say, full)

        with self._files.wrong(edits):
            return self._attempt(work, min(self._limit, self._left()))

    def _indexes(self) -> range:
        return range(len(self._plan["mutants"]))

    def _left(self) -> float:
        return max(0.0, float(self._until) - time.monotonic())


def _sound(ending: Any) -> bool:
    """Tests passed, none failed, nothing was left out."""
    return ending.how == "ended" and ending.verdict()[0] == "survived" and bool(ending.fact("passed"))


def _facts(ending: Any) -> dict[str, Any]:
    return {
        "how": ending.how,
        "by": ending.verdict()[1],
        "outcomes": ending.fact("outcomes") or {},
        "seconds": ending.seconds,
    }


def _stdin() -> tuple[bytes, Any]:
    data = sys.stdin.buffer.read()
    nothing = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):  # what is printed in hundreds of runs is of no use
        os.dup2(nothing, fd)
    os.close(nothing)
    return data[:32], json.loads(data[32:])


def main() -> None:
    path, _, *arguments = sys.argv[1:]
    key, plan = _stdin()
    report = Report(path, key)
    del key
    try:
        importlib.import_module("pytest")
    except ImportError as error:
        report.write("unusable", message=str(error))
        sys.exit(NO_PYTEST)
    forked, sessions, wrongcode, reached = (importlib.import_module(name) for name in plan["parts"])
    # From here on the path is what `python -m pytest` has; ours comes last.
    sys.path[:] = [os.getcwd(), *sys.path[1:], sys.path[0]]
    sys.argv = ["pytest", *arguments]
    ways = sessions.Sessions(arguments, forked.attempt, wrongcode.Loaded, reached.Reached)
    Server(plan, report, forked.attempt, ways, wrongcode.Files(plan["root"])).serve()
    report.write("finish")


if __name__ == "__main__":
    main()
