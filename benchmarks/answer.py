"""The whole answer for a 4-h run with 500 draws: once the file is decoded, and as a whole process; the page's size."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from benchmarks import reading
from benchmarks.long_run import four_hours
from benchmarks.timing import both, pair, process


def main() -> None:
    from charley.answers.one_run.answer import explain
    from charley.answers.one_run.question import Question
    from charley.faces.report import render_why, render_why_json, render_why_text
    from charley.vocabulary.place import locate, parse_place

    run = four_hours()
    cramp = locate(parse_place("33km"), run)
    question = Question(run, cramp, draws=500)
    answer = explain(question)
    matrix = np.random.default_rng(0).random((700, 700))
    times = both(
        7,
        floor=lambda: [np.exp(matrix) for _ in range(60)],
        explain=lambda: explain(question),
        page=lambda: render_why(answer, "metric"),
        text=lambda: render_why_text(answer, "metric"),
        json=lambda: render_why_json(answer),
    )
    total = tuple(a + b for a, b in zip(times["explain"], times["page"], strict=True))
    print("| what | wall | processor | ratio to the floor | bar |\n| --- | --- | --- | --- | --- |")
    pair("floor: 60 times exp of 490 000 numbers", times["floor"])
    pair("answer of a 4-h run, 500 draws", times["explain"], times["floor"])
    pair("the page", times["page"], times["floor"])
    pair("the text", times["text"], times["floor"])
    pair("the JSON object", times["json"], times["floor"])
    pair("answer and page", total, times["floor"], "1200 ms")
    size = len(render_why(answer, "metric").encode())
    print(f"\nsize of the page: {size / 1000:.0f} kB (bar: 300 kB)")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "four-hours.fit"
        file.write_bytes(reading.fit_recording(4))
        whole = both(5, empty=process("-c", "pass"), why=process("-m", "charley", "why", str(file), "--at", "78%"))
    print("\n| what | wall | processor | ratio to an empty interpreter | bar |\n| --- | --- | --- | --- | --- |")
    pair("empty interpreter", whole["empty"])
    pair("`charley why FILE --at 78%`, 4 h, the whole process", whole["why"], whole["empty"], "900 ms")
