"""What an answer over a whole journal says beside that for one run: one list of sections, for text and page alike.

The plain tables stand first, then the families. Without a logged cramp nothing is ranked; each figure of the log has
beside it what it was before the cramps were counted. What a picture or a table of the page shows stands in ``lines``
for the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from charley.faces.report.wording import figures as fig
from charley.faces.report.wording import journal_causes as causes
from charley.faces.report.wording import plain_tables
from charley.vocabulary.answer import Why
from charley.vocabulary.units import SECONDS_PER_MINUTE, pace_s_km_from_speed

if TYPE_CHECKING:
    from charley.vocabulary.over_journal import (
        ButFor,
        Clustering,
        LoggedCramp,
        OverJournal,
        Personal,
        RacesAgainstTraining,
    )

PHASES = {
    "during": "in runs",
    "after_0_1h": "in the hour after",
    "after_1_6h": "one to six hours after",
    "night": "at night",
}
MOST_CRAMPS = 8  # in words and bars; the table of the page and the JSON have all
MOST_ROWS = 16  # the latest cramps in a table; the JSON has all
LEAST_BUT_FOR = 0.02
LEAST_PLACES = 3  # places from which a stretch of road is named
DRIVERS = "Single factors in a fixed order; their shares overlap, so nothing is ranked"
CHANCE_ASSUMED = (
    "“By chance” means: we put each cramp back at random where its own run made one likely, mostly late in long runs, "
    "and looked again. We look at the same cramps in several ways, so one of them is below 5 in 100 by luck more often "
    "than that."
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what a picture or table of the page shows in words, and notes that stand beside either. ``fold``: on
    the page it is folded, and this stands beside its heading; None: it stands open."""

    id: str
    heading: str
    lines: tuple[str, ...]
    notes: tuple[str, ...] = ()
    fold: str | None = None


def of(answer: Why) -> OverJournal:
    """What holds over all runs. ValueError for an answer from one file."""
    if answer.journal is None:
        raise ValueError("an answer from one file says nothing about a journal")
    return answer.journal


def title(answer: Why) -> str:
    """The one sentence at the top."""
    return causes.title(answer, of(answer), fig.denominator(answer))


def cause(answer: Why, units: str) -> str:
    """What drives this runner's cramps, as far as the log can tell, in two or three sentences."""
    return causes.how_sure(answer, of(answer), fig.denominator(answer), units)


def change(answer: Why, units: str) -> str:
    """The one change to make, or that none stands out."""
    return causes.change(of(answer), fig.denominator(answer), units)


def span(answer: Why) -> str:
    """Over which years and how many answers: "400 runs, 3 Jun 2023 to 1 Mar 2026; you've told us about 328 of them"."""
    over = of(answer)
    if not over.runs:
        return ""
    first, last = (date(r.started_at) for r in (over.runs[0], over.runs[-1]))
    when = first if first == last else f"{first} to {last}"
    them = "it" if answer.n_runs == 1 else "any of them" if not over.n_answered else f"{over.n_answered} of them"
    told = "you've told us about" if over.n_answered else "you haven't told us yet about"
    return f"{fig.count(answer.n_runs, 'run')}, {when}; {told} {them}."


def date(moment: Any) -> str:
    """A day as a reader has it: "5 Oct 2024"."""
    return f"{moment.day} {moment:%b %Y}"


def sections(answer: Why, units: str) -> list[Section]:
    """All sections in their order."""
    over, ten = of(answer), fig.denominator(answer)
    races = over.races
    found = [
        Section("tables", _tables_heading(over, units), plain_tables.lines(over.tables, units), _table_notes(over)),
        Section("families", _families_heading(over, ten), _families(answer), _family_notes(answer)),
        Section("place", _place_heading(over, units), _place(over, units)),
        Section("next", "Your next hard run", (), _next(over, units, ten), fig.in_100(over.next_hard_run.chance, ten)),
        Section("closer", "Closer together than chance?", _closer(over, units, ten), (),
                "yes" if _closer_axes(over) else "can't tell"),
        Section("cramps", "Cramp by cramp", _cramps(over, units, ten), (), fig.count(len(over.cramps), "cramp")),
        Section("races", _races_heading(races), _races(races, units), _race_notes(races),
                f"{races.races_cramped} and {races.training_cramped}" if over.cramps else ""),
        Section("after", "Hours after the run, and nights", _groups(over), (*_after(over, ten), *_group_notes(over)),
                fig.count(sum(h.cramped for h in over.hours_after), "cramp")),
        Section("personal", "Your body, from your runs", tuple(_personal(p, units) for p in over.personal), (),
                fig.count(len(over.personal), "figure")),
        Section("changed", "What has changed", (), _changed(answer), ""),
    ]  # fmt: skip
    return [s for s in found if s.lines or s.notes]


