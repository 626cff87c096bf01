"""A Chat Completions endpoint on loopback that plays a list of answers: for the demo, tests and measurements.

It is the real wire: the `openai` client talks HTTP to it. It answers each request with the next turn, and
keeps what it was asked.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast

from model.port import Turn

SPENT = Turn(text="The recording has ended.")


class Playback:
    """`with Playback(turns) as server:` then point a client at `server.url`. An int is an HTTP error status."""

    def __init__(self, turns: Sequence[Turn | int]) -> None:
        self.turns = list(turns)
        self.requests: list[bytes] = []
        """The body of every request, as sent."""
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.playback = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> Playback:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def take(self, body: bytes) -> tuple[int, dict[str, Any]]:
        with self._lock:
            number = len(self.requests)
            self.requests.append(body)
            turn = self.turns[number] if number < len(self.turns) else SPENT
        if isinstance(turn, int):
            return turn, {"error": {"message": "recorded failure", "type": "playback"}}
        return 200, completion(turn, number, len(body))


def completion(turn: Turn, number: int, asked: int) -> dict[str, Any]:
    """The wire form of one answer; tokens are bytes / 4 where the turn does not say."""
    message = turn.message()
    usage = turn.usage if turn.usage.total else None
    prompt = usage.prompt if usage else asked // 4
    done = usage.completion if usage else len(json.dumps(message)) // 4
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 0,
        "model": turn.model or "playback",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if turn.calls else "stop"}],
        "usage": {"prompt_tokens": prompt, "completion_tokens": done, "total_tokens": prompt + done},
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    playback: Playback


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: stderr belongs to the program."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, answer = cast(_Server, self.server).playback.take(body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        self.wfile.flush()
