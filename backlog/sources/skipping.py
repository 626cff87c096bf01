"""How to get to a line of a file without reading all that stands before it, and still know whether it is code.

Both ways give a place at which, as the whole file's lexer sees it, no comment and no string is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

Skip = Callable[[str, int, int], int]
"""(text, a place where nothing is open, a line's start behind it) to a place between them where nothing is open."""

STRING = r'"(?!"")(?>[^"\\\n]++|\\(?s:.))*+(?:"|(?=\n))'
APOSTROPHES = STRING.replace('"', "'")
TRIPLE = r'"""(?>[^"\\]++|\\(?s:.)|"(?!""))*+"""'
STARS = r"/\*(?>[^*]++|\*(?!/))*+\*/"
SLASHES = r"//[^\n]*+(?=\n)"
CHARACTER = r"'(?>\\[^\n][^'\n]{0,10}|[^'\\\n]{1,4})'|'"
SLASH = r"/(?![/*])"

RUNS: dict[str, str] = {
    "python": "|".join((r"[^\"'#]++", TRIPLE, TRIPLE.replace('"', "'"), STRING, APOSTROPHES, r"#[^\n]*+(?=\n)")),
    "c": "|".join((r"[^\"'/]++", r"//(?>[^\n\\]++|\\(?s:.))*+(?=\n)", STARS, STRING, CHARACTER, SLASH)),
    "java": "|".join((r"[^\"'/]++", SLASHES, STARS, TRIPLE, STRING, CHARACTER, SLASH)),
    "go": "|".join((r"[^\"'/`]++", SLASHES, STARS, r"`[^`]*+`", STRING, CHARACTER, SLASH)),
}
"""Whole tokens in a row. The rules of the language with one difference: what has not ended is not taken, so that
a match that has to stop before a line stops where a token that reaches beyond it begins."""

BREAKERS: dict[str, str] = {
    "c": r'R"[^()\\\s"]{0,16}\(',
    "java": '"""',
    "go": "`",
    "javascript": "`",
    "css": "",
    "scss": "",
}
"""In these languages, and in files in which this does not stand, only `/* … */` goes on over the end of a line, or
what has a backslash before it."""


ANGLES: dict[str, str] = {"html": r"<(?:script|style|!\[CDATA)|\{#", "xml": r"<!\[CDATA"}
"""In these languages, and in files in which this does not stand, `<!-- … -->` is all there is."""


LINES = frozenset({"docker", "ini", "properties", "vim", "po", "batch", "man", "make", "m4", "tex", "ada"})
"""In these languages everything ends with its line."""


def reach(language: str, text: str, place: int) -> int:
    """How far the comment that holds `place`, and those directly below it, can go: to a blank line in languages in
    which nothing goes on over one."""
    bounded = language in LINES or language == "rest"
    blank = text.find("\n\n", place) if bounded else -1
    return blank + 1 if blank >= 0 else len(text)


def skipper(language: str, text: str) -> Skip | None:
    """How to skip in this text; None where all of it must be read."""
    if language == "python":
        return Triples(text).skip
    if language in LINES:
        return lambda text, position, line: max(position, line)
    if language == "rest":
        return _flush_left
    if language in ANGLES:
        return _after_angles if re.search(ANGLES[language], text) is None else None
    bound = _bound(language, text)
    if language not in RUNS or (language == "c" and not bound):
        return _after_comment if bound else None
    if not bound:
        return lambda text, position, line: run_from(language, text, position, line)
    return lambda text, position, line: run_from(language, text, _after_comment(text, position, line), line)


def _bound(language: str, text: str) -> bool:
    sign = BREAKERS.get(language)
    if sign is None:
        return False
    # Looking for two plain characters is ten times faster than looking for a pattern.
    return not sign or sign[:2] not in text or re.search(sign, text) is None


def run_from(language: str, text: str, position: int, end: int) -> int:
    """Behind the last token that is whole before `end`, of those that follow `position`."""
    found = _run(language).match(text, position, end)
    assert found is not None
    return found.end()


class Triples:
    """Skipping in Python, from one triple quote to the next: what else is open ends with its line."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._next = {'"""': -1, "'''": -1}
        """Where each kind stands next, at or behind the place that was asked last; the end where there is none."""

    def skip(self, text: str, position: int, line: int) -> int:
        while (quote := self._quote(position)) < line:
            begin = run_from("python", text, self._safe(position, quote), quote)
            end = self._closed(quote) if begin == quote else _behind(text, begin)
            if end > line:
                return begin
            position = end
        return run_from("python", text, self._safe(position, line), line)

    def _quote(self, position: int) -> int:
        for sign, known in self._next.items():
            if known < position:
                at = self._text.find(sign, position)
                self._next[sign] = at if at >= 0 else len(self._text)
        return min(self._next.values())

    def _safe(self, position: int, before: int) -> int:
        """The start of the last line that ends no string and no continued one, or `position`. No triple quote stands
        between the two."""
        start = self._text.rfind("\n", position, before) + 1
        while start > position and self._text[start - 2 : start - 1] == "\\":
            start = self._text.rfind("\n", position, start - 1) + 1
        return max(start, position)

    def _closed(self, quote: int) -> int:
        """Behind the string that begins with these three quotes."""
        end = self._text.find(self._text[quote : quote + 3], quote + 3)
        if end >= 0 and self._text.find("\\", quote, end) < 0:
            return end + 3
        return _behind(self._text, quote)


def _behind(text: str, position: int) -> int:
    """Behind the one string or comment of Python that begins there; beyond the text when it has no end."""
    found = _token().match(text, position)
    return found.end() if found else len(text) + 1


def _after_comment(text: str, position: int, line: int) -> int:
    """The line after the last `*/` before `line`, if nothing can be open there; else `position`.

    Wherever `*/` stands, no block comment is open behind it, unless it is half of `/*/`. What else is open ends
    with its line.
    """
    close = text.rfind("*/", position, line)
    end = text.find("\n", close, line) if close >= 0 else -1
    if end < 0 or text[close - 1] == "/" or text[end - 1] == "\\" or text.find("/*", close, end) >= 0:
        return position
    return end + 1


def _flush_left(text: str, position: int, line: int) -> int:
    """The last line that is not indented: what is open ends before it."""
    while line > position and text[line : line + 1] in (" ", "\t", "\n"):
        line = text.rfind("\n", position, line - 1) + 1
    return max(line, position)


def _after_angles(text: str, position: int, line: int) -> int:
    while (begin := text.find("<!--", position, line)) >= 0:
        end = text.find("-->", begin + 4)
        if end < 0 or end + 3 > line:
            return begin
        position = end + 3
    return max(position, line)


@lru_cache(maxsize=16)
def _run(language: str) -> re.Pattern[str]:
    return re.compile(f"(?>{RUNS[language]})*+")


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    return re.compile("|".join((TRIPLE, TRIPLE.replace('"', "'"), STRING, APOSTROPHES, r"#[^\n]*+")))
