"""The race card: one HTML file without network, A6 on paper, with a QR code that holds the plan's own text."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from charley.faces.race_files import plan_text
from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.vocabulary.race import Plan, RaceAnswer

MOST_BYTES = 60_000
QR_INK = "#1d1b18"  # on white, day and night: a camera wants the contrast
QR_BYTES = 2900  # version 40, level L holds 2953 (ISO/IEC 18004)


def html(a: RaceAnswer, p: Plan, units: str) -> str:
    """The whole card."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("charley.faces.race_files", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    unit = fig.distance_unit(units)
    length = words.length(a.race.course.distance_m, units)
    when = f"{a.race.starts_at:%A %d %B %Y, %H:%M}, " if a.race.starts_at else ""
    return environment.get_template("card.html.j2").render(
        tokens=_markup((files("charley.faces.report") / "tokens.css").read_text(encoding="utf-8")),
        css=_markup((files(__package__) / "card.css").read_text(encoding="utf-8")),
        title=plan_text.title(a),
        demo=a.demo,
        when=f"{when}{length}",
        finish=plan_text.hours_minutes(p.finish_s),
        pace=f"{words.paces(a, p, units)}.",
        start=f"First {plan_text.place(p.segments[0], units)} {unit}: {words.pace(p.segments[0], units)}, no faster.",
        unit=unit,
        drinks=p.drink_ceiling_l is not None,
        food=p.carbohydrate_g_h is not None,
        rows=[_row(a, p, i, units) for i in range(len(p.segments))],
        rule=plan_text.rule(a, p),
        notes=[words.health(n) for n in a.health.notes if n.code not in ("health-unknown",)],
        qr=_markup(qr(plan_text.plan_text(a, p, units))),
        last=_last(a, p),
    )


def qr(text: str) -> str:
    """A text as a QR code, as an ``<svg>`` element; what a code cannot hold is left off at the end."""
    import segno

    held = text.encode("utf-8")[:QR_BYTES].decode("utf-8", errors="ignore")
    code = segno.make(held, micro=False, error="l", boost_error=False)
    drawn = code.svg_inline(border=0, omitsize=True, dark=QR_INK, svgclass="qr", lineclass=None)
    return str(drawn).replace("<svg ", '<svg role="img" aria-label="QR code with the plan as text" ', 1)


def _row(a: RaceAnswer, p: Plan, i: int, units: str) -> dict[str, Any]:
    s = p.segments[i]
    drink = plan_text.ceiling(s, a.race.cup_l)
    cups = 0 if not drink else round((s.drink_most_l or 0.0) / a.race.cup_l)
    return {
        "place": plan_text.place(s, units),
        "clock": plan_text.hours_minutes(s.clock_s),
        "drink": drink or ("sips" if s.station and s.drink_most_l is not None else ""),
        "cups": cups,
        "food": plan_text.food(s) or fig.NONE if i < len(p.segments) - 1 and p.carbohydrate_g_h is not None else "",
    }


def _last(a: RaceAnswer, p: Plan) -> str:
    base = f"; runners in general {fig.chance(a.base_rate.middle)}" if a.base_rate is not None else ""
    seal = f" Sealed {a.seal[:8]}." if a.seal else ""
    demo = " An invented runner." if a.demo else ""
    return f"Chance of a cramp with this plan: {words.in_100(p.chance)}{base}.{seal} Not medical advice.{demo}"


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)
