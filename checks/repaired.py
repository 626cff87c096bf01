"""Was a scanner's finding repaired? Gone, not hidden, and nothing new in its place."""

from __future__ import annotations

from collections.abc import Iterable

from checks.check import FindingCheck
from checks.compare import listed
from checks.delta import new_findings
from checks.finding import Finding
from checks.reason import Reason
from checks.scan import scan
from sandbox.site import Site


def repaired(site: Site, base_tree: str, tree: str, check: FindingCheck) -> tuple[Reason, ...]:
    """Empty when it was. Raises ScannerFailed, SandboxUnavailable."""
    if check.path not in site.trees.entries(tree):
        return (Reason("file_gone", f"{check.path} was deleted: that removes the code too, restore it"),)
    paths = {check.path, *(change.path for change in site.trees.diff(base_tree, tree))}
    before = scan_files(site, base_tree, check, paths)
    after = scan_files(site, tree, check, paths)
    visible = matching(check, before)
    if not visible:
        return (Reason("check_holds_already", f"{check.tool} reports no {check.rule} in {check.path} on the base"),)
    left = finding_gone(check, matching(check, after))
    hidden = () if left else _hidden(site, base_tree, tree, check, len(visible))
    return (*left, *hidden, *_added(check, before, after))


def scan_files(
    site: Site, tree: str, check: FindingCheck, paths: Iterable[str], *, suppressed: bool = False
) -> tuple[Finding, ...]:
    """What the check's scanner says about those of `paths` that are Python files of `tree`."""
    entries = site.trees.entries(tree)
    files = tuple(sorted(path for path in paths if path in entries and path.endswith((".py", ".pyi"))))
    return scan(site, tree, check.tool, files, suppressed=suppressed) if files else ()


def matching(check: FindingCheck, found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(f for f in found if (f.tool, f.rule, f.path) == (check.tool, check.rule, check.path))


def finding_gone(check: FindingCheck, left: tuple[Finding, ...]) -> tuple[Reason, ...]:
    if not left:
        return ()
    lines = ", ".join(str(finding.line) for finding in left[:5])
    told = f"{check.tool} still reports {check.rule} in {check.path}, line {lines}: {left[0].message}"
    return (Reason("finding_left", told),)


def _hidden(site: Site, base_tree: str, tree: str, check: FindingCheck, visible: int) -> tuple[Reason, ...]:
    """With suppressing comments switched off, as many must be gone as were visible before."""
    before, after = (
        len(matching(check, scan_files(site, which, check, (check.path,), suppressed=True)))
        for which in (base_tree, tree)
    )
    if after <= before - visible:
        return ()
    return (Reason("silenced", f"{check.rule} in {check.path} was silenced by a comment: repair the code instead"),)


def _added(check: FindingCheck, before: tuple[Finding, ...], after: tuple[Finding, ...]) -> tuple[Reason, ...]:
    new = new_findings(before, after)
    if not new:
        return ()
    told = listed(f"{f.path}:{f.line} {f.rule} {f.message}" for f in new)
    return (Reason("new_findings", f"the change brings new findings of {check.tool}: {told}"),)
