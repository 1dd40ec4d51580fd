"""`python -m bot`."""

import os
import sys
import warnings

from bot import lean_imports

# Before Rasa is imported: progress bars and warnings of its old libraries tell nobody anything here.
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
lean_imports.without_ornaments()
if not sys.warnoptions:
    import sanic  # noqa: F401 - it puts a filter of its own before ours, so it comes first

    warnings.simplefilter("ignore")

from bot import tensorflow_standin  # noqa: E402

tensorflow_standin.install()

from bot.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
