"""Make plain `rasa ...` commands of a virtual environment work without TensorFlow.

Writes one `.pth` file into the environment's site-packages: it puts the project on the path and installs
the stand-in at interpreter start. Run with the environment's Python; `--remove` takes it out again.
"""

from __future__ import annotations

import argparse
import sysconfig
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FILE_NAME = "patient_assistant_standin.pth"
# `site` runs a line that starts with "import" in every interpreter of the environment, so it must never
# fail: a project that has moved is simply not there.
_ACTIVATE = (
    "import sys; exec('try:\\n from bot.tensorflow_standin import install\\nexcept ImportError:\\n pass\\n"
    "else:\\n install()')"
)


def write(site_packages: Path, project: Path = PROJECT) -> Path:
    """Write the `.pth` file and return its path."""
    target = site_packages / FILE_NAME
    target.write_text(f"{project}\n{_ACTIVATE}\n", encoding="utf-8")
    return target


def remove(site_packages: Path) -> None:
    """Delete the `.pth` file, if it is there."""
    (site_packages / FILE_NAME).unlink(missing_ok=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remove", action="store_true", help="take the file out again")
    arguments = parser.parse_args()
    site_packages = Path(sysconfig.get_paths()["purelib"])
    if arguments.remove:
        remove(site_packages)
        print(f"removed {site_packages / FILE_NAME}")
    else:
        print(f"wrote {write(site_packages)}")


if __name__ == "__main__":
    main()
