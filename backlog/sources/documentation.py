"""Where the documents of a repository point nowhere, or leave out what the others have. Only what is sure.

| rule              | what                                                                | value | time | risk | size |
|-------------------|---------------------------------------------------------------------|-------|------|------|------|
| broken-links      | relative links in a Markdown file that lead to no committed file    | 3     | 1    | 1    | 1    |
| readme-commands   | README has commands with scripts, modules or make targets that do   | 5     | 1    | 2    | 1    |
|                   | not exist                                                           |       |      |      |      |
| readme-bare       | a package, and no README or one that says nothing of installing or  | 3     | 1    | 1    | 2    |
|                   | using it                                                            |       |      |      |      |
| missing-docstring | a module without one where at least 80 % of at least 10 have one    | 2     | 1    | 1    | 1    |

All are of the kind docs.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from backlog.item import Kind
from backlog.source import Report, View
from backlog.sources.gaps import Facts, Gap, found_gap
from backlog.sources.outcome import outcome
from backlog.sources.paths import is_test
from backlog.sources.text import clean, showable
from backlog.sources.valued import Worth

NAME = "documentation"
WORTH = {
    "broken-links": Worth("rule:broken-links", Kind.DOCS, 3, 1, 1, 1),
    "readme-commands": Worth("rule:readme-commands", Kind.DOCS, 5, 1, 2, 1),
    "readme-bare": Worth("rule:readme-bare", Kind.DOCS, 3, 1, 1, 2),
    "missing-docstring": Worth("rule:missing-docstring", Kind.DOCS, 2, 1, 1, 1),
}
MARKDOWN = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
PAST = re.compile(
    r"(?:^|/)(?:CHANGE(?:LOG|S)|HISTORY|NEWS|RELEASES?)[^/]*$|(?:^|/)(?:templates?|fixtures?)/", re.IGNORECASE
)
README = re.compile(r"^README(?:\.(?:md|rst|txt|markdown))?$", re.IGNORECASE)
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
CODE = re.compile(r"(?<!`)(`++)[^`]{1,500}\1(?!`)")
LINK = re.compile(r"\[[^\[\]]{0,300}\]\( {0,3}<?([^)\s<>]{1,300})>?(?: {1,3}[\"'][^)]{0,300})?\)")
DEFINED = re.compile(r" {0,3}\[[^\]]{1,300}\]: {0,3}<?([^\s>]{1,300})>?")
ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#|/|\{|<|\$|@)|[{}*$|]", re.IGNORECASE)
SAYS_HOW = re.compile(r"install|usage|getting started|quick ?start|example|how to|pip |uv |npm |run ", re.IGNORECASE)
SCRIPT = re.compile(r"(?:^|[\s;&|$])(?:python3?|bash|sh)\s+(?!-)(?P<path>[\w./-]+\.(?:py|sh))\b")
MODULE = re.compile(r"(?:^|[\s;&|$])python3?\s+-m\s+(?P<module>[A-Za-z_][\w.]*)")
TARGET = re.compile(r"(?:\$ )?make +(?P<target>[a-z][\w-]{0,60}) *(?:#|$)")
LONGEST_LINE, LONGEST = 2_000, 300_000
"""Characters of a line, and of a text. What is longer was not written by hand, and is not looked at."""
BEGINS = re.compile(r"(?:\s|#[^\n]*(?:\n|\Z))*+[rRuU]?['\"]")
DEFINES = re.compile(r"^(?:async def|def|class)\s", re.MULTILINE)
SHARE, LEAST = 0.8, 10


class Documentation:
    name = NAME

    def look(self, view: View) -> Report:
        facts = Facts(view)
        gaps = (*_links(facts), *_readme(facts), *_docstrings(facts))
        return outcome(NAME, (found_gap(NAME, WORTH, gap) for gap in gaps), view.files)


def _links(facts: Facts) -> Iterator[Gap]:
    folders = {parent for path in facts.view.files for parent in _parents(path)}
    for path in facts.named(MARKDOWN):
        if facts.foreign(path) or PAST.search(path) or not showable(path) or is_test(path):
            continue
        broken = [link for link in _relative(facts.text(path)) if not _leads(path, link, facts.view.files, folders)]
        if broken:
            told = ", ".join(clean(link, 100) for link in dict.fromkeys(broken))
            yield Gap(
                "broken-links",
                f"Correct {len(set(broken))} broken link{'s' if len(set(broken)) > 1 else ''} in {clean(path, 150)}",
                f"They lead to no committed file: {told}",
                f"Every relative link in {clean(path, 300)} leads to a committed file.",
                path,
            )


def _parents(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _relative(text: str) -> Iterator[str]:
    """Relative targets, outside of code and comments."""
    hidden = False
    for line in _split(text)[0]:
        begins, ends = line.rfind("<!--"), line.rfind("-->")
        if hidden or begins >= 0:
            hidden = begins > ends or (hidden and ends < 0)
            continue
        prose = CODE.sub("", line)
        for target in (*LINK.findall(prose), *DEFINED.findall(prose)[:1]):
            if not ELSEWHERE.search(target) and re.search(r"[./]", target):
                yield target


def _split(text: str) -> tuple[list[str], list[str]]:
    """The lines of prose, and those within fences."""
    prose: list[str] = []
    code: list[str] = []
    fence = ""
    for line in text[:LONGEST].split("\n"):
        mark = FENCE.match(line)
        if mark and (not fence or (mark[1].startswith(fence) and not line.strip().strip(fence[0]))):
            fence = "" if fence else mark[1]
        elif len(line) <= LONGEST_LINE and (fence or not line.startswith(("    ", "\t"))):
            (code if fence else prose).append(line)
    return prose, code


def _leads(path: str, link: str, files: Iterable[str], folders: Iterable[str]) -> bool:
    """Also where it leads out of the repository, as `../../issues` does on GitHub: that can not be told."""
    named = unquote(re.sub(r"[?#].*$", "", link))
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), named)) if named else path
    if target.startswith("..") or target == ".":
        return True
    # Generators of sites write pages without their suffix, or with that of the page that is made.
    stem = re.sub(r"\.html?$", "", target)
    return any(t in files for t in (target, f"{stem}.md", f"{stem}.rst")) or target in folders


def _readme(facts: Facts) -> Iterator[Gap]:
    there = facts.named(README)
    if not facts.project.get("project", {}).get("name") or "build-system" not in facts.project:
        yield from _commands(facts, there)
        return
    if not there:
        yield _bare("README.md", "Write a README", "There is a package, and no README that says what it is for.")
    elif not SAYS_HOW.search(text := facts.text(there[0])) and "```" not in text and ">>>" not in text:
        yield _bare(there[0], f"Say in {there[0]} how to install and use it", "It has no example and no command.")
    yield from _commands(facts, there)


def _bare(path: str, title: str, story: str) -> Gap:
    return Gap(
        "readme-bare", title, story, f"{path} says how to install the package, and shows one use that works.", path
    )


def _commands(facts: Facts, readmes: Iterable[str]) -> Iterator[Gap]:
    for path in list(readmes)[:1]:
        code = [line.strip() for line in _split(facts.text(path))[1]]
        wrong = list(dict.fromkeys(_missing(facts, code)))
        if wrong:
            yield Gap(
                "readme-commands",
                f"Correct the commands in {path}: {clean(', '.join(wrong), 150)}",
                f"They name what is not there: {clean(', '.join(wrong), 600)}",
                f"Every command in {path} names a script, module or target that exists.",
                path,
            )


def _missing(facts: Facts, code: Sequence[str]) -> Iterator[str]:
    files = facts.view.files
    moves = any(re.match(r"(?:\$ )?cd ", line) for line in code)
    targets = _targets(facts)
    for line in code:
        if not moves and (match := SCRIPT.search(line)) and _lost(posixpath.normpath(match["path"]), files):
            yield match["path"]
        if (match := MODULE.search(line)) and _absent(match["module"].replace(".", "/"), files):
            yield f"python -m {match['module']}"
        if targets and (match := TARGET.match(line)) and match["target"] not in targets:
            yield f"make {match['target']}"


def _lost(path: str, files: Iterable[str]) -> bool:
    """Not here, and its folder is; a script whose folder is not here may be one that the reader has."""
    return path not in files and "/" in path and any(f.startswith(f"{path.partition('/')[0]}/") for f in files)


def _targets(facts: Facts) -> frozenset[str]:
    """Those of the Makefile; none where it takes in others or has patterns, so that nobody can tell."""
    text = facts.text("Makefile") if "Makefile" in facts.view.files else ""
    if "include" in text or "%" in text:
        return frozenset()
    heads = (line.partition(":")[0] for line in text.splitlines() if ":" in line and not line.startswith(("\t", "#")))
    return frozenset(word for head in heads for word in head.split())


def _absent(module: str, files: Iterable[str]) -> bool:
    """A part of a package that is here, and the part is not; a package that is not here is somebody else's."""
    top = module.partition("/")[0]
    roots = [r for r in ("", "src/") if f"{r}{top}/__init__.py" in files]
    spelled = (f"{r}{module}{end}" for r in roots for end in (".py", "/__main__.py", "/__init__.py"))
    return bool(roots) and "/" in module and not any(path in files for path in spelled)


