"""What a race forecast says, in sentences. Figures are rounded here and nowhere before."""

from __future__ import annotations

import math
from collections.abc import Sequence

from charley.faces.report.wording import figures as fig
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.note import Note
from charley.vocabulary.race import INFEASIBLE, FinishTime, Lever, Limit, Plan, RaceAnswer, Segment
from charley.vocabulary.units import LITRES_PER_US_FLUID_OUNCE, SECONDS_PER_HOUR, SECONDS_PER_MINUTE

DRINK_RULE = "Drink to thirst. A cup is a ceiling, not a target."
DRINK_SIGNS = "Puffy hands, bad headache, confused: stop drinking, call for help."
SCOPE = "General training information, not medical advice. If unsure, call."
SIPS_L_H = 0.05  # less to drink prints as 0.0 L
FEW_RACES = 20  # below so many a score says little
NO_MORE_AFTER = "Afterwards drink to thirst with your meals; there is no need to drink more than you lost."
PREDICTORS = {
    "riegel": "Riegel, from one race",
    "vickers": "Vickers and Vertosick, races and weekly distance",
    "tanda": "Tanda, weekly distance and training pace",
    "critical_speed": "Share of critical speed",
}
CONDITIONS = {
    "kidney": "a kidney condition", "heart": "a heart condition", "liver": "a liver condition",
    "high_blood_pressure": "high blood pressure", "pregnancy": "pregnancy",
    "low_sodium_before": "low blood sodium in the past", "blood_pressure": "blood pressure tablets",
    "diuretic": "a diuretic", "ace_inhibitor": "an ACE inhibitor",
    "arb": "an ARB", "spironolactone": "spironolactone", "lithium": "lithium",
    "heart_rhythm": "a heart rhythm medicine", "diabetes": "diabetes", "clot_before": "a clot in the past",
    "low_energy": "signs of low energy", "hernia_or_sciatica": "a hernia, or sciatica",
    "muscle_or_nerve_disease": "a muscle or nerve disease",
}  # fmt: skip
HELP = (
    "Eating too little for what you run harms bones, heart and hormones. A doctor or a sports dietitian can help; that "
    "comes before any race."
)


def named(names: tuple[str, ...]) -> str:
    """Conditions and medicines in words."""
    return fig.listing([CONDITIONS.get(n, n.replace("_", " ")) for n in names])


def clock(seconds: float) -> str:
    """A finish time to the minute above an hour: "3:36", else "48:20"."""
    if not math.isfinite(seconds):
        return fig.NONE
    minutes = round(seconds / SECONDS_PER_MINUTE)
    return f"{minutes // 60}:{minutes % 60:02d}" if seconds >= SECONDS_PER_HOUR else fig.clock(seconds)


def minutes(seconds: float) -> str:
    """ "6 minutes", "1 minute"."""
    return fig.count(max(round(abs(seconds) / SECONDS_PER_MINUTE), 1), "minute")


def time_range(e: Estimate) -> str:
    """The middle 80 in 100 of a finish time: "3:31 to 3:44"."""
    return f"{clock(e.low)} to {clock(e.high)}"


def in_100(e: Estimate) -> str:
    """ "24 in 100 (2 to 71)"."""
    return fig.in_100(e)


def points(e: Estimate) -> str:
    """A difference of chances: "−2 (−12 to 3)"; "about 0" where nothing else would be printed."""
    if all(fig.number(100 * v) == "0" for v in (e.mean, e.low, e.high)):
        return "about 0"
    return f"{fig.number(100 * e.mean, plus=True)} ({fig.number(100 * e.low)} to {fig.number(100 * e.high)})"


def clear(f: Lever) -> bool:
    """Whether a change moves the chance by as much as the printed figures show: no end of the range is a nought."""
    return f.verdict == "clear" and f.difference is not None and not _holds_zero(f.difference)


def _holds_zero(e: Estimate) -> bool:
    low, high = round(100 * e.low), round(100 * e.high)
    return low <= 0 <= high


