"""Do the documents' links to files of the repository lead somewhere? Pure, and linear in hostile text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import unquote

LINK = re.compile(r"\]\([ \t]{0,9}+<?+([^()\s<>\[\]]{1,500}+)>?+(?:[ \t]{1,9}+[\"'][^()\n]{0,300}+)?\)")
"""Possessive, so that nothing is tried twice; a target with brackets in it is not seen."""
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]{0,20}:|//|#|/", re.IGNORECASE)


def links(pages: Mapping[str, str], files: Collection[str]) -> tuple[int, list[str]]:
    """How many relative links the Markdown `pages` (path to text) have, and `page: target` of those that lead to no
    file of `files` and no folder of one. Links in code do not count."""
    folders = {""} | {up for path in files for up in _upwards(posixpath.dirname(path))}
    found = [(page, target) for page, text in sorted(pages.items()) for target in _targets(text)]
    whole = {*files, *folders}
    return len(found), [f"{page}: {target}" for page, target in found if _resolved(page, target) not in whole]


def _targets(text: str) -> Iterator[str]:
    return (target for target in LINK.findall(CODE.sub("", text)) if not ELSEWHERE.match(target))


def _resolved(page: str, target: str) -> str:
    place = unquote(target.split("#")[0].split("?")[0])
    path = posixpath.normpath(posixpath.join(posixpath.dirname(page), place))
    return "" if path == "." else path


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
