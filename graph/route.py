"""Where the item goes next: pure functions of the state, one for each place where the way forks."""

from __future__ import annotations

from typing import Literal

from graph.state import ItemState


def after_prepare(state: ItemState) -> Literal["clarify", "close"]:
    return "close" if state.get("outcome") else "clarify"


def after_clarify(state: ItemState) -> Literal["ask", "split", "red", "close"]:
    contract = state.get("contract")
    if state.get("outcome") or contract is None:
        return "close"
    if contract.questions:
        return "ask"
    return "split" if contract.parts else "red"


def after_red(state: ItemState) -> Literal["green", "close"]:
    return "close" if state.get("outcome") else "green"


def after_green(state: ItemState) -> Literal["red", "refactor", "close"]:
    if state.get("outcome"):
        return "close"
    return "red" if state.get("test_wrong") else "refactor"


def after_refactor(state: ItemState) -> Literal["security", "close"]:
    return "close" if state.get("outcome") else "security"


def after_security(state: ItemState) -> Literal["document", "mend", "close"]:
    if state.get("outcome"):
        return "close"
    return "mend" if state.get("problems") else "document"


def after_mend(state: ItemState) -> Literal["green", "close"]:
    return "close" if state.get("outcome") else "green"


def after_document(state: ItemState) -> Literal["validate", "close"]:
    return "close" if state.get("outcome") else "validate"


def after_validate(state: ItemState) -> Literal["approve", "mend", "close"]:
    if state.get("outcome"):
        return "close"
    return "mend" if state.get("problems") else "approve"


def after_approve(state: ItemState) -> Literal["publish", "close"]:
    return "close" if state.get("outcome") else "publish"
