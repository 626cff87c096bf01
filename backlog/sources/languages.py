"""How comments and strings look in each language, as data: ordered rules, first match at a place wins.

A rule is (kind, pattern). Kinds: `comment`; `skip`, something in which a comment sign means nothing (a
string, a regular expression, text that is not code); `nest`, the opening of a comment that can hold others;
`heredoc`, with groups `tag` and `loose` (the end may be indented); `embed`, with groups `body` and `tongue`.
Every pattern is linear: repetition is possessive and an unterminated string ends with its line or the file.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

RuleKind = Literal["comment", "skip", "nest", "heredoc", "embed"]
Rule = tuple[RuleKind, str]

LINE_END = r"(?=\n|\Z)"
SLASHES: Rule = ("comment", r"//[^\n]*+")
SLASHES_CONTINUED: Rule = ("comment", r"//(?>[^\n\\]|\\(?s:.))*+")
STARS: Rule = ("comment", r"/\*(?s:.*?)(?:\*/|\Z)")
STARS_NESTED: Rule = ("nest", r"/\*")
HASH: Rule = ("comment", r"#[^\n]*+")
HASH_WORD: Rule = ("comment", r"(?:(?<=[\s;&|()])|(?<![\s\S]))#[^\n]*+")
"""A hash that begins a word: in shells, `a#b` and `$#` are no comments."""
HASH_FIRST: Rule = ("comment", r"^[ \t]*#[^\n]*+")
DASHES: Rule = ("comment", r"--[^\n]*+")
PERCENT: Rule = ("comment", r"(?<![\\$])%[^\n]*+")
SEMICOLON: Rule = ("comment", r";[^\n]*+")
ANGLE: Rule = ("comment", r"<!--(?s:.*?)(?:-->|\Z)")

DOUBLE: Rule = ("skip", rf'"(?>[^"\\\n]|\\(?s:.))*+(?:"|{LINE_END})')
SINGLE: Rule = ("skip", rf"'(?>[^'\\\n]|\\(?s:.))*+(?:'|{LINE_END})")
DOUBLE_LINES: Rule = ("skip", r'"(?>[^"\\]|\\(?s:.))*+(?:"|\Z)')
SINGLE_LINES: Rule = ("skip", r"'(?>[^'\\]|\\(?s:.))*+(?:'|\Z)")
RAW_LINES: Rule = ("skip", r"'[^']*+(?:'|\Z)")
DOUBLED_DOUBLE: Rule = ("skip", r'"(?>[^"]|"")*+(?:"|\Z)')
DOUBLED_SINGLE: Rule = ("skip", r"'(?>[^']|'')*+(?:'|\Z)")
CHARACTER: Rule = ("skip", r"'(?>\\[^\n][^'\n]{0,10}|[^'\\\n]{1,4})'")
ONE_CHARACTER: Rule = ("skip", r"'(?>\\[^\n][^'\n]{0,10}|[^'\\\n])'")
TRIPLE_DOUBLE: Rule = ("skip", r'"""(?>[^"\\]|\\(?s:.)|"(?!""))*+(?:"""|\Z)')
TRIPLE_SINGLE: Rule = ("skip", r"'''(?>[^'\\]|\\(?s:.)|'(?!''))*+(?:'''|\Z)")
TRIPLE_RAW: Rule = ("skip", r'"""(?s:.*?)(?:"""|\Z)')
BACKTICK_RAW: Rule = ("skip", r"`[^`]*+(?:`|\Z)")
TEMPLATE: Rule = (
    "skip",
    r"`(?>[^`\\$]|\\(?s:.)|\$\{(?>[^{}`]|\{[^{}`]*+\}|`[^`]*+`)*+\}|\$)*+(?:`|\Z)",
)
SLASH_REGEX: Rule = (
    "skip",
    r"(?:[(,=:\[!&|?{};~]|\breturn|\bwhen|\bif)[ \t]*+/(?![/*])"
    r"(?>[^/\\\[\n]|\\[^\n]|\[(?>[^\]\\\n]|\\[^\n])*+\])++/",
)
CPP_RAW: Rule = ("skip", r'R"(?P<cppmark>[^()\\\s"]{0,16})\((?s:.*?)(?:\)(?P=cppmark)"|\Z)')
RUST_RAW: Rule = ("skip", r'\bb?r(?P<rustmark>#{0,32})"(?s:.*?)(?:"(?P=rustmark)|\Z)')
VERBATIM: Rule = ("skip", r'\$?@\$?"(?>[^"]|"")*+(?:"|\Z)')
DOLLAR_QUOTED: Rule = ("skip", r"(?P<sqlmark>\$[A-Za-z_]{0,30}\$)(?s:.*?)(?:(?P=sqlmark)|\Z)")
LONG_BRACKET: Rule = ("skip", r"\[(?P<luamark>={0,16})\[(?s:.*?)(?:\](?P=luamark)\]|\Z)")
LONG_COMMENT: Rule = ("comment", r"--\[(?P<luacomment>={0,16})\[(?s:.*?)(?:\](?P=luacomment)\]|\Z)")
POD: Rule = ("skip", r"^=[a-z]\w*(?s:.*?)(?:^=cut\b[^\n]*+|\Z)")
RUBY_BLOCK: Rule = ("comment", r"^=begin\b(?s:.*?)(?:^=end\b|\Z)")
END_OF_CODE: Rule = ("skip", r"^__(?:END|DATA)__(?s:.*)")
RUBY_PERCENT: Rule = (
    "skip",
    r"(?<![\w)\]])%[qQwWiIr]?(?:\([^()]*+\)|\{[^{}]*+\}|\[[^\[\]]*+\]|![^!\n]*+!|\|[^|\n]*+\|)",
)
CSS_URL: Rule = ("skip", r"\burl\([^)\n]*+\)")
CDATA: Rule = ("skip", r"<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)")
OUTSIDE_PHP: Rule = ("skip", r"(?:(?<![\s\S])(?!<\?php|<\?=)|\?>)(?s:.*?)(?:<\?(?:php\b|=)|\Z)")
PHP_LINE: Rule = ("comment", r"(?://|#(?!\[))(?>(?!\?>)[^\n])*+")
SCRIPT: Rule = (
    "embed",
    r"<(?P<tongue>script|style)\b[^>]*+>(?P<body>(?s:.*?))(?:</(?:script|style)\s*>|\Z)",
)
YAML_BLOCK: Rule = (
    "skip",
    r"^(?P<yamlindent> *+)(?>[^\n#'\"|>]|(?<!\s)#)*+(?<=[ \t:-])[|>][-+0-9]{0,3}[ \t]*+(?:#[^\n]*+)?\n"
    r"(?>(?P=yamlindent) [^\n]*+(?:\n|\Z)|[ \t]*+\n)*+",
)
YAML_DOUBLE: Rule = ("skip", r'(?<=[\s,\[{:])"(?>[^"\\]|\\(?s:.))*+(?:"|\Z)')
YAML_SINGLE: Rule = ("skip", r"(?<=[\s,\[{:])'(?>[^']|'')*+(?:'|\Z)")
HERE_SHELL: Rule = (
    "heredoc",
    r"(?<!<)<<(?P<loose>-?)[ \t]*+(?P<shellquote>[\"']?)\\?(?P<tag>[A-Za-z_]\w*+)(?P=shellquote)",
)
HERE_RUBY: Rule = (
    "heredoc",
    r"<<(?P<loose>[~-]?)(?P<rubyquote>[\"'`]?)(?P<tag>[A-Za-z_]\w*+)(?P=rubyquote)",
)
HERE_PHP: Rule = ("heredoc", r"<<<[ \t]*+(?P<phpquote>[\"']?)(?P<tag>[A-Za-z_]\w*+)(?P=phpquote)(?P<loose>)")
HERE_STRING: Rule = ("skip", r"@(?P<heremark>[\"'])[ \t]*+\n(?s:.*?)(?:^(?P=heremark)@|\Z)")

RULES: dict[str, tuple[Rule, ...]] = {
    "c": (SLASHES_CONTINUED, STARS, CPP_RAW, DOUBLE, CHARACTER),
    "java": (SLASHES, STARS, TRIPLE_DOUBLE, DOUBLE, CHARACTER),
    "csharp": (SLASHES, STARS, TRIPLE_RAW, VERBATIM, DOUBLE, CHARACTER),
    "go": (SLASHES, STARS, BACKTICK_RAW, DOUBLE, CHARACTER),
    "rust": (SLASHES, STARS_NESTED, RUST_RAW, DOUBLE_LINES, ONE_CHARACTER),
    "nesting": (SLASHES, STARS_NESTED, TRIPLE_DOUBLE, DOUBLE, CHARACTER),
    "javascript": (SLASHES, STARS, TEMPLATE, DOUBLE, SINGLE, SLASH_REGEX),
    "dart": (SLASHES, STARS_NESTED, TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE),
    "groovy": (SLASHES, STARS, TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE),
    "php": (OUTSIDE_PHP, PHP_LINE, STARS, HERE_PHP, DOUBLE_LINES, SINGLE_LINES),
    "css": (STARS, DOUBLE, SINGLE),
    "scss": (CSS_URL, SLASHES, STARS, DOUBLE, SINGLE),
    "python": (TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE, HASH),
    "shell": (("skip", r"\\[^\n]"), HERE_SHELL, DOUBLE_LINES, RAW_LINES, HASH_WORD),
    "ruby": (RUBY_BLOCK, END_OF_CODE, HERE_RUBY, DOUBLE_LINES, SINGLE_LINES, RUBY_PERCENT, SLASH_REGEX, HASH),
    "perl": (POD, END_OF_CODE, HERE_RUBY, DOUBLE_LINES, SINGLE_LINES, SLASH_REGEX, HASH_WORD),
    "powershell": (
        ("comment", r"<#(?s:.*?)(?:#>|\Z)"),
        HERE_STRING,
        DOUBLED_DOUBLE,
        DOUBLED_SINGLE,
        HASH_WORD,
    ),
    "sql": (DASHES, STARS, DOUBLED_SINGLE, DOUBLED_DOUBLE, DOLLAR_QUOTED),
    "html": (ANGLE, ("comment", r"\{#(?s:.*?)(?:#\}|\Z)"), SCRIPT, CDATA),
    "xml": (ANGLE, CDATA),
    "yaml": (YAML_BLOCK, YAML_DOUBLE, YAML_SINGLE, ("comment", r"(?:(?<=\s)|(?<![\s\S]))#[^\n]*+")),
    "toml": (TRIPLE_DOUBLE, ("skip", r"'''(?s:.*?)(?:'''|\Z)"), DOUBLE, ("skip", r"'[^'\n]*+'"), HASH),
    "ini": (("comment", r"^[ \t]*[#;][^\n]*+"),),
    "properties": (("comment", r"^[ \t]*[#!][^\n]*+"),),
    "make": (("skip", r"\\[^\n]"), ("comment", r"(?:(?<=\s)|(?<![\s\S]))#[^\n]*+")),
    "docker": (HASH_FIRST,),
    "hcl": (HERE_SHELL, SLASHES, STARS, DOUBLE, HASH),
    "lua": (LONG_COMMENT, DASHES, LONG_BRACKET, DOUBLE, SINGLE),
    "haskell": (
        ("nest", r"\{-"),
        ("comment", r"--+(?![!#$%&*+./<=>?@\\^|~:])[^\n]*+"),
        DOUBLE,
        ONE_CHARACTER,
    ),
    "ocaml": (("nest", r"\(\*"), DOUBLE_LINES, ONE_CHARACTER),
    "lisp": (("skip", r"[\\?]."), ("nest", r"#\|"), DOUBLE_LINES, SEMICOLON),
    "erlang": (("skip", r"\$."), DOUBLE_LINES, PERCENT),
    "tex": (PERCENT,),
    "elixir": (TRIPLE_DOUBLE, TRIPLE_SINGLE, DOUBLE, SINGLE, HASH),
    "hash": (DOUBLE, SINGLE, HASH),
    "julia": (("nest", r"#="), TRIPLE_DOUBLE, DOUBLE, ONE_CHARACTER, HASH),
    "nix": (STARS, ("skip", r"''(?s:.*?)(?:''(?![$'\\])|\Z)"), DOUBLE_LINES, HASH),
    "cmake": (("comment", r"#\[\[(?s:.*?)(?:\]\]|\Z)"), LONG_BRACKET, DOUBLE_LINES, HASH),
}

CLOSING = {"/*": "*/", "{-": "-}", "(*": "*)", "#|": "|#", "#=": "=#"}

EXTENSIONS: dict[str, str] = {
    "c": "c h cc cpp cxx hh hpp hxx ino m mm cu cuh proto glsl vert frag sol thrift",
    "java": "java",
    "csharp": "cs",
    "go": "go",
    "rust": "rs",
    "nesting": "kt kts swift scala sc d zig v",
    "javascript": "js jsx mjs cjs ts tsx mts cts json5 jsonc",
    "dart": "dart",
    "groovy": "groovy gradle",
    "php": "php phtml",
    "css": "css",
    "scss": "scss less sass",
    "python": "py pyi pyw pyx pxd bzl bazel star",
    "shell": "sh bash zsh ksh bats",
    "ruby": "rb rake gemspec",
    "perl": "pl pm t",
    "powershell": "ps1 psm1 psd1",
    "sql": "sql ddl pgsql",
    "html": "html htm xhtml vue svelte",
    "xml": "xml xsd xsl xslt svg pom",
    "yaml": "yml yaml",
    "toml": "toml",
    "ini": "ini cfg conf editorconfig",
    "properties": "properties",
    "make": "mk mak",
    "docker": "dockerfile",
    "hcl": "tf tfvars hcl",
    "lua": "lua",
    "haskell": "hs elm purs",
    "ocaml": "ml mli fs fsi",
    "lisp": "lisp cl el clj cljs cljc edn scm rkt ss",
    "erlang": "erl hrl",
    "tex": "tex sty bib",
    "elixir": "ex exs",
    "hash": "r coffee awk tcl cr nim gd graphql gql",
    "julia": "jl",
    "nix": "nix",
    "cmake": "cmake",
}

NAMES: dict[str, str] = {
    "makefile": "make", "gnumakefile": "make", "dockerfile": "docker", "containerfile": "docker",
    "rakefile": "ruby", "gemfile": "ruby", "vagrantfile": "ruby", "podfile": "ruby", "brewfile": "ruby",
    "cmakelists.txt": "cmake", "jenkinsfile": "groovy", "build": "python", "workspace": "python",
    "sconstruct": "python", "justfile": "hash", "requirements.txt": "hash", "codeowners": "docker",
    ".gitignore": "docker", ".gitattributes": "docker", ".bashrc": "shell", ".profile": "shell",
}  # fmt: skip

INTERPRETERS: dict[str, str] = {
    "sh": "shell", "bash": "shell", "zsh": "shell", "ksh": "shell", "dash": "shell", "python": "python",
    "ruby": "ruby", "perl": "perl", "node": "javascript", "deno": "javascript", "php": "php", "lua": "lua",
    "pwsh": "powershell",
}  # fmt: skip


def language_of(path: str, head: str = "") -> str | None:
    """The language by name, else by extension, else by the interpreter that the first line names."""
    name = path.rpartition("/")[2].lower()
    if name in NAMES:
        return NAMES[name]
    stem, dot, extension = name.rpartition(".")
    if dot and stem:
        return _extensions().get(extension)
    return NAMES.get(name.partition(".")[0]) or _interpreter(head)


@lru_cache(maxsize=64)
def pattern_of(language: str) -> re.Pattern[str]:
    """All rules of the language as one pattern; the group `k<n>_<kind>` that matched last names the rule."""
    return re.compile(
        "|".join(f"(?P<k{n}_{kind}>{rule})" for n, (kind, rule) in enumerate(RULES[language])), re.MULTILINE
    )


@lru_cache(maxsize=1)
def _extensions() -> dict[str, str]:
    return {ext: language for language, extensions in EXTENSIONS.items() for ext in extensions.split()}


def _interpreter(head: str) -> str | None:
    found = re.match(r"#!\s*\S*?(?:env\s+(?:-S\s+)?(?:\S+=\S+\s+)*)?([A-Za-z]+)[\d.]*\s*(?:\s-.*)?$", head)
    return INTERPRETERS.get(found[1]) if found else None
