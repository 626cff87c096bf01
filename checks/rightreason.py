"""Does a new test fail for the right reason? Decided from how it failed, without running anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from checks.promise import Promise, is_promised, operator_promised, owner_is_plain, promises, says_missing
from checks.testrun import Frame, Outcome, Raised

IsTest = Callable[[str], bool]

_SYNTAX = frozenset({"SyntaxError"})
_SURROUNDINGS = frozenset({"ConnectionError", "gaierror", "MemoryError", "PermissionError"})


@dataclass(frozen=True, slots=True)
class RedReason:
    right: bool
    code: str
    """Right: `assertion`, `did_not_raise`, `target_raised`, `missing_symbol`. Otherwise what is wrong."""
    sentence: str
    """For the author of the test: what was seen and, when it is wrong, what to do."""


def classify(
    outcome: Outcome, *, promised: Sequence[str], is_test: IsTest, modules: frozenset[str] = frozenset()
) -> RedReason:
    """Right are: a failed assertion, an exception that should have come and did not, an exception raised by
    the code under test, and the absence of a symbol that the contract promises.

    `promised` are symbols (`shop.cart.Cart.total`) or new files; `modules` the dotted names of modules that
    the base has already: when one of those can not be imported, the surroundings are wrong and not the code.
    """
    told = _of_stage(outcome)
    if told is not None:
        return told
    if outcome.raised is None:
        return _wrong("unexplained", outcome, "it failed without an exception: use a plain assert")
    symbols = promises(promised)
    if outcome.stage == "collect":
        return _at_import(outcome, outcome.raised, symbols, is_test, modules)
    if outcome.stage == "setup":
        return _in_setup(outcome, outcome.raised, symbols, is_test, modules)
    return _in_call(outcome, outcome.raised, symbols, is_test, modules)


def _of_stage(outcome: Outcome) -> RedReason | None:
    """What is decided by when and how the test ended alone."""
    if outcome.ending in ("passed", "xpassed"):
        return _wrong("passes", outcome, "it passes already, so it shows nothing missing: assert the new behaviour")
    if outcome.ending in ("skipped", "xfailed"):
        return _wrong(outcome.ending, outcome, f"it is {outcome.ending}: remove the marker, it must really fail")
    if outcome.stage == "teardown":
        return _wrong("fixture", outcome, "its teardown failed, not the test: repair the fixture")
    if outcome.ending == "error" and outcome.stage == "call":
        return _wrong("error", outcome, "the runner reports an error, not a failure: the process may have died")
    return None


def _at_import(
    outcome: Outcome, raised: Raised, symbols: Sequence[Promise], is_test: IsTest, modules: frozenset[str]
) -> RedReason:
    here = _last_own(raised)
    from_test = here is not None and _tests(here, is_test)
    if "ImportError" in _kinds(raised) and from_test and is_promised(raised, symbols, modules):
        return _right("missing_symbol", outcome, "the promised symbol can not be imported yet")
    if _kinds(raised) & _SYNTAX:
        return _wrong("syntax", outcome, "the file can not be parsed: correct it")
    return _wrong(
        "collection",
        outcome,
        "the file can not be imported, for another reason than a symbol the contract promises: "
        "correct it, or import inside the test",
    )


def _in_setup(
    outcome: Outcome, raised: Raised, symbols: Sequence[Promise], is_test: IsTest, modules: frozenset[str]
) -> RedReason:
    """A fixture may fail as a test may, where it uses the code under test; of its own it may not."""
    here = _last_own(raised)
    from_target = here is not None and not _tests(here, is_test)
    if _kinds(raised) & (_SURROUNDINGS | _SYNTAX) or "OutcomeException" in _kinds(raised):
        return _fixture(outcome)
    if says_missing(raised) and here is not None and is_promised(raised, symbols, modules):
        return _right("missing_symbol", outcome, "its fixture needs the promised symbol, which is not there yet")
    if from_target and "AssertionError" not in _kinds(raised) and not says_missing(raised):
        return _raised(outcome, raised, is_test)
    return _fixture(outcome)


def _fixture(outcome: Outcome) -> RedReason:
    return _wrong("fixture", outcome, "its setup failed, not the test: repair the fixture")


def _in_call(
    outcome: Outcome, raised: Raised, symbols: Sequence[Promise], is_test: IsTest, modules: frozenset[str]
) -> RedReason:
    kinds = _kinds(raised)
    if "OutcomeException" in kinds:
        return _by_pytest(outcome, raised)
    if kinds & _SYNTAX:
        return _wrong("syntax", outcome, "code could not be parsed: a test must fail by an assertion")
    if "AssertionError" in kinds:
        return _right("assertion", outcome, "its assertion does not hold yet")
    if kinds & _SURROUNDINGS:
        return _wrong("surroundings", outcome, "it needs something that is not there in the sandbox: use a double")
    if says_missing(raised):
        return _missing(outcome, raised, symbols, is_test, modules)
    if operator_promised(raised, symbols):
        return _right("missing_symbol", outcome, "the promised special method is not there yet")
    return _raised(outcome, raised, is_test)


def _by_pytest(outcome: Outcome, raised: Raised) -> RedReason:
    if raised.message.upper().startswith("DID NOT "):
        return _right("did_not_raise", outcome, "the expected exception does not come yet")
    if raised.type == "Failed" and "timeout" not in raised.message.lower():
        return _right("assertion", outcome, "it calls pytest.fail")
    return _wrong("ended_by_runner", outcome, "the runner ended it: it must fail by an assertion, and quickly")


def _missing(
    outcome: Outcome, raised: Raised, symbols: Sequence[Promise], is_test: IsTest, modules: frozenset[str]
) -> RedReason:
    here = _last_own(raised)
    in_test = here is None or _tests(here, is_test)
    if raised.type == "NameError" and in_test:
        return _wrong("undefined_in_test", outcome, "the test uses a name it never defines or imports: import it")
    if is_promised(raised, symbols, modules):
        return _right("missing_symbol", outcome, "the promised symbol is not there yet")
    if not in_test and (raised.type == "NameError" or owner_is_plain(raised)):
        return _raised(outcome, raised, is_test)
    if not in_test and raised.type == "TypeError":
        why = "the code under test calls something in another way than it is made: the test's double may be wrong"
        return _wrong("double_signature", outcome, why)
    return _wrong(
        "unpromised_symbol",
        outcome,
        "that symbol is none the contract promises: correct the test, or promise the symbol in the contract",
    )


def _raised(outcome: Outcome, raised: Raised, is_test: IsTest) -> RedReason:
    here = _last_own(raised)
    if _through(raised, is_test):
        why = f"something of the test's raises {raised.type} when the code under test calls it: assert instead"
        return _wrong("double_raised", outcome, why)
    if here is None or _tests(here, is_test):
        return _wrong(
            "test_raised",
            outcome,
            f"the test itself raises {raised.type}, not the code under test: assert what is expected instead",
        )
    return _right("target_raised", outcome, f"{here.path}:{here.line} raises {raised.type}")


def _kinds(raised: Raised) -> frozenset[str]:
    return frozenset({raised.type, *raised.bases})


def _last_own(raised: Raised) -> Frame | None:
    """The innermost frame in a file of the repository; libraries, also in its .venv, are looked through."""
    return next((frame for frame in reversed(raised.frames) if _own(frame.path)), None)


def _through(raised: Raised, is_test: IsTest) -> bool:
    """A test called the code under test, and that called something of the test's that raised."""
    own = [_tests(frame, is_test) for frame in raised.frames if _own(frame.path)]
    return len(own) > 2 and own[0] and own[-1] and not all(own)


def _own(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return not path.startswith(("/", "<")) and not {"site-packages", "dist-packages"} & set(parts)


def _tests(frame: Frame, is_test: IsTest) -> bool:
    return is_test(frame.path) or PurePosixPath(frame.path).name == "conftest.py"


def _right(code: str, outcome: Outcome, why: str) -> RedReason:
    return RedReason(True, code, f"{outcome.id}: {why}{_seen(outcome)}")


def _wrong(code: str, outcome: Outcome, why: str) -> RedReason:
    return RedReason(False, code, f"{outcome.id}: {why}{_seen(outcome)}")


def _seen(outcome: Outcome) -> str:
    if outcome.raised is None:
        return ""
    first = outcome.raised.message.strip().split("\n", 1)[0][:200]
    return f" ({outcome.raised.type}: {first})" if first else f" ({outcome.raised.type})"
