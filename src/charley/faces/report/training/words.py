"""What a training plan says, in sentences; two texts, for novices and for experienced runners."""

from __future__ import annotations

from charley.faces.report.wording import figures as fig
from charley.vocabulary.note import Note
from charley.vocabulary.training import NOVICE, TrainingPlan, TrainingWeek
from charley.vocabulary.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

HOW = {
    "novice": (
        "Get used to time on your feet first: easy runs at a pace at which you can talk, walking whenever you like. "
        "Faster running can wait until eight weeks of that have gone well."
    ),
    "experienced": (
        "Keep most runs easy, with one faster session a week. From the fourth week part of the long run is at goal "
        "pace: that is the length and the pace that your race will ask of your calves."
    ),
}
FASTER = {
    "none": "all easy",
    "strides": "4 strides of 20 s",
    "intervals": "5 × 3 min hard",
    "tempo": "20 min brisk",
}
PHASES = {"build": "", "lighter": "lighter", "taper": "taper", "race": "race", "recover": "recover"}
RAISES = {
    "both-2x10": "both legs 2 × 10",
    "both-3x15": "both legs 3 × 15",
    "one-3x8": "one leg 3 × 8",
    "one-3x12": "one leg 3 × 12",
    "one-3x15": "one leg 3 × 15",
    "one-3x12-5kg": "one leg 3 × 12, 5 kg",
    "one-3x15-10kg": "one leg 3 × 15, 10 kg",
}
# What stands behind each part: for cramps, for injuries, for the race itself. Claims and studies are named by id.
EVIDENCE = (
    ("For cramps: little. Nobody has tested a training plan against cramps. Getting used to the distance is sensible "
     "(C); calf raises are worth trying for twelve weeks (C); jumps are untested (D).", ("K15", "K31", "K32")),
    ("For injuries: no single run more than a tenth longer than your longest of 30 days (B). Adding at most a tenth a "
     "week failed its trial: 21 against 20 in 100 were injured (A).", ("K16",)),
    ("For the race: running about half as far in the last two weeks makes you faster (A).", ()),
)  # fmt: skip
MORE = "Nobody has tested a training plan against cramps. What has evidence, strength, shoes and all weeks: --full"
RAISING = (
    "Calf raises twice a week, straight knee and bent knee, slowly up and slowly down. Skip a day when the calf is "
    "sore."
)
LOG_RAISES = (
    'Log them: charley log strength "single-leg calf raise" --sets 3 --reps 12. The plan goes on from what you log.'
)
JUMPING = "Jumps and hops: 2 × 10 small ones after a warm-up, only where the table says so, never on a tired calf."
STYLE = (
    "How do you land? Let somebody film ten seconds from the side. Landing on the forefoot loads the calf more; nobody "
    "knows whether that brings cramps (D). Don't change it in the last eight weeks."
)
SHOES = (
    "New shoes: alternate them with the old pair for three weeks, and wear nothing new in the race (D). A lower heel "
    "loads the calf more (C): go down a few millimetres at a time, never within eight weeks of a race."
)
AFTERWARDS = "The week after the race: easy and short, or nothing. Sore calves get rest before they get raises."
PAIN = "A sharp pain, one swollen calf, or pain that grows over days: stop, and have it looked at."


def title(p: TrainingPlan, units: str) -> str:
    """Where it leads, in one sentence."""
    now, longest = p.trained.longest_m, longest_m(p)
    count = fig.count(len(p.weeks) - 1, "week")
    if now <= 0:
        return f"{count} to your race: build up to a longest run of {_long(longest, units)}."
    if longest <= now:
        return f"{count} to your race, with no run longer than the {_long(now, units)} that you have run already."
    return f"{count} to your race: from a longest run of {_long(now, units)} to {_long(longest, units)}, step by step."


def longest_m(p: TrainingPlan) -> float:
    """The longest run before the race."""
    return max((w.long_m for w in p.weeks if w.phase not in ("race", "recover")), default=p.trained.longest_m)


def kind(p: TrainingPlan, units: str) -> str:
    """Whose plan it is, and why."""
    if p.kind_known:
        return f"A plan for {'a novice' if p.kind == NOVICE else 'an experienced runner'}."
    week = _long(p.trained.week_m, units)
    held = "nothing is logged yet" if p.trained.week_m <= 0 else f"you've logged {week} a week"
    who = "a novice" if p.kind == NOVICE else "an experienced runner"
    return f"A plan for {who}, as {held}."


SAY_YEARS = "To say for how long you have run: --years 6"


def beyond(p: TrainingPlan, units: str) -> str:
    """How far the race goes beyond the longest run before it."""
    ratio = p.race_over_longest
    if ratio <= 1.1:
        return "You will have run about as far as the race."
    extra = f"{fig.number(100 * (ratio - 1))} % further than your longest run"
    if ratio > 1.6:
        return f"The race is {extra}, which is a lot: think about a shorter race, or a later one."
    return f"The race is {extra}: you will meet that last part on the day only."


def note(n: Note) -> str:
    """What the log says about how to begin."""
    if n.code == "missed-weeks":
        weeks = n.value("weeks")
        if weeks < 2:
            return "You've missed a week. Go on as if it had been a lighter one; don't make up for it."
        return (
            f"You've missed {fig.number(weeks)} weeks, so the plan begins at {fig.number(100 * n.value('share'))} % of "
            "what you were used to. Don't make up for what you missed."
        )
    if n.code == "spike":
        return (
            f"Last week's longest run was {fig.number(100 * (n.value('ratio') - 1))} % longer than any in the 30 days "
            "before it. In 5,205 runners such jumps went with more injuries (B). Keep this week's shorter."
        )
    if n.code == "week-jump":
        return (
            f"Last week was {fig.number(100 * (n.value('ratio') - 1))} % more than the four before it. By the ten "
            "percent rule that is too much; its trial found no difference (A). Watch the single long run instead."
        )
    if n.code == "nothing-logged":
        return "No run of the last 30 days is in your journal. If you have run, begin where you are."
    if n.code == "later":
        return f"{fig.upper_first(fig.number(n.value('weeks')))} weeks before the plan begins: keep running as you do."
    return "There is little time: nothing you do now makes you fitter for it. Stay healthy, and start easy."


def row(w: TrainingWeek, units: str) -> tuple[str, str, str, str, str, str]:
    """Cells of a week: start, distance, runs, long run, faster running, calf raises."""
    if w.phase == "race":
        long = "the race"
    elif w.long_min is not None:
        long = f"{_time(w.long_min)} ({_long(w.long_m, units)})"
    else:
        goal = f", {fig.distance(w.goal_m, units, 0)} at goal" if w.goal_m else ""
        long = f"{_long(w.long_m, units)}{goal}"
    raises = RAISES.get(w.raises, "")
    week = "" if w.phase == "race" else fig.distance(w.week_m, units, 0)
    return (
        f"{w.starts_on.day} {w.starts_on:%b}", week, "" if w.phase == "race" else str(w.runs), long,
        PHASES[w.phase] if w.phase in ("race", "recover") else FASTER[w.faster],
        raises + (" + jumps" if w.jumps else ""),
    )  # fmt: skip


def _long(metres: float, units: str) -> str:
    return f"{fig.distance(metres, units, 0)} {fig.distance_unit(units)}"


def _time(minutes: float) -> str:
    rounded = round(minutes / 5.0) * 5
    hours, rest = divmod(rounded, int(SECONDS_PER_HOUR / SECONDS_PER_MINUTE))
    return f"{hours} h {rest:02d}" if hours else f"{rest} min"
