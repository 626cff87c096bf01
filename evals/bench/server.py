"""A Chat Completions server on loopback for one client, which gets each answer when it is told to.

So several clients can be let go on in turn, step by step, and each is timed while the others stand still.
"""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import cast

from evals.bench.exchange import Exchange
from model.playback import completion
from model.port import Turn


class Server:
    """`with Server() as server:`. Once the client is gone and the block left, `exchanges` is whole."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []
        self._asked: SimpleQueue[bool] = SimpleQueue()
        self._answers: SimpleQueue[Turn | None] = SimpleQueue()
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.script = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._answers.put(None)
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def asked(self, seconds: float) -> bool:
        """Wait for the next request: False when the client is gone or lets us wait for too long."""
        try:
            return self._asked.get(timeout=seconds)
        except Empty:
            return False

    def answer(self, turn: Turn) -> None:
        """Answer the request that waits."""
        self._answers.put(turn)

    def gone(self) -> None:
        """The client will ask nothing more."""
        self._asked.put(False)

    def reply(self, body: bytes) -> bytes | None:
        """For the handler: the answer on the wire, once it is there; None when there will be none."""
        self._asked.put(True)
        turn = self._answers.get()
        if turn is None:
            return None
        return json.dumps(completion(turn, len(self.exchanges), len(body))).encode()


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
        data = script.reply(body)
        if data is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        sent = time.monotonic_ns()  # before it leaves: afterwards the client may be ahead of the note
        self.wfile.flush()
        script.exchanges.append(Exchange(self.arrived, sent, body))
