"""`python -m bot`."""

import sys

from bot import tensorflow_standin

tensorflow_standin.install()

from bot.cli import main  # noqa: E402 - Rasa is imported below this point

if __name__ == "__main__":
    sys.exit(main())