def changes_line(levers: Sequence[Lever]) -> str:
    """What the changes come to: how many lower the chance, as far as the printed figures show."""
    lower = sum(clear(f) and f.difference is not None and f.difference.mean < 0 for f in levers)
    if not lower:
        return "No change we can work out is sure to lower it"
    return f"{fig.count(lower, 'change lowers', 'changes lower')} it"


def km(metres: float, units: str) -> str:
    """A place along the way, whole."""
    return f"{fig.distance(metres, units, 0)} {fig.distance_unit(units)}"


def length(metres: float, units: str) -> str:
    """The length of a race: "42.2 km"."""
    return fig.distance_with_unit(metres, units, 1)


def volume(litres: float, units: str) -> str:
    """ "0.3 L", "10 fl oz"."""
    if units == "imperial":
        return f"{fig.number(litres / LITRES_PER_US_FLUID_OUNCE)} fl oz"
    return f"{fig.number(litres, 1)} L"


def cups(litres: float, cup_l: float) -> str:
    """A ceiling in cups: "1½ cups", "½ cup", "sips"."""
    halves = round(2 * litres / cup_l)
    if halves <= 0:
        return "sips"
    whole, half = divmod(halves, 2)
    if whole == 0:
        return "½ cup"
    return f"{whole}{'½' if half else ''} {'cup' if whole == 1 and not half else 'cups'}"


def times(chance: float) -> str:
    """How often of 100: "31 times", "once", "less than once"."""
    count = fig.number(100 * chance)
    return "less than once" if count == "0" else "once" if count == "1" else f"{count} times"


def title(a: RaceAnswer) -> tuple[str, str, str]:
    """The one sentence in three parts, the middle one the accent: before, the cramp, after."""
    at = clock(a.finish_s)
    if a.outside:
        return outside(a.outside[0], "metric"), "", ""
    if a.status == INFEASIBLE and a.refusal is not None:
        return refusal(a), "", ""
    if a.chance is None:
        return "No forecast", "", ""
    usual = times(a.chance.middle)
    if a.plan is None:
        return f"At {at}, expect ", "a cramp", f" {usual} in 100."
    planned = times(a.plan.chance.middle)
    rest = (
        f" {usual} in 100, as you usually race. With the plan: {planned.removesuffix(' times')}."
        if planned != usual
        else f" {usual} in 100."
        + ("" if any(map(clear, a.levers)) else " No change we can work out is sure to lower that.")
    )
    return f"At {at}, expect ", "a cramp", rest


def refusal(a: RaceAnswer) -> str:
    """Why there is no plan for the target, and the fastest that there is one for."""
    assert a.refusal is not None
    at, fastest = clock(a.finish_s), a.refusal.fastest_s
    codes = {r.code for r in a.refusal.reasons}
    if "out-of-reach" in codes:
        who = "your best races bear out" if a.refusal.reasons[0].detail == ("bests",) else "runners of your kind run"
        return f"{at} is faster than {who}. The fastest we can plan for is {clock(fastest or math.nan)}."
    why = (
        "you'd lose more water than a stomach can take up"
        if "limit-loss" in codes
        else ("no drinking plan stays within the limits")
    )
    if fastest is None:
        return f"No plan at {at}: {why}, and slower would not change that. Think about another race."
    return f"Not at {at}: {why}. The fastest that stays within the limits is {clock(fastest)}."


def outside(n: Note, units: str) -> str:
    """Why no number is given."""
    if n.code == "outside-distance":
        return f"Outside what the model was fitted on: {length(1000 * n.value('km'), units)}. No number shown."
    if n.code in ("outside-hot", "outside-cold"):
        return f"Outside what the model was fitted on: {fig.temperature(n.value('temp_c'), units)}. No number shown."
    if n.code == "outside-walk":
        return "Outside what the model was fitted on: this is a walking pace. No number shown."
    return "Outside what the model was fitted on: runners under 18. No number shown."


