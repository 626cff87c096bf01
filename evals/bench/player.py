"""One contender at work with a server of its own: it goes exactly as far as it is let."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

from evals.bench.contender import Contender
from evals.bench.exchange import Worked
from evals.bench.ground import Ground
from evals.bench.process import MOST_SECONDS, Process
from evals.bench.server import Server


class Player:
    """`with Player(…) as player:` starts the process and leaves it waiting for its first answer."""

    def __init__(self, contender: Contender, ground: Ground) -> None:
        self._contender, self._ground = contender, ground
        self._server = Server()
        self._steps = 0

    def __enter__(self) -> Player:
        with ExitStack() as stack:
            server = stack.enter_context(self._server)
            environment = self._ground.environment(server.url)
            process = Process(self._contender.argv, self._ground.repository, environment, gone=server.gone)
            self._process = stack.enter_context(process)
            self._until_asked()
            self._open = stack.pop_all()  # all went well: they stay open until this block is left
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()

    def step(self) -> None:
        """One answer, until it asks again. Raises BenchFailed when it does not."""
        self._steps += 1
        self._server.answer(self._contender.turn(self._steps))
        self._until_asked()

    def finish(self) -> Worked:
        """The last answer, until its end. Raises BenchFailed when it ends otherwise than it should."""
        self._server.answer(self._contender.last)
        ended = self._process.end(self._contender.code)
        if self._server.asked(0):
            raise self._process.failed("asked again after the last answer")
        return Worked(ended.started, ended.ended, self._server.exchanges)

    def _until_asked(self) -> None:
        if not self._server.asked(MOST_SECONDS):
            raise self._process.failed(f"asked nothing more after {self._steps} steps")
