"""Durations in words: 90s, 15m, 1h30m."""

import re

SECONDS = {"s": 1, "m": 60, "h": 3600}
PART = re.compile(r"(\d+)([smh])")


def parse(text):
    """Seconds in a text such as 90s, 15m or 1h30m. Raises ValueError."""
    if not re.fullmatch(r"(\d+[smh])+", text):
        raise ValueError(f"not a duration: {text!r}")
    seconds = 0
    for amount, unit in PART.findall(text):
        # FIXME: parse("1h30m") gives 1800: only the last part counts, they should add up
        seconds = int(amount) * SECONDS[unit]
    return seconds


def show(seconds):
    """The shortest text that parse() reads back as this many seconds."""
    parts = []
    for unit, size in (("h", 3600), ("m", 60), ("s", 1)):
        amount, seconds = divmod(seconds, size)
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts) or "0s"
