"""Who may write what: a phase's own rule, and the repository's scope above it."""

from __future__ import annotations

from collections.abc import Callable

from graph.deps import Deps
from graph.state import ItemState
from sandbox.scope import Permission, is_test, protected

DOCS = (".md", ".rst", ".adoc")
DOC_FOLDERS = ("docs/", "doc/", "changelog.d/", "newsfragments/", "changes/")


def nothing(_state: ItemState, _deps: Deps) -> Callable[[str], Permission]:
    return lambda _path: Permission(False, "nothing can be written in this phase")


def tests_only(_state: ItemState, deps: Deps) -> Callable[[str], Permission]:
    def may(path: str) -> Permission:
        if not is_test(path) or protected(path):
            return Permission(False, "only test files can be written in red (and no test configuration)")
        return deps.scope.permits(path)

    return may


def contract_files(state: ItemState, deps: Deps) -> Callable[[str], Permission]:
    contract = state["contract"]
    files = contract.files if contract else ()

    def may(path: str) -> Permission:
        if path in state["locked"] or is_test(path):
            return Permission(False, "tests are locked since red; if one is wrong, stop with test_wrong")
        if path not in files:
            return Permission(False, f"the contract names only {', '.join(files)}")
        return deps.scope.permits(path)

    return may


def documents(_state: ItemState, deps: Deps) -> Callable[[str], Permission]:
    def may(path: str) -> Permission:
        if is_test(path) or not is_document(path):
            return Permission(False, f"only documents can be written here ({', '.join(DOCS)} or docs/)")
        return deps.scope.permits(path)

    return may


def is_document(path: str) -> bool:
    """By its ending; plain text only where documents are kept, because programs read such files elsewhere."""
    name = path.lower()
    if name.endswith(".txt"):
        return name.startswith(DOC_FOLDERS) and "requirements" not in name and "cmakelists" not in name
    return name.endswith(DOCS)
