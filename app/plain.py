"""Texts of others for a person's terminal: what would steer it is shown instead of done."""

from __future__ import annotations

import re

# Controls but tab and newline, C1 controls, marks that turn the direction of text around, half surrogate pairs.
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_COLOUR = re.compile("\x1b\\[[0-9;]{0,20}m")


def plain(text: str) -> str:
    """With every character that steers a terminal written out, such as `\\x1b`."""
    return _STEERS.sub(lambda found: ascii(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """As `plain`, and nothing of it can look like a line of ours."""
    return plain(text).replace("\n", "\\n")


def coloured(text: str) -> str:
    """As `plain`, but colours stay."""
    pieces = _COLOUR.split(text)
    colours = [*_COLOUR.findall(text), ""]
    return "".join(plain(piece) + colour for piece, colour in zip(pieces, colours, strict=True))