def _tables_heading(over: OverJournal, units: str) -> str:
    if not over.tables.tables:
        return "Plain counting: too few hard runs to compare"
    found = over.tables.standing_out
    if not found:
        return "Plain counting: nothing we compared stands out"
    return plain_tables.counts(found[0], units)


def _table_notes(over: OverJournal) -> tuple[str, ...]:
    tables = over.tables
    if not tables.tables:
        return ()
    notes = [f"Counting alone, no model, over {fig.count(tables.hard, 'hard run')} that you told us about."]
    if tables.standing_out:
        notes.append(plain_tables.NO_PROOF)
    else:
        notes.append(plain_tables.luck(tables.tables[0].by_chance, tables.looked_at))
    notes = [" ".join(notes)]
    return (*notes, *filter(None, (_leg(over),)), *(plain_tables.misfit(m) for m in over.misfits))


def _families_heading(over: OverJournal, ten: int) -> str:
    if not over.ranked:
        return "What studies say about runs like yours, in a fixed order; nothing is ranked"
    found = causes.named(over)
    if not found:
        return "Four families of causes, and none of these: they can't be told apart"
    rest = "The rest can't be told apart" if len(found) < len(over.families) else ""
    return f"{causes.moved(found[0], ten)} {rest}".strip()


def _families(answer: Why) -> tuple[str, ...]:
    over, ten = of(answer), fig.denominator(answer)
    lines = [causes.family(f, over, ten) for f in over.families]
    return (*lines, causes.none_of_these(over, ten), causes.length(over, ten))


def _family_notes(answer: Why) -> tuple[str, ...]:
    over = of(answer)
    lines = [] if over.tables.tables else [plain_tables.misfit(m) for m in over.misfits]
    lines.append(
        f"Judged over {causes.HARD_RULES[over.hard_rule]}; without a family means with as little of it as in the "
        "quarter of these runs that had least."
    )
    silent = answer.n_runs - over.n_answered
    if silent:
        which = fig.count(silent, "run") if answer.n_runs > 1 else "your run"
        lines.append(
            f"You haven't told us about {which}. Silence doesn't count as “no cramp”. To record one: charley log none"
        )
    return tuple(lines)


def _next(over: OverJournal, units: str, ten: int) -> tuple[str, ...]:
    run = over.next_hard_run
    first = (
        f"A hard run like your usual one ({fig.distance_with_unit(run.distance_m, units)}): "
        f"{fig.in_100(run.chance, ten)} that a leg muscle cramps; your calves, {fig.in_100(run.calf, ten)}."
    )
    return first, f"Before your cramps were counted: {fig.in_100(run.before, ten)}."


def _after(over: OverJournal, ten: int) -> tuple[str, ...]:
    if not any(h.asked for h in over.hours_after):
        return ()
    apart = "They are another kind, so they don't move what is said about your runs."
    return (*(causes.hours_after(h, ten) for h in over.hours_after), apart)


def but_for_asks(ten: int) -> str:
    """What the bars of a cramp count."""
    return f"Of {ten} such moments, how many wouldn't have brought a cramp without it."


def _cramps(over: OverJournal, units: str, ten: int) -> tuple[str, ...]:
    lines = [_cramp(c, units, ten) for c in over.cramps[-MOST_CRAMPS:]]
    if not lines:
        return ()
    lines.insert(0, but_for_asks(ten))
    if len(over.cramps) > MOST_CRAMPS:
        lines.insert(1, f"The latest {MOST_CRAMPS} of {len(over.cramps)}; --json has all.")
    return tuple(lines)


def where(cramp: LoggedCramp, units: str) -> str:
    """Where a cramp was: "at 33.7 km", "between 30.0 and 35.0 km", "after 30.0 km", "somewhere in this run"."""
    if cramp.at_m is not None:
        return f"at {fig.distance_with_unit(cramp.at_m, units)}"
    low, high = (fig.distance_with_unit(m, units) for m in (cramp.from_m, cramp.to_m))
    open_start, open_end = cramp.from_m < 1, cramp.to_m > cramp.run_distance_m - 1
    if open_start and open_end:
        return "somewhere in this run"
    if open_end:
        return f"after {low}"
    if open_start:
        return f"before {high}"
    return f"between {low.removesuffix(f' {fig.distance_unit(units)}')} and {high}"


