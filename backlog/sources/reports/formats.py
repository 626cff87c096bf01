"""Every kind of file that is understood. The first that recognises a file reads it."""

from __future__ import annotations

from backlog.sources.forges.github_files import GitHubFiles
from backlog.sources.reports.artefacts import Format
from backlog.sources.reports.backlog_json import BacklogJson
from backlog.sources.reports.benchmarks import Benchmarks
from backlog.sources.reports.coverage_report import Coverage
from backlog.sources.reports.dependency_check import DependencyCheck
from backlog.sources.reports.grype import Grype
from backlog.sources.reports.osv_scanner import OsvScanner
from backlog.sources.reports.outdated import Outdated
from backlog.sources.reports.pip_audit import PipAudit
from backlog.sources.reports.sarif import Sarif
from backlog.sources.reports.signals import Signals
from backlog.sources.reports.test_results import TestResults
from backlog.sources.reports.trivy import Trivy


def formats() -> tuple[Format, ...]:
    return (
        Sarif(),
        TestResults(),
        PipAudit(),
        OsvScanner(),
        DependencyCheck(),
        Trivy(),
        Grype(),
        Coverage(),
        Benchmarks(),
        Outdated(),
        GitHubFiles(),
        Signals(),
        BacklogJson(),
    )
