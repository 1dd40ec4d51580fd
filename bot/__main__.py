"""`python -m bot`."""

import os
import sys
import warnings

from bot import tensorflow_standin

tensorflow_standin.install()
# Before Rasa is imported: its progress bars and the warnings of its old libraries tell a patient's engineer nothing.
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
if not sys.warnoptions:
    warnings.simplefilter("ignore")

from bot.cli import main  # noqa: E402 - Rasa is imported below this point

if __name__ == "__main__":
    sys.exit(main())
