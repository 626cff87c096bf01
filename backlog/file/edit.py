"""Change some values of a backlog file and nothing else: not a comment, a quote, a space or a line end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import yaml

from backlog.file.added import added_splices
from backlog.file.check import check
from backlog.file.lists import list_splices
from backlog.file.nodes import Document, EditRefused, Splice, spliced
from backlog.file.scalar import flow_list, lines, scalar, text
from backlog.file.synced import Value
from backlog.sources.vocabulary import plain

Pair = tuple[yaml.ScalarNode, yaml.Node]


@dataclass(frozen=True, slots=True)
class EntryEdit:
    entry: int
    """Which one, counted from 0."""
    values: Mapping[str, Value | None]
    """By field; None: the key goes."""


def edited(doc: Document, edits: Sequence[EntryEdit], added: Sequence[Mapping[str, Value]] = ()) -> str:
    """The text with these values changed and these entries added at the end.

    Raises SourceBroken, and EditRefused where the result would say anything else than what was asked.
    """
    if not edits and not added:
        return doc.text
    splices = [s for edit in edits for s in _entry_splices(doc, doc.entries[edit.entry], edit.values)]
    splices += added_splices(doc, added)
    result = spliced(doc.text, splices, doc.file)
    check(doc, result, {edit.entry: edit.values for edit in edits}, added)
    return result


def _entry_splices(doc: Document, entry: yaml.Node, values: Mapping[str, Value | None]) -> list[Splice]:
    if isinstance(entry, yaml.ScalarNode):
        return _from_text(doc, entry, values)
    assert isinstance(entry, yaml.MappingNode)
    if id(entry) in doc.shared:
        doc.alone(entry)
    splices: list[Splice] = []
    fresh: dict[str, Value] = {}
    for name, value in values.items():
        there = [(k, v) for k, v in entry.value if isinstance(k, yaml.ScalarNode) and plain(k.value) == name]
        for pair in there:
            doc.alone(pair[1])
            splices += _changed(doc, entry, pair, name, value)
        if not there and value is not None:
            fresh[doc.spelling(name)] = value
    return [*splices, *_inserted(doc, entry, fresh)]


def _changed(doc: Document, entry: yaml.MappingNode, pair: Pair, name: str, value: Value | None) -> list[Splice]:
    node = pair[1]
    if value is None:
        return [_without(doc, entry, pair)]
    if isinstance(value, tuple):
        return list_splices(doc, pair, name, value, bool(entry.flow_style))
    start, end = node.start_mark.index, doc.end(node)
    style = getattr(node, "style", None)
    written = scalar(value, style, flow=True) if entry.flow_style else _in_block(doc, pair, value, style)
    return [Splice(start, end, f" {written}" if start == end else written)]


def _in_block(doc: Document, pair: Pair, value: str | int | bool, style: str | None) -> str:
    end = doc.end(pair[1])
    more = doc.text[end : doc.line_end(end)]
    if more and isinstance(value, str) and "\n" in value:  # a comment, or spaces, would become part of the text
        return scalar(value, '"')
    indent = doc.newline + " " * (pair[0].start_mark.column + 2)
    return text(value, indent, style if style in ("'", '"') else None)


def _without(doc: Document, entry: yaml.MappingNode, pair: Pair) -> Splice:
    """The pair taken out, with its line where it has one of its own."""
    at = [k for k, _ in entry.value].index(pair[0])
    start, end = pair[0].start_mark.index, doc.end(pair[1])
    if not entry.flow_style and not doc.text[doc.line_start(start) : start].strip(" "):
        return Splice(doc.line_start(start), doc.after_line(end), "")
    if at + 1 < len(entry.value):
        return Splice(start, entry.value[at + 1][0].start_mark.index, "")
    if at and entry.flow_style:
        return Splice(doc.end(entry.value[at - 1][1]), end, "")
    raise EditRefused(f"{doc.file}:{pair[0].start_mark.line + 1}: {pair[0].value} can not be taken out: do it by hand")


def _inserted(doc: Document, entry: yaml.MappingNode, fresh: Mapping[str, Value]) -> list[Splice]:
    if not fresh:
        return []
    if entry.flow_style:
        return [_inserted_in_flow(doc, entry, fresh)]
    column = entry.value[0][0].start_mark.column
    anchor = _one_line_pair(doc, entry)
    if anchor is None:
        first = entry.value[0][0].start_mark.index
        before = (lines(k, v, column, doc.newline) + doc.newline + " " * column for k, v in fresh.items())
        return [Splice(first, first, "".join(before))]
    at = doc.line_end(doc.end(anchor[1]))
    return [Splice(at, at, _new_lines(doc, fresh, column))]


def _new_lines(doc: Document, fresh: Mapping[str, Value], column: int) -> str:
    return "".join(doc.newline + " " * column + lines(k, v, column, doc.newline) for k, v in fresh.items())


def _inserted_in_flow(doc: Document, entry: yaml.MappingNode, fresh: Mapping[str, Value]) -> Splice:
    key, last = entry.value[-1]
    at = doc.end(last)
    if id(last) in doc.shared:
        line = key.start_mark.line + 1
        raise EditRefused(f"{doc.file}:{line}: ends in an alias: write it out, then sync again")
    quote = key.style if key.style == '"' else None
    return Splice(at, at, "".join(f", {_in_flow(k, v, quote)}" for k, v in fresh.items()))


def _in_flow(key: str, value: Value, quote: str | None) -> str:
    written = flow_list(value) if isinstance(value, tuple) else scalar(value, quote, flow=True)
    return f"{scalar(key, quote, flow=True)}: {written}"


def _one_line_pair(doc: Document, entry: yaml.MappingNode) -> Pair | None:
    """After whose line a key can be put: the id or the title best, else any other with a plain value."""
    fit = [
        (k, v)
        for k, v in entry.value
        if isinstance(k, yaml.ScalarNode)
        and isinstance(v, yaml.ScalarNode)
        and v.style not in ("|", ">")
        and k.start_mark.line == v.start_mark.line == v.end_mark.line
        and id(v) not in doc.shared
    ]
    order = {"title": 0, "id": 1}
    return min(fit, key=lambda pair: order.get(plain(pair[0].value), 2), default=None)


def _from_text(doc: Document, entry: yaml.ScalarNode, values: Mapping[str, Value | None]) -> list[Splice]:
    """An entry that is a text becomes a mapping with that text as its title."""
    doc.alone(entry)
    start, end = entry.start_mark.index, doc.end(entry)
    given = {name: value for name, value in values.items() if value is not None}
    title = given.pop("title", None)
    raw = doc.text[start:end]
    in_flow = doc.holder is not None and bool(doc.holder.flow_style)
    if title is not None or "\n" in raw:
        said = title if isinstance(title, str) else str(entry.value)
        raw = scalar(said, entry.style if entry.style in ("'", '"') else None, flow=in_flow)
    key = doc.spelling("title")
    if in_flow:
        rest = "".join(f", {_in_flow(doc.spelling(k), v, None)}" for k, v in given.items())
        return [Splice(start, end, f"{{{key}: {raw}{rest}}}")]
    at = doc.line_end(end)
    fresh = {doc.spelling(k): v for k, v in given.items()}
    below = _new_lines(doc, fresh, entry.start_mark.column)
    return [Splice(start, end, f"{key}: {raw}"), Splice(at, at, below)]
