"""A script that others released, or that a program put together, is told from one that people write here."""

from __future__ import annotations

import pytest

from backlog.sources.bundled import LARGE, bundled
from backlog.sources.noted import Left, noted

NOTE = "// TODO: a\n"


@pytest.mark.parametrize(
    "head",
    [
        "/*!\n * jQuery JavaScript Library v1.4.4\n * http://jquery.com/\n",
        "/*! Chart.js v2.8.0 | MIT */\n",
        "//     Underscore.js 1.8.3\n",
        "/**\n * @license\n * Lodash 4.17.21 <https://lodash.com/>\n",
    ],
)
def test_a_release_says_its_number_first(head: str) -> None:
    assert bundled("js/x.js", head + NOTE)
    assert noted("js/x.js", (head + NOTE).encode()).left is Left.BUNDLED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("js/x.js", NOTE),
        ("js/x.js", "/*\n * Copyright 2010-2024 The Authors\n * Version 2 of the licence\n */\n" + NOTE),
        ("js/x.js", "const a = 'jQuery v1.4.4';\n" + NOTE),
        ("x.py", "# jQuery v1.4.4\n# TODO: a\n"),
        ("build/webpack.config.js", NOTE),
        ("src/large.js", NOTE + "a();\n" * LARGE),
    ],
)
def test_what_people_write_here_is_none(path: str, text: str) -> None:
    assert not bundled(path, text)


def test_a_large_script_among_what_is_built_is_one() -> None:
    assert bundled("build/all.js", NOTE + "a();\n" * LARGE)


def test_a_bundle_is_left_out_for_good() -> None:
    assert not Left.BUNDLED.unseen


def test_what_a_template_says_of_the_file_made_from_it_is_not_said_of_the_template() -> None:
    text = b"# DO NOT EDIT a.pxi, it is generated from this file\n# TODO: a\n"
    assert noted("a.pxi.in", text).notes
    assert noted("a.pxi", text).left is Left.GENERATED