def _docstrings(facts: Facts) -> Iterator[Gap]:
    packages = {p.rpartition("/")[0] for p in facts.view.files if p.endswith("/__init__.py")}
    ours = (p for p in facts.named(re.compile(r"\.py$")) if _public(p) and not facts.foreign(p))
    modules = [p for p in ours if p.rpartition("/")[0] in packages]
    if len(modules) < LEAST:
        return
    said = {path: told for path in modules if (told := _documented(facts, path)) is not None}
    if len(said) < LEAST or sum(said.values()) / len(said) < SHARE:
        return
    for path in (p for p, told in said.items() if not told):
        yield Gap(
            "missing-docstring",
            f"Say what {clean(path, 200)} is for",
            f"{sum(said.values())} of {len(said)} modules begin with a docstring; this one does not.",
            f"{clean(path, 300)} begins with a docstring that says what the module is for.",
            path,
        )


def _public(path: str) -> bool:
    hidden = any(part.startswith((".", "_")) for part in path.split("/"))
    return not hidden and not is_test(path) and showable(path)


def _documented(facts: Facts, path: str) -> bool | None:
    """Whether a text is the first thing in it; None for a module that defines nothing."""
    text = facts.text(path)
    return bool(BEGINS.match(text)) if DEFINES.search(text) else None
