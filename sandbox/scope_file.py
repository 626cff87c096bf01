"""Read `.automation-scope.yaml`. Two layouts are in use; a file may have keys of either."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from sandbox.scope import SCOPE_FILE, Scope, ScopeInvalid, ScopeLimits, pattern

VACUOUS = frozenset({"./", ".", "/", "*", "**", "**/*", "./**", "/**"})


@dataclass
class _Reading:
    """The scope as far as it has been read."""

    values: dict[str, Any] = field(default_factory=dict)
    limits: ScopeLimits = field(default_factory=ScopeLimits)
    warnings: list[str] = field(default_factory=list)


Reader = Callable[[_Reading, str, Any], None]


def parse_scope(text: str) -> Scope:
    """Raises ScopeInvalid for an unknown key, a value of the wrong kind or a pattern that is none."""
    import yaml

    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ScopeInvalid(f"{SCOPE_FILE} is no YAML: {' '.join(str(error).split())[:200]}") from None
    except RecursionError:
        raise ScopeInvalid(f"{SCOPE_FILE} is nested too deep") from None
    if content is None:
        return Scope()
    reading = _Reading()
    _section(KEYS)(reading, "", content)
    if VACUOUS & set(reading.values.get("allowed", ())):
        reading.warnings.append(f"{SCOPE_FILE}: `./` allows everything, so the other allowed paths do nothing")
    return Scope(limits=reading.limits, warnings=tuple(reading.warnings), **reading.values)


def _section(keys: Mapping[str, Reader]) -> Reader:
    def read(reading: _Reading, where: str, content: Any) -> None:
        if not isinstance(content, dict):
            raise ScopeInvalid(f"{SCOPE_FILE}: {where or 'the file'} must hold keys: {', '.join(keys)}")
        for key, value in content.items():
            path = f"{where}.{key}" if where else str(key)
            reader = keys.get(key) if isinstance(key, str) else None
            if reader is None:
                raise ScopeInvalid(f"{SCOPE_FILE}: unknown key `{path}`; {_nearest(str(key), keys)}")
            reader(reading, path, value)

    return read


def _nearest(key: str, keys: Mapping[str, Reader]) -> str:
    near = get_close_matches(key, keys, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there are {', '.join(keys)}"


def _patterns(name: str) -> Reader:
    def read(reading: _Reading, where: str, value: Any) -> None:
        rules = _texts(where, value)
        for rule in rules:
            problem = _problem(rule)
            if problem:
                raise ScopeInvalid(f"{SCOPE_FILE}: {where}: `{rule}` is no pattern: {problem}")
        reading.values[name] = (*reading.values.get(name, ()), *rules)

    return read


def _problem(rule: str) -> str:
    if not rule.strip() or rule.startswith(("#", "!")):
        return "it must name paths; a leading `#` or `!` is not possible"
    if ".." in rule.split("/"):
        return "`..` leads out of the repository"
    if rule in VACUOUS:
        return ""
    try:
        pattern(rule.removeprefix("./"))
    except ValueError as error:
        return str(error)
    return ""


def _names(name: str) -> Reader:
    def read(reading: _Reading, where: str, value: Any) -> None:
        reading.values[name] = _texts(where, value)

    return read


def _texts(where: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise ScopeInvalid(f"{SCOPE_FILE}: {where} must be a list of texts")
    return tuple(value)


def _flag(name: str) -> Reader:
    def read(reading: _Reading, where: str, value: Any) -> None:
        if not isinstance(value, bool):
            raise ScopeInvalid(f"{SCOPE_FILE}: {where} must be true or false, not {value!r}")
        reading.values[name] = value

    return read


def _limit(name: str, *, whole: bool = False, most: float = 1e9) -> Reader:
    """A number that may only be stricter than what holds."""

    def read(reading: _Reading, where: str, value: Any) -> None:
        number = _number(where, value, whole=whole, most=most)
        if not reading.limits.tightens(name, number):
            now = getattr(reading.limits, name)
            reading.warnings.append(f"{SCOPE_FILE}: {where} cannot loosen the limit, it stays {now:g}")
            return
        tightened: dict[str, Any] = {name: number}
        reading.limits = replace(reading.limits, **tightened)

    return read


def _number(where: str, value: Any, *, whole: bool, most: float) -> float:
    kinds = int if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise ScopeInvalid(f"{SCOPE_FILE}: {where} must be a {'whole ' if whole else ''}number, not {value!r}")
    if not 0 <= value <= most:
        raise ScopeInvalid(f"{SCOPE_FILE}: {where} must be between 0 and {most:g}, not {value}")
    return value


ALLOWED, RESTRICTED = _patterns("allowed"), _patterns("restricted")
FILES = _limit("max_files", whole=True)

KEYS: Mapping[str, Reader] = {
    "repository_operations": _section({"allowed_paths": ALLOWED, "restricted_paths": RESTRICTED}),
    "automation_limits": _section(
        {
            "max_prs_per_day": _limit("max_prs_per_day", whole=True),
            "max_branch_age_hours": _limit("max_branch_age_hours"),
            "ci_failure_rate_threshold": _limit("ci_failure_rate", most=1),
            "max_files": FILES,
            "max_lines": _limit("max_lines", whole=True),
        }
    ),
    "external_operations": _section(
        {
            "github_api": _flag("github_api"),
            "docker_registry": _flag("docker_registry"),
            "deployment_targets": _names("deployment_targets"),
        }
    ),
    "allowed_paths": ALLOWED,
    "restricted_paths": RESTRICTED,
    "auto_approve": _section(
        {
            "max_wsjf_score": _limit("max_wsjf_score"),
            "file_change_limit": FILES,
            "test_coverage_min": _limit("min_coverage", most=100),
        }
    ),
}