def outside_more(n: Note) -> str:
    """What to do instead, kindly."""
    return {
        "outside-distance": "Cramps were counted in races from 5 to 161 km. For shorter ones nobody knows.",
        "outside-hot": "Racing in such heat is dangerous at any pace. Ask whether the race is still on, and "
        "think about not starting; there will be another one.",
        "outside-cold": "What the models know ends far above that. Cover your skin, and turn back early if you shiver.",
        "outside-walk": "Walking that far is a fine goal. The studies behind these numbers are of runners, so they say "
        "nothing about it.",
        "outside-under-18": "The studies behind these numbers are of adults. Talk the race through with your coach and "
        "a parent, run it for fun, drink when thirsty, and stop when something hurts.",
    }.get(n.code, "")


def lever(f: Lever, units: str) -> str:
    """What the change is."""
    v = dict(f.values)
    if f.id == "pace":
        return f"Run {minutes(v['slower_s'])} slower"
    if f.id == "start":
        return f"Start even, not {fig.number(100 * v['fast'])} % fast"
    if f.id == "walk":
        return "Walk one minute at each station"
    if f.id == "drink":
        return f"Drink {volume(v['l_h'], units)} an hour, the most we'd allow"
    if f.id == "sodium":
        return f"Sodium, {fig.number(v['mg_h'])} mg an hour"
    if f.id == "carbohydrate":
        return f"Carbohydrate, {fig.number(v['g_h'])} g an hour"
    if f.id == "clothing":
        return "Lighter clothes"
    return f"A longest run of {km(v['m'], units)} in the month before"


def why(n: Note) -> str:
    """Why a lever or a figure is not suggested."""
    return {
        "changed-together": "too much changed at once since your last cramp to tell",
        "no-sodium": "not with what you named: a matter for whoever treats you",
        "no-drink-figures": "not with what you named: a matter for whoever treats you",
        "health-unknown": "not suggested: we don't know your health (--health)",
    }.get(n.code, "")


def health(n: Note, typed: bool = True) -> str:
    """What health takes out of the advice; ``typed``: with what to type, where there is something."""
    if n.code == "see-first":
        return f"You named {named(n.detail)}. Talk to whoever looks after that before you race."
    if n.code == "no-sodium":
        return f"No sodium, potassium or pickle juice is suggested: you named {named(n.detail)}."
    if n.code == "no-drink-figures":
        return f"How much to drink is for whoever looks after you: you named {named(n.detail)}. We give no figures."
    if n.code == "no-carbohydrate-figures":
        return "How much to eat is for whoever looks after your diabetes. We give no figures."
    if n.code == "low-energy":
        return HELP
    if n.code == "under-18":
        return "Under 18 there is no plan here."
    unknown = "We don't know your health, so we suggest no salt"
    return f"{unknown}: --health none, or --health kidney,diuretic" if typed else f"{unknown}."


def limit(f: Limit, units: str) -> str:
    """A limit, and how near the plan comes."""
    if f.id == "gain":
        return f"All cups together come to more than you lose {_in_simulated(f)}"
    if f.id == "sodium":
        return f"Blood sodium falls too low {_in_simulated(f)}"
    if f.id == "gut":
        most = "a few sips" if f.found < SIPS_L_H else volume(f.found, units)
        return f"At most {most} an hour to drink; a stomach takes {volume(f.limit, units)}"
    lost = fig.number(100 * f.found, 1)
    return f"About {lost} % of your weight would be lost; the ceiling is {fig.number(100 * f.limit)}"


def _in_simulated(f: Limit) -> str:
    """How often, and how often at the most: "in none of 100 simulated races"."""
    often = fig.number(100 * f.found, 1)
    share = "none" if f.found == 0 else "fewer than 0.1" if float(often) == 0 else often
    return f"in {share} of 100 simulated races (we allow {fig.number(100 * f.limit)})"


