"""Is a script a copy of what another project released, or put together from others by a program?"""

from __future__ import annotations

import re

SCRIPT = re.compile(r"\.[cm]?js$", re.IGNORECASE)
RELEASED = re.compile(
    r"\A\s*(?:/\*|//)[^\n]{0,80}?(?:\n[ \t*/]{0,12}[^\n]{0,80}?){0,2}?\b[A-Za-z][\w.@/ -]{1,60}? v?\d+\.\d+\.\d+\b"
)
"""A first comment that says a name and the number of a release, as in `/*! jQuery JavaScript Library v1.4.4`."""
BUILT = re.compile(r"(?:^|/)(?:build|dist|out|bundles?|public|static|assets)/", re.IGNORECASE)
LARGE = 300_000
"""Characters, in a folder of what is built."""
HEAD = 400


def bundled(path: str, text: str) -> bool:
    if not SCRIPT.search(path):
        return False
    return bool(RELEASED.match(text[:HEAD])) or (len(text) > LARGE and bool(BUILT.search(path)))
