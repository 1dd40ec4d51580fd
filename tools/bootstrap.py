"""Installs what `make run` and `make test` need, with nothing but Python, node and npm. No root.

Everything lands in `.venv/` and `widget/node_modules/`; a stamp of the lock files makes a second run
take a moment. Plain standard library: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
WANTED = (3, 11)
RUN = ("runtime.txt", "rasa.txt")
TEST = (*RUN, "dev.txt", "encoder.txt")
WIDGET = PROJECT / "widget"


def main() -> int:
    """0 when everything is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    parser.add_argument("--no-widget", action="store_true", help="leave the website chat alone")
    options = parser.parse_args()
    try:
        interpreter = find_python()
        install_python(interpreter, TEST if options.dev else RUN)
        if not options.no_widget:
            install_widget()
    except MissingError as missing:
        print(f"\n{missing}", file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        print(f"\ninstallation failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    return 0


class MissingError(RuntimeError):
    """Something the machine has to have; the text names the command that installs it."""


def find_python() -> str:
    """An interpreter of the wanted version."""
    if sys.version_info[:2] == WANTED:
        return sys.executable
    name = "python" + ".".join(map(str, WANTED))
    found = shutil.which(name)
    if found is None:
        raise MissingError(
            f"Python {'.'.join(map(str, WANTED))} is needed (this is {sys.version.split()[0]}).\n"
            f"Debian, Ubuntu: apt-get install {name} {name}-venv\nmacOS: brew install python@3.11"
        )
    return found


def install_python(interpreter: str, names: tuple[str, ...]) -> None:
    """Creates the environment and installs the locked packages by hash."""
    files = [PROJECT / "requirements" / name for name in names]
    stamp = VENV / ".stamp"
    wanted = digest([*files, Path(__file__)])
    done = stamp.read_text().split() if stamp.exists() else []
    if PYTHON.exists() and wanted in done:
        return
    if not PYTHON.exists():
        make_venv(interpreter)
    say(f"installing Python packages ({', '.join(names)}), about 2 minutes the first time")
    started = time.monotonic()
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    # Rasa declares Python < 3.11 although its code runs there (docs/toolchain.md).
    command += ["--ignore-requires-python", "--require-hashes"]
    for file in files:
        command += ["-r", file]
    subprocess.run(command, check=True, cwd=PROJECT)
    subprocess.run([PYTHON, PROJECT / "tools" / "install_standin.py"], check=True, cwd=PROJECT)
    also = [digest([*(PROJECT / "requirements" / n for n in RUN), Path(__file__)])]
    stamp.write_text("\n".join([wanted, *also]))
    say(f"Python packages ready ({time.monotonic() - started:.0f} s)")


def make_venv(interpreter: str) -> None:
    """A virtual environment of the wanted interpreter."""
    say("creating .venv")
    if interpreter == sys.executable:
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (subprocess.CalledProcessError, ModuleNotFoundError) as error:
            raise MissingError("Python's venv module is needed: apt-get install python3.11-venv") from error
        return
    subprocess.run([interpreter, "-m", "venv", "--clear", VENV], check=True)


def install_widget() -> None:
    """Installs the widget's packages from its lock and builds it, when either changed."""
    lock = [WIDGET / "package.json", WIDGET / "package-lock.json"]
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise MissingError(
            "Node.js 20 with npm is needed for the website chat.\n"
            "Debian, Ubuntu: apt-get install nodejs npm\nmacOS: brew install node"
        )
    modules = WIDGET / "node_modules"
    if once(modules / ".stamp", lock, modules.exists()):
        say("installing the widget's packages")
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], check=True, cwd=WIDGET)
        (modules / ".stamp").write_text(digest(lock))
    sources = [*lock, *sorted(path for path in (WIDGET / "src").rglob("*") if path.is_file())]
    sources += [path for path in sorted(WIDGET.glob("*.mjs")) if path.is_file()]
    built = WIDGET / "dist"
    if once(built / ".stamp", sources, (built / "asystent.js").exists()):
        say("building the widget")
        subprocess.run([npm, "run", "--silent", "build"], check=True, cwd=WIDGET)
        (built / ".stamp").write_text(digest(sources))


def once(stamp: Path, files: list[Path], there: bool) -> bool:
    """Whether the work the stamp stands for has to be done."""
    return not there or not stamp.exists() or stamp.read_text() != digest(files)


def digest(files: list[Path]) -> str:
    """One hash of the files' contents."""
    total = hashlib.sha256()
    for file in files:
        total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def say(text: str) -> None:
    """Progress, at once."""
    print(f"* {text}", flush=True)


if __name__ == "__main__":
    os.chdir(PROJECT)
    sys.exit(main())
