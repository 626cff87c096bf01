"""Counting tokens never needs the network and never counts too few."""

from __future__ import annotations

from pathlib import Path

from model.openai_chat import OpenAIChat
from model.playback import Playback
from model.port import Turn
from model.tokens import count, estimate


class Silent(Playback):
    """A server that does not say what was used."""

    def take(self, body: bytes) -> tuple[int, dict[str, object]]:
        status, answer = super().take(body)
        return status, {k: v for k, v in answer.items() if k != "usage"}


def test_without_a_vocabulary_it_is_an_estimate(tmp_path: Path) -> None:
    assert count("x = 1\n" * 100, None) == estimate("x = 1\n" * 100)
    assert count("x = 1\n" * 100, tmp_path) == estimate("x = 1\n" * 100)


def test_an_estimate_is_on_the_high_side_of_source_code() -> None:
    text = Path(__file__).read_text()
    assert estimate(text) > len(text) / 4


def test_a_server_that_does_not_count_still_costs() -> None:
    with Silent([Turn(text="hello")]) as server:
        turn = OpenAIChat("m", server.url, "k").complete([{"role": "user", "content": "a" * 360}], [])
    assert turn.usage.estimated
    assert turn.usage.prompt > 100
    assert turn.usage.completion > 0
