# ruff: noqa: E501 (each language is one line of text: broken up it could not be compared)
"""A marker counts in a comment, and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog.sources.comments import comments
from backlog.sources.languages import RULES, language_of, pattern_of

TABLE = {
    "a.py": '"""\nno1\n# no2"""\nx = "# no3"  # yes1\ny = f"# no {x!r}"\nz = r\'\\\' # no4\'\n# yes2\n',
    "python2.py": "print 'a # no1' # yes1\n'''\n# no2\n'''\nexec \"# no\" in {}\n  def (: # yes2\n",
    "a.c": 'char *s = "// no1 \\" /* no2"; // yes1 \\\n yes1\nchar q = \'"\'; /* yes2\n * yes2 */ int a; // yes3\n',
    "a.cpp": "auto s = R\"x(\n// no1 )\" )x\"; // yes1\nint n = 1'000'000; // yes2 don't\n",
    "A.java": 'String s = """\n// no1\n"""; // yes1\nchar c = \'\\\'\'; /** yes2 */\nString u = "http://no";\n',
    "a.cs": 'var s = @"C:\\no1"; // yes1\nvar t = @"""// no2"; /* yes2 */\n',
    "a.go": 's := `\n// no1\n`\nr := \'"\' // yes1\nt := "// no2" /* yes2 */\n',
    "a.rs": '/* yes1 /* yes1 */ yes1 */ let s = r#"// no1 " // no2"#; // yes2\nfn f<\'a>(x: &\'a str) {} // yes3\n',
    "a.kt": 'val s = """ // no1 """ // yes1\n/* /* */ yes2 */\nval t = "/* no2"\n',
    "a.js": "const a = `// no1 ${b + `// no2`} // no3`; // yes1\ns.replace(/[\"'/*]/g, '// no4'); // yes2\n",
    "a.ts": "const u = 'http://no1'; /* yes1 */ const r = x ? /\\/\\/ no2/ : 1; // yes2\n",
    "a.php": "// no1\n<?php // yes1 ?> // no2 <?php\n$x = <<<\"EOT\"\n# no3\n  EOT;\n# yes2\n#[Attr]\n$y = '// no4';\n",
    "a.sh": "echo \"$# # no1\" 'it # no2' # yes1\ncat <<-'EOF' | grep x # yes2\n# no3 don't\n\tEOF\n# yes3\necho ${a#no4}\n",
    "a.rb": 'x = [<<~A, <<-B] # yes1\n# no1 "\n  A\n# no2\nB\ny = "#{x} # no3" # yes2\n=begin\nyes3\n=end\nz = /#no4/ # yes4\n',
    "a.pl": "my $n = $#a; # yes1\n=pod\n# no1\n=cut\nprint <<EOT;\n# no2\nEOT\n# yes2\n__END__\n# no3\n",
    "b.rb": "a = $' # yes1\nb = $\"; c = ?' # yes2\nd = x ? '# no1' : $` # yes3\n",
    "b.pl": "print $' . $\"; # yes1\n$x = '$# no1'; # yes2\n",
    "b.sh": "a=$'it\\'s # no1' # yes1\n",
    "a.t": "yes1 of a test\n  $ echo 'a # no1' # yes2\n  # no2\n  > # no3\n",
    "c.sh": "echo \"'$(echo \"${@:-}\" | sed -e \"s/'/''/g\")'\" # yes1\na=\"$(b \"$(c '# no')\")\" # yes2\n",
    "b.html": "<script>s = '</style>'; // yes1\n</script>\n<style>/* yes2 */ a { b: '// no1' }</style>\n",
    "b.yrl": "A -> b : '$1'. % yes1\n",
    "Makefile.sub": "a: b # yes1\n",
    "pylintrc": "# yes1\n[a]\n",
    "_tool": "#compdef tool\n# yes1\nx='# no1'\n",
    "config.h.cmake": "/* yes1 */\n#cmakedefine X // yes2\n",
    "a.ps1": '<# yes1\nyes1 #> $s = @"\n# no1\n"@ # yes2\n$t = "# no2"\n',
    "a.sql": "select '-- no1 ''-- no2', \"-- no3\" -- yes1\n/* yes2 */ create function $f$ -- yes3\n$f$;\n",
    "a.html": '<p>no1 // no2 <a href="#no3">x</a></p><!-- yes1\nyes1 --><script>"// no4" // yes2\n</script>{# yes3 #}\n',
    "a.xml": "<a><![CDATA[<!-- no1 -->]]><!-- yes1 --></a>\n",
    "a.css": "a { content: '/* no1 */'; b: url(//no2); } /* yes1 */ // no3\n",
    "a.scss": "a { b: url(//no1); } // yes1\n/* yes2 */\n",
    "a.yml": "a: don't # yes1\nb: '# no1' # yes2\nrun: |\n  # no2\n\n  x\nc: a#no3\n- d: >-\n    # no4\n# yes3\n",
    "a.toml": "a = '# no1' # yes1\nb = '''\n# no2 '''\nc = \"\"\"\n# no3\"\"\" # yes2\n",
    "a.ini": "; yes1\n[a]\nb = c ; no1 # no2\n# yes2\n",
    "Makefile": "a: b # yes1\n\techo \\# no1\n# yes2\n",
    "Dockerfile": "# yes1\nRUN echo '# no1' # no2\n",
    "a.tf": 'a = "# no1" # yes1\nb = <<EOT\n# no2\nEOT\n// yes2\n/* yes3 */\n',
    "a.lua": "--[[ yes1\nyes1 ]] s = [[-- no1]] -- yes2\nt = '-- no2' --[==[ yes3 ]==]\n",
    "a.hs": '{- yes1 {- yes1 -} yes1 -} s = "-- no1" -- yes2\nx = a --> b\n',
    "a.ml": '(* yes1 (* yes1 *) yes1 *) let s = "(* no1 *)"\n',
    "a.el": '(setq a "; no1\n; no2") ; yes1\n?; ;; yes2\n',
    "a.erl": 'A = "% no1", B = $%, C = 1. % yes1\n',
    "a.tex": "50\\% no1 % yes1\n",
    "a.ex": 'a = """\n# no1\n""" # yes1\nb = "#{x} # no2" # yes2\n',
    "a.jl": '#= yes1 #= yes1 =# yes1 =# s = "# no1" # yes2\n',
    "CMakeLists.txt": 'set(A "# no1") # yes1\n#[[ yes2\nyes2 ]] set(B [[# no2]])\n',
    "run": "#!/usr/bin/env bash\n# yes1\necho '# no1'\n",
}

