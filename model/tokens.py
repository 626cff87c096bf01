"""How many tokens a text is, when the server does not say."""

from __future__ import annotations

import hashlib
from math import ceil
from pathlib import Path

VOCABULARY = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
CHARS_PER_TOKEN = 3.6
MARGIN = 1.2


def estimate(text: str) -> int:
    """A number on the high side (source code has 4 to 5 characters a token), without any vocabulary."""
    return ceil(len(text) / CHARS_PER_TOKEN * MARGIN)


def count(text: str, vocabulary_cache: Path | None) -> int:
    """Exact by tiktoken where its vocabulary lies in `vocabulary_cache`, else `estimate`.

    tiktoken downloads a missing vocabulary and may hang on a closed network, so it is asked only when
    the file is there. `vocabulary_cache` is the folder that tiktoken knows as TIKTOKEN_CACHE_DIR.
    """
    if vocabulary_cache is None or not (vocabulary_cache / _cache_name()).exists():
        return estimate(text)
    import tiktoken

    return len(tiktoken.get_encoding("o200k_base").encode(text, disallowed_special=()))


def _cache_name() -> str:
    return hashlib.sha1(VOCABULARY.encode(), usedforsecurity=False).hexdigest()
