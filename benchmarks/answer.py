"""The whole answer for a 4-h run with 500 draws, once the file is decoded; the page's size."""

from __future__ import annotations

import numpy as np

from benchmarks.long_run import four_hours
from benchmarks.timing import header, in_turn, row


def main() -> None:
    from charley.faces.report import render_why, render_why_json, render_why_text
    from charley.learning.explain import explain
    from charley.learning.question import Question
    from charley.vocabulary.place import locate, parse_place

    run = four_hours()
    cramp = locate(parse_place("33km"), run)
    question = Question(run, cramp, draws=500)
    answer = explain(question)
    matrix = np.random.default_rng(0).random((700, 700))
    times = in_turn(
        5,
        floor=lambda: [np.exp(matrix) for _ in range(60)],
        explain=lambda: explain(question),
        page=lambda: render_why(answer, "metric"),
        text=lambda: render_why_text(answer, "metric"),
        json=lambda: render_why_json(answer),
    )
    header()
    row("floor: 60 times exp of 490 000 numbers", times["floor"])
    row("answer of a 4-h run, 500 draws", times["explain"], times["floor"], "the floor")
    row("the page", times["page"], times["floor"], "the floor")
    row("answer and page", times["explain"] + times["page"], times["floor"], "the floor", "1200 ms")
    size = len(render_why(answer, "metric").encode())
    print(f"\nsize of the page: {size / 1000:.0f} kB (bar: 300 kB)")
