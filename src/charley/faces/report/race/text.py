"""A race forecast for a terminal of 80 columns: a first screen of 24 lines, and everything else on demand."""

from __future__ import annotations

import textwrap

from charley.faces.report.race import words
from charley.faces.report.wording import figures as fig
from charley.faces.report.wording.people import people_differ
from charley.vocabulary.race import Lever, Plan, RaceAnswer

SCREEN = 24
_WIDTH = 80
_LABEL = 44
_LEAST_ROOM = 5  # a heading, one change and white space
_MORE = "Every change, kilometre and assumption, and the plan as a table: --full"


def render(a: RaceAnswer, units: str, full: bool = False) -> str:
    """Verdict, ranges and where; the changes that buy most; the plan in three lines. ``full``: all of it."""
    if full:
        top = [*_verdict(a, units), *_wrap(people_differ(a.chance_of_people))]
        return "\n".join([*top, *_all_levers(a, units), *_table(a, units), *_rest(a, units), *_foot(a)])
    foot = [*_record(a), *([_MORE] if a.chance is not None else []), words.SCOPE]
    for notes in (2, 1, 0):  # what does not fit on a screen stands in the rest
        top, plan = _verdict(a, units), [*short_plan(a, units), *_health(a, notes)]
        room = SCREEN - len(top) - len(plan) - len(foot) - 1
        if room >= _LEAST_ROOM or notes == 0:
            break
    return "\n".join([*top, *_best_levers(a, units, room), *plan, "", *foot])


def _head(a: RaceAnswer, units: str) -> str:
    name = fig.clean(a.race.name) or "Race"
    when = f" · {a.race.starts_at:%d %B %Y}" if a.race.starts_at else ""
    room = _WIDTH - 30 - len(when)
    shown = name if len(name) <= room else name[: room - 1] + "…"
    stamp = " · DEMO" if a.demo else ""
    return f"charley race · {shown} · {words.length(a.race.course.distance_m, units)}{when}{stamp}"


def _verdict(a: RaceAnswer, units: str) -> list[str]:
    out = [_head(a, units), "", *_wrap("".join(words.title(a)))]
    out += [line for n in a.outside for line in _wrap(words.outside_more(n))]
    if a.chance is not None:
        out += _wrap(f"{words.ranges(a)} {words.log_line(a)}")
        out += _wrap(f"{words.finish(a)} {words.stretch(a, units)}")
    elif a.finish is not None:
        out += _wrap(words.finish(a))
    return out


def _best_levers(a: RaceAnswer, units: str, room: int) -> list[str]:
    """As many changes as there is room for: those that are clear of zero first, then what cannot be told."""
    priced = [f for f in a.levers if f.difference is not None]
    some = priced[: max(min(room - (3 if len(priced) <= room - 3 else 4), 6), 1)]
    if not some:
        return [""] if a.chance is not None else []
    out = ["", "What each change would buy, of 100 such races (8 times out of 10 between)"]
    out += [_lever_row(f, units, "" if words.clear(f) else "can't tell") for f in some]
    left = [f for f in priced if f not in some]
    if left and room > _LEAST_ROOM - 1:
        told = any(map(words.clear, left))
        out.append(f"  and {len(left)} more" + ("" if told else ", none of which we can tell"))
    return [*out, ""]


def _lever_row(f: Lever, units: str, note: str = "") -> str:
    label = fig.clean(words.lever(f, units))
    if len(label) > _LABEL:
        label = label[: _LABEL - 1] + "…"
    figure = words.points(f.difference) if f.difference else ""
    return f"  {label:<{_LABEL}}  {figure:<16} {note}".rstrip()


def _all_levers(a: RaceAnswer, units: str) -> list[str]:
    if not a.levers:
        return []
    out = ["", "What each change would buy, of 100 such races (8 times out of 10 between)"]
    priced = [f for f in a.levers if f.verdict != "withheld"]
    groups = (
        ("", [f for f in priced if words.clear(f)]),
        ("Can't tell, or too little to show", [f for f in priced if not words.clear(f)]),
        ("Not suggested", [f for f in a.levers if f.verdict == "withheld"]),
    )
    for heading, some in groups:
        out += [f"  {heading}"] if heading and some else []
        for f in some:
            out.append(f"  {_lever_row(f, units)}")
            out += _wrap(f"({words.why(f.why)})", 6) if f.why else []
    price = words.price(a)
    return [*out, "", *_wrap(price)] if price else out


def short_plan(a: RaceAnswer, units: str) -> list[str]:
    """The plan in three lines: pace, drinks, limits."""
    if a.plan is None:
        return []
    out = _wrap(words.plan_line(a, a.plan, units))
    if a.plan.drink_ceiling_l is not None:
        out += _wrap(f"{words.drink_line(a, a.plan, units)} {words.DRINK_SIGNS}")
        out += [line for f in a.plan.limits if f.note for line in _wrap(words.limit_note(f))]
    return out


