"""What is handed in to be verified: a branch, a pull request's folder, or a patch with its evidence. All only bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.house import House
from evidence.record import EVENTS
from forge.clone import Clone
from forge.publish import EVIDENCE, PATCH, RUN, SIGNATURE
from forge.pulls import FOLDER, RECORD, Pull, PullInvalid, read_pull


class HandedWrong(Exception):
    """What was handed in is not there, or does not go together. One line with what to do."""


@dataclass(frozen=True)
class Asked:
    """What a person asked for. `what` is a branch, a pull request's folder, or its name."""

    what: str | None = None
    patch: Path | None = None
    evidence: Path | None = None
    signature: Path | None = None
    """Over the evidence; else the one that lies beside it."""
    record: Path | None = None
    signers: Path | None = None
    require_signature: bool = False


@dataclass(frozen=True)
class Papers:
    """Everything but the objects. Nothing of it is believed."""

    evidence: bytes | None
    letter: bytes | None = None
    """The patch file; None for a branch."""
    signature: bytes | None = None
    record: Path | None = None
    whole: bool = False
    """`record` is the portable part alone."""
    pull: Pull | None = None
    """What the pull request says of itself."""
    fault: str = ""
    """Why its folder is not as it was written."""


def folder_of(house: House, asked: Asked) -> Path | None:
    """The pull request's folder that is meant, or None: named by its path or, in this repository, by its name."""
    if asked.what is None:
        return None
    places = (house.state / FOLDER / asked.what, Path(asked.what))
    return next((place for place in places if (place / RECORD).is_file()), None)


def from_files(asked: Asked) -> Papers:
    """Raises HandedWrong."""
    if asked.patch is None or asked.evidence is None:
        raise HandedWrong("give a branch, a pull request, or both --patch FILE and --evidence FILE")
    beside = asked.evidence.with_name(asked.evidence.name + ".sig")
    return Papers(
        evidence=_read(asked.evidence),
        letter=_read(asked.patch),
        signature=_read(asked.signature) if asked.signature else _maybe(beside),
        record=asked.record,
        whole=False,
    )


def from_folder(folder: Path, asked: Asked) -> Papers:
    try:
        pull = read_pull(folder)
        fault = pull.fault(folder)
    except PullInvalid as error:
        return Papers(evidence=None, fault=str(error))
    own = folder / RUN
    return Papers(
        evidence=_maybe(folder / EVIDENCE),
        letter=_maybe(folder / PATCH),
        signature=_maybe(folder / SIGNATURE),
        record=asked.record or (own if own.is_dir() else None),
        whole=asked.record is None,
        pull=pull,
        fault=fault,
    )


def from_branch(house: House, clone: Clone, asked: Asked) -> Papers:
    return Papers(
        evidence=clone.note(),
        signature=_read(asked.signature) if asked.signature else clone.signature(),
        record=asked.record or _run_of(house, clone.head),
    )


def _run_of(house: House, head: str) -> Path | None:
    """The record of the run that published this commit, if it is in this repository."""
    for file in (house.state / FOLDER).glob(f"[!.]*/{RECORD}"):
        pull = _pull(file.parent)
        run = house.state / "runs" / pull.key if pull and pull.head == head else None
        if run and (run / EVENTS).is_file():
            return run
    return None


def _pull(folder: Path) -> Pull | None:
    try:
        return read_pull(folder)
    except PullInvalid:
        return None  # another pull request's fault, or one that its own verification tells


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise HandedWrong(f"{file} can not be read: {error.strerror}") from None


def _maybe(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None
