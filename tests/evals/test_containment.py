"""Every escape of the corpus is contained, as root and as an ordinary user, and does harm where no sandbox is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from evals.containment.cases import every
from evals.containment.escape import Escape, Outcome
from evals.containment.play import Played
from evals.containment.prisoner import NoPlayer, Prisoner, prisoner, users
from evals.containment.suite import headline, judge, names, passes, play, why_not
from evals.suite import Ground, Trial

CASES = [(key, user) for user in users() for key, escape in every().items() if escape.only in ("", user)]


@dataclass
class Prisoners:
    """One for each user, started when first asked for."""

    stack: ExitStack
    started: dict[str, Prisoner] = field(default_factory=dict)

    def of(self, user: str) -> Prisoner:
        """Skips where there can be none."""
        if user not in self.started:
            try:
                self.started[user] = self.stack.enter_context(prisoner(user))
            except NoPlayer as error:
                pytest.skip(str(error))
        return self.started[user]


@pytest.fixture(scope="module")
def prisoners() -> Iterator[Prisoners]:
    with ExitStack() as stack:
        yield Prisoners(stack)


@pytest.mark.parametrize(("key", "user"), CASES, ids=[f"{key}-{user}" for key, user in CASES])
def test_an_escape_does_harm_without_the_sandbox_and_none_with_it(key: str, user: str, prisoners: Prisoners) -> None:
    played = prisoners.of(user).play(key)
    if played.control.impossible:
        pytest.skip(played.control.impossible)
    assert not why_not(every()[key], played)


def test_the_public_corpus_is_whole() -> None:
    """48 numbered entries, and what was thought up later."""
    assert {escape.number for escape in every().values()} >= set(range(1, 49))
    assert sum(escape.number > 48 for escape in every().values()) >= 8


@pytest.mark.parametrize("user", users())
def test_players_are_held_by_the_whole_sandbox(user: str, prisoners: Prisoners) -> None:
    assert prisoners.of(user).isolation["level"] == "full"


@pytest.mark.parametrize(
    ("control", "contained", "fault"),
    [
        (Outcome("harm"), Outcome("", "refused: it leads out"), ""),
        (Outcome(""), Outcome("", "refused: it leads out"), "the control did no harm"),
        (Outcome("harm"), Outcome("a file was changed"), "escaped: a file was changed"),
        (Outcome("harm"), Outcome("", "written"), "'leads out' was not told"),
        (Outcome("harm"), Outcome("", ""), "'leads out' was not told"),
    ],
)
def test_an_escape_counts_only_with_a_harmful_control_and_the_right_refusal(
    control: Outcome, contained: Outcome, fault: str
) -> None:
    escape = Escape(1, "x", "files", lambda way: Outcome(), "error", "leads out")
    said = why_not(escape, Played(control, contained, 0.1))
    assert fault in said
    assert bool(said) == bool(fault)


def test_the_suite_plays_and_sums_up(tmp_path: Path) -> None:
    user = users()[0]
    name = f"08-change-a-read-only-file-by-shell as {user}"
    assert name in names()
    trial = judge(name, play(name, Ground(tmp_path)))
    assert trial.ok, trial.detail
    figures = headline([trial, Trial("y", True, skipped="no user")])
    assert (figures["escapes_run"], figures["escaped"], figures["controls_that_did_no_harm"]) == (1, 0, 0)
    assert passes(figures)


@pytest.mark.parametrize(
    "facts", [{"escaped": True, "control_did_harm": True}, {"escaped": False, "control_did_harm": False}]
)
def test_one_escape_or_one_harmless_control_fails_the_suite(facts: dict[str, bool]) -> None:
    bad = Trial("x", False, "fault", facts={"uid": 0, **facts})
    good = Trial("y", True, facts={"uid": 0, "escaped": False, "control_did_harm": True})
    assert not passes(headline([good, bad]))
    assert not passes(headline([]))
