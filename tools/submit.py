"""Hand in what a phase asks for, or stop. The machine takes these; its gate then decides."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from tools.tool import Tool


class Part(BaseModel, frozen=True, extra="forbid"):
    """A smaller item that a big one is split into."""

    title: str = Field(min_length=1, max_length=300)
    criteria: tuple[str, ...] = Field(description="of this part alone")
    needs: tuple[int, ...] = Field((), description="numbers of earlier parts, from 1")


class Contract(BaseModel, frozen=True, extra="forbid"):
    """What CLARIFY hands in: what will be true afterwards, and where the change will be."""

    criteria: tuple[str, ...] = Field(description="what will be true afterwards, as a test can show it")
    files: tuple[str, ...] = Field(description="code to change or create; no tests, no documents")
    symbols: tuple[str, ...] = Field((), description="new public names that tests will use, such as pkg.mod.func")
    plan: str = Field("", description="which test you write first, and how it fails")
    effort: int = Field(3, ge=1, le=13, description="1 trivial … 13 huge; over 5 only with parts")
    parts: tuple[Part, ...] = Field((), description="smaller items instead, each of use by itself")
    questions: tuple[str, ...] = Field((), max_length=3, description="only what the repository can't tell you")


class Tests(BaseModel, frozen=True, extra="forbid"):
    """What RED hands in."""

    __test__ = False

    ids: tuple[str, ...] = Field(description="of the new tests, all failing now; a function means all its cases")


class Finished(BaseModel, frozen=True, extra="forbid"):
    """What GREEN, REFACTOR and DOCUMENT hand in."""

    note: str = Field(description="one sentence: what you did in this phase")


class Problem(BaseModel, frozen=True, extra="forbid"):
    problem: str
    path: str = ""
    """Empty for a problem with the claim itself."""
    line: int = 0

    def in_words(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}" if self.path else f"the claim: {self.problem}"


class Review(BaseModel, frozen=True, extra="forbid"):
    """What the security review hands in."""

    problems: tuple[Problem, ...] = Field((), description="leave out if none")
    checklist: str = Field(
        min_length=1,
        description="input, authorization, secrets, errors, logging: each ok, problem or not concerned",
    )


class Stop(BaseModel, frozen=True, extra="forbid"):
    kind: Literal["blocked", "already_done", "test_wrong"]
    reason: str = Field(min_length=1)


Submission = Contract | Tests | Finished | Review | Stop

CONTRACT = Tool("submit_contract", "Hand in the contract.", Contract, None)
TESTS = Tool("submit_tests", "Hand in the failing tests.", Tests, None)
FINISHED = Tool("submit_done", "Say that the phase is done.", Finished, None)
REVIEW = Tool("submit_review", "Hand in the review.", Review, None)
STOP = Tool("stop", "Give up, with the reason: an honest stop is a good ending.", Stop, None)
