"""What works here, and what to do about what does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.answer import INVALID, NO_SANDBOX, OK, Answer
from app.boxed import NOTES
from app.call import Call
from app.house import House, open_house
from app.remembered import baseline
from app.settings import Settings
from app.thinker import configured_model, has_model
from graph.workable import scope_in_words
from model.port import ModelMisconfigured, ModelUnavailable
from sandbox.lend import reclaim
from sandbox.policy import SandboxUnavailable
from sandbox.scope import ScopeInvalid

PATIENCE_S = 20.0


@dataclass(frozen=True)
class Finding:
    name: str
    ok: bool
    detail: str
    code: int = OK
    """Exit code when this is not well and nothing can be done without it."""


def init(call: Call) -> Answer:
    """The state folder, and what a first look says. Changes nothing that git tracks."""
    house = open_house(call)
    looked = list(_look(house, tests=False, ask=False))
    bad = [f for f in looked if not f.ok and f.code]
    lines = [*_lines(looked), f"ready: {house.state}" if not bad else "not ready"]
    result = {"state": str(house.state), "checks": _rows(looked)}
    return Answer(result, tuple(lines), bad[0].code if bad else OK)


def doctor(call: Call, tests: bool) -> Answer:
    house = open_house(call)
    looked = list(_look(house, tests))
    bad = [f for f in looked if not f.ok and f.code]
    return Answer({"checks": _rows(looked)}, tuple(_lines(looked)), bad[0].code if bad else OK)


def _rows(looked: list[Finding]) -> list[dict[str, object]]:
    return [{"name": f.name, "ok": f.ok, "detail": f.detail} for f in looked]


def _lines(looked: list[Finding]) -> list[str]:
    return [f"{'✓' if f.ok else '✗'} {f.name:<12} {f.detail}" for f in looked]


def _look(house: House, tests: bool, ask: bool = True) -> Iterator[Finding]:
    repository = house.repository
    branch = repository.branch or "detached HEAD"
    dirty = f"; {len(repository.dirty())} uncommitted changes are not looked at" if repository.dirty() else ""
    yield Finding("repository", True, f"{repository.root} at {repository.head[:12]} ({branch}){dirty}")
    yield _scope(house)
    sandbox = _sandbox(house)
    yield sandbox
    for folder in reclaim(house.around.user_file.parent / NOTES):
        yield Finding("lent", True, f"{folder} belongs again to whom it did before a `sandbox exec` in it was killed")
    chosen = house.toolchain
    yield Finding("interpreter", True, f"Python {chosen.version} ({chosen.origin}): {chosen.python}")
    if tests and sandbox.ok:
        yield _tests(house)
    yield _model(house, ask)


def _scope(house: House) -> Finding:
    try:
        scope = house.scope
    except ScopeInvalid as error:
        return Finding("scope", False, str(error), INVALID)
    return Finding("scope", True, "; ".join([scope_in_words(scope), *scope.warnings]))


def _sandbox(house: House) -> Finding:
    try:
        isolation = house.site.sandbox.isolation
    except SandboxUnavailable as error:
        return Finding("sandbox", False, str(error), NO_SANDBOX)
    probes = f"{len(isolation.probes)} probes passed"
    what = f"{isolation.backend} {isolation.version}, {isolation.level}"
    return Finding("sandbox", True, f"{what}, {probes}, limits by {isolation.limits_by}")


def _tests(house: House) -> Finding:
    run = baseline(house, house.base_tree)
    if not run.finished or run.trouble:
        return Finding("tests", False, run.trouble or "the tests did not run to their end")
    bad = sorted(run.with_ending("failed", "error"))
    passed = len(run.with_ending("passed"))
    if bad:
        return Finding("tests", False, f"{len(bad)} of {len(run.outcomes)} fail on the base: {', '.join(bad[:3])}")
    return Finding("tests", bool(passed), f"{passed} passed in {run.seconds:.1f} s on the base")


def _model(house: House, ask: bool) -> Finding:
    settings = house.settings
    if not has_model(settings):
        without = "none: the mechanic works findings with a known fix; set OPENAI_BASE_URL for the rest"
        return Finding("model", True, without)
    named = f"{settings.model or 'default model'} at {settings.base_url or 'api.openai.com'}"
    ok, said = _asked(settings) if ask else (True, "not asked")
    return Finding("model", ok, f"{named}: {said}; the mechanic goes first")


def _asked(settings: Settings) -> tuple[bool, str]:
    """One tiny question, or up to three: does it answer, and in which way?"""
    hasty = settings.model_copy(update={"model_timeout": min(settings.model_timeout, PATIENCE_S)})
    try:
        way = configured_model(hasty, retries=0).probe()
    except (ModelUnavailable, ModelMisconfigured) as error:
        return False, str(error)
    if way is None:
        return False, "calls no tool, however it is asked (docs/models.md)"
    return True, {"native": "calls tools natively", "schema": "acts by JSON schema", "text": "acts by text"}[way]
