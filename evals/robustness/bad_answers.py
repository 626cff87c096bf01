"""Ways in which a server answers badly. Each is a function of the request it meets."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from evals.robustness.server import Answer, Wanted
from model.port import ToolCall, Turn
from model.scripted import call

NONE: Mapping[str, str] = MappingProxyType({})
A_CALL = call("find_files", glob="*.py")
PAGE = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"


def status(code: int, message: str = "it went wrong", headers: Mapping[str, str] = NONE) -> Answer:
    error = {"error": {"message": message, "type": "server_error", "code": code}}
    return lambda wanted: wanted.send(json.dumps(error).encode(), code, headers=headers)


def body(data: bytes, kind: str = "application/json", code: int = 200) -> Answer:
    return lambda wanted: wanted.send(data, code, kind)


def completion_with(**fields: object) -> Answer:
    """A completion, with some fields of its own."""
    return lambda wanted: wanted.say(wanted.completion(A_CALL) | fields)


def message_of(message: object, finish: str = "stop") -> Answer:
    return completion_with(choices=[{"index": 0, "message": message, "finish_reason": finish}])


def calling(name: str, arguments: str) -> Answer:
    """A tool call with just this text as its arguments."""
    turn = Turn(calls=(ToolCall(id="call_x", name=name, arguments=arguments),))
    return unless_probed(lambda wanted: wanted.turn(turn))


def words(text: str) -> Answer:
    return unless_probed(lambda wanted: wanted.turn(Turn(text=text)))


def unless_probed(answer: Answer) -> Answer:
    """Able, but not willing: a tiny question about nothing is answered as it should be."""

    def either(wanted: Wanted) -> None:
        if wanted.is_probe:
            wanted.turn(call("ready", word="yes"))
        else:
            answer(wanted)

    return either


def only_words(wanted: Wanted) -> None:
    """Not able: whatever is asked, in whatever way."""
    wanted.turn(Turn(text="I would love to help you with that!"))


def half(wanted: Wanted) -> None:
    """The body ends in the middle, and the connection with it."""
    data = json.dumps(wanted.completion(A_CALL)).encode()
    wanted.send(data[: len(data) // 2], length=len(data))
    wanted.cut()


def truncated(wanted: Wanted) -> None:
    """The body is half an answer, and says that this is all."""
    data = json.dumps(wanted.completion(A_CALL)).encode()
    wanted.send(data[: len(data) // 2])


def disconnects(wanted: Wanted) -> None:
    wanted.cut()


def hangs(wanted: Wanted) -> None:
    wanted.wait()
    wanted.cut()


def drips(wanted: Wanted) -> None:
    """A byte now and then: never silent for long enough to be called dead."""
    wanted.send(b"{", length=1_000_000)
    while not wanted.wait(0.1) and not wanted.handler.close_connection:
        wanted.raw(b" ")
    wanted.cut()


def huge(wanted: Wanted) -> None:
    """50 MB."""
    wanted.send(b'{"choices": "', length=50_000_000)
    for _ in range(49):
        if wanted.handler.close_connection:
            return
        wanted.raw(b"x" * 1_000_000)
    wanted.cut()


def packed(wanted: Wanted) -> None:
    """A hundred megabytes in a hundred kilobytes."""
    wanted.send(gzip.compress(b" " * 100_000_000, 9), headers={"Content-Encoding": "gzip"})


def streams(wanted: Wanted) -> None:
    chunk = json.dumps({"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Hi"}}]})
    wanted.send(f"data: {chunk}\n\ndata: [DONE]\n\n".encode(), kind="text/event-stream")


def redirects(wanted: Wanted) -> None:
    wanted.send(b"", 307, headers={"Location": wanted.handler.path})


def too_long(wanted: Wanted) -> None:
    message = "This model's maximum context length is 4096 tokens, however you requested 5000 tokens."
    error = {"error": {"message": message, "type": "invalid_request_error", "code": "context_length_exceeded"}}
    wanted.send(json.dumps(error).encode(), 400)


def over(characters: int) -> Callable[[Wanted, Turn], None]:
    """A server that can read only so much: longer conversations are refused, as llama.cpp does."""

    def answer(wanted: Wanted, turn: Turn) -> None:
        if len(wanted.body) <= characters:
            return wanted.turn(turn)
        message = "the request exceeds the available context size, try increasing it"
        error = {"error": {"code": 400, "message": message, "type": "exceed_context_size_error"}}
        return wanted.send(json.dumps(error).encode(), 400)

    return answer


def twisted(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Wanted, Turn], None]:
    """Good turns whose completion is changed before it is sent."""
    return lambda wanted, turn: wanted.say(change(wanted.completion(turn)))


def with_message(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Wanted, Turn], None]:
    def changed(answer: dict[str, Any]) -> Mapping[str, Any]:
        choice = answer["choices"][0]
        return answer | {"choices": [choice | {"message": change(choice["message"])}]}

    return twisted(changed)


def with_calls(change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> Callable[[Wanted, Turn], None]:
    """Each tool call, changed."""
    return with_message(lambda m: m | {"tool_calls": [change(c) for c in m.get("tool_calls", ())]})


def losing(path: str) -> Answer:
    """Somebody removes a folder of the trial, and the line is cut."""

    def answer(wanted: Wanted) -> None:
        shutil.rmtree(wanted.folder / path, ignore_errors=True)
        wanted.cut()

    return answer


def as_text(wanted: Wanted, turn: Turn) -> None:
    """Right in all but its content type."""
    wanted.send(json.dumps(wanted.completion(turn)).encode(), kind="text/plain; charset=utf-8")
