"""`python -m bot`."""

import os
import sys
import warnings
from contextlib import suppress

# Before Rasa is imported: progress bars and warnings of its old libraries tell nobody anything here.
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
with suppress(ImportError):
    # Sanic wants one function of `distutils`: Python's own will do, setuptools' takes 6 MB and 0.1 s.
    import _distutils_hack  # type: ignore[import-untyped]

    _distutils_hack.remove_shim()
if not sys.warnoptions:
    import sanic  # noqa: F401 - it puts a filter of its own before ours, so it comes first

    warnings.simplefilter("ignore")

from bot import tensorflow_standin

tensorflow_standin.install()

from bot.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
