"""Put new entries at the end of the file's list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from backlog.file.nodes import Document, Splice
from backlog.file.scalar import flow_list, lines, scalar
from backlog.file.synced import Value
from backlog.sources.yaml_entries import LISTS


def added_splices(doc: Document, added: Sequence[Mapping[str, Value]]) -> list[Splice]:
    if not added:
        return []
    holder = doc.holder
    if holder is None:
        return [_first_of_all(doc, added)]
    if not holder.value:
        return [_into_empty(doc, holder, added)]
    at = doc.end(holder.value[-1])
    if holder.flow_style:
        return [Splice(at, at, "".join(f", {_flow(doc, one)}" for one in added))]
    gap = doc.newline if _apart(doc, holder) else ""
    at, column = doc.line_end(at), holder.start_mark.column
    return [Splice(at, at, "".join(gap + doc.newline + _block(doc, one, column) for one in added))]


def _apart(doc: Document, holder: yaml.SequenceNode) -> bool:
    """Whether a blank line stands between the entries."""
    if len(holder.value) < 2:
        return False
    between = doc.text[doc.end(holder.value[-2]) : holder.value[-1].start_mark.index]
    return any(not row.strip() for row in between.split("\n")[1:-1])


def _first_of_all(doc: Document, added: Sequence[Mapping[str, Value]]) -> Splice:
    """The file has no list yet: it is empty, only comments, or says `items:` and nothing."""
    if isinstance(doc.root, yaml.MappingNode):
        node = next(v for k, v in doc.root.value if k.value in LISTS)
        start, end = node.start_mark.index, node.end_mark.index
        return Splice(start, end, "".join(doc.newline + _block(doc, one, 0) for one in added))
    body = "items:" + "".join(doc.newline + _block(doc, one, 0) for one in added) + doc.newline
    if doc.root is not None and doc.root.start_mark.index != doc.root.end_mark.index:  # `null`
        return Splice(doc.root.start_mark.index, doc.root.end_mark.index, body)
    end = len(doc.text)
    return Splice(end, end, body if not doc.text or doc.text.endswith(("\n", "\ufeff")) else doc.newline + body)


def _into_empty(doc: Document, holder: yaml.SequenceNode, added: Sequence[Mapping[str, Value]]) -> Splice:
    """`items: []`, or a bare `[]`."""
    start, end = holder.start_mark.index, holder.end_mark.index
    written = doc.newline.join(_block(doc, one, 0) for one in added)
    return Splice(start, end, written if holder is doc.root else doc.newline + written)


def _block(doc: Document, one: Mapping[str, Value], column: int) -> str:
    inner = column + 2
    rows = [lines(doc.spelling(name), value, inner, doc.newline) for name, value in one.items()]
    return " " * column + "- " + (doc.newline + " " * inner).join(rows)


def _flow(doc: Document, one: Mapping[str, Value]) -> str:
    pairs = (
        f"{doc.spelling(name)}: {flow_list(value) if isinstance(value, tuple) else scalar(value, flow=True)}"
        for name, value in one.items()
    )
    return "{" + ", ".join(pairs) + "}"
