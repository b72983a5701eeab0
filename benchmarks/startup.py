"""How long the command line takes to say anything, against an empty interpreter in the same run."""

from __future__ import annotations

from benchmarks.timing import header, in_turn, process, row


def main() -> None:
    times = in_turn(
        15,
        empty=process("-c", "pass"),
        help=process("-m", "charley", "--help"),
        error=process("-c", "from charley.faces.cli.main import run; run(['why'])"),
    )
    header()
    row("empty interpreter", times["empty"])
    row("`charley --help`", times["help"], times["empty"], "an empty interpreter", "150 ms, 8x")
    row("`charley why` without a file", times["error"], times["empty"], "an empty interpreter")