def kind(cramp: LoggedCramp, units: str) -> str:
    """ "race of 42.2 km"."""
    return f"{'race' if cramp.race else 'training'} of {fig.distance_with_unit(cramp.run_distance_m, units)}"


def _cramp(cramp: LoggedCramp, units: str, ten: int) -> str:
    without = [b for b in sorted(cramp.families, key=lambda b: -b.chance.mean) if b.chance.mean >= LEAST_BUT_FOR]
    said = "; ".join(f"{b.label.lower()} {but_for(b, ten)}" for b in without) or "nothing in the model stood out"
    helped = f"; in your favour: {', '.join(p.lower() for p in cramp.protective)}" if cramp.protective else ""
    return f"{date(cramp.started_at)}, {kind(cramp, units)}, {where(cramp, units)}: {said}{helped}."


def but_for(found: ButFor, ten: int) -> str:
    """ "15 (4 to 27)"."""
    return f"{fig.chance(found.chance.middle, ten)} ({fig.chance_range(found.chance, ten)})"


def _place_heading(over: OverJournal, units: str) -> str:
    place = over.same_place
    if closer := _closer_axes(over):
        return f"Your cramps lie closer together than chance {fig.listing(closer)}"
    if place is None or place.cramps < LEAST_PLACES:
        return "The same place every time? Too few cramps to tell"
    low, high = place.low_m, place.high_m
    within = sum(c.at_m is not None and low <= c.at_m <= high for c in over.cramps)
    stretch = f"{fig.distance(low, units, 0)} and {fig.distance_with_unit(high, units, 0)}"
    return f"{within} of {fig.count(len(over.cramps), 'cramp')} came between {stretch}"


def _closer_axes(over: OverJournal) -> list[str]:
    return [_AXES[c.axis] for c in over.same_place.clustering if c.verdict == "closer"] if over.same_place else []


_AXES = {"distance": "along the distance", "time": "by the clock", "course": "on the map"}


def _place(over: OverJournal, units: str) -> tuple[str, ...]:
    place = over.same_place
    if place is None:
        return ()
    middle, low, high = (fig.distance(m, units) for m in (place.median_m, place.low_m, place.high_m))
    share = f"{fig.number(100 * place.low_share)} to {fig.number(100 * place.high_share)} % of the way"
    exact = fig.count(place.cramps, "cramp")
    return (f"{exact} with a known place: middle {middle} {fig.distance_unit(units)} ({low} to {high}), {share}.",)


def _closer(over: OverJournal, units: str, ten: int) -> tuple[str, ...]:
    found = over.same_place.clustering if over.same_place else ()
    lines = [_clustering(c, units, ten) for c in found]
    if any(c.by_chance is not None for c in found):
        lines.append(CHANCE_ASSUMED)
    return tuple(lines)


def _clustering(found: Clustering, units: str, ten: int) -> str:
    if found.axis == "course":
        spot = f"{fig.short_distance(found.within_m, units)} of one spot"
        seen = f"On the map: at most {fig.number(found.figure)} of {found.cramps} within {spot}"
        if found.expected is None or found.by_chance is None:
            return f"{seen}; too few to tell that from chance."
        usual = f"by chance {fig.span(fig.number(found.expected.low), fig.number(found.expected.high))}"
        return f"{seen}; {usual}. By chance alone as many: {fig.told(found.by_chance, ten)} such logs.{_said(found)}"
    metres = found.axis == "distance"
    unit = fig.distance_unit(units) if metres else "min"

    def shown(value: float) -> str:
        return fig.distance(value, units) if metres else fig.number(value / SECONDS_PER_MINUTE)

    seen = f"{'From the start' if metres else 'By the clock'}: two of them lie {shown(found.figure)} {unit} apart"
    if found.expected is None or found.by_chance is None:
        return f"{seen}; too few to tell that from chance."
    e = found.expected
    return (
        f"{seen} on average; by chance {shown(e.middle)} ({shown(e.low)} to {shown(e.high)}). As close by luck: "
        f"{fig.told(found.by_chance, ten)} such logs.{_said(found)}"
    )


def _said(found: Clustering) -> str:
    return " That is closer than tired legs late in a run explain." if found.verdict == "closer" else " Can't tell."


def _races_heading(races: RacesAgainstTraining) -> str:
    told = races.races_answered and races.training_answered
    if told and races.races_cramped and not races.training_cramped:
        return "Races and training: so far only in races"
    if told and races.training_cramped and not races.races_cramped:
        return "Races and training: so far only in training"
    return "Races and training"


