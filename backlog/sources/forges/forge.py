"""What a code host such as GitHub knows about the repository, as pages of rows: asked for live, or kept in files.

Whoever brings the pages, they are read by the same code, and a page that is missing is never `nothing there`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol, get_args

from backlog.source import Found, Report, View
from backlog.sources.forges.github_alerts import advisories, code_scanning, dependabot, secret_scanning
from backlog.sources.forges.github_branches import branches
from backlog.sources.forges.github_ci import check_runs, workflow_runs
from backlog.sources.forges.github_issues import issues, review_comments
from backlog.sources.forges.github_workflows import workflows
from backlog.sources.outcome import outcome
from backlog.sources.text import clean

Asked = Literal[
    "issues", "review-comments", "security-advisories", "code-scanning", "dependabot", "secret-scanning",
    "check-runs", "workflow-runs", "branches", "workflows",
]  # fmt: skip
ASKED: tuple[Asked, ...] = get_args(Asked)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the code host."""

    rows: tuple[Row, ...] = ()
    status: int = 200
    """HTTP's."""
    more: bool = False
    """There are further pages, or nobody can say that there are none."""
    of: int = 1
    """How many pages there are at the least, as far as this one tells."""
    said: str = ""
    """What it said when it refused."""
    again: datetime | None = None
    """From when on it may be asked again, where it refused because it was asked too often."""


class Forge(Protocol):
    """A client of the code host."""

    def pages(self, asked: Asked) -> Sequence[Page]:
        """All pages, open and closed rows. A refusal is a page with its status; raises OSError when out of reach.

        The rows of `branches` are answers about the repository and its default branch, refused ones too, as
        `github_answers` has them.
        """
        ...


@dataclass(frozen=True, slots=True)
class OnForge:
    """One kind of rows, as a source that asks the code host itself."""

    forge: Forge
    asked: Asked

    @property
    def name(self) -> str:
        return f"github:{self.asked}"

    def look(self, view: View) -> Report:
        return report_on(self.name, self.asked, self.forge.pages(self.asked), view)


Looked = tuple[Sequence[Found], Sequence[str]] | tuple[Sequence[Found], Sequence[str], Sequence[str]]
Rows = Callable[[Sequence[Row], View], Looked]
"""From all rows to what is found, what was not finished when they were asked for, and what was left out."""
READERS: Mapping[Asked, Rows] = {
    "issues": issues,
    "review-comments": review_comments,
    "security-advisories": advisories,
    "code-scanning": code_scanning,
    "dependabot": dependabot,
    "secret-scanning": secret_scanning,
    "check-runs": check_runs,
    "workflow-runs": workflow_runs,
    "branches": branches,
    "workflows": workflows,
}


def report_on(name: str, asked: Asked, pages: Sequence[Page], view: View) -> Report:
    """Refused or cut off: `not run`, whatever the other pages hold."""
    refused = next((page for page in pages if page.status != 200), None)
    if refused is not None:
        said = f": {clean(refused.said, 160)}" if refused.said else ""
        return Report(name, "not run", f"GitHub answered {refused.status}{said}{from_when(refused.again)}")
    if not pages or any(page.more for page in pages):
        return Report(name, "not run", "pages are missing: gh api --paginate --slurp gets them all")
    looked = READERS[asked]([row for page in pages for row in page.rows], view)
    return outcome(name, looked[0], view.files, gaps=looked[1], notes=looked[2] if len(looked) == 3 else ())


def from_when(again: datetime | None) -> str:
    """The end of a sentence that says of a refusal when it is over."""
    return f"; it may be asked again from {again.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC on" if again else ""
