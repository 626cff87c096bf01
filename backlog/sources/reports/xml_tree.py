"""XML of strangers as a tree: no entity is ever declared or expanded, nothing else is ever opened."""

from __future__ import annotations

# The tree is built from events of our own parser, in which entities are refused.
from xml.etree.ElementTree import Element, TreeBuilder  # nosec B405
from xml.parsers import expat  # nosec B407

DEEPEST = 200


class XmlRefused(Exception):
    """Not well-formed, or it does what a report has no need to do. One line."""


def parsed(data: bytes) -> Element:
    """The root element, names without their namespaces. Raises XmlRefused.

    A document type may be named, as Cobertura's is; expat opens no file for it.
    """
    parser, builder = expat.ParserCreate(namespace_separator="}"), TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise XmlRefused(f"elements stand in each other more than {DEEPEST} deep")
        builder.start(name.rpartition("}")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name.rpartition("}")[2])

    def entity(name: str, *_declared: object) -> None:
        raise XmlRefused(f"it declares an entity ({name[:40]}): reports have none")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    parser.buffer_text = True
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise XmlRefused(f"is not well-formed XML: {error}") from None
    return builder.close()
