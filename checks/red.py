"""Is a red honest? Only tests are new, they fail for the right reason, twice, and nothing else changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from checks.compare import each_id, listed, regressions
from checks.holds import baseline_holds
from checks.reason import Reason, Verdict
from checks.rightreason import RedReason, classify
from checks.suite import Suite, run_tests
from checks.syntax import module_parts
from checks.testrun import Outcome, TestRun
from checks.whole import sung
from sandbox.convention import protected as steers
from sandbox.site import Site


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is claimed, and what judges it."""

    ids: tuple[str, ...]
    promised: tuple[str, ...]
    modules: frozenset[str]
    is_test: Callable[[str], bool]

    def reason(self, outcome: Outcome) -> RedReason:
        return classify(outcome, promised=self.promised, is_test=self.is_test, modules=self.modules)


def judge_red(
    site: Site,
    *,
    base_tree: str,
    red_tree: str,
    ids: Sequence[str],
    promised: Sequence[str],
    baseline: TestRun,
    is_test: Callable[[str], bool],
    suite: Suite,
) -> Verdict:
    """Judge the tests `ids` that `red_tree` adds to `base_tree`, whose whole run is `baseline`.

    `promised` are the public symbols and new files of the contract. Passing runs: the whole suite, then `ids`
    alone in a fresh copy. Raises SandboxUnavailable.
    """
    refused = baseline_holds(baseline) or _before_running(site, base_tree, red_tree, ids, is_test)
    if refused:
        return Verdict(False, refused)
    whole, untrue = sung(site, red_tree, beside=ids, baseline=baseline, suite=suite)
    known = modules(site.trees.entries(base_tree))
    claim = _Claim(each_id(ids, whole), tuple(promised), known, is_test)
    reasons = untrue or (
        *_wrong(claim, whole),
        *regressions(baseline, whole, exempt=_exempt(claim, whole)),
    )
    if reasons:
        return Verdict(False, tuple(reasons), (whole,))
    alone = run_tests(site, red_tree, ids=claim.ids, suite=suite)
    unsteady = _unsteady(claim, whole, alone)
    told = tuple(Reason(r.code, r.sentence) for r in map(claim.reason, _outcomes(claim, whole)))
    return Verdict(not unsteady, unsteady or told, (whole, alone))


def why_red(
    run: TestRun,
    ids: Sequence[str],
    *,
    promised: Sequence[str],
    is_test: Callable[[str], bool],
    modules: frozenset[str],
) -> dict[str, RedReason]:
    """How each of the tests ended in `run`, and whether that is a right reason for red."""
    claim = _Claim(tuple(ids), tuple(promised), modules, is_test)
    return {name: claim.reason(found) if (found := _of(name, run)) else _not_run(name) for name in ids}


def _not_run(name: str) -> RedReason:
    return RedReason(False, "not_collected", f"{name} was not run: the suite must find it under this id")


def _of(name: str, run: TestRun) -> Outcome | None:
    """The outcome of a test: its own, or that of its file when that can not be imported."""
    return run.outcomes.get(name) or run.outcomes.get(name.split("::")[0])


def modules(paths: Mapping[str, object]) -> frozenset[str]:
    """The dotted names by which the Python files of a tree may be imported, from its root, `src` or `lib`."""
    names = set()
    for parts in (module_parts(path) for path in paths if path.endswith(".py")):
        names |= {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
    return frozenset(names)


def _before_running(
    site: Site, base_tree: str, red_tree: str, ids: Sequence[str], is_test: Callable[[str], bool]
) -> tuple[Reason, ...]:
    if not ids:
        return (Reason("no_ids", "no test was named: give the ids of the new tests"),)
    changed = [change.path for change in site.trees.diff(base_tree, red_tree)]
    if not changed:
        return (Reason("nothing_new", "no test file was changed: write the failing test first"),)
    return (
        *_foreign([path for path in changed if not is_test(path)]),
        *_steering([path for path in changed if is_test(path) and steers(path)]),
    )


def _foreign(paths: Sequence[str]) -> tuple[Reason, ...]:
    why = "is not a test file: only tests may change now, undo it"
    return (Reason("not_a_test", f"{listed(paths)} {why}"),) if paths else ()


def _steering(paths: Sequence[str]) -> tuple[Reason, ...]:
    """New fixtures are welcome, so a conftest.py is; other configuration is not."""
    config = [path for path in paths if PurePosixPath(path).name != "conftest.py"]
    why = "decides how tests run: undo it, use a fixture instead"
    return (Reason("protected", f"{listed(config)} {why}"),) if config else ()


def _outcomes(claim: _Claim, run: TestRun) -> Iterator[Outcome]:
    return (outcome for name in claim.ids if (outcome := _of(name, run)) is not None)


def _wrong(claim: _Claim, run: TestRun) -> tuple[Reason, ...]:
    known = (run.outcomes.keys() & {*claim.ids}) | {n for n in claim.ids if n.split("::")[0] in run.outcomes}
    lost = [name for name in claim.ids if name not in known]
    missing = (Reason("not_collected", f"{listed(lost)} was not run: the suite must find it under this id"),)
    wrong = dict.fromkeys(r for r in map(claim.reason, _outcomes(claim, run)) if not r.right)
    return (*(missing if lost else ()), *(Reason(r.code, r.sentence) for r in wrong))


def _exempt(claim: _Claim, run: TestRun) -> frozenset[str]:
    """The claimed tests may fail, and so may the import of their files: `_wrong` has judged that."""
    files = {name.split("::")[0] for name in claim.ids}
    return frozenset({*claim.ids, *(f for f in files if f in run.outcomes)})


def _unsteady(claim: _Claim, first: TestRun, second: TestRun) -> tuple[Reason, ...]:
    def ends(run: TestRun) -> list[tuple[str, str, str]]:
        return [(o.id, o.ending, o.raised.type if o.raised else "") for o in _outcomes(claim, run)]

    if ends(first) == ends(second):
        return ()
    changed = sorted({pair[0] for pair in set(ends(first)) ^ set(ends(second))})
    told = f"{listed(changed)} ends otherwise when run again alone: free it of order, time and chance"
    return (Reason("unsteady", told),)


def not_reverted(again: Mapping[str, RedReason]) -> tuple[Reason, ...]:
    """Of tests run once more without the change: those that do not fail again for the right reason."""
    wrong = [name for name, reason in again.items() if not reason.right]
    why = "does not fail again when the change is taken back: it fails only at times"
    return (Reason("not_reverted", f"{listed(wrong)} {why}"),) if wrong else ()
