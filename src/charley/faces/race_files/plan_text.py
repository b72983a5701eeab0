"""The plan as plain text: what stands in the QR code, the calendar and the workout."""

from __future__ import annotations

from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import Plan, RaceAnswer, Segment
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE


def title(a: RaceAnswer) -> str:
    """The name of the race, or its length."""
    return fig.clean(a.race.name) or f"Race of {words.length(a.race.course.distance_m, 'metric')}"


def hours_minutes(seconds: float) -> str:
    """A clock without seconds, as read on the run: "0:25"."""
    minutes = round(seconds / SECONDS_PER_MINUTE)
    return f"{minutes // 60}:{minutes % 60:02d}"


def place(s: Segment, units: str) -> str:
    """The end of a segment, "42.2" or "5"."""
    metres = fig.metres_per_unit(units)
    return fig.number(s.to_m / metres, 0 if abs(s.to_m / metres - round(s.to_m / metres)) < 0.05 else 1)


def ceiling(s: Segment, cup_l: float) -> str:
    """The ceiling at a segment's end: "1 cup"; "" where none is given, or only sips."""
    return words.cups(s.drink_most_l, cup_l) if s.station and s.drink_most_l else ""


def food(s: Segment) -> str:
    """Carbohydrate on the way there: "12 g"; "" for none."""
    return f"{fig.number(s.carbohydrate_g)} g" if s.carbohydrate_g else ""


def rule(a: RaceAnswer, p: Plan) -> str:
    """The rule of drinking that goes with every form of the plan."""
    if p.drink_ceiling_l is None:
        return "Drink as whoever looks after you advises."
    return f"Drink to thirst. A cup ({fig.number(1000 * a.race.cup_l)} mL) is a ceiling, not a target."


def plan_text(a: RaceAnswer, p: Plan, units: str) -> str:
    """The plan in short lines, as little as a QR code can hold."""
    unit = fig.distance_unit(units)
    when = f", {a.race.starts_at:%d %b %Y %H:%M}" if a.race.starts_at else ""
    lines = [f"{title(a)[:60]}{when}", f"Finish {hours_minutes(p.finish_s)}"]
    for s in p.segments:
        drink = ceiling(s, a.race.cup_l)
        most = f", at most {drink}" if drink else ""
        eaten = f", {food(s)} carbs" if food(s) else ""
        pace = fig.clock(fig.metres_per_unit(units) / s.speed_m_s)
        lines.append(f"{place(s, units)} {unit} {hours_minutes(s.clock_s)} ({pace}){most}{eaten}")
    lines += [
        rule(a, p),
        "Call 112/911: chest pain, breathless, fainting, confused, very hot, a fit, bad headache with puffy hands.",
    ]
    return "\n".join(lines)


def kilometres(metres: float) -> float:
    """For tables."""
    return metres / METRES_PER_KM
