"""The project as a whole: nothing of the machine it was made on in it, and documents that are true."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import PROJECT

LARGEST = 3 * 1024 * 1024
LARGEST_PICTURE = 200 * 1024
# Written in parts, so that this file does not find itself.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("registry", "npmjs"),
        ("registry", "yarnpkg"),
        ("conda", "anaconda"),
        ("static", "crates"),
        ("proxy", "golang"),
    )
)
MACHINE_PATH = re.compile(r"(?<![\w.$}>-])/(?:home|Users|root|work|opt|mnt|tmp)/[\w.-]+")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?)\s*$", re.MULTILINE)
FENCE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)
CODE_PATH = re.compile(r"`((?:bot|data|docs|tests|tools|widget|requirements|models)/[\w./-]*)`")
NOT_IN_GIT = ("models/", "widget/node_modules/", "widget/dist/", "tests/output/")
"""Made by installing, training or testing: a document may name them."""


@cache
def files() -> tuple[Path, ...]:
    """Files under version control, as they are now."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, check=True)
    paths = [PROJECT / name for name in listed.stdout.decode().split("\0") if name]
    return tuple(path for path in paths if path.is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Name and content of every text file."""
    for path in files():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(PROJECT).as_posix(), content.decode("utf-8", errors="replace")


def documents() -> list[Path]:
    return [path for path in files() if path.suffix == ".md"]


def prose(document: Path) -> str:
    """A document without its code blocks."""
    return FENCE.sub("", document.read_text(encoding="utf-8"))


def anchors(document: Path) -> set[str]:
    """Names of its headings, as links spell them."""
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(prose(document))]
    return {heading.strip().replace(" ", "-") for heading in plain}


def broken_links(document: Path) -> list[str]:
    """Relative links of a document that lead nowhere."""
    broken = []
    for pair in LINK.findall(prose(document)):
        link = pair[0] or pair[1]
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        missing = not target.exists()
        if missing or (anchor and target.suffix == ".md" and anchor not in anchors(target)):
            broken.append(link)
    return broken


def test_files_are_found() -> None:
    assert {PROJECT / "README.md", PROJECT / "Makefile", PROJECT / "bot" / "cli.py"} <= set(files())


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_registry_is_named(host: str) -> None:
    assert [name for name, text in texts() if host in text.lower()] == []


def test_locks_name_no_place_to_load_from() -> None:
    for path in sorted((PROJECT / "requirements").iterdir()):
        assert "://" not in path.read_text(encoding="utf-8"), path.name
    assert '"resolved"' not in (PROJECT / "widget" / "package-lock.json").read_text(encoding="utf-8")


def test_no_path_of_a_machine() -> None:
    found = {name: hits for name, text in texts() if (hits := MACHINE_PATH.findall(text))}
    assert found == {}


@pytest.mark.parametrize("text", ["cd /home" + "/anna/bot", '"/tmp' + '/x.sqlite"', "(/Users" + "/jan)"])
def test_a_path_of_a_machine_is_found(text: str) -> None:
    assert MACHINE_PATH.search(text)


def test_no_large_files() -> None:
    sizes = {path.relative_to(PROJECT).as_posix(): path.stat().st_size for path in files()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    pictures = {name: size for name, size in sizes.items() if name.startswith("docs/pictures/")}
    assert pictures
    assert {name: size for name, size in pictures.items() if size > LARGEST_PICTURE} == {}


@pytest.mark.parametrize("command", ["make run", "make test"])
def test_readme_shows_the_command(command: str) -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{command}\b", readme, re.MULTILINE)


def test_readme_lists_every_command() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"python -m bot (\w+)", readme)) == set(COMMANDS)


def test_documents_name_only_targets_of_make() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        (path.name, target)
        for path in documents()
        for target in re.findall(r"(?:`|^|&& )make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {(name, target) for name, target in named if target not in targets} == set()


def test_documents_name_every_setting_and_no_other() -> None:
    settings = (PROJECT / "bot" / "settings.py").read_text(encoding="utf-8")
    written = "\n".join(path.read_text("utf-8") for path in documents())
    assert set(re.findall(r"ASYSTENT_[A-Z_]+[A-Z]", written)) == set(
        re.findall(r'"(ASYSTENT_[A-Z_]+)"', settings)
    )


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_links_resolve(document: Path) -> None:
    assert broken_links(document) == []


@pytest.mark.parametrize("document", documents(), ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_named_files_exist(document: Path) -> None:
    # `data/nlu/coverage.yml` and the like are examples only in the page that says so.
    named = [path for path in CODE_PATH.findall(prose(document)) if not path.startswith(NOT_IN_GIT)]
    examples = {"bot/actions/coverage.py", "tests/dialogues/coverage/"} & set(named)
    assert not examples or document.name == "dialogue.md"
    assert [path for path in named if path not in examples and not (PROJECT / path).exists()] == []


def test_every_document_is_reachable_from_the_readme() -> None:
    reached, waiting = set(), [PROJECT / "README.md"]
    while waiting:
        document = waiting.pop()
        if document in reached:
            continue
        reached.add(document)
        links = [link for link, _ in LINK.findall(prose(document)) if not re.match(r"[a-z]+:", link)]
        targets = [(document.parent / link.partition("#")[0]).resolve() for link in links]
        waiting += [target for target in targets if target.suffix == ".md" and target.exists()]
    assert sorted(set((PROJECT / "docs").glob("*.md")) - reached) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(
        "# One heading\n[a](page.md#one-heading) [b](page.md#two) [c](gone.md) ![d](no.png)\n"
    )
    assert broken_links(document) == ["page.md#two", "gone.md", "no.png"]


CHANGING = re.compile(
    r"\b(?:time\.time|time_ns|monotonic|now|today|uuid\d?|uuid\.uuid\d|random\.\w+|token_\w+)\("
)
"""Calls that give something else in the next process: names of tests made of them differ between workers."""


def _parameters(source: str) -> Iterator[str]:
    """What stands in the decorators that give tests their parameters."""
    for node in ast.walk(ast.parse(source)):
        for decorator in getattr(node, "decorator_list", ()):
            text = ast.unparse(decorator)
            if "parametrize" in text or "fixture" in text:
                yield text


def test_tests_have_the_same_names_in_every_process() -> None:
    found = [
        f"{path.name}: {text}"
        for path in files()
        if path.suffix == ".py" and path.is_relative_to(PROJECT / "tests")
        for text in _parameters(path.read_text(encoding="utf-8"))
        if CHANGING.search(text)
    ]
    assert found == []


def test_a_name_that_changes_is_found() -> None:
    source = '@pytest.mark.parametrize("x", [f"t={int(time.time())}"])\ndef test_x(x): ...\n'
    assert [text for text in _parameters(source) if CHANGING.search(text)]
