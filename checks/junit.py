"""Reads test results written as JUnit XML, by whatever runner."""

from __future__ import annotations

# Entities can do no harm: a document type declaration is refused.
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser  # nosec B405

from checks.testrun import Ending, Outcome, Raised, Stage

_TEXT = 4000


class JunitInvalid(Exception):
    """Not a usable JUnit file. One line that says why."""


def parse_junit(data: bytes) -> dict[str, Outcome]:
    """One outcome per test case, by `file::class::name` with what the file gives of it.

    A document with a DTD is refused, so no entity is ever expanded. Raises JunitInvalid.
    """
    outcomes: dict[str, Outcome] = {}
    for case in _parse(data).iter("testcase"):
        outcome = _outcome(case)
        twin = outcomes.get(outcome.id)
        if twin is None or twin.ending not in ("failed", "error"):
            outcomes[outcome.id] = outcome
    return outcomes


def _parse(data: bytes) -> Element:
    parser = XMLParser(target=_NoDoctype())  # nosec B314
    try:
        parser.feed(data)
        root: Element = parser.close()
    except ParseError as error:
        raise JunitInvalid(f"the test results are not well-formed XML: {error}") from error
    return root


class _NoDoctype(TreeBuilder):
    """Refuses a document type declaration: where entities would be declared."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise JunitInvalid(f"the test results declare a document type ({name}): JUnit XML has none")


def _outcome(case: Element) -> Outcome:
    ending, stage, child = _verdict(case)
    seconds = _seconds(case.get("time", ""))
    if child is None:
        return Outcome(_id(case), ending, stage, seconds=seconds)
    text = (child.text or "").strip()[:_TEXT]
    message = child.get("message", "")
    raised = Raised(_bare(child.get("type", "")), message or text[:300])
    return Outcome(_id(case), ending, stage, raised, text or message, seconds)


def _verdict(case: Element) -> tuple[Ending, Stage, Element | None]:
    if (child := case.find("failure")) is not None:
        return "failed", "call", child
    if (child := case.find("error")) is not None:
        return "error", "call", child
    if (child := case.find("skipped")) is not None:
        return ("xfailed" if "xfail" in child.get("type", "") else "skipped"), "call", child
    return "passed", "call", None


def _id(case: Element) -> str:
    parts = (case.get("file", ""), case.get("classname", ""), case.get("name", ""))
    return "::".join(part for part in parts if part)


def _bare(kind: str) -> str:
    return kind.rsplit(".", 1)[-1]


def _seconds(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
