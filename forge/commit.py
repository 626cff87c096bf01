"""Commits as git objects, made so that the same work always gets the same ids."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sandbox.tree import Trees

SUBJECT_LENGTH = 72
_SUBJECT = re.compile(r"[a-z]+(\([\w./ -]+\))?!?: \S.*")


class PublishRefused(Exception):
    """What should be published is not fit for it: a fault of the caller, nothing was written."""


class Step(NamedTuple):
    """One commit to be: the tree it leaves and what it says."""

    tree: str
    subject: str
    """`type(scope): text`, at most 72 characters."""
    body: str = ""


@dataclass(frozen=True)
class Author:
    name: str
    email: str
    when: datetime
    """Aware; whole seconds count."""

    def line(self) -> str:
        """As git writes it. Raises PublishRefused for what git could not read back."""
        if self.when.tzinfo is None:
            raise PublishRefused(f"the time {self.when.isoformat()} has no time zone")
        for text in (self.name, self.email):
            if not text.strip() or re.search(r"[<>\n\0]", text):
                raise PublishRefused(f"{text!r} cannot be part of an author's name or address")
        return f"{self.name} <{self.email}> {int(self.when.timestamp())} +0000"


def check_subject(subject: str) -> None:
    """Raises PublishRefused when it is no Conventional Commits subject of at most 72 characters."""
    if len(subject) > SUBJECT_LENGTH or not subject.isprintable() or not _SUBJECT.fullmatch(subject):
        raise PublishRefused(
            f"{subject!r} is no commit subject: write `type(scope): text`, at most {SUBJECT_LENGTH} long"
        )


def commit(trees: Trees, tree: str, parents: tuple[str, ...], author: Author, message: str) -> str:
    """Keep a commit in the private objects; its id depends on nothing but the arguments."""
    line = author.line()
    head = [f"tree {tree}", *(f"parent {p}" for p in parents), f"author {line}", f"committer {line}"]
    text = "\n".join(head) + "\n\n" + message.strip("\n") + "\n"
    return trees.keep("commit", text.replace("\0", "").encode("utf-8", "surrogateescape"))


def message(step: Step, trailer: str = "") -> str:
    return "\n\n".join(part for part in (step.subject, step.body.strip(), trailer) if part)


def steps_that_change(base_tree: str, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Without those that leave the tree as the one before left it."""
    before = base_tree
    kept: list[Step] = []
    for step in steps:
        if step.tree != before:
            kept.append(step)
        before = step.tree
    return tuple(kept)
