"""Named timers from a YAML file."""

import os

import yaml

from timers.duration import parse


def read(text):
    """Timer names and their seconds, from YAML such as `tea: 4m`."""
    known = yaml.load(text, Loader=yaml.Loader) or {}
    return {name: parse(duration) for name, duration in known.items()}
