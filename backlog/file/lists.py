"""Take parts out of a list of the file and put others in, where the list stands."""

from __future__ import annotations

import yaml

from backlog.file.fields import element
from backlog.file.nodes import Document, EditRefused, Splice
from backlog.file.scalar import flow_list, scalar

Pair = tuple[yaml.ScalarNode, yaml.Node]


def list_splices(doc: Document, pair: Pair, name: str, wanted: tuple[str, ...], in_flow: bool) -> list[Splice]:
    """`wanted` keeps the order of what stays. Raises EditRefused."""
    node = pair[1]
    if isinstance(node, yaml.ScalarNode):
        start, end = node.start_mark.index, doc.end(node)
        return [Splice(start, end, f" {flow_list(wanted)}" if start == end else flow_list(wanted))]
    assert isinstance(node, yaml.SequenceNode)
    parts = [(part, element(name, part.value)) for part in node.value]
    stays = [part for part, said in parts if said in wanted or not said]
    known = [said for _, said in parts]
    fresh = [said for said in wanted if said not in known]
    if node.flow_style or in_flow:
        return [_flow(doc, node, stays, fresh)]
    goes = [part for part in node.value if part not in stays]
    return _block(doc, pair, goes, stays, fresh)


def _flow(doc: Document, node: yaml.SequenceNode, stays: list[yaml.Node], fresh: list[str]) -> Splice:
    start, end = node.start_mark.index, node.end_mark.index
    if len(stays) == len(node.value) and stays:
        at = doc.end(stays[-1])
        return Splice(at, at, "".join(f", {scalar(said, flow=True)}" for said in fresh))
    if any(mark in gap for gap in _gaps(doc, node) for mark in "#\n"):
        line = node.start_mark.line + 1
        raise EditRefused(f"{doc.file}:{line}: a list in [] over several lines: take parts out by hand")
    kept = [doc.text[part.start_mark.index : part.end_mark.index] for part in stays]
    return Splice(start, end, f"[{', '.join([*kept, *(scalar(said, flow=True) for said in fresh)])}]")


def _gaps(doc: Document, node: yaml.SequenceNode) -> list[str]:
    """What stands between the parts: commas, spaces, comments."""
    starts = [*(part.start_mark.index for part in node.value), node.end_mark.index]
    ends = [node.start_mark.index, *(doc.end(part) for part in node.value)]
    return [doc.text[end:start] for end, start in zip(ends, starts, strict=True)]


def _block(doc: Document, pair: Pair, goes: list[yaml.Node], stays: list[yaml.Node], fresh: list[str]) -> list[Splice]:
    node = pair[1]
    splices = [_line_of(doc, part) for part in goes]
    indent = " " * node.start_mark.column
    if stays:
        at = doc.line_end(doc.end(stays[-1]))
        splices.append(Splice(at, at, "".join(f"{doc.newline}{indent}- {scalar(said)}" for said in fresh)))
    elif fresh:
        at = doc.line_start(node.value[0].start_mark.index)
        splices.append(Splice(at, at, "".join(f"{indent}- {scalar(said)}{doc.newline}" for said in fresh)))
    else:
        at = doc.text.index(":", pair[0].end_mark.index) + 1
        splices.append(Splice(at, at, " []"))
    return splices


def _line_of(doc: Document, part: yaml.Node) -> Splice:
    start = part.start_mark.index
    begin = doc.line_start(start)
    if doc.text[begin:start].strip() != "-":
        line = part.start_mark.line + 1
        raise EditRefused(f"{doc.file}:{line}: shares its line with something else: take it out by hand")
    return Splice(begin, doc.after_line(doc.end(part)), "")
