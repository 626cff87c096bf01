"""One request to a Chat Completions endpoint. What comes back is bounded in size and in time, then read strictly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any
from weakref import finalize

import httpx2
import openai

from model.port import ModelMisconfigured, ModelUnavailable, Turn
from model.reply import Unusable, read
from model.usage import usage

LONGEST_ANSWER = 16_000_000
"""Bytes."""
_TOO_LONG = re.compile(
    r"context[ _](?:length|size|window)|maximum context|prompt is too long|too many tokens", re.IGNORECASE
)


class _Stopped(openai.OpenAIError):
    """We stopped reading. The client passes its own kind of error on without trying again."""


class _Bounded(httpx2.SyncByteStream):
    """An answer's bytes, up to a size and a point in time. The client's own timeout starts anew at every byte."""

    def __init__(self, stream: httpx2.SyncByteStream, seconds: float) -> None:
        self._stream, self._seconds, self._ends = stream, seconds, perf_counter() + seconds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > LONGEST_ANSWER:
                raise _Stopped(f"the answer is longer than {LONGEST_ANSWER:,} bytes")
            if perf_counter() > self._ends:
                raise _Stopped(f"the answer did not end within {self._seconds:g} s")
            yield chunk

    def close(self) -> None:
        self._stream.close()


class Wire:
    """One endpoint. Trying again is for transport and for unusable answers, never for what a model said."""

    def __init__(
        self, base_url: str | None, api_key: str | None, retries: int, timeout_s: float, vocabulary: Path | None
    ) -> None:
        self.where = base_url or "api.openai.com"
        self._retries, self._vocabulary = retries, vocabulary
        http = openai.DefaultHttpxClient(event_hooks={"response": [partial(_bound, seconds=timeout_s)]})
        self._client = openai.OpenAI(
            base_url=base_url,
            api_key=api_key or "none",
            max_retries=retries,
            timeout=timeout_s,
            default_headers={"Accept-Encoding": "identity"},
            http_client=http,
        )
        finalize(self, http.close)

    def ask(self, body: Mapping[str, Any]) -> Turn:
        """The answer; `too_long` is set where the server says that the conversation does not fit the model.

        Raises ModelUnavailable, ModelMisconfigured.
        """
        for _ in range(self._retries + 1):
            try:
                return self._once(body)
            except Unusable as unusable:
                why = unusable
        raise ModelUnavailable(f"the answer of {self.where} was not usable: {why}") from why

    def _once(self, body: Mapping[str, Any]) -> Turn:
        try:
            # Not chat.completions.create: that walks every message of every request to transform what is
            # in wire form already, which at 200 messages costs fifty times as much as sending them.
            response = self._client.post("/chat/completions", body=body, cast_to=httpx2.Response)
        except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError) as error:
            raise ModelUnavailable(f"the model at {self.where} did not answer: {_say(error)}") from error
        except openai.APIStatusError as error:
            if too_long(error):
                return Turn(too_long=f"the conversation does not fit the model at {self.where}: {_say(error)}")
            raise ModelMisconfigured(f"the model at {self.where} refused the request: {_say(error)}") from error
        except openai.OpenAIError as error:
            raise ModelUnavailable(f"the answer of {self.where} was not usable: {_say(error)}") from error
        turn, said = read(response.content, len(body["messages"]))
        return turn.model_copy(update={"usage": usage(said, turn, response.request.content, self._vocabulary)})


def _bound(response: httpx2.Response, seconds: float) -> None:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise _Stopped("the answer is compressed, although that was not asked for")
    assert isinstance(response.stream, httpx2.SyncByteStream)
    response.stream = _Bounded(response.stream, seconds)


def too_long(error: openai.APIStatusError) -> bool:
    """Whether a refusal means that the conversation is longer than the model can read."""
    if error.status_code not in (400, 413, 422):
        return False
    return bool(_TOO_LONG.search(f"{error.code} {error.type} {error.message}"))


def _say(error: Exception) -> str:
    """In one line, with the cause where the client's own words hide it."""
    cause = error.__cause__ if isinstance(error, openai.APIConnectionError) else None
    said = f"{error} ({cause})" if cause and str(cause) else str(error)
    return " ".join(said.split())[:300]
