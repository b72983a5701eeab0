"""The weeks to a race as a picture: how far each week goes, and the longest run within it."""

from __future__ import annotations

from charley.faces.report.pictures.svg import Drawing, Scale, ticks
from charley.faces.report.training import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.training import TrainingPlan

_SIZES = {True: (1080.0, 56.0), False: (350.0, 44.0)}
_TOP, _FOOT = 40.0, 200.0
_DOT = {True: 4.5, False: 3.0}
_MOST_DATES = {True: 9, False: 4}


def draw(p: TrainingPlan, units: str, wide: bool) -> Drawing:
    """A pale bar a week, a dot for its longest run, an open dot for the race; at 1080 or at 350 px."""
    width, left = _SIZES[wide]
    picture = Drawing(f"weeks-{'wide' if wide else 'narrow'}", width)
    per = fig.metres_per_unit(units)
    weeks = [w for w in p.weeks if w.phase != "recover"]
    y = Scale(0.0, max(p.distance_m, *(max(w.week_m, w.long_m) for w in weeks)) / per * 1.04, _FOOT, _TOP)
    for value in ticks(0.0, y.hi, 5):
        picture.rule(left, y.at(value), width, y.at(value), "gr" if value else "ax")
        label = f"{fig.number(value)} {fig.distance_unit(units)}" if value else "0"
        picture.text(left - 8, y.at(value) + 4, label, "m", "end")
    room = (width - left) / len(weeks)
    picture.across = Scale(0.0, len(weeks), left, width)
    middle = [left + (i + 0.5) * room for i in range(len(weeks))]
    for at, w in zip(middle, weeks, strict=True):
        if w.phase == "race":
            picture.circle(at, y.at(p.distance_m / per), _DOT[wide] + 1.5, "hol")
            continue
        high = y.at(w.week_m / per)
        picture.rect(at - room / 2 + 1, high, room - 2, _FOOT - high, "on0")
        picture.circle(at, y.at(w.long_m / per), _DOT[wide], "fk")
    race = y.at(p.distance_m / per)
    picture.text_if_free([(width - 24, race - 12, "end"), (width - 24, race + 20, "end")], "the race", "g h")
    trained = [(w, at) for w, at in zip(weeks, middle, strict=True) if w.phase != "race"]
    if trained:
        longest, at = max(trained, key=lambda found: (found[0].long_m, -found[1]))
        top = y.at(longest.long_m / per)
        said = f"longest run {fig.distance(longest.long_m, units, 0)} {fig.distance_unit(units)}"
        picture.text_if_free([(at, top - 10, "middle"), (at + 8, top - 10, "end")], said, "g h", within=(left, width))
        most, at = max(trained, key=lambda found: (found[0].week_m, -found[1]))
        top = y.at(most.week_m / per)
        said = f"most in a week {fig.distance(most.week_m, units, 0)}"
        places = [(at, top - 8, "middle"), (at + room / 2, top - 8, "end")]
        picture.text_if_free(places, said, "m h", within=(left, width))
    step = next(s for s in (1, 2, 4, 8, 13, 26, 52) if len(weeks) <= s * _MOST_DATES[wide])
    for at, w in list(zip(middle, weeks, strict=True))[::step]:
        places = [(at, _FOOT + 18, "middle"), (left, _FOOT + 18, "start")]
        picture.text_if_free(places, f"{w.starts_on.day} {w.starts_on:%b}", "m", 8, within=(left - 12, width))
    picture.height = _FOOT + 24
    return picture


def along(p: TrainingPlan) -> list[float]:
    """Where the rows of the table stand, in weeks; those after the race at the end."""
    return [i + 0.5 for i in range(len(p.weeks))]


def table(p: TrainingPlan, units: str) -> tuple[list[str], list[list[str]]]:
    """The same weeks in figures."""
    unit = fig.distance_unit(units)
    return ["week of", f"{unit} in all", f"longest, {unit}", ""], [
        [
            f"{w.starts_on:%d %b %Y}", "" if w.phase == "race" else fig.distance(w.week_m, units, 0),
            fig.distance(p.distance_m if w.phase == "race" else w.long_m, units, 0), words.PHASES[w.phase],
        ]
        for w in p.weeks
    ]  # fmt: skip
