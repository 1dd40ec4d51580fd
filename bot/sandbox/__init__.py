"""Stand-in portal: the booking API of `bot/portal/openapi.yaml` with a seeded world.

For tests and demonstrations. It shares that document with the assistant and no code,
so that each checks the other.
"""

from bot.sandbox.app import create_app
from bot.sandbox.handle import BASE_URL, DEFAULT_NOW, Sandbox

__all__ = ["BASE_URL", "DEFAULT_NOW", "Sandbox", "create_app"]
