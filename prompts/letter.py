"""Letters to the model: text files beside this one, with `$name` where a value goes."""

from __future__ import annotations

from importlib import resources
from string import Template


class LetterIncomplete(Exception):
    """A letter was given too few or too many values: a mistake in our code."""


def letter(name: str, /, **values: str) -> str:
    """The text of `name`.md with every variable filled in. Raises LetterIncomplete, also for an unused value."""
    template = Template(resources.files("prompts").joinpath(f"{name}.md").read_text("utf-8"))
    wanted = set(template.get_identifiers())
    if wanted != set(values):
        odd = ", ".join(sorted(wanted.symmetric_difference(values)))
        raise LetterIncomplete(f"prompts/{name}.md: missing or unused: {odd}")
    return template.substitute(values).strip()
