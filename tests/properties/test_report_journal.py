"""The page, the text and the figures of an answer over a journal, on made-up answers of every size."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from charley.answers.history import clustering
from charley.faces.report import render_why, render_why_text
from charley.faces.report.pictures.family_plots import but_for, families
from charley.faces.report.pictures.place_plot import MOST_RUNS, chosen, draw
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_sections
from charley.vocabulary.answer import Seen, Why
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import (
    ScoredForecast,
    Scores,
    TrackRecord,
)
from report_answers import estimate, make
from report_journals import START, journal


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<(style|svg)[\s\S]*?</\1>|<[^>]+>", " ", html).replace("\u00a0", " "))


@given(st.floats(0, 1), st.floats(0, 1))
def test_below_fifty_runs_a_chance_is_a_whole_number_of_ten(one: float, other: float) -> None:
    """Never finer than 1 in 10, never quite none or all, and the limits stand beside it."""
    low, high = sorted((one, other))
    told = fig.in_100(Estimate((low + high) / 2, low, high, low, high), 10)
    assert re.fullmatch(r"(about \d+|under 1|over 9) of 10 \((\S+ \d+|\d+)( to (over |under )?\d+)? of 10\)",
                        told), told  # fmt: skip
    assert "." not in told
    if low > 0 and high < 1:
        assert "about 0" not in told
        assert "about 10 " not in told or (low + high) / 2 > 0.95 - 1e-9


@pytest.mark.parametrize(("runs", "ten"), [(18, True), (49, True), (50, False), (400, False)])
@pytest.mark.parametrize("units", ["metric", "imperial"])
def test_one_denominator_in_one_answer(runs: int, ten: bool, units: str) -> None:
    """Below fifty own runs every chance and share is of 10, prior beside posterior; from fifty on in 100."""
    answer = journal(runs, 5)
    for said in (render_why_text(answer, units, full=True), words_of(render_why(answer, units))):
        chances = re.findall(r"(\S+) (in 100|of 10)(?![.\d])", " ".join(said.split()))
        assert chances
        fixed = ("80 in 100", "50 in 100")  # names of the ranges
        of = {
            unit
            for number, unit in chances
            if f"{number} {unit}" not in fixed and number not in ("Thick:", "Thin:", "out")
        }
        if ten:
            named = re.findall(r"[^.;]*in 100[^.;]*", " ".join(said.split()))
            loose = [
                n
                for n in named
                if not re.search(
                    r"80 in 100|50 in 100|in 100 such runners|published studies|by luck|Water loss would account", n
                )
            ]
            assert not loose, loose
            assert "of 10" in of
            assert "before" in said
        else:
            assert "of 10" not in of
    assert "Your log moved pace and effort from 2 to about 6 of 10" in " ".join(
        render_why_text(journal(18, 5), "metric").split()
    )


@pytest.mark.parametrize(("runs", "cramps"), [(1, 0), (1, 1), (3, 2), (40, 5), (63, 40), (2000, 40)])
def test_page_of_any_journal(runs: int, cramps: int) -> None:
    """Self-contained, no script, at most 300 kB, and each picture has a description and its figures in words."""
    html = render_why(journal(runs, cramps), "metric")
    assert len(html.encode()) <= 300_000
    assert "<script" not in html
    assert not re.search(r"(src|href)=\"(?!#)", html)
    assert html.count("<svg") == html.count("<desc")
    for wanted in (
        "Your log moved pace and effort" if cramps else "nothing is ranked",
        "Races and training",
        "apart",
    ):
        assert wanted in html
    assert ("Where each cramp was" in html) == (cramps > 1)
    assert html.count("Show as table") >= (4 if cramps else 3)
    assert ("Closer together than chance?" in html) == (cramps > 1)


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(("runs", "cramps"), [(3, 2), (40, 5), (63, 40), (2000, 13)])
def test_labels_keep_clear_of_each_other(runs: int, cramps: int, wide: bool) -> None:
    answer = journal(runs, cramps)
    for picture in (families(answer, wide), but_for(answer, "metric", wide), draw(answer, "metric", wide)):
        boxes = [b for b in picture.boxes if b.text]
        for i, box in enumerate(boxes):
            assert box.x0 >= -2
            assert box.x1 <= picture.width + 12, box.text
            assert not any(box.overlaps(other, -2.0) for other in boxes[:i]), box.text


@pytest.mark.parametrize("units", ["metric", "imperial"])
@pytest.mark.parametrize(
    ("from_share", "to_share", "said_as"),
    [(0.0, 1.0, "somewhere"), (0.7, 1.0, "after"), (0.0, 0.3, "before"), (0.3, 0.7, "between")],
)
def test_a_stretch_is_named_beside_the_bars_and_not_over_them(
    units: str, from_share: float, to_share: float, said_as: str
) -> None:
    answer = journal(40, 5)
    assert answer.journal is not None
    cramps = tuple(
        replace(c, at_s=None, at_m=None, from_m=from_share * c.run_distance_m, to_m=to_share * c.run_distance_m)
        for c in answer.journal.cramps
    )
    picture = but_for(replace(answer, journal=replace(answer.journal, cramps=cramps)), units, True)
    assert picture.svg("", "", "").count(said_as) == len(cramps)
    first_bar = 216.0
    assert max(b.x1 for b in picture.boxes if b.text and b.x0 < 1.0) < first_bar


def test_every_cramped_run_is_a_line_with_its_mark() -> None:
    """Of two thousand runs the latest are drawn, but none that cramped is left out."""
    answer = journal(2000, 30)
    assert answer.journal is not None
    drawn = chosen(answer.journal)
    assert len(drawn) == MOST_RUNS
    assert {c.run_id for c in answer.journal.cramps} <= {r.run_id for r in drawn}
    picture = draw(answer, "metric", True)
    marks = picture.svg("", "", "").count('class="crf pt"')
    assert marks == 2 * len(answer.journal.cramps)  # in its line, and in the row of all


def test_a_track_record_goes_on_the_page() -> None:
    rows = tuple(ScoredForecast("0" * 64, START, START, 0.1 * i, i > 5) for i in range(9))
    scores = Scores(9, 3, 3.6, 0.12, 0.25, 0.52)
    html = render_why(journal(63, 5), "metric", TrackRecord((), None, rows, scores))
    assert "3.6 cramps forecast in 9 runs, 3 came" in html.replace("\u00a0", " ")
    assert "Made before the run: none has been scored yet" in html
    assert "--track-record" in render_why(journal(63, 5), "metric")


def test_races_against_training_reads_well() -> None:
    text = render_why_text(journal(63, 5), "metric", full=True)
    assert "6 % longer against 12 % shorter" in " ".join(text.split())
    assert "0.5 % of body mass more against 0.1 % of body mass less" in " ".join(text.split())
    assert "20 °C against 10 °C" in text
    assert "68 °F against 50 °F" in render_why_text(journal(63, 5), "imperial", full=True)
    assert "x 10 %" not in text


@given(st.lists(st.floats(0, 50_000), min_size=2, max_size=8))
def test_mean_difference_is_that_of_all_pairs(values: list[float]) -> None:
    pairs = [abs(a - b) for i, a in enumerate(values) for b in values[:i]]
    assert clustering.mean_difference(np.array([values]))[0] == pytest.approx(np.mean(pairs), abs=1e-6)


def cramped(metres: float, rng: np.random.Generator, length: float = 42_195.0) -> clustering._Cramped:
    """A run whose hazard rises with the square of the distance, over a straight road to the north."""
    at = (np.arange(240) + 0.5) / 240
    spots = np.column_stack([at * length + rng.uniform(0, 20), np.zeros(240)])
    return clustering._Cramped(
        metres, metres / 3.0, np.array([metres, 0.0]), at * length, at * length / 3.0, spots, at**2 / (at**2).sum()
    )


def test_cramps_at_one_kilometre_are_closer_than_chance_and_late_ones_are_not() -> None:
    """Five within 300 m: by chance in under 1 in 100 logs. Drawn from the hazard itself: like any other."""
    rng = np.random.default_rng(3)
    near = clustering.clustering([cramped(33_000.0 + 60 * i, rng) for i in range(5)], 1)
    assert {c.axis: c.verdict for c in near} == {"distance": "closer", "time": "closer", "course": "closer"}
    assert all(c.by_chance is not None and c.by_chance < 0.01 for c in near)
    shares = []
    for seed in range(60):
        fair = np.random.default_rng(seed)
        runs = [cramped(42_195.0 * float(fair.uniform()) ** (1 / 3), fair) for _ in range(5)]
        shares.append(clustering.clustering(runs, seed)[0].by_chance)
    # under the assumption itself the figure is uniform: about one log in twenty falls below it, half below a half
    assert np.mean([s is not None and s <= 0.05 for s in shares]) < 0.17
    assert 0.3 < np.mean([s is not None and s <= 0.5 for s in shares]) < 0.7


def test_two_cramps_are_too_few_to_tell() -> None:
    rng = np.random.default_rng(3)
    found = clustering.clustering([cramped(33_000.0, rng), cramped(33_000.0, rng)], 1)
    assert {c.verdict for c in found} == {"cannot_tell"}
    assert all(c.by_chance is None for c in found)
    assert clustering.clustering([cramped(33_000.0, rng)], 1) == ()


def test_it_says_when_the_log_moved_nothing() -> None:
    answer = journal(63, 5)
    assert answer.journal is not None
    lead = replace(answer.journal.families[0], before=answer.journal.families[0].share)
    still = replace(answer, journal=replace(answer.journal, families=(lead, *answer.journal.families[1:])))
    assert "hardly moved" in journal_sections.cause(still, "metric")
    assert "hardly moved" not in journal_sections.cause(answer, "metric")


def test_the_plain_table_stands_first_and_the_model_is_criticised_beside_it() -> None:
    text = " ".join(render_why_text(journal(63, 5), "metric").split())
    assert "How you started: 4 % or more above your own level, 5 of 5 cramped; slower, 0 of 63" in text
    assert "Luck alone splits one of the 9 things we compared as cleanly in about 1 log in 120." in text
    full = " ".join(render_why_text(journal(63, 5), "metric", full=True).split())
    assert "The model doesn't fit your log" in full
    assert "That isn't proof" in full


def test_nothing_is_named_that_the_log_does_not_bear_out() -> None:
    answer = journal(63, 5, verdict="cannot_tell")
    assert answer.journal is not None
    none = tuple(replace(f, named=False) for f in answer.journal.families)
    tables = replace(answer.journal.tables, tables=answer.journal.tables.tables[1:])
    unsure = replace(answer, journal=replace(answer.journal, families=none, tables=tables))
    title = journal_sections.title(unsure)
    assert "can't tell" in title
    assert "pace" not in title
    assert "leans" not in render_why_text(unsure, "metric", full=True)
    assert "None of these: 20 in 100 (5 to 45)" in " ".join(render_why_text(unsure, "metric").split())


def test_cramps_that_only_come_after_runs_are_said_so_in_the_title() -> None:
    answer = journal(12, 0)
    assert journal_sections.title(answer).startswith("Your calves cramp after runs, not in them")


METRIC = re.compile(
    r"(?<![\w.,/-])\d+(\.\d+)?[ -](km|kg|°C|m of climb a km|m of one spot)\b(?! \()|per km|a km\b(?! \()"
)


@pytest.mark.parametrize("answer", [make("marathon"), make("marathon", heart=False, cadence=False), journal(63, 5)])
def test_no_metric_figure_stands_alone_for_who_reads_miles(answer: Why) -> None:
    """Also those of definitions, of what was seen, of base rates. What is typed and named is left alone."""
    climb, warm = estimate(40.0, 30.0, 50.0), estimate(1.8, 0.0, 5.8)
    seen = (
        Seen(climb, "m of climb a km", "over the run so far"),
        Seen(warm, "°C", "above a wet-bulb globe temperature of 18 °C (64 °F)"),
    )
    drivers = tuple(replace(d, seen=s) for d, s in zip(answer.drivers, seen, strict=False))
    answer = replace(answer, base_distance_m=42_195.0, drivers=drivers)
    for said in (render_why_text(answer, "imperial", full=True), words_of(render_why(answer, "imperial"))):
        flat = " ".join(said.split())
        assert "in a race of 26.2 mi" in flat
        assert [m[0] for m in METRIC.finditer(flat)] == []
    assert "211 ft of climb a mile" in words_of(
        render_why(answer, "imperial")
    )  # 40 m over 1000 m is 211 ft over 5280 ft
    assert " mi)" not in render_why_text(answer, "metric", full=True)
