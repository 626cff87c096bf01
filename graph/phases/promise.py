"""What is promised: by a contract alone, and together with its item."""

from __future__ import annotations

from backlog.item import Item
from tools.submit import Contract


def promised_by(contract: Contract | None) -> tuple[str, ...]:
    """Its names, and the files it will create: the only things that may be missing when its tests are red."""
    return (*contract.symbols, *contract.files) if contract else ()


def asked_by(item: Item, contract: Contract | None) -> tuple[str, ...]:
    """What the item asks for, and what the contract promises, each once."""
    return tuple(dict.fromkeys((*item.criteria, *(contract.criteria if contract else ()))))
