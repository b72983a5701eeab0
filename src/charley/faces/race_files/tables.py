"""The plan as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io

from charley.faces.race_files import plan_text
from charley.vocabulary.race import Plan, RaceAnswer

COLUMNS = ("km", "clock_s", "clock", "pace_s_km", "station", "never_more_than_ml", "carbohydrate_g")


def as_csv(a: RaceAnswer, p: Plan) -> str:
    """One line a segment; an empty cell where no figure is given."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for s in p.segments:
        drink = "" if s.drink_most_l is None or not s.station else round(1000 * s.drink_most_l)
        food = "" if s.carbohydrate_g is None else round(s.carbohydrate_g, 1)
        table.writerow(
            [
                round(plan_text.kilometres(s.to_m), 3), round(s.clock_s, 1), plan_text.hours_minutes(s.clock_s),
                round(1000.0 / s.speed_m_s, 1), int(s.station), drink, food,
            ]
        )  # fmt: skip
    return out.getvalue()
