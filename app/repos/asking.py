"""What a command over several repositories asks first: which they are, and by what each ranks."""

from __future__ import annotations

from pathlib import Path

from app.call import Call
from app.repos.entries import listed
from app.repos.known import Listed, known
from app.settings import ConfigError, Settings, surroundings
from backlog.focus import focused
from backlog.score import PRESETS, Scoring


def repositories(call: Call) -> tuple[Path, Listed]:
    """The list and what it means. Raises ConfigError, FocusUnknown; so does what would be wrong in every repository."""
    file, found = listed(call, surroundings())
    preset = call.flags.get("preset")
    if preset is not None and preset not in PRESETS:
        raise ConfigError(f"--preset {preset}: is none of {', '.join(PRESETS)}")
    focused(Scoring(), call.flags.get("focus") or "")
    return file, known(found)


def scored_by(settings: Settings) -> str:
    """The rules in words; without the calibration, which leaves scores comparable."""
    said = [f"preset {settings.preset}"]
    said += [f"aging up to {settings.aging_max:g}"] if settings.aging_max is not None else []
    said += [f"focus {settings.focus}"] if settings.focus else []
    said += [f"function {settings.scoring}"] if settings.scoring else []
    return ", ".join(said)
