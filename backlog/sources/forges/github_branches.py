"""How GitHub guards the default branch, as gaps: a few rules, each only where it is sure.

| rule                 | what                                                             | value | time | risk | size |
|----------------------|------------------------------------------------------------------|-------|------|------|------|
| branch-not-protected | neither branch protection nor a ruleset is in force              | 5     | 2    | 8    | 2    |
| checks-not-required  | protected; workflows run tests, and no check must have passed    | 5     | 2    | 5    | 2    |
| history-not-kept     | protected; force pushes or deletion are allowed all the same     | 3     | 1    | 5    | 2    |
| owners-not-asked     | protected; there is CODEOWNERS, and nobody must have approved    | 3     | 1    | 3    | 2    |

All are of the kind infrastructure, and BLOCKED: only a person with the rights to it changes what GitHub is set to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import yaml

from backlog.item import Kind, Status
from backlog.source import Found, View
from backlog.sources.configuration import ACTIVE, OWNERS
from backlog.sources.forges.github_answers import answers
from backlog.sources.forges.github_protection import Guard, guard_of
from backlog.sources.gaps import Facts, Gap, found_gap
from backlog.sources.valued import Worth

NAME = "github:branches"
WAITS = "it is a setting of GitHub, not a file: somebody with the rights to it changes it"
RUNS_TESTS = re.compile(
    r"\b(?:pytest|tox|nox|unittest|rspec|phpunit|ctest|make (?:test|check)|(?:go|cargo|npm|pnpm|yarn|bun|deno|dotnet|"
    r"swift|mix|bazel|hatch|poe|just|task|mvn|\./mvnw|gradle|\./gradlew)(?: run)? test)\b"
)
ON_CHANGES = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})


def _worth(rule: str, value: int, time: int, risk: int, size: int) -> Worth:
    return Worth(f"rule:{rule}", Kind.INFRASTRUCTURE, value, time, risk, size)


WORTH = {
    "branch-not-protected": _worth("branch-not-protected", 5, 2, 8, 2),
    "checks-not-required": _worth("checks-not-required", 5, 2, 5, 2),
    "history-not-kept": _worth("history-not-kept", 3, 1, 5, 2),
    "owners-not-asked": _worth("owners-not-asked", 3, 1, 3, 2),
}


def branches(rows: Sequence[Mapping[str, Any]], view: View) -> tuple[Sequence[Found], Sequence[str]]:
    """Rows are answers (`github_answers`). Raises SourceBroken and WrongType: what is not sure is not said."""
    guard, facts = guard_of(answers(rows)), Facts(view)
    gaps = [gap for rule in RULES for gap in rule(guard, facts)]
    return [waiting(found_gap(NAME, WORTH, gap)) for gap in gaps], guard.gaps


def waiting(found: Found) -> Found:
    """No change of a file does it."""
    return found.model_copy(update={"status": Status.BLOCKED, "reason": WAITS})


def branch_not_protected(guard: Guard, facts: Facts) -> Iterator[Gap]:
    if not guard.by:
        asleep = f" There are rulesets that are not in force: {', '.join(guard.asleep[:5])}." if guard.asleep else ""
        yield Gap(
            "branch-not-protected",
            f"Protect the default branch {guard.branch}",
            f"Whoever may push can rewrite {guard.branch}, and can change it without a review or a check.{asleep}",
            f"GitHub has branch protection or a ruleset in force for {guard.branch}.",
        )


def checks_not_required(guard: Guard, facts: Facts) -> Iterator[Gap]:
    if guard.by and guard.checked is False and (tested := _tested_by(facts)):
        yield Gap(
            "checks-not-required",
            f"Let changes of {guard.branch} in only when their checks passed",
            f"{tested} runs tests, and GitHub takes a change of {guard.branch} whether they pass or not: "
            f"{' and '.join(guard.by)} require no check.",
            f"GitHub requires the check that runs the tests for {guard.branch}.",
        )


def history_not_kept(guard: Guard, facts: Facts) -> Iterator[Gap]:
    allowed = [w for w, is_so in (("force pushes", guard.rewritable), ("deletion", guard.deletable)) if is_so]
    if guard.by and allowed:
        yield Gap(
            "history-not-kept",
            f"Keep the history of {guard.branch}: GitHub allows {' and '.join(allowed)}",
            f"{guard.branch} is protected by {' and '.join(guard.by)}, and its commits can be lost all the same.",
            f"GitHub refuses force pushes to {guard.branch}, and to delete it.",
        )


def owners_not_asked(guard: Guard, facts: Facts) -> Iterator[Gap]:
    path = next((p for p in OWNERS if p in facts.view.files), None)
    if guard.by and guard.reviewed is False and path and _owned(facts.text(path)):
        yield Gap(
            "owners-not-asked",
            f"Let changes of {guard.branch} in only when somebody approved them",
            f"{path} says who is to review what, and {' and '.join(guard.by)} require no approval.",
            f"GitHub requires an approval for changes of {guard.branch}.",
        )


def _owned(text: str) -> bool:
    return any(len(re.sub(r"(?:^|\s)#.*$", "", row).split()) > 1 for row in text.splitlines())


def _tested_by(facts: Facts) -> str:
    """The first workflow that surely runs tests on a change; nothing where there is none, or it can not be read."""
    return next((path for path in facts.named(ACTIVE) if _runs_tests(facts.text(path))), "")


def _runs_tests(text: str) -> bool:
    try:
        workflow = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError):
        return False
    if not isinstance(workflow, dict):
        return False
    # YAML 1.1 reads the key `on` as true.
    return bool(_events(workflow.get("on", workflow.get(True))) & ON_CHANGES) and any(
        RUNS_TESTS.search(command) for command in _commands(workflow.get("jobs"))
    )


def _events(on: Any) -> set[str]:
    return {on} if isinstance(on, str) else {str(event) for event in on} if isinstance(on, list | dict) else set()


def _commands(jobs: Any) -> Iterator[str]:
    for job in jobs.values() if isinstance(jobs, dict) else ():
        steps = job.get("steps") if isinstance(job, dict) else None
        for step in steps if isinstance(steps, list) else ():
            if isinstance(step, dict) and isinstance(step.get("run"), str):
                # What is installed is not run by that.
                yield from (one for one in re.split(r"\n|&&|;", step["run"]) if "install" not in one)


RULES: tuple[Callable[[Guard, Facts], Iterator[Gap]], ...] = (
    branch_not_protected,
    checks_not_required,
    history_not_kept,
    owners_not_asked,
)
