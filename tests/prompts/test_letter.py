"""Letters: every variable is supplied, and no file is left over."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from prompts.letter import LetterIncomplete, letter

ROOT = resources.files("prompts")
NAMES = sorted(p.name.removesuffix(".md") for p in ROOT.iterdir() if p.name.endswith(".md"))


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_with_a_variable_missing_is_refused(name: str) -> None:
    text = ROOT.joinpath(f"{name}.md").read_text()
    variables = set(re.findall(r"\$(\w+)", text))
    assert "$" not in letter(name, **{v: v.upper() for v in variables})
    for variable in variables:
        with pytest.raises(LetterIncomplete, match=variable):
            letter(name, **{v: v for v in variables - {variable}})


def test_an_unused_value_is_refused() -> None:
    with pytest.raises(LetterIncomplete, match="nonsense"):
        letter("system", nonsense="x")
