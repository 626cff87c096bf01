"""A Chat Completions server on loopback that answers well, then badly, then well again."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, cast

from model.playback import completion
from model.port import Turn
from model.probe import QUESTION
from model.scripted import call
from model.ways import Name
from model.written import written

FOREVER = 1_000_000
TALK = Turn(text="I would love to help you with that!")
PATIENCE_S = 30.0
"""How long a bad answer waits at most for its client to go away."""


class Wanted:
    """One request, and the means to answer it in any way at all."""

    def __init__(
        self, handler: BaseHTTPRequestHandler, body: bytes, number: int, closing: threading.Event, folder: Path
    ) -> None:
        self.handler, self.body, self.number, self.closing = handler, body, number, closing
        self.folder = folder

    @property
    def asked(self) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(self.body)
        return asked

    @property
    def way(self) -> Name:
        """In which way an action is asked for."""
        return "schema" if "response_format" in self.asked else "native" if "tools" in self.asked else "text"

    @property
    def is_probe(self) -> bool:
        return bool(self.asked["messages"][-1]["content"] == QUESTION[0]["content"])

    def send(
        self,
        data: bytes,
        status: int = 200,
        kind: str = "application/json",
        length: int | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`length` is what is said of the body when that is not true."""
        self.handler.send_response(status)
        said = {"Content-Type": kind, "Content-Length": str(len(data) if length is None else length)}
        for name, value in (said | dict(headers)).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.raw(data)

    def raw(self, data: bytes) -> None:
        try:
            self.handler.wfile.write(data)
            self.handler.wfile.flush()
        except OSError:
            self.handler.close_connection = True  # the client has seen enough

    def cut(self) -> None:
        """Nothing more comes on this connection."""
        self.handler.close_connection = True

    def say(self, answer: object) -> None:
        self.send(json.dumps(answer).encode())

    def turn(self, turn: Turn) -> None:
        """The turn in the way that was asked for."""
        if self.way != "native" and turn.calls:
            asked_for = turn.calls[0]
            turn = Turn(text=written(self.way, asked_for.name, asked_for.arguments))
        self.say(self.completion(turn))

    def completion(self, turn: Turn) -> dict[str, Any]:
        return completion(turn, self.number, len(self.body))

    def wait(self, seconds: float = PATIENCE_S) -> bool:
        """Until the server closes. True when it did within that time."""
        return self.closing.wait(seconds)


Answer = Callable[[Wanted], None]


class Server:
    """`folder` is that of the trial. `good` are the turns in order, each given once; after the first `after` of them,
    `times` requests are met by `bad`; `heal()` ends that. `twist` gives the good turns in a form of its own.
    `knows` is the one way in which this server gives actions; asked in another, it talks."""

    def __init__(
        self,
        folder: Path,
        good: Sequence[Turn],
        bad: Answer | None = None,
        after: int = 1,
        times: int = FOREVER,
        twist: Callable[[Wanted, Turn], None] | None = None,
        knows: Name = "native",
    ) -> None:
        self._good, self._bad, self._after, self._times = list(good), bad, after, times
        self._folder, self._twist, self._knows = folder, twist or Wanted.turn, knows
        self.requests = 0
        self.given = 0
        """Good turns that were given."""
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._http = _Http(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        self._http.server_bind()  # from here on the port is ours, and refuses
        self._http.owner = self
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Server:
        return self

    def open(self) -> None:
        """Listen. Until then, connections are refused."""
        self._http.server_activate()
        self._thread.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closing.set()
        if self._thread.is_alive():
            self._http.shutdown()
            self._thread.join()
        self._http.server_close()

    def heal(self) -> None:
        with self._lock:
            self._times = 0

    def answer(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        with self._lock:
            wanted = Wanted(handler, body, self.requests, self._closing, self._folder)
            self.requests += 1
            answer = self._next(wanted)
        answer(wanted)

    def _next(self, wanted: Wanted) -> Answer:
        if self._bad and self.given >= self._after and self._times:
            self._times -= 1
            return self._bad
        if wanted.way != self._knows:
            return lambda wanted: wanted.turn(TALK)
        if wanted.is_probe:
            return lambda wanted: wanted.turn(call("ready", word="yes"))
        turn = self._good[self.given] if self.given < len(self._good) else TALK
        self.given += 1
        return lambda wanted: self._twist(wanted, turn)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    owner: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: a client that goes away is a part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: stderr belongs to the program."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        cast(_Http, self.server).owner.answer(self, body)

    do_GET = do_POST  # what a redirect makes of a POST
