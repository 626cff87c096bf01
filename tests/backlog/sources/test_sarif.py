"""SARIF of any tool becomes items, and says what it does not show."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from backlog.item import Kind
from backlog.source import Found
from backlog.sources.reports.places import repo_path
from tests.backlog.sources.shop import FILES, as_json, real, report, reports, result, sarif, shop


def one(*results: Any, **run: Any) -> Found:
    (found,) = report(sarif(*results, **run)).found
    return found


def test_bandits_own_output_is_what_bandit_found() -> None:
    found = {f.snippet: f for f in report(real("bandit.sarif")).found}
    shell = next(f for f in found.values() if f.line == 9)
    assert (shell.kind, shell.path) == (Kind.SECURITY, "src/shop/orders.py")
    assert shell.inputs.source["value"] == "rule:security-high"
    assert "finding:B602@src/shop/orders.py" in shell.same_as


def test_ruffs_own_output_is_worth_what_our_ruff_finds() -> None:
    told = report(real("ruff.sarif"))
    unused = next(f for f in told.found if "(F401)" in f.title)
    assert unused.title == "`os` imported but unused (F401) in src/shop/orders.py"
    assert (unused.kind, unused.same_as) == (Kind.LINT, ("finding:F401@src/shop/orders.py",))


def test_two_tools_mean_the_same_weakness_by_cwe_and_line() -> None:
    """Opengrep's CWE-78 stands on the line of bandit's B602."""
    told = reports(real("bandit.sarif"), real("opengrep.sarif"))
    names = [name for r in told.values() for f in r.found if f.line == 9 for name in f.same_as if "CWE-78" in name]
    assert len(names) == 2
    assert len(set(names)) == 1


def test_a_secret_is_never_kept_or_shown() -> None:
    (found,) = report(real("gitleaks.sarif")).found
    value = "AKIAIOSFODNN7EXAMPLE"
    assert value not in found.model_dump_json()
    assert found.same_as == (f"secret:{sha256(value.encode()).hexdigest()[:16]}",)
    assert (found.kind, found.labels) == (Kind.SECURITY, ("secret",))
    told = one(result(message={"text": f"found {value}"}, fingerprints={"a": value}), tool="trufflehog")
    assert value not in told.model_dump_json()


def test_results_of_one_rule_in_one_file_are_one_item_whatever_their_lines() -> None:
    before, after = one(result(line=9), result(line=14)), one(result(line=22))
    assert before.fingerprint == after.fingerprint
    assert "line 9, 14" in before.story


@pytest.mark.parametrize(
    ("fields", "kind", "rule"),
    [
        ({"level": "error"}, Kind.BUG, "rule:sarif-error"),
        ({}, Kind.LINT, "rule:sarif-warning"),
        ({"level": "note"}, Kind.LINT, "rule:sarif-note"),
        ({"properties": {"tags": ["security"]}, "level": "error"}, Kind.SECURITY, "rule:security-high"),
        ({"properties": {"tags": ["external/cwe/cwe-089"]}}, Kind.SECURITY, "rule:security-medium"),
    ],
)
def test_the_level_and_the_tags_say_what_a_result_is_worth(fields: Any, kind: Kind, rule: str) -> None:
    found = one(result(**fields))
    assert (found.kind, found.inputs.source["value"]) == (kind, rule)


def test_a_rules_own_level_and_severity_count_where_the_result_is_silent() -> None:
    rule = {"id": "r1", "defaultConfiguration": {"level": "error"}, "properties": {"security-severity": "9.1"}}
    assert one(result(), rules=[rule]).inputs.source["value"] == "rule:security-critical"
    assert one(result(ruleIndex=0), rules=[{"id": "r1", "defaultConfiguration": {"level": "note"}}]).kind is Kind.LINT


def test_a_rule_of_an_extension_is_looked_up_there() -> None:
    rule = {"id": "q", "shortDescription": {"text": "Path joined from input"}}
    driver = {"name": "CodeQL", "rules": []}
    where = {"rule": {"id": "q", "index": 0, "toolComponent": {"index": 0}}}
    run = {
        "tool": {"driver": driver, "extensions": [{"name": "pack", "rules": [rule]}]},
        "results": [{**result(rule=""), **where}],
    }
    (found,) = report(as_json({"version": "2.1.0", "runs": [run]})).found
    assert found.title == "Path joined from input (q) in src/shop/orders.py"


@pytest.mark.parametrize(
    ("fields", "counted"),
    [
        ({"suppressions": [{"kind": "inSource"}]}, "1 suppressed"),
        ({"suppressions": [{"kind": "external", "status": "accepted"}]}, "1 suppressed"),
        ({"kind": "pass"}, "1 that are no findings"),
        ({"level": "none"}, "1 that are no findings"),
        ({"baselineState": "absent"}, "1 gone since the tool's own baseline"),
    ],
)
def test_what_is_closed_is_left_out_and_counted(fields: Any, counted: str) -> None:
    told = report(sarif(result(**fields)))
    assert (told.status, told.found) == ("ready", ())
    assert counted in told.reason


def test_a_suppression_that_was_rejected_suppresses_nothing() -> None:
    assert one(result(suppressions=[{"kind": "external", "status": "rejected"}])).path


@pytest.mark.parametrize(
    ("uri", "counted"),
    [
        ("../../etc/passwd", "1 outside of the repository"),
        ("file:///etc/passwd", "1 outside of the repository"),
        ("src/%2e%2e/%2e%2e/x.py", "1 outside of the repository"),
        ("src/shop/gone.py", "1 in files that are not committed"),
        ("vendor/v.py", "1 in other people's code"),
    ],
)
def test_paths_that_are_not_ours_are_left_out_and_counted(uri: str, counted: str) -> None:
    told = report(sarif(result(uri=uri)))
    assert (told.found, counted in told.reason) == ((), True)


@pytest.mark.parametrize(
    "named",
    [
        "src/shop/orders.py",
        "./src/shop/orders.py",
        "src\\shop\\orders.py",
        "src/x/../shop/orders.py",
        "file:///nowhere/shop/src/shop/orders.py",
        "/nowhere/shop/src/shop/orders.py",
        "file:///home/runner/work/a/b/src/shop/orders.py",
        "D:\\a\\a\\b\\src\\shop\\orders.py",
        "/src/src/shop/orders.py",
        "%SRCROOT%/src/shop/orders.py",
        "/data/shop/src/shop/orders.py",
    ],
)
def test_every_way_to_name_a_file_is_the_same_file(named: str) -> None:
    assert repo_path(named, "/nowhere/shop", FILES) == "src/shop/orders.py"


@pytest.mark.parametrize(
    "named", ["", "..", ".", "/", "/nowhere/shop", "/nowhere/shop/../x", "/usr/lib/python3/ast.py", "a\0b"]
)
def test_a_path_out_of_the_repository_is_none(named: str) -> None:
    assert repo_path(named, "/nowhere/shop", FILES) is None


def test_base_addresses_are_put_in_front() -> None:
    place = {"artifactLocation": {"uri": "shop/orders.py", "uriBaseId": "SRC"}, "region": {"startLine": 9}}
    bases = {"SRC": {"uri": "src/", "uriBaseId": "ROOT"}, "ROOT": {"uri": "file:///nowhere/shop/"}}
    found = one(result(locations=[{"physicalLocation": place}]), originalUriBaseIds=bases)
    assert found.path == "src/shop/orders.py"


def test_a_line_that_the_file_does_not_have_is_not_given() -> None:
    assert one(result(line=9_999)).line is None


def test_a_report_of_another_revision_says_so() -> None:
    told = report(sarif(result(), versionControlProvenance=[{"revisionId": "d" * 40}]))
    assert "made of dddddddddd…, the base is cccccccccccc" in told.reason or "made of dddd" in told.reason
    same = report(sarif(result(), versionControlProvenance=[{"revisionId": "c" * 40}]))
    assert "made of" not in same.reason


@pytest.mark.parametrize(
    "run",
    [
        {"results": None},
        {"invocations": [{"executionSuccessful": False}]},
        {"invocations": [{"toolExecutionNotifications": [{"level": "error", "message": {"text": "parse"}}]}]},
    ],
)
def test_a_run_that_did_not_look_is_not_a_run_that_found_nothing(run: Any) -> None:
    assert report(sarif(**run)).status == "not run"


def test_a_run_that_failed_half_way_closes_nothing() -> None:
    told = report(sarif(result(), invocations=[{"executionSuccessful": False}]))
    assert (told.status, len(told.found)) == ("ready", 1)
    assert told.unseen == {*FILES, None}


@pytest.mark.parametrize(
    "value",
    [
        {"version": "2.0.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]},
        {"version": "2.1.0", "runs": []},
        {"version": "2.1.0", "runs": [{"results": []}]},
        {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": 7}}, "results": "none"}]},
    ],
)
def test_what_is_not_sarif_2_1_0_is_not_run(value: Any) -> None:
    assert report(as_json(value)).status == "not run"


def test_hostile_strings_become_one_line_without_control_characters() -> None:
    found = one(result("r\u202e\n\x1b[31m", message={"text": "a\n\ud800\u0007 b" + "x" * 5_000}))
    assert found.title.isprintable()
    assert found.model_dump_json()


def test_ten_thousand_results_are_a_few_items_and_the_rest_is_said() -> None:
    told = report(sarif(*(result(f"r{n}") for n in range(2_100))))
    assert len(told.found) == 2_000
    assert "only the first 2000 of 2100 are taken" in told.reason
    assert told.unseen


def test_what_is_bought_with_a_tool_is_not_another_tool() -> None:
    assert list(reports(sarif(result(), tool="Semgrep OSS"))) == ["sarif:semgrep"]


def test_the_view_of_the_shop_is_where_the_reports_were_made() -> None:
    assert shop().files.keys() == FILES.keys()


def test_what_is_found_in_an_image_lies_in_no_file_and_is_work_all_the_same() -> None:
    text = "Package: openssl\nInstalled Version: 3.0.1\nVulnerability CVE-2024-1000\nFixed Version: 3.0.2"
    one_of = result("CVE-2024-1000", uri="library/shop", message={"text": text})
    (found,) = report(sarif(one_of, tool="Trivy")).found
    assert (found.kind, found.path, found.labels) == (Kind.INFRASTRUCTURE, None, ("security", "container"))
    assert found.same_as == ("advisory:CVE-2024-1000@openssl",)


def test_a_result_without_a_place_is_not_lost() -> None:
    assert one({"ruleId": "r1", "message": {"text": "No policy."}}).title == "No policy (r1)"
