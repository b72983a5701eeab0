"""A cohort's counts as CSV: a row a kilometre, then a row a quarter of an hour, whole figures."""

from __future__ import annotations

import csv
import io

from charley.faces.report.cohort import words
from charley.vocabulary.cohort import CohortAnswer, Spread

HEADS = ("by", "from", "counted", "per_race", "studies_low", "studies_high", "luck_low", "luck_high")


def render(a: CohortAnswer) -> str:
    """The table, with provenance in its first line."""
    out = io.StringIO()
    out.write(f"# charley cohort, {a.runners} runners, seed {a.seed}, digest {a.digest}: a model, not a count\n")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(HEADS)
    for k in a.by_km:
        rows.writerow(["km", k.km, k.counted, *_figures(k.cramps)])
    for s in a.by_slot:
        rows.writerow(["clock", words.clock(s.start_s), s.counted, *_figures(s.cramps)])
    return out.getvalue()


def _figures(s: Spread) -> list[str]:
    e = s.parameters
    return [f"{v:.2f}" for v in (e.mean, e.low, e.high, s.people_low, s.people_high)]
