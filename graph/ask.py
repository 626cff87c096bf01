"""Questions of CLARIFY wait here for a person. Nothing stands before the interrupt: the node starts again after it."""

from __future__ import annotations

from langgraph.types import interrupt

from graph.state import ItemState


def ask(state: ItemState) -> ItemState:
    contract = state["contract"]
    questions = list(contract.questions) if contract else []
    answers: str = interrupt({"what": "question", "questions": questions})
    return {"answers": answers, "contract": None}