def _races(races: RacesAgainstTraining, units: str) -> tuple[str, ...]:
    if not races.races and not races.training:
        return ()
    lines = [_race_counts(races)]
    for c in races.contrasts:
        if c.races is not None and c.training is not None:
            lines.append(f"{c.label}: {shown(c.races, c.unit, units)} against {shown(c.training, c.unit, units)}.")
    return tuple(lines)


def _race_counts(races: RacesAgainstTraining) -> str:
    return (
        f"Races: {races.races_cramped} cramped of {races.races_answered} answered ({races.races} in all). Long "
        f"training: {races.training_cramped} of {races.training_answered} ({races.training} in all)."
    )


def _race_notes(races: RacesAgainstTraining) -> tuple[str, ...]:
    return tuple(
        f"{a} and {b.lower()} always came together: your data cannot tell them apart." for a, b in races.inseparable
    )


def shown(value: float, unit: str, units: str) -> str:
    """A figure of a race or a training run, in the reader's units."""
    if unit == "m":
        return fig.distance_with_unit(value, units)
    if unit == "s":
        return fig.clock(value)
    if unit == "m/s":
        per = fig.metres_per_unit(units) / 1000.0
        return f"{fig.clock(pace_s_km_from_speed(value) * per)} per {fig.distance_unit(units)}"
    if unit == "longer":
        size = fig.number(100 * abs(value))
        return "as long" if size == "0" else f"{size} % {'longer' if value > 0 else 'shorter'}"
    if unit.endswith(" more"):
        size = fig.number(abs(value), 1)
        return "the same" if float(size) == 0 else f"{size} {unit if value > 0 else unit.removesuffix('more') + 'less'}"
    if unit == "°C":
        return fig.temperature(value, units)
    return f"{fig.number(value, 1)} {unit}"


def _leg(over: OverJournal) -> str:
    """Left against right, with what stands in neither; "" where no side was told."""
    said, sides = plain_tables.leg(over.tables.leg), over.sides
    more = [f"{n} {name}" for n, name in ((sides.both, "in both"), (sides.unsaid, "of which you told no side")) if n]
    return f"{said} Beside these: {fig.listing(more)}." if said and more else said


def _groups(over: OverJournal) -> tuple[str, ...]:
    lines = []
    for group in over.groups:
        if not group.cramps:
            continue
        windows = ", ".join(f"{n} {PHASES[w]}" for w, n in group.windows if n)
        lines.append(f"{group.label} ({group.id}): {fig.count(group.cramps, 'cramp')} ({windows}).")
    return tuple(lines)


def _group_notes(over: OverJournal) -> tuple[str, ...]:
    return tuple(f"{g.label} ({g.id}): {g.note}." for g in over.groups if g.note)


def _personal(item: Personal, units: str) -> str:
    anybody = f"; for anybody {quantity(item.anybody, item.unit, units)}" if item.anybody else ""
    return f"{item.label}: {quantity(item.estimate, item.unit, units)}{anybody}. From {item.learnt_from}."


def quantity(value: Any, unit: str, units: str) -> str:
    """What was learnt of the runner, in the reader's units."""
    if unit == "m/s":
        per = fig.metres_per_unit(units) / 1000.0
        mean, slow, fast = (fig.clock(pace_s_km_from_speed(v) * per) for v in (value.middle, value.low, value.high))
        return f"{mean} per {fig.distance_unit(units)} ({slow} to {fast})"
    if unit == "m":
        low, high = fig.distance(value.low, units), fig.distance(value.high, units)
        return f"{fig.distance_with_unit(value.middle, units)} ({low} to {high})"
    return str(fig.quantity(value, unit, units))


def _changed(answer: Why) -> tuple[str, ...]:
    over, ten = of(answer), fig.denominator(answer)
    if over.before is None:
        return ()
    was = over.before
    more = [
        f"{fig.number(now - then, plus=True)} {what}"
        for what, now, then in (("runs", answer.n_runs, was.n_runs), ("cramps", answer.n_cramps, was.n_cramps))
        if now != then
    ]
    lines = [f"Since {date(was.made_at)}: {', '.join(more) or 'answers, but no run and no cramp'}."]
    then = dict(was.families)
    for family in over.families if over.ranked else ():
        if family.id in then and (before := fig.number(ten * then[family.id])) != fig.number(ten * family.share.middle):
            lines.append(f"{family.label}: from {before} to {fig.share_told(family.share, ten)}.")
    if len(lines) == 1:
        lines.append("No figure of the families moved.")
    return tuple(lines)