FIRST = {"run": "#!/bin/sh\n", "_tool": "#compdef tool\n"}
"""The first lines of those that go by it."""


@pytest.mark.parametrize("name", TABLE)
def test_every_comment_and_nothing_else_is_found(name: str) -> None:
    text = TABLE[name]
    found = comments(name, text)
    assert found is not None
    said = " ".join(c.text for c in found)
    assert set(re.findall(r"\b(?:yes|no)\d", said)) == set(re.findall(r"\byes\d", text))


@pytest.mark.parametrize("name", TABLE)
def test_a_comment_stands_on_its_line_and_column(name: str) -> None:
    rows = TABLE[name].split("\n")
    for comment in comments(name, TABLE[name]) or []:
        first = comment.text.split("\n")[0]
        assert rows[comment.line - 1][comment.column :].startswith(first)
        assert comment.alone == (not rows[comment.line - 1][: comment.column].strip())


def test_at_least_twelve_languages_are_in_the_table() -> None:
    assert len({language_of(name, text.split("\n")[0]) for name, text in TABLE.items()}) >= 30


@pytest.mark.parametrize("name", ["notes.txt", "LICENSE", "a.png", "x.unknown"])
def test_an_unknown_language_is_said_to_be_unknown(name: str) -> None:
    assert comments(name, "# TODO x\n") is None


@pytest.mark.parametrize(
    ("head", "language"),
    [
        ("#!/bin/sh", "shell"),
        ("#!/usr/bin/python3.11 -I", "python"),
        ("#!/usr/bin/env -S node --flag", "javascript"),
        ("#!/usr/bin/env FOO=1 ruby", "ruby"),
        ("#!/usr/bin/weird", None),
        ("echo", None),
    ],
)
def test_a_file_without_extension_goes_by_its_interpreter(head: str, language: str | None) -> None:
    assert language_of("bin/tool", head) == language


@pytest.mark.parametrize("language", RULES)
def test_every_language_compiles(language: str) -> None:
    assert pattern_of(language).groups >= 1


@given(st.sampled_from(sorted(TABLE)), st.text(alphabet="\"'`/*#-<>\\{}()[]$|=%;! \naEO_", max_size=200))
def test_no_text_breaks_a_scanner(name: str, text: str) -> None:
    found = comments(name, text) or []
    assert [c.line for c in found] == sorted(c.line for c in found)


PIECES = (
    '"',
    "'",
    "\\'",
    '\\"',
    "`${",
    "/*",
    "(/",
    "<<A ",
    "{-",
    "[[",
    'R"(',
    "a: |\n ",
    "\n=x",
    "%q(",
    "#=",
    "$a$",
    '"$(',
    "$(",
)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", TABLE)
def test_time_grows_with_length_and_not_with_its_square(name: str) -> None:
    for piece in PIECES:
        assert comments(name, FIRST.get(name, "") + piece * (150_000 // len(piece))) is not None


def test_a_string_that_reaches_beyond_a_here_document_stays_a_string() -> None:
    found = comments("a.sh", "cat <<A '\nA\n# no\n' # yes\n") or []
    assert [c.text for c in found] == ["# yes"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", TABLE)
def test_an_empty_file_has_no_comments(name: str) -> None:
    assert not comments(name, "")
