"""Vulnerable packages: pip-audit, OSV-Scanner, Dependency-Check, Trivy, Grype, and our own look at OSV advisories."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from backlog.discover import look
from backlog.item import Kind
from backlog.source import Report
from backlog.sources.packages.dependencies import Dependencies
from backlog.sources.packages.inventory import inventory
from backlog.sources.packages.osv_advisory import Advisory
from tests.backlog.sources.shop import as_json, real, report, shop

JINJA: dict[str, Any] = {
    "id": "GHSA-462w-v97r-4m45",
    "aliases": ["CVE-2019-10906"],
    "modified": "2026-02-20T00:00:00Z",
    "summary": "Sandbox escape",
    "database_specific": {"severity": "HIGH"},
    "affected": [
        {
            "package": {"name": "Jinja2", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]},
            ],
        }
    ],
}
NAMES = ("advisory:CVE-2019-10906@jinja2", "advisory:GHSA-462w-v97r-4m45@jinja2")


def database(folder: Path, *advisories: dict[str, Any]) -> str:
    for number, advisory in enumerate(advisories):
        (folder / f"{number}.json").write_text(json.dumps(advisory))
    return str(folder)


def audit(osv: str | None, files: dict[str, str], days: int = 30) -> Report:
    return look(Dependencies(osv, days), shop(files=files))


def test_pip_audits_own_output_is_an_update() -> None:
    (found,) = report(real("pip-audit.json")).found
    assert found.title == "Update jinja2 to 2.10.1: CVE-2019-10906"
    assert (found.kind, set(found.same_as)) == (Kind.SECURITY, set(NAMES))


def test_a_dependency_that_pip_audit_skipped_is_unknown_and_never_clean() -> None:
    """What it wrote while it printed `No known vulnerabilities found` and exited with 0."""
    told = report(real("pip-audit-skipped.json"))
    assert told.status == "not run"
    assert "2 of 2 dependencies were skipped and are unknown: jinja2, markupsafe" in told.reason


def test_one_skipped_dependency_among_clean_ones_is_still_unknown() -> None:
    rows = [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "no"}]
    assert report(as_json({"dependencies": rows, "fixes": []})).status == "not run"
    assert report(as_json({"dependencies": rows[:1], "fixes": []})).status == "ready"
    assert report(as_json({"dependencies": [], "fixes": []})).status == "not run"


def test_our_own_look_finds_what_pip_audit_finds(tmp_path: Path) -> None:
    told = audit(database(tmp_path, JINJA), {"requirements.txt": "jinja2==2.10\n"})
    (found,) = told.found
    assert found.title == "Update jinja2 to 2.10.1: CVE-2019-10906 in requirements.txt"
    assert (found.path, found.same_as) == ("requirements.txt", NAMES)
    assert "advisories as of 2026-02-20" in told.reason


def test_a_version_with_the_fix_is_clean_as_of_the_databases_date(tmp_path: Path) -> None:
    told = audit(database(tmp_path, JINJA), {"requirements.txt": "jinja2==2.10.1\n"})
    assert (told.status, told.found) == ("ready", ())
    assert "as of 2026-02-20" in told.reason


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"requirements.txt": "jinja2>=2\n"}, "1 of 1 packages are unknown: no exact version"),
        ({"requirements.txt": "-r x.txt\ngit+https://h/x\n"}, "no exact version"),
        ({"package-lock.json": '{"packages": {"node_modules/a": {"version": "1.0.0"}}}'}, "no advisories for npm"),
        ({"requirements.txt": "jinja2===one-two\n"}, "a version that can not be compared"),
    ],
)
def test_what_can_not_be_told_is_unknown(tmp_path: Path, files: dict[str, str], why: str) -> None:
    told = audit(database(tmp_path, JINJA), files)
    assert (told.status, why in told.reason) == ("not run", True), told.reason


def test_an_old_database_does_not_say_clean(tmp_path: Path) -> None:
    told = audit(database(tmp_path, JINJA), {"requirements.txt": "jinja2==3.0\n"}, days=5)
    assert told.status == "not run"
    assert "the advisories are 9 days old: what came later is unknown" in told.reason


def test_without_a_database_or_dependencies_nothing_is_set_up(tmp_path: Path) -> None:
    assert audit(None, {"requirements.txt": "jinja2==2.10"}).status == "not configured"
    assert audit(str(tmp_path / "none"), {"requirements.txt": "jinja2==2.10"}).status == "not configured"
    assert audit(database(tmp_path, JINJA), {"a.py": ""}).status == "not configured"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04half", b"{"])
def test_a_database_that_can_not_be_read_is_not_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "all.zip").write_bytes(content)
    assert audit(str(tmp_path), {"requirements.txt": "jinja2==2.10"}).status == "not run"


def test_an_empty_database_is_not_run(tmp_path: Path) -> None:
    assert audit(str(tmp_path), {"requirements.txt": "jinja2==2.10"}).status == "not run"


def test_the_folder_of_osv_scanner_is_a_database(tmp_path: Path) -> None:
    folder = tmp_path / "osv-scanner" / "PyPI"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "all.zip", "w") as packed:
        packed.writestr("GHSA-462w-v97r-4m45.json", json.dumps(JINJA))
    assert len(audit(str(tmp_path), {"requirements.txt": "Jinja2==2.10"}).found) == 1


def test_lock_files_are_read_with_exact_versions() -> None:
    files = {
        "poetry.lock": '[[package]]\nname = "Jinja2"\nversion = "2.10"\n',
        "uv.lock": '[[package]]\nname="me"\nversion="1"\nsource={editable="."}\n[[package]]\nname="b"\nversion="2"\n',
        "Pipfile.lock": '{"default": {"c": {"version": "==3"}}, "develop": {}}',
        "web/package-lock.json": '{"packages": {"": {}, "node_modules/@s/d": {"version": "4.0.0"}}}',
        "old/package-lock.json": '{"dependencies": {"e": {"version": "5", "dependencies": {"f": {"version": "6"}}}}}',
        "requirements-dev.txt": "g == 7 ; python_version > '3'  # why\nh==8 --hash=sha256:00 \\\n  --hash=sha256:11\n",
        "pyproject.toml": '[project]\ndependencies = ["i"]\n',
        "lock/pylock.toml": '[[packages]]\nname="j"\nversion="9"\n[[packages]]\nname="k"\ndirectory={path="."}\n',
    }
    told = {(w.name, w.version, w.ecosystem) for w in inventory(shop(files=files))}
    assert told == {
        ("jinja2", "2.10", "PyPI"),
        ("b", "2", "PyPI"),
        ("c", "3", "PyPI"),
        ("@s/d", "4.0.0", "npm"),
        ("e", "5", "npm"),
        ("f", "6", "npm"),
        ("g", "7", "PyPI"),
        ("h", "8", "PyPI"),
        ("j", "9", "PyPI"),
    }


def test_a_lock_file_that_can_not_be_read_is_not_an_empty_one(tmp_path: Path) -> None:
    told = audit(database(tmp_path, JINJA), {"poetry.lock": "[[package"})
    assert (told.status, "poetry.lock" in told.reason) == ("not run", True)


def advisory(*events: dict[str, str], **more: Any) -> Advisory:
    about = {"package": {"name": "a", "ecosystem": "PyPI"}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    return Advisory.model_validate({"id": "X-1", "affected": [about | more.pop("affected", {})], **more})


@pytest.mark.parametrize(
    ("version", "verdict"),
    [
        ("0.9", "not affected"),
        ("1.0", "affected"),
        ("1.5rc1", "affected"),
        ("1.5", "not affected"),
        ("2.1", "affected"),
        ("2.2", "affected"),
        ("2.2.1", "not affected"),
    ],
)
def test_events_are_walked_in_the_order_of_versions(version: str, verdict: str) -> None:
    events = ({"fixed": "1.5"}, {"last_affected": "2.2"}, {"introduced": "1.0"}, {"introduced": "2.0"})
    assert advisory(*events).verdict("A", "PyPI", version) == verdict


@given(st.tuples(*[st.integers(0, 9)] * 4))
def test_a_version_is_affected_exactly_from_the_introduction_to_below_the_fix(numbers: tuple[int, ...]) -> None:
    low, high = f"1.{min(numbers[:2])}", f"1.{max(numbers[:2]) + 1}"
    version = f"1.{numbers[2]}.{numbers[3]}"
    inside = Version(low) <= Version(version) < Version(high)
    told = advisory({"introduced": low}, {"fixed": high}).verdict("a", "PyPI", version)
    assert told == ("affected" if inside else "not affected")


def test_listed_versions_are_affected_and_withdrawn_advisories_are_not() -> None:
    listed = advisory({"introduced": "9"}, affected={"versions": ["1.0.0"]})
    assert listed.verdict("a", "PyPI", "1.0") == "affected"
    odd = advisory({"introduced": "0"}, affected={"versions": ["one-two"]})
    assert [odd.verdict("a", "PyPI", v) for v in ("one-two", "one-three")] == ["affected", "unknown"]
    gone = advisory({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z")
    assert gone.verdict("a", "PyPI", "1") == "not affected"


OSV_SCANNER = {
    "results": [
        {
            "source": {"path": "/home/runner/work/shop/shop/requirements.txt", "type": "lockfile"},
            "packages": [
                {
                    "package": {"name": "jinja2", "version": "2.10", "ecosystem": "PyPI"},
                    "vulnerabilities": [JINJA],
                    "groups": [{"ids": ["GHSA-462w-v97r-4m45"], "max_severity": "9.8"}],
                }
            ],
        }
    ]
}
DEPENDENCY_CHECK = {
    "reportSchema": "1.1",
    "scanInfo": {"engineVersion": "9", "dataSource": [{"name": "NVD", "timestamp": "2026-02-28T00:00:00Z"}]},
    "dependencies": [
        {
            "fileName": "requirements.txt: jinja2",
            "filePath": "/github/workspace/requirements.txt",
            "packages": [{"id": "pkg:pypi/jinja2@2.10"}],
            "vulnerabilities": [{"name": "CVE-2019-10906", "severity": "HIGH", "description": "Sandbox escape"}],
        }
    ],
}
TRIVY = {
    "SchemaVersion": 2,
    "ArtifactName": "shop:latest",
    "ArtifactType": "container_image",
    "Results": [
        {
            "Target": "shop:latest (debian 12)",
            "Class": "os-pkgs",
            "Type": "debian",
            "Vulnerabilities": [
                {
                    "VulnerabilityID": "CVE-2024-1",
                    "PkgName": "openssl",
                    "InstalledVersion": "3.0.1",
                    "FixedVersion": "3.0.2",
                    "Severity": "CRITICAL",
                    "Title": "Overflow",
                }
            ],
        },
        {
            "Target": "Dockerfile",
            "Class": "config",
            "Misconfigurations": [
                {
                    "ID": "DS002",
                    "Title": "Image user should not be root",
                    "Severity": "HIGH",
                    "Status": "FAIL",
                    "Message": "m",
                },
                {"ID": "DS001", "Title": "fine", "Severity": "HIGH", "Status": "PASS"},
            ],
        },
        {
            "Target": "app/.env",
            "Class": "secret",
            "Secrets": [{"RuleID": "aws", "Severity": "CRITICAL", "Match": "KEY=hunter2", "StartLine": 1}],
        },
    ],
}
GRYPE = {
    "matches": [
        {
            "vulnerability": {
                "id": "GHSA-462w-v97r-4m45",
                "severity": "High",
                "fix": {"versions": ["2.10.1"], "state": "fixed"},
            },
            "relatedVulnerabilities": [{"id": "CVE-2019-10906"}],
            "artifact": {
                "name": "Jinja2",
                "version": "2.10",
                "type": "python",
                "locations": [{"path": "/requirements.txt"}],
            },
        }
    ],
    "source": {"type": "directory", "target": "."},
    "descriptor": {"name": "grype", "version": "0.80"},
}


@pytest.mark.parametrize(("value", "grade"), [(OSV_SCANNER, "critical"), (DEPENDENCY_CHECK, "high"), (GRYPE, "high")])
def test_other_scanners_mean_the_same_package_and_advisory(value: Any, grade: str) -> None:
    (found,) = report(as_json(value)).found
    assert "advisory:CVE-2019-10906@jinja2" in found.same_as
    assert (found.path, found.inputs.source["value"]) == ("requirements.txt", f"rule:dependency-{grade}")


def test_what_is_wrong_with_an_image_is_infrastructure() -> None:
    found = report(as_json(TRIVY)).found
    package = next(f for f in found if "openssl" in f.title)
    assert (package.kind, package.labels) == (Kind.INFRASTRUCTURE, ("security", "container"))
    assert package.title == "Update openssl to 3.0.2: CVE-2024-1 in shop:latest"
    assert [f.title for f in found if "DS" in f.title] == ["Image user should not be root (DS002) in shop:latest"]
    assert not any("hunter2" in f.model_dump_json() for f in found)


@pytest.mark.parametrize(
    "value",
    [
        {**TRIVY, "Results": None},
        {**DEPENDENCY_CHECK, "dependencies": []},
        {
            **DEPENDENCY_CHECK,
            "dependencies": [{"fileName": "a"}],
            "scanInfo": {"analysisExceptions": [{}], "dataSource": [1]},
        },
        {**DEPENDENCY_CHECK, "dependencies": [{"fileName": "a"}], "scanInfo": {}},
        {**GRYPE, "matches": [{}]},
        {"results": [{"source": {}, "packages": []}]},
    ],
)
def test_a_scanner_that_did_not_look_has_not_found_nothing(value: Any) -> None:
    assert report(as_json(value)).status == "not run"


def test_without_a_fix_there_is_nothing_to_update_to() -> None:
    rows = [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": [], "aliases": []}]}]
    (found,) = report(as_json({"dependencies": rows, "fixes": []})).found
    assert found.title == "Replace or contain a: X-1"


def test_outdated_packages_are_few_items() -> None:
    (pip,) = (report(real("pip-outdated.json")),)
    assert [f.title for f in pip.found] == ["Update pip from 23.2.1 to 26.3", "Update setuptools from 65.5.0 to 84.2.1"]
    npm = report(real("npm-outdated.json"))
    assert npm.name == "outdated:npm"
    assert {f.title for f in npm.found} == {
        "Update semver from 5.7.3 to 7.8.6",
        "Update 1 package within its major release (npm)",
    }
    assert report(as_json({"a": {"wanted": "1", "latest": "2"}})).status == "not run"
