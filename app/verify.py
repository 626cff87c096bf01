"""Prove finished work again: from a clean clone, with its evidence as the only thing that is believed to be claimed."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.answer import GATE, OK, Answer
from app.call import Call
from app.handed import Asked, HandedWrong, Papers, folder_of, from_branch, from_files, from_folder
from app.house import House, open_house
from app.papers import Reading, Seen, read, stated
from app.rerun import Rerun, rerun
from evidence.statement import Statement
from forge.clone import Clone, clone_base, clone_branch
from sandbox.sign import NAMESPACE, Signature, check_signature
from sandbox.tree import Trees

SIGNED = {
    "unsigned": "the evidence is not signed",
    "unknown_signer": "sound, but of nobody on a list of signers",
    "unchecked": "not checked: there is no ssh-keygen here",
    "bad": "the signature is none over this evidence",
}


def verify(call: Call, asked: Asked) -> Answer:
    """`result.verdict` is proven or refused; exit 0 or 4. Raises BranchUnknown, BaseUnknown, HandedWrong."""
    house = open_house(call)
    if asked.signers and not asked.signers.is_file():
        raise HandedWrong(f"there is no file of signers {asked.signers}")
    (house.state / "work").mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="verify-", dir=house.state / "work") as name:
        folder = Path(name) / "clone.git"
        pull = folder_of(house, asked)
        if asked.what is None or pull:
            papers = from_folder(pull, asked) if pull else from_files(asked)
            return _papers(house, asked, papers, str(pull or asked.patch), folder)
        clone = clone_branch(house.repository, asked.what, folder)
        return _verified(house, asked, from_branch(house, clone, asked), asked.what, clone)


def _papers(house: House, asked: Asked, papers: Papers, what: str, folder: Path) -> Answer:
    said = stated(papers)
    if isinstance(said, Seen):
        return _answer(what, None, [said], None, None, _signature(papers, asked))
    return _verified(house, asked, papers, what, clone_base(house.repository, said.base, folder))


def _verified(house: House, asked: Asked, papers: Papers, what: str, clone: Clone) -> Answer:
    signature = _signature(papers, asked)
    head = papers.pull.head if papers.pull else clone.head if papers.letter is None else None
    with closing(clone.git):
        trees = Trees(clone.git, clone.folder / "objects", house.repository.algorithm)
        said = stated(papers)
        if isinstance(said, Seen):
            return _answer(what, head, [said], None, None, signature)
        reading = read(papers, said, clone, trees)
        seen = [*reading.seen, *_signed(signature, asked)]
        again = rerun(house, said, trees) if all(s.ok for s in seen) else None
    return _answer(what, head, [*seen, *(again.seen if again else ())], reading, again, signature, said)


def _signature(papers: Papers, asked: Asked) -> Signature:
    return check_signature(papers.evidence or b"", papers.signature, NAMESPACE, asked.signers)


def _signed(signature: Signature, asked: Asked) -> tuple[Seen, ...]:
    """A signature that is wrong always counts; that there is none, where one was asked for."""
    if signature.status == "good":
        return (Seen("signature", True, f"by {signature.principal}"),)
    if signature.status == "unsigned" and not asked.require_signature:
        return ()
    return (Seen("signature", signature.status != "bad" and not asked.require_signature, SIGNED[signature.status]),)


def _answer(
    what: str,
    head: str | None,
    seen: list[Seen],
    reading: Reading | None,
    again: Rerun | None,
    signature: Signature,
    said: Statement | None = None,
) -> Answer:
    proven = again is not None and all(s.ok for s in seen)
    verdict = "proven" if proven else "refused"
    result: dict[str, Any] = {
        "verdict": verdict,
        "branch": what,
        "head": head,
        "reasons": [{"code": s.name, "sentence": s.detail} for s in seen if not s.ok],
        "red": again.red if again else None,
        "green": again.green if again else None,
        "strength": again.strength if again else None,
        "isolation": {"stated": said.isolation if said else None, "here": again.isolation if again else None},
        "signature": {"status": signature.status, "principal": signature.principal},
        "record": reading.record if reading else "not looked at",
    }
    lines = [f"{'✓' if s.ok else '✗'} {s.name:<9} {s.detail}" for s in seen]
    return Answer(result, (*lines, f"{verdict}: {what}"), OK if proven else GATE)
