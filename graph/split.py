"""An item that is too big ends here, with the smaller items it should become."""

from __future__ import annotations

from graph.outcome import blocked
from graph.state import ItemState


def split(state: ItemState) -> ItemState:
    contract = state["contract"]
    assert contract is not None
    reason = f"too big for one pull request (effort {contract.effort}): split into {len(contract.parts)} items"
    return {"outcome": blocked("split", reason, contract.parts)}
