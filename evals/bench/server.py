"""A Chat Completions server on loopback with scripted answers; it notes when it was asked and answered."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import cast

from evals.bench.exchange import Exchange
from model.playback import SPENT, completion
from model.port import Turn


class Server:
    """`with Server(turns) as server:`. Once the client is gone and the block left, `exchanges` is whole."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = list(turns)
        self.exchanges: list[Exchange] = []
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.script = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def answer(self, asked: int) -> bytes:
        """The next answer on the wire. The clients ask one thing at a time, so no lock is needed."""
        number = len(self.exchanges)
        turn = self.turns[number] if number < len(self.turns) else SPENT
        return json.dumps(completion(turn, number, asked)).encode()


class _Http(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits until the last exchange is noted
    script: Server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    arrived = 0

    def parse_request(self) -> bool:
        self.arrived = time.monotonic_ns()
        return super().parse_request()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the table is what is printed."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        script = cast(_Http, self.server).script
        data = script.answer(len(body))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
        script.exchanges.append(Exchange(self.arrived, time.monotonic_ns(), body))
