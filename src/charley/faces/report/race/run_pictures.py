"""Pictures of the runner's own runs beside a race: pace against minutes, the weeks before, earlier forecasts."""

from __future__ import annotations

import numpy as np

from charley.faces.report.pictures.svg import Drawing, Scale, shorten, text_width, ticks
from charley.faces.report.race import words
from charley.faces.report.race.risk_pictures import HALF, NARROW
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import Ledger, RaceAnswer
from charley.vocabulary.units import SECONDS_PER_MINUTE

SPREAD = 756.0
MOST_ROWS = 8
USUAL_WEEKS, DAYS_A_WEEK = 4, 7


def plane(a: RaceAnswer, units: str, wide: bool) -> Drawing:
    """Pace against minutes: what was run in 12 weeks, the race that is planned, past cramps as dots."""
    width = HALF if wide else NARROW
    picture = Drawing(f"plane-{'wide' if wide else 'narrow'}", width)
    bottom, top, left = 250.0, 30.0, 40.0
    finish = a.plan.finish_s if a.plan else a.finish_s
    race = (a.race.course.distance_m / finish, finish)
    points = [*a.frontier_trained, *a.past_cramps, race]
    per = fig.metres_per_unit(units)
    slow, fast = (per / s for s in (min(p[0] for p in points), max(p[0] for p in points)))
    x = Scale(0.0, 1.08 * max(p[1] for p in points) / SECONDS_PER_MINUTE, left, width - 16)
    y = Scale(slow + 15, fast - 15, bottom, top)
    picture.text(0, 12, f"pace a {fig.distance_unit(units)}, faster upwards", "m")
    for value in ticks(fast - 15, slow + 15, 5, (15.0, 30.0, 60.0, 120.0)):
        at = y.at(value)
        picture.rule(left, at, width - 16, at, "gr")
        picture.text(left - 6, at + 4, fig.clock(value), "m", "end")
    for value in ticks(0.0, x.hi, 6):
        at = x.at(value)
        picture.rule(at, bottom, at, bottom + 5, "tk")
        picture.text(at, bottom + 20, fig.number(value), "m", "middle")
    picture.rule(left, bottom, width - 16, bottom, "ax")
    picture.text(width - 16, bottom + 36, "minutes", "m", "end")
    if a.frontier_trained:
        speed, time = (np.array(v) for v in zip(*a.frontier_trained, strict=True))
        xs = np.concatenate([[0.0], np.repeat(time, 2)[:-1], [time[-1]]]) / SECONDS_PER_MINUTE
        ys = np.concatenate([[speed[0]], np.repeat(speed, 2)[1:], [speed[-1]]])
        picture.line(x(xs), y(per / ys), "l k")
        picture.text_if_free(
            [
                (x.at(time[-1] / SECONDS_PER_MINUTE) + 8, y.at(per / speed[-1]) + 16, "start"),
                (x.at(time[0] / SECONDS_PER_MINUTE), y.at(per / speed[0]) - 10, "start"),
                (left + 8, y.at(per / speed[0]) + 16, "start"),
                (left + 8, bottom - 10, "start"),
            ],
            "run in 12 weeks",
            "m h",
        )
    for cramp_speed, cramp_s in a.past_cramps:
        picture.circle(x.at(cramp_s / SECONDS_PER_MINUTE), y.at(per / cramp_speed), 5, "crf")
    here = x.at(race[1] / SECONDS_PER_MINUTE), y.at(per / race[0])
    picture.circle(*here, 6, "hol")
    picture.text_if_free(
        [
            (here[0] - 10, here[1] - 10, "end"),
            (here[0] + 10, here[1] - 10, "start"),
            (here[0] - 10, here[1] + 20, "end"),
        ],
        f"this race, {words.clock(finish)}",
        "g h",
    )
    picture.height = bottom + 42
    return picture


def plane_table(a: RaceAnswer, units: str) -> tuple[list[str], list[list[str]]]:
    """The points of the plane."""
    rows = [("run in 12 weeks", p) for p in a.frontier_trained] + [("cramped", p) for p in a.past_cramps]
    body = [[name, fig.pace(speed, units), words.clock(time)] for name, (speed, time) in rows]
    finish = a.plan.finish_s if a.plan else a.finish_s
    body.append(["this race", fig.pace(a.race.course.distance_m / finish, units), words.clock(finish)])
    return ["", "pace", "for"], body


