"""Inside the sandbox: the ways in which a forked process runs the new tests. PYTEST_DONT_REWRITE

Works with pytest 6.2 and later, imports nothing of ours, Python 3.8 on.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

RANK = ("passed", "skipped", "failed")


class Loop:
    """The plugin that takes the place of pytest's own loop: `work` is called with it once all is collected."""

    def __init__(self, work: Callable[[Loop], None]) -> None:
        self._work = work
        self.items: list[Any] = []
        self.outcomes: dict[str, str] = {}
        self.failed = ""
        self.heard: Callable[[Any], None] = lambda report: None

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_load_initial_conftests(self, early_config: Any) -> Iterator[None]:
        """Nobody else watches the lines, even where pytest-cov is configured to."""
        _set(early_config.known_args_namespace, no_cov=True)
        yield

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_main(self, config: Any) -> Iterator[None]:
        """One process, even where xdist is configured to use more."""
        _set(config.option, numprocesses=0, dist="no", distload=False, tx=[])
        yield

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed and not self.failed:
            self.failed = f"collection of {report.nodeid or 'the tests'}"

    def pytest_runtest_logreport(self, report: Any) -> None:
        before = self.outcomes.get(report.nodeid, "passed")
        self.outcomes[report.nodeid] = max(before, report.outcome, key=_rank)
        if report.failed and not self.failed:
            self.failed = report.nodeid
        self.heard(report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: Any) -> bool:
        self.items = list(session.items)
        self._work(self)
        return True

    def run(self, items: list[Any], until_failed: bool) -> None:
        for item, following in zip(items, [*items[1:], None]):  # noqa: B905 - Python 3.8
            if self.failed and until_failed:
                return
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def tell(self, say: Any, full: bool) -> None:
        say(
            failed=self.failed,
            passed=sum(outcome == "passed" for outcome in self.outcomes.values()),
            outcomes=self.outcomes if full else {},
        )


def _set(options: Any, **values: Any) -> None:
    """Options of plugins that are there."""
    for name in values:
        if hasattr(options, name):
            setattr(options, name, values[name])


def _rank(outcome: str) -> int:
    return RANK.index(outcome) if outcome in RANK else 0


class Sessions:
    """`arguments` are pytest's; `attempt` forks; `loaded` and `reached` are the classes of those names."""

    def __init__(self, arguments: list[str], attempt: Any, loaded: Any, reached: Any) -> None:
        self._arguments, self._attempt = arguments, attempt
        self._loaded, self._reached = loaded, reached

    def cold(self, say: Any, full: bool) -> None:
        """All tests in a pytest that starts here; `full` is all of them, else until one fails."""

        def work(loop: Loop) -> None:
            loop.run(loop.items, until_failed=not full)
            loop.tell(say, full)
            say.end()

        code = pytest.main(list(self._arguments), plugins=[Loop(work)])
        say(failed=f"pytest gave up before the first test (exit code {int(code)})")
        say.end()

    def hot(self, say: Any, plan: Any, files: Any, until: float) -> None:
        """Collect once, then fork for each mutant that can be put into loaded code."""
        reached = self._reached(plan["root"], plan["lines"])
        reached.start()

        def work(loop: Loop) -> None:
            imported = reached.stop()
            Hot(self, say, plan, files, loop, reached, until).serve(imported)
            say.end()

        pytest.main(list(self._arguments), plugins=[Loop(work)])
        say(event="void")
        say.end()

    def fork(self, work: Callable[[Any], None], limit_s: float, above: Any) -> Any:
        return self._attempt(work, limit_s, [above.fd])

    def loaded(self, plan: Any, files: Any) -> Any:
        return self._loaded(plan["root"], plan["lines"], files)


class Hot:
    """One collected session and what is tried on it. Says `void` when unchanged code does not pass each time."""

    def __init__(
        self, sessions: Sessions, say: Any, plan: Any, files: Any, loop: Loop, reached: Any, until: float
    ) -> None:
        self._sessions, self._say, self._plan, self._files = sessions, say, plan, files
        self._loop, self._reached, self._until = loop, reached, until
        self._limit = max(0.0, until - time.monotonic())
        self._loaded = sessions.loaded(plan, files)
        self._dice = random.SystemRandom()

    def serve(self, imported: Any) -> None:
        control = self._run(self._loop.items, [])
        if control.verdict()[0] != "survived":
            self._say(event="void")
            return
        self._limit = self._plan["times"] * control.seconds + self._plan["slack_s"]
        traced = self._traced()
        self._say(event="reached", lines=[*imported.lines, *traced.all], lost=imported.lost or traced.partial)
        for index, job in enumerate(self._plan["mutants"]):
            if time.monotonic() >= self._until or not self._steady():
                break
            if job["hot"]:
                self._try(index, job, traced.order(job, imported, self._loop.items))
        self._blank()

    def _steady(self) -> bool:
        return self._dice.random() >= self._plan["blanks"] or self._blank()

    def _blank(self) -> bool:
        ending = self._run(self._loop.items, self._plan["blank"])
        passed = ending.verdict()[0] == "survived" or self._cut_off(ending)
        if not passed:
            self._say(event="void")
        return bool(passed)

    def _cut_off(self, ending: Any) -> bool:
        """It was not too slow itself: the time for everything was up."""
        return bool(ending.how == "late" and time.monotonic() >= self._until)

    def _try(self, index: int, job: Any, order: Any) -> None:
        if order is None:
            verdict, by, seconds = "cold", "", 0.0
        elif not order:
            verdict, by, seconds = "unreached", "", 0.0
        else:
            ending = self._run(order, job["edits"])
            if self._cut_off(ending):
                return
            (verdict, by), seconds = ending.verdict(), ending.seconds
        if verdict != "cold":
            self._say(event="mutant", index=index, verdict=verdict, by=by, mode="hot", seconds=seconds)

    def _run(self, items: list[Any], edits: list[Any]) -> Any:
        def work(say: Any) -> None:
            if not self._loaded.put(edits):
                say(cold=True)
                say.end()
            self._loop.run(items, until_failed=True)
            self._loop.tell(say, full=False)
            say.end()

        with self._files.wrong(edits):
            return self._sessions.fork(work, min(self._limit, max(0.0, self._until - time.monotonic())), self._say)

    def _traced(self) -> Any:
        """Which of the watched lines each test runs."""

        def work(say: Any) -> None:
            self._loop.heard = lambda report: self._reached.note(report.nodeid, report.when)
            self._reached.start()
            self._loop.run(self._loop.items, until_failed=False)
            say(**self._reached.told())
            say.end()

        ending = self._sessions.fork(work, max(0.0, self._until - time.monotonic()), self._say)
        return self._reached.read(ending if ending.how == "ended" else None)
