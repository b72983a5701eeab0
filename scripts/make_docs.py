"""Writes the pages of docs/ that are made from the code: `python scripts/make_docs.py`; a test compares them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from charley.evidence import parameters, sources
from charley.evidence.citations import rooms_with_parameters
from charley.faces.cli.main import VERBS, cli
from charley.vocabulary.errors import CharleyError, registry

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
ROOMS = rooms_with_parameters()


def errors_page() -> str:
    """docs/errors.md: every code with its meaning, its exit code and the next step."""
    exits = {kind.__name__: kind.exit_code for kind in _kinds(CharleyError)}
    lines = [
        "# Errors and warnings",
        "",
        "Every failure is one line: what was found, where, a stable code in brackets, and what to do next. A warning",
        "stands beside an answer that was still given. This page is made from the registry of codes.",
        "",
        "| code | exit | meaning | what to do |",
        "| --- | --- | --- | --- |",
    ]
    for code in registry().values():
        leave = str(exits[code.kind]) if code.kind in exits else "warning"
        lines.append(f"| `{code.code}` | {leave} | {code.meaning} | {code.next_step} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """docs/commands.md: the help of every verb as it is printed."""
    lines = ["# Commands", "", "The help of every verb, as `charley VERB --help` prints it.", ""]
    root = click.Context(cli, info_name="charley", max_content_width=100)
    lines += ["```text", cli.get_help(root), "```", ""]
    for verb in VERBS:
        lines += _help(root, cli.get_command(root, verb), verb)
    return "\n".join(lines)


def parameters_page() -> str:
    """docs/parameters.md: every number of the models with its range, source and grade."""
    lines = [
        "# Parameters",
        "",
        "Every number of the models: value, range (middle 95 in 100, or the plausible range), where it comes from, and",
        "how well that is supported. Grades: A several sound studies, B one, C small or confounded, D expert opinion",
        "or our own assumption.",
    ]
    for room in ROOMS:
        rows = parameters(room).values()
        lines += [
            "",
            f"## {room}",
            "",
            "| id | value | range | unit | source | where | grade |",
            "| --- |" + " --- |" * 6,
        ]
        for p in rows:
            cited = "; ".join(sources()[s].citation for s in p.source_ids)
            span = f"{p.low:g} to {p.high:g}"
            where = p.where.replace("|", "/")
            lines.append(
                f"| `{p.id}` | {p.value:g} | {span} | {p.unit.replace('|', '/')} | {cited} | {where} | {p.grade} |"
            )
    return "\n".join(lines) + "\n"


def readme() -> str:
    """README.md: the template with the demo's real output and the list of verbs in it."""
    template = (Path(__file__).parent / "readme_template.md").read_text(encoding="utf-8")
    verbs = "\n".join(f"* `charley {name}`: {text}" for name, (_, text) in VERBS.items())
    return template.replace("@@DEMO@@", demo_output()).replace("@@VERBS@@", verbs)


def demo_output() -> str:
    """What the terminal shows for the made-up runner."""
    from charley.api import one_run
    from charley.faces.report import render_why_text

    with tempfile.TemporaryDirectory() as folder:
        answer = one_run.why(one_run.write_demo(Path(folder)), one_run.DEMO_PLACE)
    return render_why_text(answer, "metric").strip()


def _help(root: click.Context, command: click.Command | None, name: str) -> list[str]:
    assert command is not None
    context = click.Context(command, info_name=name, parent=root, max_content_width=100)
    lines = [f"## {context.command_path}", "", "```text", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            lines += _help(context, command.get_command(context, child), child)
    return lines


def _kinds(base: type[CharleyError]) -> list[type[CharleyError]]:
    return [base, *(k for child in base.__subclasses__() for k in _kinds(child))]


PAGES = {"errors.md": errors_page, "commands.md": commands_page, "parameters.md": parameters_page}


def main() -> None:
    """Write all pages."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
    (ROOT / "README.md").write_text(readme(), encoding="utf-8")


if __name__ == "__main__":
    main()
