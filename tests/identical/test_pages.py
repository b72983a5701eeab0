"""The pages hang together: every link leads somewhere, every page is found from the README, every command exists."""

from __future__ import annotations

import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from charley.advice.plain_words import Text, findings, reading_age
from charley.faces.cli.main import VERBS, cli

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS]
FOR_PEOPLE = ["first-week.md", "coach.md"]  # read by runners: held to the same words as the answers
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.S | re.M)


def anchors(page: Path) -> set[str]:
    """The names that a page's headings get, as the usual renderers make them."""
    heads = re.findall(r"^#+ (.+)$", without_blocks(read(page)), re.M)
    named = set(re.findall(r'<a (?:id|name)="([^"]+)"', read(page)))
    return named | {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def links(page: Path) -> list[tuple[Path, str]]:
    """File and anchor of every link of a page that leads to another file of the project, or within the page."""
    found = []
    for target in LINK.findall(without_blocks(read(page))):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            found.append(((page.parent / unquote(file)).resolve() if file else page, anchor))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page):
    for file, anchor in links(page):
        assert file.exists(), f"{page.name}: {file}"
        assert ROOT in file.parents, f"{page.name}: {file} is not ours"
        if anchor and file.suffix == ".md":
            assert anchor in anchors(file), f"{page.name}: {file.name} has no heading #{anchor}"


def test_every_page_is_found_from_the_readme():
    seen, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page not in seen:
            seen.add(page)
            todo += [file for file, _ in links(page) if file.suffix == ".md" and file.exists()]
    assert not {page.name for page in PAGES} - {page.name for page in seen}


# ---- commands ----


def commands(page: Path) -> list[str]:
    """Every `charley ...` of a page, in a line of its own or within a sentence."""
    inline = re.findall(r"`(charley [^`]+)`", without_blocks(read(page)))
    blocks = re.findall(r"^```(?:sh|text|console)\n(.*?)^```$", read(page), re.S | re.M)
    typed = [line for block in blocks for line in block.splitlines() if re.match(r"charley [a-z-]+( |$)", line)]
    return [*inline, *(re.split(r" {2,}", line)[0] for line in typed)]


def parse(words: list[str]) -> None:
    """Reads a command as the command line does, without running it. Raises click.UsageError for what it is not."""
    context = cli.make_context("charley", words, resilient_parsing=True)
    group, rest = cli, [*context._protected_args, *context.args]
    while isinstance(group, click.Group) and rest and not rest[0].startswith("-"):
        command = group.get_command(context, rest[0])
        if command is None:
            raise click.UsageError(f"no such command: {rest[0]}")
        known = {flag for option in command.params for flag in (*option.opts, *option.secondary_opts)} | {"--help"}
        unknown = [word for word in rest[1:] if word.startswith("--") and word.partition("=")[0] not in known]
        if not isinstance(command, click.Group) and unknown:
            raise click.UsageError(f"no such option: {unknown}")
        group, rest = command, rest[1:]


# Made from the program itself, or about verbs that a recipe makes up (followed by test_recipes.py).
NOT_TYPED = {"commands.md", "errors.md", "CHANGELOG.md", "contributing.md"}
SHOWN = [
    (page.name, command)
    for page in PAGES
    for command in dict.fromkeys(commands(page))
    if page.name not in NOT_TYPED and not re.search(r"…|\.\.\.|\bVERB\b", command)
]


@pytest.mark.parametrize(("page", "command"), SHOWN)
def test_every_command_that_a_page_shows_exists(page, command):
    parse(shlex.split(command, comments=True)[1:])


def test_the_check_of_commands_can_fail():
    assert len(SHOWN) > 60
    assert {name for _, c in SHOWN for name in VERBS if c.split()[1:2] == [name]} == set(VERBS)
    for wrong in ("wy run.fit", "why run.fit --where 3km", "log cram", "data status --jsn"):
        with pytest.raises(click.UsageError):
            parse(wrong.split())
    parse(["--journal", "x/", "log", "cramp", "33km", "--side", "left"])


def test_every_make_target_and_script_that_a_page_names_exists():
    targets = {name for line in re.findall(r"^(\w[\w./ -]*|\.venv/\.\w+):(?!=)", read(ROOT / "Makefile"), re.M)
               for name in line.split()}  # fmt: skip
    for page in PAGES:
        text = read(page)
        named = set(re.findall(r"(?:^|`)make ([a-z][\w./-]*)", text, re.M))
        assert named <= targets, page.name
        if page.name == "parameters.md":  # its rows come from tables, which may name a script before it is kept
            continue
        made_up = set(re.findall(r"new file: (\S+)", text))
        for file in re.findall(r"(?:scripts|tests|benchmarks|src)/[\w./-]+\.(?:py|toml|md|sql|json)", text):
            assert file in made_up or (ROOT / file).exists(), f"{page.name}: {file}"


# ---- words ----


@pytest.mark.parametrize("name", FOR_PEOPLE)
def test_the_pages_for_people_keep_the_words_of_the_house(name):
    prose = without_blocks(read(ROOT / "docs" / name))
    found = [f for part in prose.split("\n\n") for f in findings(Text(name, part[:40], part)) if "banned" in f.what]
    assert not found, "\n".join(map(str, found))
    assert reading_age(re.sub(r"[|`*]", " ", prose)) <= 14


# ---- for those who carry on ----


def test_the_version_stands_alike_in_all_its_places():
    from charley import __version__

    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert project["version"] == __version__
    assert re.search(r"^version: (\S+)$", read(ROOT / "CITATION.cff"), re.M)[1] == __version__


def test_the_citation_has_what_its_format_asks_for():
    # Citation File Format 1.2.0: these four keys are required, and an author that is no person has a name.
    text = read(ROOT / "CITATION.cff")
    keys = set(re.findall(r"^([a-z-]+):", text, re.M))
    assert keys >= {"cff-version", "message", "title", "authors"}
    assert "cff-version: 1.2.0" in text
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert [{"name": name} for name in re.findall(r"^  - name: \"(.+)\"$", text, re.M)] == project["authors"]
    assert f"license: {project['license']}" in text


def test_the_wheel_says_that_it_is_typed(tmp_path):
    listed = subprocess.run(
        ["git", "ls-files", "src/charley/py.typed"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    if listed.returncode != 0:
        pytest.skip("not a clone")
    assert listed.stdout.strip() == "src/charley/py.typed"


def test_what_is_left_out_of_the_quick_check_exists():
    slow = re.findall(r'^    "(test_\w+\.py)",$', read(ROOT / "tests" / "conftest.py"), re.M)
    assert slow
    assert set(slow) <= {file.name for file in (ROOT / "tests").rglob("test_*.py")}
