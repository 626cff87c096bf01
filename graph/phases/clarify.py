"""CLARIFY: what will be true afterwards, and where the change will be. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator

from backlog.item import Item
from checks.check import CommandCheck, FindingCheck, TestCheck
from checks.compare import listed
from checks.criteria import examples
from checks.suite import Suite
from checks.verdict import Reason
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.permission import nothing
from graph.phases.promise import asked_by
from graph.state import ItemState
from graph.workable import scope_in_words
from prompts.letter import letter
from sandbox.scope import is_test, protected
from tools.catalogue import WORK
from tools.submit import Contract

TOO_BIG = 5
_SHOWN = 100
"""Characters of a criterion that is named."""


def brief(state: ItemState, deps: Deps) -> str:
    item = state["item"]
    text = letter(
        "clarify",
        title=item.title,
        kind=item.kind.value,
        where=where(item),
        story=item.story,
        criteria="\n".join(f"- {c}" for c in item.criteria) or "- (you say)",
        check=check_in_words(item),
        scope=scope_in_words(deps.scope),
    )
    answers = state.get("answers")
    return f"{text}\n\nYou asked before, and a person answered:\n{answers}" if answers else text


def where(item: Item) -> str:
    place = f"{item.path}:{item.line}" if item.path and item.line else item.path
    if item.source == "hand":
        return f"a person wrote it, and named {place or 'no file'}"
    return f"{item.source}, {place or 'which named no file'}"


def check_in_words(item: Item) -> str:
    match item.check:
        case TestCheck(ids=ids) if ids:
            return f"These tests fail now and are the check: {', '.join(ids)}"
        case FindingCheck() as check:
            times = f"{check.count} time(s)"
            return f"The check: {check.tool} reports {check.rule} in {check.path} {times}, and then no more."
        case CommandCheck(argv=argv):
            return f"The check: this command must exit with 0: {' '.join(argv)}"
    return "The check will be tests that you write in red."


def gate(state: ItemState, deps: Deps) -> Gate:
    contract = state["submission"]
    assert isinstance(contract, Contract)
    reasons = tuple(faults(contract, deps))
    if reasons:
        return Gate(False, reasons)
    told = of_criteria(state["item"], contract, deps.suite)
    return Gate(True, told, {"contract": contract, "notes": state["notes"] | {"clarify": contract.plan}})


def of_criteria(item: Item, contract: Contract, suite: Suite) -> tuple[Reason, ...]:
    """What becomes of the criteria. Nothing where they are not the ones that are worked, or the check says it all."""
    if contract.questions or contract.parts or not isinstance(item.check, TestCheck):
        return ()
    criteria = asked_by(item, contract)
    run = [] if suite.argv else [example.said for example in examples(criteria)]
    words = [said for said in criteria if said not in run]
    found = [f"run at the end as they stand: {len(run)} of {len(criteria)} criteria"]
    if words:
        found.append(f"as words only, which are not run: {listed(f'`{said[:_SHOWN]}`' for said in words)}")
    return tuple(Reason("criteria", sentence) for sentence in found)


def faults(contract: Contract, deps: Deps) -> list[Reason]:
    """What is wrong with a contract, each with what to do."""
    if contract.questions:
        return []
    if contract.effort > TOO_BIG:
        return list(_bad_parts(contract))
    found = []
    if contract.parts:
        found.append(Reason("parts", f"parts are for an effort over {TOO_BIG}: leave them out, or say a larger effort"))
    if not any(c.strip() for c in contract.criteria):
        found.append(Reason("no_criteria", "there are no criteria: say what will be true afterwards"))
    if not contract.files:
        found.append(Reason("no_files", "no file is named: say which files you expect to change or create"))
    found += [r for path in contract.files if (r := _file_fault(path, deps))]
    return found


def _bad_parts(contract: Contract) -> Iterator[Reason]:
    if len(contract.parts) < 2:
        yield Reason("too_big", f"effort {contract.effort} is over {TOO_BIG}: name at least two smaller parts")
    for number, part in enumerate(contract.parts, 1):
        if not part.title.strip() or not any(c.strip() for c in part.criteria):
            yield Reason("part", f"part {number} needs a title and criteria of its own: what a test can show of it")
        if any(not 1 <= other < number for other in part.needs):
            yield Reason("part", f"part {number} can only need earlier parts, by their numbers from 1 to {number - 1}")


def _file_fault(path: str, deps: Deps) -> Reason | None:
    if path.startswith("/") or ".." in path.split("/") or path.endswith("/") or any(c in path for c in "*?["):
        return Reason("path", f"{path!r} is not the plain relative path of one file")
    permission = deps.scope.permits(path)
    if not permission.ok:
        return Reason("scope", f"{path} may not be changed: {permission.reason}")
    if is_test(path) or protected(path):
        return Reason("test_file", f"{path} is a test or test configuration: leave it out, tests are written in red")
    return None


CLARIFY = Phase(
    name="clarify",
    system="system",
    brief=brief,
    catalogue=WORK,
    tools=("read_file", "find_files", "search", "run", "run_tests", "submit_contract", "stop"),
    may_write=nothing,
    gate=gate,
    turns=40,
)
