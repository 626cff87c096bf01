"""Sources that the user installed: by the entry-point group `lamplighter.sources`, or named as `module:attr`.

They run in our own process with the user's rights. So they come from the user's environment alone, never from the
repository that is being worked.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from backlog.source import Source
from backlog.sources.guarded import Guarded, Unusable

GROUP = "lamplighter.sources"
MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def installed(root: Path) -> tuple[Source, ...]:
    """All that entry points name, in order of their names."""
    return tuple(_source(entry.name, entry.value, root) for entry in sorted(entry_points(group=GROUP)))


def named(text: str, root: Path) -> Source | None:
    """The source that `module:attr` names; None when the text is not of that form."""
    return _source(text, text, root) if MODULE.fullmatch(text) else None


def _source(name: str, where: str, root: Path) -> Source:
    """Whatever goes wrong is the answer of the source, which then is `not run`."""
    module, _, attribute = where.partition(":")
    try:
        if why := _from_repository(module, root):
            return Unusable(name, why)
        made: Any = importlib.import_module(module)
        for part in attribute.split("."):
            made = getattr(made, part)
        made = made if not isinstance(made, type) and hasattr(made, "look") else made()
        own, look = getattr(made, "name", None), getattr(made, "look", None)
    except Exception as failure:
        return Unusable(name, f"can not be loaded: {type(failure).__name__}: {' '.join(str(failure).split())}")
    if not isinstance(own, str) or not own.strip() or not callable(look):
        return Unusable(name, f"{where} is no source: it needs a name and look(view)")
    return Guarded(own, made)


def _from_repository(module: str, root: Path) -> str:
    """Why the module must not be imported, or nothing. Asked of its top package: to find a part imports the whole."""
    top = module.partition(".")[0]
    spec = importlib.util.find_spec(top)
    if spec is None:
        return f"there is no module {top} in the environment of lamplighter"
    home, own = root.resolve(), Path(sys.prefix).resolve()
    places = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else ())]
    for place in (Path(p).resolve() for p in places):
        if place.is_relative_to(home) and not place.is_relative_to(own):
            return f"{top} lies in the repository being worked: its code is run in the sandbox alone"
    return ""
