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
CPP_RAW: Rule = (
    "skip",
    r'(?<![A-Za-z0-9_])(?:u8?|[UL])?R"(?P<cppmark>[^()\\\s"]{0,16})\((?s:.*?)(?:\)(?P=cppmark)"|\Z)',
)
RUST_RAW: Rule = ("skip", r'\bb?r(?P<rustmark>#{0,32})"(?s:.*?)(?:"(?P=rustmark)|\Z)')
VERBATIM: Rule = ("skip", r'\$?@\$?"(?>[^"]|"")*+(?:"|\Z)')
DOLLAR_QUOTED: Rule = (
    "embed",
    r"(?P<sqlmark>(?P<tongue>\$)[A-Za-z_]{0,30}\$)(?P<body>(?s:.*?))(?:(?P=sqlmark)|\Z)",
)
"""The body of a function, in the same language."""
LONG_BRACKET: Rule = ("skip", r"\[(?P<luamark>={0,16})\[(?s:.*?)(?:\](?P=luamark)\]|\Z)")
LONG_COMMENT: Rule = ("comment", r"--\[(?P<luacomment>={0,16})\[(?s:.*?)(?:\](?P=luacomment)\]|\Z)")
POD: Rule = ("skip", r"^=[a-z]\w*(?s:.*?)(?:^=cut\b[^\n]*+|\Z)")
RUBY_BLOCK: Rule = ("comment", r"^=begin\b(?s:.*?)(?:^=end\b|\Z)")
END_OF_CODE: Rule = ("skip", r"^__(?:END|DATA)__(?s:.*)")
QUOTES_BY_NAME: Rule = ("skip", r"\$[\"'`]")
"""Variables of Ruby and Perl, such as `$'`."""
RUBY_CHARACTER: Rule = ("skip", r"(?<![\w)\]}])\?[\"'`#](?=[\s,.)\]};]|\Z)")
SHELL_DOUBLE: Rule = (
    "skip",
    r'"(?>[^"\\$]|\\(?s:.)|\$\((?>[^()"\'\\]|\\(?s:.)|"(?>[^"\\]|\\(?s:.))*+"|\'[^\']*+\'|'
    r'\((?>[^()"\'\\]|\\(?s:.)|"(?>[^"\\]|\\(?s:.))*+"|\'[^\']*+\'){0,500}+\)){0,500}+\)|\$)*+(?:"|\Z)',
)
"""Quotes within `"$(…)"` are others."""
SHELL_ESCAPED: Rule = ("skip", r"\$'(?>[^'\\]|\\(?s:.))*+(?:'|\Z)")
RUBY_PERCENT: Rule = (
    "skip",
    r"(?<![\w)\]])%[qQwWiIr]?(?:\([^()]*+\)|\{[^{}]*+\}|\[[^\[\]]*+\]|![^!\n]*+!|\|[^|\n]*+\|)",
)
PERL_QUOTE: Rule = (
    "skip",
    r"(?<![\w$@%&>{-])(?:(?:q[qrwx]?|m|s|tr|y)(?:\s*+\{(?>[^{}\\]|\\(?s:.)|\{(?>[^{}\\]|\\(?s:.))*+\})*+\}|"
    r"\((?>[^()\\]|\\(?s:.)|\((?>[^()\\]|\\(?s:.))*+\))*+\)|\[(?>[^\[\]\\]|\\(?s:.))*+\])|"
    r"(?:q[qrwx]?|m)(?:/(?>[^/\\]|\\(?s:.))*+/|!(?>[^!\\]|\\(?s:.))*+!|\|(?>[^|\\]|\\(?s:.))*+\|)|"
    r"(?:s|tr|y)(?:/(?>[^/\\]|\\(?s:.))*+/(?>[^/\\]|\\(?s:.))*+/|!(?>[^!\\]|\\(?s:.))*+!(?>[^!\\]|\\(?s:.))*+!))",
)
FENCE: Rule = ("skip", r"^[ \t]*+(?P<fence>```|~~~)[^\n]*+\n(?s:.*?)(?:^[ \t]*+(?P=fence)|\Z)")
REST_COMMENT: Rule = (
    "comment",
    r"^(?P<restindent>[ \t]*+)\.\.[ \t]++(?![^\s:]++::|_|\[|\|)[^\n]*+(?>\n(?P=restindent)[ \t]++\S[^\n]*+)*+",
)
"""`..` and what is indented below; not a directive, target, footnote or substitution."""
QUOTE_FIRST: Rule = ("comment", r"^[ \t]*+\"[^\n]*+")
CSS_URL: Rule = ("skip", r"\burl\([^)\n]*+\)")
CDATA: Rule = ("skip", r"<!\[CDATA\[(?s:.*?)(?:\]\]>|\Z)")
OUTSIDE_PHP: Rule = ("skip", r"(?:(?<![\s\S])(?!<\?php|<\?=)|\?>)(?s:.*?)(?:<\?(?:php\b|=)|\Z)")
PHP_LINE: Rule = ("comment", r"(?://|#(?!\[))(?>(?!\?>)[^\n])*+")
SCRIPT: Rule = (
    "embed",
    r"<(?P<tongue>script|style)\b[^>]*+>(?P<body>(?s:.*?))(?:</(?P=tongue)\s*>|\Z)",
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
    "shell": (("skip", r"\\[^\n]"), HERE_SHELL, SHELL_ESCAPED, SHELL_DOUBLE, RAW_LINES, HASH_WORD),
    "ruby": (
        RUBY_BLOCK,
        END_OF_CODE,
        HERE_RUBY,
        QUOTES_BY_NAME,
        RUBY_CHARACTER,
        DOUBLE_LINES,
        SINGLE_LINES,
        RUBY_PERCENT,
        SLASH_REGEX,
        HASH,
    ),
    "perl": (
        POD,
        END_OF_CODE,
        HERE_RUBY,
        QUOTES_BY_NAME,
        PERL_QUOTE,
        DOUBLE_LINES,
        SINGLE_LINES,
        SLASH_REGEX,
        HASH_WORD,
    ),
    "cram": (("comment", r"^\S[^\n]*+"), ("skip", r"^[ \t]++(?!\$ )[^\n]*+"), DOUBLE, SINGLE, HASH_WORD),
    "powershell": (
        ("comment", r"<#(?s:.*?)(?:#>|\Z)"),
        HERE_STRING,
        DOUBLED_DOUBLE,
        DOUBLED_SINGLE,
        HASH_WORD,
    ),
    "sql": (DASHES, STARS, DOUBLED_SINGLE, DOUBLED_DOUBLE, DOLLAR_QUOTED),
    "sql body": (DASHES, STARS, DOUBLED_SINGLE, DOUBLED_DOUBLE),
    "markdown": (FENCE, ANGLE),
    "rest": (REST_COMMENT,),
    "vim": (QUOTE_FIRST,),
    "po": (("comment", r"^#(?![.:,|~])[^\n]*+"),),
    "m4": (("comment", r"^[ \t]*+dnl\b[^\n]*+|(?<=\s)dnl\b[^\n]*+"), HASH_WORD),
    "batch": (("comment", r"^[ \t]*+(?:@?[Rr][Ee][Mm]\b|::)[^\n]*+"),),
    "jinja": (("comment", r"\{#(?s:.*?)(?:#\}|\Z)"), ANGLE),
    "erb": (("comment", r"<%#(?s:.*?)(?:%>|\Z)"), ANGLE),
    "mustache": (("comment", r"\{\{!(?s:.*?)(?:\}\}|\Z)"), ANGLE),
    "fortran": (DOUBLED_DOUBLE, DOUBLED_SINGLE, ("comment", r"![^\n]*+")),
    "ada": (DASHES, ("skip", r'"[^"\n]*+"'), ONE_CHARACTER),
    "asm": (STARS, SLASHES, SEMICOLON, ("comment", r"(?:(?<=\s)|(?<![\s\S]))[#@][^\n]*+"), DOUBLE),
    "man": (("comment", r"^[.']\\\"[^\n]*+"),),
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

TONGUES = {"script": "javascript", "style": "css", "$": "sql body"}
"""What is embedded, by the group `tongue`."""
STARTERS: dict[str, str] = {
    "c": r"[/\"'RuUL]",
    "java": r"[/\"']",
    "go": r"[/\"'`]",
    "css": r"[/\"']",
    "python": r"[\"'#]",
    "html": "[<{]",
    "xml": "<",
    "shell": r"[\\<\"'#$]",
    "sql": r"[-/'\"$]",
    "rust": r"[/br\"']",
}
"""With what every rule of the language begins: to look for these first is faster."""
CLOSING = {"/*": "*/", "{-": "-}", "(*": "*)", "#|": "|#", "#=": "=#"}

EXTENSIONS: dict[str, str] = {
    "c": "c h cc cpp cxx hh hpp hxx ino m mm cu cuh proto glsl vert frag sol thrift "
    "l y ll yy lex dts dtsi hlsl metal wgsl idl S s",
    "java": "java",
    "csharp": "cs",
    "go": "go",
    "rust": "rs",
    "nesting": "kt kts swift scala sc d zig v",
    "javascript": "js jsx mjs cjs ts tsx mts cts json5 jsonc",
    "dart": "dart",
    "groovy": "groovy gradle",
    "php": "php phtml php5 pegphp",
    "css": "css",
    "scss": "scss less sass",
    "python": "py pyi pyw pyx pxd pxi bzl bazel star",
    "shell": "sh bash zsh ksh bats",
    "ruby": "rb rake gemspec ru podspec",
    "perl": "pl pm",
    "powershell": "ps1 psm1 psd1",
    "sql": "sql ddl pgsql",
    "html": "html htm xhtml vue svelte",
    "xml": "xml xsd xsl xslt svg pom",
    "yaml": "yml yaml",
    "toml": "toml",
    "ini": "ini cfg conf editorconfig service desktop socket timer mount slice network netdev",
    "properties": "properties",
    "make": "mk mak am hwdb",
    "docker": "dockerfile",
    "hcl": "tf tfvars hcl",
    "lua": "lua",
    "haskell": "hs elm purs",
    "ocaml": "ml mli fs fsi",
    "lisp": "lisp cl el clj cljs cljc edn scm rkt ss",
    "erlang": "erl hrl yrl xrl",
    "tex": "tex sty bib",
    "elixir": "ex exs",
    "hash": "r coffee awk tcl exp cr nim gd graphql gql pp spec feature gn gni conf-sample",
    "markdown": "md markdown mdx",
    "rest": "rst rest",
    "vim": "vim vimrc",
    "po": "po pot",
    "m4": "m4 ac",
    "batch": "bat cmd",
    "jinja": "j2 jinja jinja2 twig njk",
    "erb": "erb rhtml ejs",
    "mustache": "mustache hbs handlebars",
    "fortran": "f90 f95 f03 f08",
    "ada": "adb ads vhd vhdl",
    "asm": "asm nasm",
    "julia": "jl",
    "nix": "nix",
    "cmake": "cmake",
}

NAMES: dict[str, str] = {
    "makefile": "make", "gnumakefile": "make", "dockerfile": "docker", "containerfile": "docker",
    "rakefile": "ruby", "gemfile": "ruby", "vagrantfile": "ruby", "podfile": "ruby", "brewfile": "ruby",
    "cmakelists.txt": "cmake", "jenkinsfile": "groovy", "build": "python", "workspace": "python",
    "sconstruct": "python", "justfile": "hash", "requirements.txt": "hash", "codeowners": "docker",
    "meson.build": "python", "meson_options.txt": "python", "build.gn": "hash", "gnumakefile.in": "make",
    "configure.in": "m4", ".gitignore": "docker", ".gitattributes": "docker", ".bashrc": "shell", ".profile": "shell",
}  # fmt: skip

INTERPRETERS: dict[str, str] = {
    "sh": "shell", "shell": "shell", "bash": "shell", "zsh": "shell", "ksh": "shell", "dash": "shell",
    "python": "python", "ruby": "ruby", "perl": "perl", "node": "javascript", "deno": "javascript", "php": "php",
    "lua": "lua", "pwsh": "powershell", "make": "make", "tclsh": "hash", "wish": "hash", "awk": "hash", "gawk": "hash",
    "expect": "hash", "rscript": "hash", "groovy": "groovy", "escript": "erlang",
}  # fmt: skip


VARIED = ("makefile", "gnumakefile", "dockerfile", "containerfile", "jenkinsfile", "gemfile", "vagrantfile")
"""Names that stay what they are whatever ends them: `Makefile.sub`, `Dockerfile.test`."""
BY_HEAD = "?"
TEMPLATES = ("in", "tmpl", "tpl", "template", "dist", "sample", "example")
"""Endings of files that another file is made from, whose name stands before."""


MODE = re.compile(
    r"-\*-\s*(?:mode:\s*)?([\w+-]{1,30})[\s;][^\n]{0,80}?-\*-|\bvim?:[^\n]{0,60}?\b(?:ft|filetype)=(\w{1,30})"
)
"""What an editor is told in the first line: `-*- shell-script -*-`, `vim: ft=python`."""


HEAD = 4_000
"""Characters at the beginning of a file in which its language may be told."""
CRAM = re.compile(r"^  \$ ", re.MULTILINE)
"""A command in a test of Mercurial's kind, in which what is not indented is a comment."""


ZSH = ("#compdef ", "#autoload")
"""How a function of zsh begins that has a file of its own."""


def language_of(path: str, head: str = "") -> str | None:
    """The language by name, else by extension, else by how the file begins: of `head` that is looked at."""
    told = tongue(path)
    if told != BY_HEAD:
        return told
    if path.lower().endswith(".inc"):
        return "php" if head.startswith("<?") else "c"
    if path.lower().endswith(".t"):
        return "cram" if CRAM.search(head) else "perl"
    return _interpreter(head[:200].partition("\n")[0])


def is_template(path: str) -> bool:
    """Another file is made from it; what its head says of being generated is said of that one."""
    return path.lower().rpartition(".")[2] in TEMPLATES


def tongue(path: str) -> str:
    """All that the name tells about the language: the language, or `?` when the file's beginning must say."""
    name = path.rpartition("/")[2].lower()
    if name in NAMES:
        return NAMES[name]
    if name.endswith("rc") and (name.startswith(".") or "." not in name):
        return "docker"
    stem, dot, extension = name.rpartition(".")
    if stem and (extension in TEMPLATES or (extension == "cmake" and stem.rpartition(".")[2] in _extensions())):
        return tongue(stem)
    known = _extensions().get(extension) if dot and stem else None
    first = name.partition(".")[0]
    return known or (NAMES.get(first, BY_HEAD) if not stem or not dot or first in VARIED else BY_HEAD)


@lru_cache(maxsize=64)
def pattern_of(language: str) -> re.Pattern[str]:
    """All rules of the language as one pattern; the group `k<n>_<kind>` that matched last names the rule."""
    return re.compile(
        "|".join(f"(?P<k{n}_{kind}>{rule})" for n, (kind, rule) in enumerate(RULES[language])), re.MULTILINE
    )


@lru_cache(maxsize=64)
def starter_of(language: str) -> re.Pattern[str] | None:
    return re.compile(STARTERS[language]) if language in STARTERS else None


@lru_cache(maxsize=1)
def _extensions() -> dict[str, str]:
    return {ext: language for language, extensions in EXTENSIONS.items() for ext in extensions.split()}


def _interpreter(head: str) -> str | None:
    """The language of the program that the first line starts, or of the editor's mode that it names."""
    if head.startswith(ZSH):
        return "shell"
    found = re.match(r"#!\s*\S*?(?:env\s+(?:-S\s+)?(?:\S+=\S+\s+)*)?([A-Za-z]+)[\d.]*@?\s*(?:\s-.*)?$", head)
    if found:
        return INTERPRETERS.get(found[1].lower())
    mode = MODE.search(head[:200])
    if mode is None:
        return None
    name = (mode[1] or mode[2]).lower().removesuffix("-script")
    return INTERPRETERS.get(name) or (name if name in RULES else _extensions().get(name))
