"""How GitHub guards the default branch: said only where it is sure, from all that gh api prints of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from backlog.discover import discover, look
from backlog.item import Kind, Status
from backlog.source import Report, View
from backlog.sources.configuration import Configuration
from backlog.sources.forges.forge import OnForge, Page
from backlog.sources.forges.github_branches import WORTH
from backlog.sources.reports.artefacts import artefact_sources
from backlog.sources.reports.formats import formats
from backlog.store import Backlog
from tests.backlog.conftest import NOON
from tests.backlog.sources.shop import FILES, artefact, as_json, report, reports, shop
from tests.backlog.sources.test_fail_open import changed, paths
from tests.backlog.sources.test_github_files import API, Recorded, answer, branch, repository, rules

CI = "on: [push]\njobs:\n  a:\n    steps:\n      - run: |\n          pip install pytest\n          pytest -q\n"
GUARDED = shop(files={**FILES, ".github/workflows/ci.yml": CI, "CODEOWNERS": "# who\n* @a\n"})
HELP = "https://docs.github.com/rest"
CLASSIC = "branches/branch-protection#get-branch-protection"


def refusal(message: str, place: str = CLASSIC, status: str = "404") -> dict[str, Any]:
    return {"message": message, "documentation_url": f"{HELP}/{place}", "status": status}


def protection(**fields: Any) -> dict[str, Any]:
    """As a branch is protected where nothing more was asked for, without the kept address."""
    off = {"enabled": False}
    plain = {"url": f"{API}/branches/main/protection", "enforce_admins": off}
    return {**plain, "allow_force_pushes": off, "allow_deletions": off, **fields}


def detailed(**fields: Any) -> dict[str, Any]:
    return answer("/branches/main/protection", protection(**fields))


def rule(kind: str, **parameters: Any) -> dict[str, Any]:
    origin = {"ruleset_source_type": "Repository", "ruleset_source": "a/b", "ruleset_id": 42}
    return {"type": kind, **origin, **({"parameters": parameters} if parameters else {})}


def pulled(count: int = 1, owners: bool = False) -> dict[str, Any]:
    return rule("pull_request", required_approving_review_count=count, require_code_owner_review=owners)


def required(*names: str) -> dict[str, Any]:
    return rule("required_status_checks", required_status_checks=[{"context": n} for n in names])


def ruleset(enforcement: str = "active", **fields: Any) -> dict[str, Any]:
    return {"id": 42, "name": "main only", "source": "a/b", "target": "branch", "enforcement": enforcement, **fields}


ON: dict[str, Any] = {"enabled": True, "required_status_checks": {"enforcement_level": "off", "contexts": []}}
OFF = (repository(), branch())
CHECKS = {"contexts": ["ci"], "checks": [{"context": "ci", "app_id": None}]}
CHECKED = {"required_status_checks": CHECKS}
UNCHECKED: dict[str, Any] = {"required_status_checks": {"contexts": [], "checks": []}}
YES = {"enabled": True}
UPGRADE = "Upgrade to GitHub Pro or make this repository public to enable this feature."
REVIEWS = {"required_approving_review_count": 1, "require_code_owner_reviews": False}


def said(*answers: Mapping[str, Any], view: View = GUARDED) -> Report:
    told = report(as_json(list(answers)), view=view)
    assert told.name == "github:branches"
    return told


def gaps(*answers: Mapping[str, Any], view: View = GUARDED) -> list[str]:
    told = said(*answers, view=view)
    assert told.status == "ready", told.reason
    return [f.fingerprint.rpartition("-")[0] for f in told.found]


# Whether it is protected at all.


def test_a_branch_is_unprotected_only_where_both_ways_of_protecting_say_so() -> None:
    (found,) = said(*OFF, rules()).found
    assert found.title == "Protect the default branch main"
    assert (found.kind, found.path, found.status) == (Kind.INFRASTRUCTURE, None, Status.BLOCKED)
    assert "setting of GitHub" in found.reason
    assert found.inputs == WORTH["branch-not-protected"].inputs()


def test_not_protected_says_nothing_of_rulesets() -> None:
    unprotected = answer("/branches/main/protection", refusal("Branch not protected"), 404)
    assert said(repository(), unprotected).status == "not run"
    assert "rulesets" in said(repository(), unprotected).reason
    assert said(*OFF).status == "not run"
    assert gaps(repository(), unprotected, rules()) == ["branch-not-protected"]
    assert "branch-not-protected" not in gaps(repository(), unprotected, rules(rule("deletion")))


def test_rulesets_without_branch_protection_say_nothing_of_that() -> None:
    told = said(repository(), rules())
    assert (told.status, "has branch protection" in told.reason) == ("not run", True)


def test_where_protection_is_disabled_for_the_whole_repository_there_is_none() -> None:
    disabled = answer(
        "/branches/main/protection", refusal("Branch protection has been disabled on this repository."), 404
    )
    assert gaps(repository(), disabled, rules()) == ["branch-not-protected"]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "Bad credentials"),
        (403, UPGRADE),
        (403, "Branch not protected"),
        (404, "Not Found"),
        (404, ""),
        (429, "Too many requests"),
        (500, "Branch not protected"),
    ],
)
@pytest.mark.parametrize(
    "what", ["", "/branches/main", "/branches/main/protection", "/rules/branches/main", "/rulesets"]
)
def test_a_refusal_is_neither_protected_nor_unprotected(what: str, status: int, message: str) -> None:
    refused = answer(what, {"message": message}, status)
    told = said(*OFF, rules(), refused)
    assert (told.status, told.found) == ("not run", ())
    assert f"GitHub answered {status}" in told.reason
    live = look(OnForge(Recorded(Page((*OFF, rules(), refused))), "branches"), GUARDED)
    assert (live.status, f"GitHub answered {status}" in live.reason) == ("not run", True)


def test_not_protected_is_said_of_branch_protection_alone() -> None:
    for what in ("/rules/branches/main", "/branches/main", ""):
        told = said(*OFF, answer(what, refusal("Branch not protected"), 404))
        assert (told.status, "GitHub answered 404" in told.reason) == ("not run", True)


def test_which_branch_is_the_default_is_never_guessed() -> None:
    told = said(branch(), rules())
    assert (told.status, "which branch is the default" in told.reason) == ("not run", True)
    told = said(repository(default_branch="trunk"), branch(), rules())
    assert (told.status, "trunk" in told.reason) == ("not run", True)
    renamed = answer("/branches/master", branch()["body"])
    assert gaps(repository(), renamed, rules()) == ["branch-not-protected"]


def test_answers_about_other_branches_do_not_count() -> None:
    other = answer("/rules/branches/release%2F1", [rule("deletion")])
    assert gaps(*OFF, rules(), other) == ["branch-not-protected"]
    assert said(*OFF, other).status == "not run"


def test_a_branch_may_have_a_slash_in_its_name() -> None:
    body = {**branch()["body"], "name": "release/1"}
    empty = answer("/rules/branches/release/1", [])
    assert gaps(repository(default_branch="release/1"), answer("/branches/release/1", body), empty)


@pytest.mark.parametrize(
    "answers",
    [
        (*OFF, detailed(), rules()),
        (
            repository(),
            branch(True, **ON),
            answer("/branches/main/protection", refusal("Branch not protected"), 404),
            rules(),
        ),
        (repository(), branch(True), detailed(), rules(rule("deletion"))),
        (
            repository(),
            branch(True, **ON),
            answer("/branches/main/protection", refusal("Branch not protected"), 404),
            rules(rule("deletion")),
        ),
        (repository(), branch(True), rules()),
        (repository(), branch(False, **ON), rules()),
        (*OFF, rules(), rules(rule("deletion"))),
        (repository(), repository(default_branch="trunk"), branch(), rules()),
        (*OFF, {**rules(), "url": "https://api.github.com/repos/a/other/rules/branches/main"}),
    ],
)
def test_answers_that_contradict_each_other_show_nothing(answers: Any) -> None:
    assert said(*answers).status == "not run"


def test_no_ruleset_in_force_is_as_good_as_no_rule() -> None:
    assert gaps(*OFF, answer("/rulesets", [])) == ["branch-not-protected"]
    (found,) = said(*OFF, answer("/rulesets", [ruleset("disabled"), ruleset(target="tag")])).found
    assert "not in force: main only" in found.story


@pytest.mark.parametrize("one", [ruleset(), ruleset(target=None), ruleset("enabled"), ruleset("evaluated")])
def test_a_ruleset_that_may_be_in_force_leaves_it_open(one: dict[str, Any]) -> None:
    assert said(*OFF, answer("/rulesets", [one])).status == "not run"


# What protects it, and what that lets through.


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([branch(True, **ON), detailed(), rules()], ["checks-not-required", "owners-not-asked"]),
        ([detailed(), rules()], ["checks-not-required", "owners-not-asked"]),
        ([detailed(**CHECKED), rules()], ["owners-not-asked"]),
        ([detailed(**UNCHECKED), rules()], ["checks-not-required", "owners-not-asked"]),
        ([detailed(required_status_checks={"contexts": ["ci"]}, required_pull_request_reviews=REVIEWS), rules()], []),
        ([detailed(required_pull_request_reviews=REVIEWS), rules(required("ci"))], []),
        ([detailed(), rules(required("ci"), pulled())], []),
        ([detailed(**CHECKED), rules(pulled(0, owners=True))], []),
        ([detailed(**CHECKED, allow_force_pushes=YES), rules()], ["history-not-kept", "owners-not-asked"]),
        ([detailed(**CHECKED, allow_deletions=YES), rules(pulled())], ["history-not-kept"]),
        ([detailed(**CHECKED, allow_deletions=YES), rules(pulled(), rule("deletion"))], []),
        ([detailed(allow_force_pushes=YES), rules(pulled(), required("a"))], []),
        ([detailed(allow_force_pushes=YES, lock_branch=YES), rules(required("a"))], []),
        ([branch(True), rules(rule("deletion"))], ["checks-not-required", "history-not-kept", "owners-not-asked"]),
        ([branch(True), rules(rule("non_fast_forward"), required("ci"))], ["owners-not-asked"]),
        ([branch(True), rules(pulled(0), required("ci"))], ["owners-not-asked"]),
        ([branch(True), rules(pulled(), required())], ["checks-not-required"]),
        ([branch(True), rules(pulled(), rule("workflows", workflows=[{"path": "x"}]))], []),
        ([branch(True, enabled=True, required_status_checks=CHECKS), rules(pulled(), rule("deletion"))], []),
    ],
)  # fmt: skip
def test_each_gap_is_one_only_where_nothing_else_closes_it(answers: list[Any], found: list[str]) -> None:
    assert gaps(repository(), *answers) == found


@pytest.mark.parametrize(
    "odd",
    [
        detailed(required_status_checks={}),
        detailed(required_status_checks={"contexts": [7]}),
        detailed(required_status_checks=None),
        detailed(required_pull_request_reviews={"require_code_owner_reviews": False}),
        detailed(allow_force_pushes=None),
        rules(rule("pull_request")),
        rules(rule("required_status_checks")),
        rules({"ruleset_id": 42}),
    ],
)
def test_what_github_does_not_answer_is_neither_demanded_nor_missing(odd: dict[str, Any]) -> None:
    rest = [rules()] if odd["url"].endswith("/protection") else [branch(True)]
    assert said(repository(), odd, *rest).status == "not run"


def test_what_only_administrators_are_told_is_not_taken_for_granted() -> None:
    told = said(repository(), branch(True, enabled=True, required_status_checks=CHECKS), rules())
    assert (told.status, "/protection" in told.reason) == ("not run", True)
    told = said(repository(), branch(True, **ON), rules())
    assert [f.fingerprint.rpartition("-")[0] for f in told.found] == ["checks-not-required"]
    assert None in told.unseen


def test_a_rule_that_is_not_known_here_may_be_what_closes_a_gap() -> None:
    told = said(repository(), branch(True), rules(rule("no_pushes_on_fridays")))
    assert (told.status, "no_pushes_on_fridays" in told.reason) == ("not run", True)
    assert gaps(repository(), branch(True), rules(rule("no_pushes_on_fridays"), pulled(), required("ci"))) == []


@pytest.mark.parametrize(
    ("workflow", "is_so"),
    [
        (CI, True),
        ("on: {pull_request: }\njobs: {a: {steps: [{run: uv run tox -e py}]}}", True),
        ("on: push\njobs: {a: {steps: [{run: npm run test}]}}", True),
        ("on: schedule\njobs: {a: {steps: [{run: pytest}]}}", False),
        ("on: push\njobs: {a: {steps: [{run: pip install pytest}, {uses: x/test@v1}]}}", False),
        ("on: push\n# pytest\njobs: {a: {steps: [{run: ruff .}]}}", False),
        ("on: push\njobs: [a", False),
        ("[]", False),
    ],
)
def test_checks_are_missed_only_where_a_workflow_surely_runs_tests_on_a_change(workflow: str, is_so: bool) -> None:
    view = shop(files={**FILES, ".github/workflows/x.yml": workflow})
    assert gaps(repository(), branch(True), rules(pulled()), view=view) == ["checks-not-required"] * is_so


@pytest.mark.parametrize("files", [{}, {"CODEOWNERS": "# nobody\n"}, {".github/CODEOWNERS": "", "CODEOWNERS": "* @a"}])
def test_approvals_are_missed_only_where_the_file_that_github_reads_names_owners(files: dict[str, str]) -> None:
    kept = (repository(), branch(True), rules(required("ci"), rule("non_fast_forward")))
    assert gaps(*kept, view=shop(files={**FILES, **files})) == []


# As gh api prints it.


def test_what_gh_api_prints_of_an_unprotected_branch_is_understood() -> None:
    files = [repository()["body"], branch()["body"], refusal("Branch not protected"), rules()]
    told = report(*map(as_json, files), view=GUARDED)
    assert (told.name, told.status) == ("github:branches", "ready")
    assert [f.title for f in told.found] == ["Protect the default branch main"]


def test_what_gh_api_prints_of_a_protected_branch_is_understood() -> None:
    head = b"HTTP/2.0 200 OK\nContent-Type: application/json\r\nX-Ratelimit-Remaining: 4999\r\n\r\n"
    files = [repository()["body"], branch(True, **ON)["body"], protection(), rules(pulled(), required("ci"))]
    told = report(*(head + as_json(f) for f in files), view=GUARDED)
    assert (told.status, told.found) == ("ready", ())


def test_rules_that_do_not_say_of_which_branch_they_are_show_nothing() -> None:
    for kept in ([rule("deletion")], [[rule("deletion")]], [ruleset(_links={})]):
        told = report(*map(as_json, [repository()["body"], branch()["body"], kept]), view=GUARDED)
        assert (told.name, told.status) == ("github:branches", "not run")
        assert "keep it with its address" in told.reason


def test_not_protected_without_an_address_names_no_branch() -> None:
    told = report(*map(as_json, [repository()["body"], refusal("Branch not protected"), rules()]), view=GUARDED)
    assert (told.status, "has branch protection" in told.reason) == ("not run", True)


@pytest.mark.parametrize(
    ("message", "place", "status"),
    [
        ("Not Found", CLASSIC, "404"),
        ("Not Found", "branches/branches#get-a-branch", "404"),
        (UPGRADE, "repos/rules#get-rules-for-a-branch", "403"),
    ],
)  # fmt: skip
def test_a_refusal_that_names_what_was_asked_is_said_of_that_source(message: str, place: str, status: str) -> None:
    told = reports(as_json(refusal(message, place, status)), as_json([*OFF, rules()]), view=GUARDED)
    assert list(told) == ["github:branches"]
    assert told["github:branches"].status == "not run"
    assert f"GitHub answered {status}: {message[:20]}" in told["github:branches"].reason


def test_rules_of_which_pages_are_missing_are_not_all() -> None:
    many = [rule("deletion")] * 30
    assert said(repository(), branch(True), rules(*many)).status == "not run"
    assert gaps(repository(), branch(True), {**rules(*many, pulled()), "link": ""})
    link = '<https://api.github.com/x?page=2>; rel="next"'
    assert said(*OFF, {**rules(), "link": link}).status == "not run"
    apart = [as_json(row) for row in (*OFF, {**rules(), "link": link})]
    assert report(*apart, view=GUARDED).status == "not run"


LET_THROUGH = detailed(allow_force_pushes=YES, allow_deletions=YES)


@pytest.mark.parametrize(
    "answers",
    [
        [*OFF, rules()],
        [repository(), branch(True, **ON), LET_THROUGH, rules()],
        [repository(), branch(True), rules(rule("deletion"))],
        [repository(), branch(True), rules(rule("non_fast_forward"))],
    ],
)
def test_no_wrong_type_anywhere_makes_a_gap_go_away(answers: list[Any]) -> None:
    """Every place in the answers, every wrong value: whatever was found is found still, or it was not looked."""
    before = {f.fingerprint for f in said(*answers).found}
    for path in paths(answers):
        for wrong in (7, 0, "x", "", {}, {"a": 1}, [], [7], True, False, None, 1.5):
            for told in reports(as_json(changed(answers, path, wrong)), view=GUARDED).values():
                kept = before <= {f.fingerprint for f in told.found} or None in told.unseen
                assert told.status == "not run" or kept, (path, wrong, told)


# What becomes of it.


def looked(backlog: Backlog, days: int, *answers: Mapping[str, Any]) -> Any:
    view = shop(artefact(as_json(list(answers))), files={p: view_text(p) for p in GUARDED.files})
    return discover(backlog, artefact_sources(view.artefacts, formats()), view, NOON + timedelta(days=days))


def view_text(path: str) -> str:
    return GUARDED.read(path).decode()


def test_a_gap_is_gone_only_when_a_whole_look_no_longer_shows_it(backlog: Backlog) -> None:
    (born,) = looked(backlog, 0, *OFF, rules()).added
    assert backlog.find(born).status is Status.BLOCKED  # type: ignore[union-attr]
    refused = answer("/rules/branches/main", {"message": "Not Found"}, 404)
    assert looked(backlog, 1, *OFF, refused).gone == ()
    assert looked(backlog, 2, *OFF).gone == ()
    assert looked(backlog, 3, repository(), branch(True, **ON), rules()).gone == ()
    assert looked(backlog, 4, *OFF, rules()).known == (born,)
    assert looked(backlog, 5, repository(), branch(True), rules(pulled(), required("ci"))).gone == (born,)


def test_a_gap_stays_the_same_when_the_branch_gets_another_name() -> None:
    trunk = answer("/branches/trunk", {**branch()["body"], "name": "trunk"})
    (now,) = said(repository(default_branch="trunk"), trunk, answer("/rules/branches/trunk", [])).found
    (before,) = said(*OFF, rules()).found
    assert (now.fingerprint, now.title) == (before.fingerprint, "Protect the default branch trunk")


def test_names_that_others_chose_change_no_number() -> None:
    name = "main\x1b[31m CRITICAL <script>" + "x" * 400
    body = {**branch()["body"], "name": name}
    here = [answer(f"/{of}/x", kept) for of, kept in (("branches", body),)]
    empty = {**answer("/rules/branches/x", []), "url": f"{API}/rules/branches/{name}"}
    (found,) = said(repository(default_branch=name), *here, empty).found
    assert found.inputs == WORTH["branch-not-protected"].inputs()
    assert "\x1b" not in found.title + found.story
    assert len(found.title) <= 300


def test_no_rule_of_configuration_means_the_same_matter() -> None:
    """Checks are required of workflows that run tests; there, configuration neither misses CI nor tests in it."""
    assert "checks-not-required" in gaps(repository(), branch(True), rules(pulled(), rule("deletion")))
    assert look(Configuration(), GUARDED).found == ()
