"""Every kind of file that is understood. The first that recognises a file reads it."""

from __future__ import annotations

from backlog.sources.artefacts import Format
from backlog.sources.backlog_json import BacklogJson
from backlog.sources.benchmarks import Benchmarks
from backlog.sources.coverage_report import Coverage
from backlog.sources.dependency_check import DependencyCheck
from backlog.sources.github_files import GitHubFiles
from backlog.sources.grype import Grype
from backlog.sources.osv_scanner import OsvScanner
from backlog.sources.outdated import Outdated
from backlog.sources.pip_audit import PipAudit
from backlog.sources.sarif import Sarif
from backlog.sources.signals import Signals
from backlog.sources.test_results import TestResults
from backlog.sources.trivy import Trivy


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
