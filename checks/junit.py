"""Reads test results written as JUnit XML, by whatever runner."""

from __future__ import annotations

from dataclasses import replace

# Entities can do no harm: a document type declaration is refused.
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser  # nosec B405

from checks.testrun import Ending, Outcome, Raised, Stage

_TEXT = 4000


class JunitInvalid(Exception):
    """Not a usable JUnit file. One line that says why."""


def parse_junit(data: bytes, root: str = "") -> dict[str, Outcome]:
    """One outcome per test case, by `file::class::name` with what the file gives of it.

    The second case of one name is `name#2`, and so on. A case without a name is its file, which could not be
    loaded. Files below `root` become repo-relative. A document with a DTD is refused, so no entity is ever
    expanded. Raises JunitInvalid.
    """
    outcomes: dict[str, Outcome] = {}
    times: dict[str, int] = {}
    for case in _parse(data).iter("testcase"):
        outcome = _outcome(case, root)
        times[outcome.id] = times.get(outcome.id, 0) + 1
        name = outcome.id if times[outcome.id] == 1 else f"{outcome.id}#{times[outcome.id]}"
        outcomes[name] = replace(outcome, id=name)
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


def _outcome(case: Element, root: str) -> Outcome:
    ending, stage, child = _verdict(case)
    name = _id(case, root)
    if case.get("file") and not case.get("name"):
        stage = "collect"
    seconds = _seconds(case.get("time", ""))
    if child is None:
        return Outcome(name, ending, stage, seconds=seconds)
    text = (child.text or "").strip()[:_TEXT]
    message = child.get("message", "")
    raised = Raised(_bare(child.get("type", "")), message or text[:300])
    return Outcome(name, ending, stage, raised, text or message, seconds)


def _verdict(case: Element) -> tuple[Ending, Stage, Element | None]:
    if (child := case.find("failure")) is not None:
        return "failed", "call", child
    if (child := case.find("error")) is not None:
        return "error", "call", child
    if (child := case.find("skipped")) is not None:
        return ("xfailed" if "xfail" in child.get("type", "") else "skipped"), "call", child
    return "passed", "call", None


def _id(case: Element, root: str) -> str:
    parts = (case.get("file", "").removeprefix(f"{root}/"), case.get("classname", ""), case.get("name", ""))
    return "::".join(part for part in parts if part)


def _bare(kind: str) -> str:
    return kind.rsplit(".", 1)[-1]


def _seconds(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return 0.0