def ramp(a: RaceAnswer, units: str, wide: bool) -> Drawing:
    """Distance of each of the last 26 weeks, the mean of the four weeks before as a line, and weeks with a cramp."""
    width = HALF if wide else NARROW
    picture = Drawing(f"ramp-{'wide' if wide else 'narrow'}", width)
    bottom, top, left = 200.0, 40.0, 28.0
    per = fig.metres_per_unit(units)
    values = np.array([d / per for _, d in a.weeks])
    y = Scale(0.0, max(float(values.max()), 1.0) * 1.05, bottom, top)
    picture.text(0, 12, f"{fig.distance_unit(units)} a week", "m")
    for value in ticks(0.0, y.hi, 5):
        at = y.at(value)
        picture.rule(left, at, width, at, "ax" if value == 0 else "gr")
        picture.text(left - 6, at + 4, fig.number(value), "m", "end")
    room = (width - left) / values.size
    for i, value in enumerate(values.tolist()):
        picture.rect(left + i * room + 1, y.at(value), room - 2, bottom - y.at(value), "on0")
    middle = left + (np.arange(values.size) + 0.5) * room
    before = np.array([float(values[i - USUAL_WEEKS : i].mean()) for i in range(USUAL_WEEKS, values.size)])
    picture.line(np.asarray(middle[USUAL_WEEKS:], dtype=np.float64), y(before), "l k")
    picture.text(width, 12, "line: mean of the four weeks before", "m", "end")
    for i, (start, _) in enumerate(a.weeks):
        if any(0 <= (at - start).days < DAYS_A_WEEK for at in a.cramped_at):
            picture.circle(float(middle[i]), bottom - 7, 4, "crf")
    first, last = a.weeks[0][0], a.weeks[-1][0]
    picture.text(left, bottom + 18, f"{first:%d %b}", "m")
    picture.text(width, bottom + 18, f"{last:%d %b}", "m", "end")
    picture.height = bottom + 24
    return picture


def ramp_table(a: RaceAnswer, units: str) -> tuple[list[str], list[list[str]]]:
    """The weeks as a table."""
    return ["week from", fig.distance_unit(units), "cramps"], [
        [
            f"{start:%d %b %Y}",
            fig.distance(distance, units, 0),
            str(sum(0 <= (at - start).days < DAYS_A_WEEK for at in a.cramped_at)),
        ]
        for start, distance in a.weeks
    ]


def scorecard(found: Ledger, wide: bool) -> Drawing:
    """Range said and dot that came, one row a forecast of a finish time."""
    rows = [r for r in found.rows if r.said is not None and r.finish_s is not None][-MOST_ROWS:]
    width = SPREAD if wide else NARROW
    picture = Drawing(f"score-{'wide' if wide else 'narrow'}", width)
    times = [v for r in rows for v in (*(r.said or ()), r.finish_s or 0.0)]
    left, right = (250.0, width - 60) if wide else (8.0, width - 60)
    x = Scale(min(times) - 60, max(times) + 60, left, right)
    picture.text(width, 12, "chance said", "m", "end")
    y = 40.0
    marks = []
    for r in rows:
        name = (r.name or "race")[:28]
        when = "" if r.planned_at is None else f"{r.planned_at:%d %b %Y}"
        if wide:
            picture.text(0, y + 4, shorten(name, 218 - text_width(when), 13.0, True), "n")
            picture.text(234, y + 4, when, "m", "end")
        else:
            picture.text(0, y - 10, f"{name}, {when}".strip(", "))
        picture.text(width, y + 4, fig.chance(r.chance), "v", "end")
        marks.append((y if wide else y + 8, r))
        y += 46 if wide else 58
    behind = Drawing(f"{picture.key}-grid", width)
    minutes = (5.0, 10.0, 15.0, 30.0, 60.0)
    for value in ticks(x.lo / SECONDS_PER_MINUTE, x.hi / SECONDS_PER_MINUTE, 5, minutes):
        at = x.at(value * SECONDS_PER_MINUTE)
        behind.rule(at, 22, at, y - 20, "gr")
        picture.text(at, y - 2, words.clock(value * SECONDS_PER_MINUTE), "m", "middle")
    for centre, r in marks:
        low, _, high = r.said or (0.0, 0.0, 0.0)
        behind.rule(x.at(low), centre, x.at(high), centre, "i5 g")
        behind.circle(x.at(r.finish_s or 0.0), centre, 5.5, "crf" if r.cramped else "hol")
    picture.height = y + 6
    return picture.over(behind)


def scorecard_table(found: Ledger) -> tuple[list[str], list[list[str]]]:
    """Every forecast with what came."""
    body = []
    for r in found.rows:
        said = fig.NONE if r.said is None else f"{words.clock(r.said[0])} to {words.clock(r.said[2])}"
        came = fig.NONE if r.finish_s is None else words.clock(r.finish_s)
        cramp = {True: "yes", False: "no", None: fig.NONE}[r.cramped]
        body.append([fig.clean(r.name) or "race", fig.chance(r.chance), cramp, said, came])
    return ["race", "chance said", "cramped", "time said", "time run"], body
