"""How long the command line takes to say anything, against an empty interpreter in the same run."""

from __future__ import annotations

from benchmarks.timing import both, pair, process


def main() -> None:
    times = both(
        25,
        empty=process("-c", "pass"),
        click=process("-c", "import click"),
        library=process("-c", "import charley"),
        help=process("-m", "charley", "--help"),
        help_me=process("-m", "charley", "help-me"),
        ask=process("-m", "charley", "ask", "does salt help"),
    )
    print("| what | wall | processor | ratio to an empty interpreter | bar |\n| --- | --- | --- | --- | --- |")
    pair("empty interpreter", times["empty"])
    pair("the same with click", times["click"], times["empty"])
    pair("`import charley`", times["library"], times["empty"], "20 ms beyond the interpreter")
    pair("`charley --help`", times["help"], times["empty"], "60 ms, 5x")
    pair("`charley help-me`", times["help_me"], times["empty"], "200 ms")
    pair("`charley ask`", times["ask"], times["empty"], "200 ms")
