"""DOCUMENT: a line where a user or a maintainer would look for the change. Code stays as it is."""

from __future__ import annotations

from checks.verdict import Reason
from graph.deps import Deps
from graph.phase import Gate, Phase
from graph.phases.permission import DOCS, documents, is_document
from graph.state import ItemState
from prompts.letter import letter
from tools.catalogue import WORK
from tools.submit import Finished


def brief(_state: ItemState, _deps: Deps) -> str:
    return letter("document", files=f"documents only ({', '.join(DOCS)}, docs/)")


def gate(state: ItemState, deps: Deps) -> Gate:
    done = state["submission"]
    assert isinstance(done, Finished)
    code = [c.path for c in deps.site.trees.diff(state["trees"]["refactor"], state["tree"]) if not is_document(c.path)]
    if code:
        return Gate(False, (Reason("code_changed", f"code was changed in document: {', '.join(code[:5])}"),))
    return Gate(True, update={"notes": state["notes"] | {"document": done.note}})


DOCUMENT = Phase(
    name="document",
    system="system",
    brief=brief,
    catalogue=WORK,
    tools=("read_file", "find_files", "search", "edit_file", "write_file", "submit_done", "stop"),
    may_write=documents,
    gate=gate,
    turns=20,
)
