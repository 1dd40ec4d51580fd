"""Where a package is shown, by channel (R91, R92)."""

from __future__ import annotations

from bot.actions.world import World
from bot.dialogue.texts import Texts


def where(world: World, texts: Texts) -> str:
    """The way through the app for those who write from it, else the way through a browser."""
    return texts.get(f"utter_piece_package_in_{'app' if world.channel == 'app' else 'browser'}")
