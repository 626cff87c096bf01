"""Another language's runner, by JUnit: red, green and regressions of a small project tested with `node --test`."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping

import pytest

from checks.check import TestCheck
from checks.red import judge_red
from checks.steady import steady
from checks.suite import Suite, run_tests
from checks.testrun import TestRun
from checks.verdict import Verdict
from sandbox.convention import is_test
from sandbox.site import Site

NODE = shutil.which("node", path="/usr/local/bin:/usr/bin:/bin")
pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed where the sandbox shows it (/usr)")

COMMAND = ("node", "--test", "--test-reporter=junit", "--test-reporter-destination={junit}")
SUITE = Suite(argv=COMMAND, timeout_s=60)
Plant = Callable[[Mapping[str, str]], str]

OLD = "test/cart.test.js"
NEW = "test/total.test.js"
BEGIN = "import test from 'node:test';\nimport assert from 'node:assert/strict';\n"
BASE = {
    "package.json": '{"name": "shop", "type": "module"}\n',
    "src/cart.js": "export function add(a, b) { return a + b; }\nexport class Cart {}\n",
    OLD: BEGIN
    + """\
import { describe, it } from 'node:test';
import { add } from '../src/cart.js';
test('adds', () => { assert.equal(add(1, 2), 3); });
test('adds', () => { assert.equal(add(0, 0), 0); });
describe('Cart', () => { describe('empty', () => { it('is made', () => {}); }); it.skip('later', () => {}); });
test('outer', async (t) => { await t.test('inner', () => {}); });
""",
    "test/known.test.js": BEGIN + "test('broken for years', () => { assert.ok(false); });\n",
    "test/support.js": "export const one = 1;\n",
}
IDS = {
    f"{OLD}::adds",
    f"{OLD}::adds#2",
    f"{OLD}::Cart::empty::is made",
    f"{OLD}::Cart::later",
    f"{OLD}::outer::inner",
    "test/known.test.js::broken for years",
}
SMALL = {
    "package.json": BASE["package.json"],
    "src/cart.js": BASE["src/cart.js"],
    OLD: f"{BEGIN}test('runs', () => {{}});\n",
}
WHOLE = BEGIN + "import * as cart from '../src/cart.js';\ntest('mul', () => { assert.equal(cart.mul(2, 3), 6); });\n"
NAMED = BEGIN + "import { mul } from '../src/cart.js';\ntest('mul', () => { assert.equal(mul(2, 3), 6); });\n"
MODULE = BEGIN + "import { mul } from '../src/my-mul.js';\ntest('mul', () => { assert.equal(mul(2, 3), 6); });\n"
DONE = BASE["src/cart.js"] + "export function mul(a, b) { return a * b; }\n"


@pytest.fixture(scope="module")
def small(site: Site, plant: Plant) -> TestRun:
    return run_tests(site, plant(SMALL), suite=SUITE)


@pytest.fixture
def red(site: Site, plant: Plant, small: TestRun) -> Callable[..., Verdict]:
    def judged(text: str, *promised: str) -> Verdict:
        return judge_red(
            site,
            base_tree=plant(SMALL),
            red_tree=plant({**SMALL, NEW: text}),
            ids=(f"{NEW}::mul",),
            promised=promised,
            baseline=small,
            is_test=is_test,
            suite=SUITE,
        )

    return judged


def codes(verdict: Verdict) -> set[str]:
    return {reason.code for reason in verdict.reasons}


def test_every_test_has_a_name_of_its_own(site: Site, plant: Plant) -> None:
    run = run_tests(site, plant(BASE), suite=SUITE)
    assert run.proves, run.trouble
    assert run.ids == IDS
    assert run.with_ending("failed") == {"test/known.test.js::broken for years"}
    assert run.with_ending("skipped") == {f"{OLD}::Cart::later"}


SUMS = "import { add } from '../src/cart.js';\n"
RIGHT = {
    "a function that is not there": (WHOLE, "missing_symbol", ("src/cart.js:mul",)),
    "an export that is not there": (NAMED, "missing_symbol", ("src/cart.js:mul",)),
    "an export, promised by name alone": (NAMED, "missing_symbol", ("mul",)),
    "a module that is not there": (MODULE, "missing_symbol", ("src/my-mul.js",)),
    "a method": (
        f"{BEGIN}import {{ Cart }} from '../src/cart.js';\ntest('mul', () => {{ new Cart().mul(2); }});\n",
        "missing_symbol",
        ("src/cart.js:Cart.mul",),
    ),
    "an assertion": (f"{BEGIN}{SUMS}test('mul', () => {{ assert.equal(add(2, 3), 6); }});\n", "assertion", ()),
    "an error that does not come": (
        f"{BEGIN}{SUMS}test('mul', () => {{ assert.throws(() => add('a')); }});\n",
        "assertion",
        (),
    ),
}
WRONG = {
    "nobody promised it": (WHOLE, "unpromised_symbol", ()),
    "nobody promised the export": (NAMED, "collection", ()),
    "nobody promised the module": (MODULE, "collection", ("src/cart.js:mul",)),
    "a package that is not installed": (f"import 'left-pad';\n{WHOLE}", "collection", ("mul",)),
    "it can not be parsed": (f"{WHOLE}test('x', (=> 1);\n", "syntax", ("mul",)),
    "a name the test never imports": (f"{BEGIN}test('mul', () => {{ mul(2, 3); }});\n", "undefined_in_test", ("mul",)),
    "the test itself throws": (f"{BEGIN}test('mul', () => {{ throw new Error('x'); }});\n", "test_raised", ("mul",)),
    "it passes": (f"{BEGIN}test('mul', () => {{}});\n", "passes", ()),
    "it is skipped": (f"{BEGIN}test.skip('mul', () => {{ assert.ok(0); }});\n", "skipped", ()),
    "it is not there": (f"{BEGIN}test('sum', () => {{ assert.ok(0); }});\n", "not_collected", ()),
}


@pytest.mark.parametrize(("text", "code", "promised"), RIGHT.values(), ids=RIGHT)
def test_red_for_the_right_reason(red: Callable[..., Verdict], text: str, code: str, promised: tuple[str, ...]) -> None:
    verdict = red(text, *promised)
    assert verdict.passed, verdict.reasons
    assert codes(verdict) == {code}


@pytest.mark.parametrize(("text", "code", "promised"), WRONG.values(), ids=WRONG)
def test_red_for_a_wrong_reason(red: Callable[..., Verdict], text: str, code: str, promised: tuple[str, ...]) -> None:
    verdict = red(text, *promised)
    assert not verdict.passed
    assert code in codes(verdict)


def test_code_under_test_that_throws_is_a_right_reason(site: Site, plant: Plant) -> None:
    base = {**SMALL, "src/cart.js": "export function add(a) { return a.length.x.y; }\n"}
    text = f"{BEGIN}{SUMS}test('mul', () => {{ assert.equal(add(''), 6); }});\n"
    verdict = judge_red(
        site,
        base_tree=plant(base),
        red_tree=plant({**base, NEW: text}),
        ids=(f"{NEW}::mul",),
        promised=(),
        baseline=run_tests(site, plant(base), suite=SUITE),
        is_test=is_test,
        suite=SUITE,
    )
    assert verdict.passed, verdict.reasons
    assert codes(verdict) == {"target_raised"}


@pytest.fixture
def judge(green: Callable[..., Verdict]) -> Callable[..., Verdict]:
    def judged(files: Mapping[str, str | None]) -> Verdict:
        check = TestCheck(ids=(f"{NEW}::mul",))
        return green(files, check=check, base=BASE, locked={NEW: NAMED}, named=("src/cart.js",), suite=SUITE)

    return judged


def test_honest_work_is_green(judge: Callable[..., Verdict]) -> None:
    verdict = judge({"src/cart.js": DONE})
    assert verdict.passed, verdict.reasons
    assert codes(verdict) == {"already_failing"}


DISHONEST = {
    "new_failure": DONE.replace("a * b", "a"),
    "test_broken": DONE.replace("a + b", "a - b"),
    "tests_lost": f"{DONE}process.exit(0);\n",
}


@pytest.mark.parametrize("code", DISHONEST)
def test_what_is_not_green_is_refused(judge: Callable[..., Verdict], code: str) -> None:
    verdict = judge({"src/cart.js": DISHONEST[code]})
    assert not verdict.passed
    assert code in codes(verdict)


def test_new_tests_in_javascript_are_tried_more_than_once(site: Site, plant: Plant) -> None:
    text = f"{BEGIN}test('mul', () => {{ assert.ok(process.env.PYTHONHASHSEED === '0'); }});\n"
    tree = plant({**SMALL, NEW: text})
    first = run_tests(site, tree, suite=SUITE)
    told = steady(site, tree, ids=(f"{NEW}::mul",), suite=SUITE, first=first)
    assert {reason.code for reason in told.reasons} == {"unsteady"}


@pytest.mark.parametrize(("end", "tests"), [(0, "<failure/>"), (1, "")])
def test_an_exit_code_that_does_not_agree_with_the_results_proves_nothing(
    site: Site, plant: Plant, end: int, tests: str
) -> None:
    runner = f"""
        const fs = require('fs');
        fs.writeFileSync(process.argv[2], '<t><testcase name="a">{tests}</testcase></t>');
        process.exit({end});
    """
    run = run_tests(site, plant({"runner.js": runner}), suite=Suite(argv=("node", "runner.js", "{junit}")))
    assert not run.proves
    assert f"exits with {end}" in run.trouble


def test_without_a_test_nothing_is_proved(site: Site, plant: Plant) -> None:
    run = run_tests(site, plant({"package.json": "{}", "test/support.js": "module.exports = 1;\n"}), suite=SUITE)
    assert not run.proves
    assert "no tests" in run.trouble