def limit_note(f: Limit) -> str:
    """What would let a plan allow more."""
    if f.note is None:
        return ""
    share = fig.number(100 * f.note.value("loss"), 1)
    lost = f"Expect to lose about {share} % of your weight, more than the {fig.number(100 * f.limit)} that we plan for"
    return f"{lost}; two weighings would let us allow more: charley log weight"


def assumed(n: Note, units: str) -> str:
    """What was taken from elsewhere because nobody said."""
    if n.code == "air":
        temp = fig.temperature(n.value("temp_c"), units)
        sd = n.value("sd_c") * (1.8 if units == "imperial" else 1.0)
        spread = f", give or take {fig.number(1.28 * sd)}" if sd else ""
        return {
            "told": f"{temp} at the start, as you said",
            "forecast": f"{temp} at the start, from the forecast{spread}",
            "climate": f"{temp} at the start, usual for the place and the day{spread}",
            "usual": f"{temp} at the start, as nobody knows the day{spread}",
        }[n.detail[0]]
    return {
        "course-flat": "a flat course, as the file or the question has no heights",
        "level-field": "your level: that of runners in general, as no best was given (--best)",
        "level-journal": "your level: from your runs, as no race of the last year is logged as one",
        "mass": f"body mass {fig.number(n.value('kg')) if n.code == 'mass' else ''} kg (--mass)",
        "sweat": "sweat rate: from heat balance, give or take 30 %"
        if n.code == "sweat" and n.value("weighings") < 2
        else "sweat rate: from your weighings in weather like this",
        "drink-usual": "you drink as runners usually do",
        "start-even": "you start even, as none of your races is known",
        "longest-usual": "a longest run that is usual for the distance (--longest)",
        "short-race": "over less than a half marathon the chance is carried down from longer races",
        "air-carried-on": "outside 10 to 30 °C sweat and heat are carried on from milder days",
    }.get(n.code, n.code)


def why_not_counted(n: Note | None) -> str:
    """Why a predictor is shown and not counted."""
    if n is None:
        return "counted"
    if n.code == "predictor-too-fast":
        return "shown, not counted: at least 10 minutes too fast for half of marathoners"
    return "shown, not counted: outside the range that it was shown to hold in"


def pace(s: Segment, units: str) -> str:
    """ "5:07 a km"."""
    return fig.pace(s.speed_m_s, units)


def ranges(a: RaceAnswer) -> str:
    """The ranges of the chances of the title, and the base rate."""
    assert a.chance is not None
    out = f"The range is {fig.chance_range(a.chance)}"
    if a.plan is not None:
        planned = fig.chance_range(a.plan.chance)
        out += " either way" if planned == fig.chance_range(a.chance) else f", with the plan {planned}"
    if a.base_rate is not None:
        out += f"; runners in general: {in_100(a.base_rate)}"
    return f"{out}."


def finish(a: RaceAnswer) -> str:
    """How long it takes: at own level, and running for the goal."""
    f = a.finish
    assert f is not None
    level = f"An even race at your level takes {clock(f.able.middle)} ({time_range(f.able)})"
    if a.race.goal_s is None:
        return f"{level}."
    reached = (
        "" if f.reach is None else f"; {fig.chance(f.reach)} in 100 runners like you could hold {clock(a.finish_s)}"
    )
    return f"{level}{reached}. Running for it ends in {time_range(f.expected)}."


def air_and_hills(f: FinishTime) -> str:
    """What the air of the day and the hills do to a time on the flat on a usual day."""
    heat = f.heat_factor
    least, most = sorted(100 * abs(v - 1) for v in (heat.low, heat.high))
    air = f"{fig.number(100 * abs(heat.mean - 1), 1)} % ({fig.number(least)} to {fig.number(most)})"
    if heat.low < 1 < heat.high:
        said = "The air is much as on a usual day"
    else:
        said = f"Against a usual day the air {'costs' if heat.mean > 1 else 'saves'} {air}"
    hills = 100 * (f.course_factor - 1)
    if abs(hills) < 0.05:
        return f"{said}; the course is as good as flat."
    return f"{said}; the hills {'cost' if hills > 0 else 'save'} {fig.number(abs(hills), 1)} %."


