"""Who thinks about an item: the mechanic where it has a recipe, else the configured model, else nobody."""

from __future__ import annotations

from pathlib import Path

from app.settings import ConfigError, Settings
from backlog.item import Item
from graph.recipes import recipe_for
from model.mechanic import Mechanic
from model.openai_chat import RETRIES, OpenAIChat
from model.port import Model
from prompts.letter import letter

DEFAULT_MODEL = "gpt-5"
NOBODY = "needs a model: set OPENAI_BASE_URL, or OPENAI_API_KEY and LAMPLIGHTER_MODEL"


def has_model(settings: Settings) -> bool:
    return bool(settings.base_url or settings.model or settings.api_key)


def who(item: Item, settings: Settings) -> str | None:
    """`mechanic`, `model`, or None when nobody can."""
    if recipe_for(item):
        return "mechanic"
    return "model" if has_model(settings) else None


def thinker(kind: str, item: Item, settings: Settings) -> Model:
    recipe = recipe_for(item)
    if kind == "mechanic" and recipe:
        return Mechanic(recipe)
    if not has_model(settings):
        raise ConfigError(f"{item.id} {NOBODY}")
    return configured_model(settings)


def configured_model(settings: Settings, retries: int = RETRIES) -> OpenAIChat:
    """The model that the settings name. Nothing is asked of it yet."""
    return OpenAIChat(
        settings.model or DEFAULT_MODEL,
        settings.base_url,
        settings.api_key,
        retries=retries,
        vocabulary=Path(settings.vocabulary) if settings.vocabulary else None,
        actions=settings.actions,
        letter=lambda form, tools: letter(f"actions_{form}", tools=tools),
        timeout_s=settings.model_timeout,
    )
