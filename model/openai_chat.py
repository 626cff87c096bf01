"""A model behind an OpenAI-compatible Chat Completions endpoint, asked in the way that it understands.

Native tool calls are tried first and cost nothing extra. Only when a model's first answer holds no call is it probed,
and then asked in the first way that works: native after all, by JSON schema, or as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from model.port import Message, ModelMisconfigured, ToolSpec, Turn
from model.retold import form_of
from model.ways import Letter, Name, Native, Way, Written

if TYPE_CHECKING:
    from model.wire import Wire

RETRIES = 2
TIMEOUT_S = 600.0
"""For one answer, from the first byte of it to the last."""
Actions = Literal["auto", "native", "schema", "text"]


class OpenAIChat:
    """Retries are for transport and for unusable answers only."""

    def __init__(
        self,
        name: str,
        base_url: str | None,
        api_key: str | None,
        retries: int = RETRIES,
        vocabulary: Path | None = None,
        actions: Actions = "auto",
        letter: Letter | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """`vocabulary`: see model.tokens.count. Without `letter` there is only the native way."""
        self.name = name
        self._base_url, self._api_key, self._retries = base_url, api_key, retries
        self._vocabulary, self._timeout_s = vocabulary, timeout_s
        self._ways = _ways(letter)
        self._way: Way | None = self._named("native" if letter is None else actions)
        self._opened: Wire | None = None

    def complete(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        if self._way is None:
            self._way = self._named(form_of(messages, [spec["function"]["name"] for spec in tools]))
        if self._way is None:
            return self._first(messages, tools)
        return self._ask(self._way, messages, tools)

    def probe(self) -> Name | None:
        """The way in which this model can be asked, found out now; None when there is none.

        Raises ModelUnavailable, ModelMisconfigured.
        """
        from model.probe import first_that_works

        way, _ = first_that_works(self._ways if self._way is None else [self._way], self._ask)
        return way.name if way else None

    def _first(self, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        """Natively, and if that brings no call: in the way that works."""
        from model.probe import first_that_works

        native, refusal, turn = self._ways[0], None, Turn()
        try:
            turn = self._ask(native, messages, tools)
            if turn.too_long:
                return turn
        except ModelMisconfigured as error:
            if "tool" not in str(error).lower():
                raise  # the key, the name …: no other way of asking would help
            refusal = error
        if turn.calls or not tools:
            self._way = native if turn.calls else None
            return turn
        self._way, spent = first_that_works(self._ways, self._ask)
        if self._way is None or (refusal and self._way is native):
            raise refusal or ModelMisconfigured(self._speechless())
        if self._way is not native:
            spent, turn = spent.plus(turn.usage), self._ask(self._way, messages, tools)
        return turn.model_copy(update={"usage": spent.plus(turn.usage)})

    def _speechless(self) -> str:
        return (
            f"the model {self.name} at {self._wire.where} called no tool, whether asked natively, by JSON schema "
            "or as text: choose another model (docs/models.md)"
        )

    def _ask(self, way: Way, messages: Sequence[Message], tools: Sequence[ToolSpec]) -> Turn:
        turn = self._wire.ask(way.body(messages, tools) | {"model": self.name})
        return turn if turn.too_long else way.understood(turn, messages, tools)

    def _named(self, name: str) -> Way | None:
        return next((way for way in self._ways if way.name == name), None)

    @property
    def _wire(self) -> Wire:
        """Opened at the first question: the client is slow to import."""
        if self._opened is None:
            from model.wire import Wire

            self._opened = Wire(self._base_url, self._api_key, self._retries, self._timeout_s, self._vocabulary)
        return self._opened


def _ways(letter: Letter | None) -> tuple[Way, ...]:
    native = Native()
    return (native,) if letter is None else (native, Written("schema", letter), Written("text", letter))