def price(a: RaceAnswer) -> str:
    """What a slower race buys."""
    pace = next((f for f in a.levers if f.id == "pace" and f.difference), None)
    if pace is None or pace.difference is None:
        return ""
    low, high = sorted((-100 * pace.difference.high, -100 * pace.difference.low))
    bought = f"{fig.number(-100 * pace.difference.mean)} in 100, between {fig.number(low)} and {fig.number(high)}"
    return f"The price of time: {minutes(pace.finish_difference_s)} slower buys {bought}."


def plan_line(a: RaceAnswer, p: Plan, units: str) -> str:
    """Pace, food and salt of the plan in a sentence or two."""
    taken = [
        f"{fig.number(amount)} {unit} an hour"
        for name, amount, unit in (
            ("carbohydrate", p.carbohydrate_g_h, "g of carbohydrate"),
            ("sodium", p.sodium_mg_h, "mg of sodium"),
        )
        if amount is not None and name not in p.at_habit
    ]
    eaten = f"; {fig.listing(taken)}" if taken else ""
    return f"The plan for {clock(p.finish_s)}: {paces(a, p, units)}{eaten}. {habits(p)}".strip()


SAME_PACE = 0.015


def paces(a: RaceAnswer, p: Plan, units: str) -> str:
    """ "4:59 a km, even", "5:03 a km at first, 4:42 at the end", "4:40 to 5:20 a km with the hills"."""
    speeds = [s.speed_m_s for s in p.segments]
    if max(speeds) - min(speeds) < SAME_PACE * max(speeds):
        return f"{fig.pace(a.race.course.distance_m / p.finish_s, units)}, even"
    if a.race.course.heights == "flat":
        return f"{fig.pace(speeds[0], units)} at first, {fig.pace(speeds[-1], units).split()[0]} at the end"
    return f"{fig.pace(max(speeds), units).split()[0]} to {fig.pace(min(speeds), units)} with the hills"


def drink_line(a: RaceAnswer, p: Plan, units: str) -> str:
    """Ceilings at the stations, those alike named together."""
    at: dict[str, list[str]] = {}
    for s in p.segments:
        if s.station and s.drink_most_l:
            at.setdefault(cups(s.drink_most_l, a.race.cup_l), []).append(fig.distance(s.to_m, units, 0))
    unit = fig.distance_unit(units)
    if not at:
        return "Drink to thirst, in sips: we can't be sure that you lose enough to make up for cups."
    listed = "; ".join(f"{amount} at {fig.listing(places)} {unit}" for amount, places in at.items())
    sips = "; elsewhere sips" if any(s.station and not s.drink_most_l for s in p.segments) else ""
    return f"Drink to thirst, never more than {listed}{sips}."


def habits(p: Plan) -> str:
    """What stays as the runner is used to."""
    given = {"sodium": p.sodium_mg_h, "carbohydrate": p.carbohydrate_g_h}
    kept = [name for name in given if name in p.at_habit and given[name] is not None]
    return f"{fig.upper_first(fig.listing(kept))} as you're used to." if kept else ""


def stretch(a: RaceAnswer, units: str) -> str:
    """Where on the road most of the risk lies."""
    if a.stretch is None:
        return ""
    low = fig.distance(a.stretch.from_m, units, 0)
    return f"Half of the risk lies between {low} and {km(a.stretch.to_m, units)}."


def log_line(a: RaceAnswer) -> str:
    """Whose figures these are."""
    if a.n_runs == 0:
        return "From published studies alone."
    return f"From {fig.count(a.n_runs, 'run')} of yours, {fig.count(a.n_cramps, 'cramp')} among them, and from studies."
