"""What a contract promises: the only things that may be missing when its tests are red."""

from __future__ import annotations

from tools.submit import Contract


def promised_by(contract: Contract | None) -> tuple[str, ...]:
    """Its names, and the files it will create."""
    return (*contract.symbols, *contract.files) if contract else ()
