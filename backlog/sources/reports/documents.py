"""A file that another program wrote, opened: what is in it is not trusted, and what can not be read is said."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backlog.source import Artefact, SourceBroken
from backlog.sources.reports.xml_tree import XmlRefused, parsed
from backlog.sources.text import clean

LARGEST = 20_000_000
"""Bytes of one file."""
HTTP = re.compile(r"HTTP/[\d.]+ (\d{3})[^\n]*\n(.*?)\n\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    at: datetime
    """When it was written."""
    value: Any
    """What JSON gives, an XML element, or text."""
    status: int = 200
    """What the server answered, where the file has an HTTP reply's head."""
    head: Mapping[str, str] = field(default_factory=dict)
    """That reply's headers, by their names in lower case."""

    @property
    def link(self) -> str:
        """That reply's Link header."""
        return self.head.get("link", "")


def opened(artefact: Artefact) -> Document:
    """Raises SourceBroken: it can not be read, is empty, too large, cut off, or neither JSON nor XML nor text."""
    try:
        data = artefact.read()
    except OSError as error:
        raise _broken(artefact, f"can not be read: {error.strerror or error}") from None
    if len(data) > LARGEST:
        raise _broken(artefact, f"is larger than {LARGEST // 1_000_000} MB")
    if not data.strip():
        raise _broken(artefact, "is empty")
    if data.lstrip(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        return Document(artefact.name, artefact.at, _xml(artefact, data.lstrip()))
    text = _text(artefact, data)
    head = HTTP.match(text)
    if head is None:
        return Document(artefact.name, artefact.at, _value(artefact, text))
    value = _value(artefact, text[head.end() :] or "null")
    return Document(artefact.name, artefact.at, value, int(head[1]), _headers(head[2]))


def _headers(text: str) -> dict[str, str]:
    named = (row.partition(":") for row in text.split("\n"))
    return {name.strip().lower(): value.strip() for name, colon, value in named if colon}


def _value(artefact: Artefact, text: str) -> Any:
    if not text.lstrip().startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except RecursionError:
        raise _broken(artefact, "is nested too deep") from None
    except ValueError as error:
        raise _broken(artefact, f"is not valid JSON, or was cut off: {error}") from None


def _xml(artefact: Artefact, data: bytes) -> Any:
    try:
        return parsed(data)
    except XmlRefused as error:
        raise _broken(artefact, str(error)) from None


def _text(artefact: Artefact, data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError:
        raise _broken(artefact, "is binary") from None
    if "\0" in text:
        raise _broken(artefact, "is binary")
    return text.replace("\r\n", "\n")


def _broken(artefact: Artefact, why: str) -> SourceBroken:
    return SourceBroken(f"{clean(artefact.name, 200)}: {clean(why, 200)}")