def _table(a: RaceAnswer, units: str) -> list[str]:
    p = a.plan
    if p is None:
        return []
    unit = fig.distance_unit(units)
    food, drinks = p.carbohydrate_g_h is not None, p.drink_ceiling_l is not None
    heads = f"  {unit:>6}  {'clock':>8}  {'pace':>12}"
    heads += f"  {'never more than':<16}" if drinks else ""
    out = ["", f"The plan for {words.clock(p.finish_s)}", f"{heads}{'  carbohydrate' if food else ''}".rstrip()]
    for s in p.segments:
        row = f"  {fig.distance(s.to_m, units):>6}  {fig.clock(s.clock_s):>8}  {words.pace(s, units):>12}"
        if drinks:
            row += f"  {words.cups(s.drink_most_l or 0.0, a.race.cup_l) if s.station else '':<16}"
        if food and s.carbohydrate_g:
            row += f"  {fig.number(s.carbohydrate_g)} g"
        out.append(row.rstrip())
    if drinks:
        out += _wrap(f"{words.DRINK_RULE} {_ceilings(p, units)} {words.DRINK_SIGNS}")
        out += _wrap(words.NO_MORE_AFTER)
        out += [line for f in p.limits if f.note for line in _wrap(words.limit_note(f))]
    habits = words.habits(p)
    return [*out, *_wrap(habits)] if habits else out


def _ceilings(p: Plan, units: str) -> str:
    sweat = p.sweat_l
    return (
        f"All cups together are {words.volume(p.drink_ceiling_l or 0.0, units)}; you'd sweat "
        f"{words.volume(sweat.mean, units)} ({words.volume(sweat.low, units)} to {words.volume(sweat.high, units)})."
    )


def _health(a: RaceAnswer, most: int = 99) -> list[str]:
    """What health takes out of the advice; the first notes alone where there is little room."""
    notes = [words.health(n) for n in a.health.notes if n.code != "health-unknown" or a.plan is not None]
    out = [line for text in notes[:most] for line in _wrap(text)]
    if len(notes) <= most or a.outside:
        return out if most else []
    return [*out, "More about your health and this plan: --full"]


def _rest(a: RaceAnswer, units: str) -> list[str]:
    out: list[str] = []
    if a.health.notes:
        out += ["", "Health first", *(line for n in a.health.notes for line in _wrap(words.health(n), 2))]
    if a.finish is not None:
        out += ["", "Predicted on the flat on a usual day"]
        for p in a.finish.predicted:
            figures = f"{words.clock(p.time.middle)} ({words.time_range(p.time)})"
            out.append(f"  {words.PREDICTORS[p.id]:<50} {figures}")
            out += _wrap(words.why_not_counted(p.why_not), 4)
        out += _wrap(words.air_and_hills(a.finish))
    if a.plan is not None:
        out += ["", "Limits", *(line for f in a.plan.limits for line in _wrap(words.limit(f, units), 2))]
    if a.by_km:
        out += ["", "Chance of a cramp so far, of 100"]
        planned = {p.at_m: p.chance for p in a.plan_by_km}
        for point in a.by_km:
            last = point is a.by_km[-1]
            if not last and round(point.at_m / 1000) % 5:
                continue
            figure = f"{fig.chance(point.chance.middle)} ({fig.chance_range(point.chance)})"
            plan = f"   plan {fig.chance(planned[point.at_m].middle)}" if point.at_m in planned else ""
            out.append(f"  {words.km(point.at_m, units):>6}  {figure}{plan}")
    if a.assumed:
        out += ["", "Assumed", *(line for n in a.assumed for line in _wrap(words.assumed(n, units), 2))]
    return out


def _foot(a: RaceAnswer) -> list[str]:
    return ["", *_record(a), words.SCOPE]


def _record(a: RaceAnswer) -> list[str]:
    """The record of earlier forecasts, and that this one is kept."""
    found = a.ledger
    kept = f"Kept in your journal (seal {a.seal[:8]}). " if a.seal else ""
    if found is None or found.races == 0:
        return _wrap(f"{kept}After the race: charley race --score") if kept else []
    brier = "" if found.brier is None else f", Brier score {fig.number(found.brier, 2)} (0 is perfect)"
    few = "; so few races say little" if found.races < words.FEW_RACES else ""
    return _wrap(f"{kept}{fig.upper_first(fig.count(found.races, 'earlier forecast'))} scored{brier}{few}.")


def _wrap(text: str, indent: int = 0) -> list[str]:
    pad = " " * indent
    return textwrap.wrap(text, _WIDTH, initial_indent=pad, subsequent_indent=pad, break_on_hyphens=False)
