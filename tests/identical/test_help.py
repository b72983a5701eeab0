"""The help that is printed: every line of every group is whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from charley.faces.cli.main import cli
from charley.vocabulary.errors import registry

ROOT = Path(__file__).resolve().parents[2]

LONGEST = 45  # characters of a summary: it fits beside its name in any terminal


def groups(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Group, click.Context]]:
    """The root and every group below it."""
    if isinstance(command, click.Group):
        yield context.command_path, command, context
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from groups(child, click.Context(child, context, name))


ALL = list(groups(cli, click.Context(cli, info_name="charley")))


def test_groups_are_found() -> None:
    assert {path for path, _, _ in ALL} == {"charley", "charley log", "charley runs", "charley lab", "charley data"}


@pytest.mark.parametrize("width", [80, 100])
@pytest.mark.parametrize(("path", "group", "context"), ALL, ids=[path for path, _, _ in ALL])
def test_no_line_of_help_is_cut(path: str, group: click.Group, context: click.Context, width: int) -> None:
    context.terminal_width = width
    usage, *lines = group.get_help(context).splitlines()
    assert usage.endswith("[ARGS]...")
    for line in lines:
        assert not line.rstrip().endswith("..."), f"{path}: {line}"


@pytest.mark.parametrize(("path", "group", "context"), ALL[1:], ids=[path for path, _, _ in ALL[1:]])
def test_each_command_of_a_group_has_a_short_help(path: str, group: click.Group, context: click.Context) -> None:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.short_help, f"{path} {name}"
        assert len(command.short_help) <= LONGEST, f"{path} {name}"
        assert command.short_help[0].isupper(), f"{path} {name}"
        assert not command.short_help.endswith("."), f"{path} {name}"


def test_no_next_step_sends_to_what_does_not_exist() -> None:
    """Pages, verbs and verbs of verbs that the registry of errors names are there."""
    by_path = {path: group for path, group, _ in ALL}
    for entry in registry().values():
        for page in re.findall(r"docs/[\w./-]+\.md", entry.next_step):
            assert (ROOT / page).is_file(), entry.code
        for words in re.findall(r"charley(?: [a-z][a-z-]*)+", entry.next_step):
            path = "charley"
            for word in words.split()[1:]:
                if path not in by_path:
                    break  # a verb; what follows is given to it
                known = by_path[path].list_commands(click.Context(cli))
                assert word in known or path != "charley", f"{entry.code}: {words}"
                path = f"{path} {word}"
