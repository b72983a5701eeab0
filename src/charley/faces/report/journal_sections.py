"""What an answer over a whole journal says beside that for one run: one list of sections, for text and page alike.

Families stand first. Nothing is called a cause; without a logged cramp nothing is ranked; each figure of the log has
what studies alone would say beside it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from charley.faces.report import figures as fig
from charley.vocabulary.answer import Why
from charley.vocabulary.over_journal import ButFor, Family, LoggedCramp, OverJournal, Personal, RacesAgainstTraining
from charley.vocabulary.units import pace_s_km_from_speed

PHASES = {
    "during": "in runs",
    "after_0_1h": "in the hour after",
    "after_1_6h": "one to six hours after",
    "night": "at night",
}
SMALL = 0.1  # below this share a family is not named, as the engine has it
_MOST_CRAMPS = 8  # the page and the JSON have all
_LEAST_BUT_FOR = 0.02
DRIVERS = "Single factors in a fixed order; their shares overlap, and this list ranks nothing"
BUT_FOR = "Each cramp: of 100 such moments, so many would not have cramped without it"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its lines."""

    id: str
    heading: str
    lines: tuple[str, ...]


def of(answer: Why) -> OverJournal:
    """What holds over all runs. ValueError for an answer from one file."""
    if answer.journal is None:
        raise ValueError("an answer from one file has nothing to say over a journal")
    return answer.journal


def title(answer: Why) -> str:
    """The one sentence at the top."""
    over = of(answer)
    log = f"{fig.count(answer.n_cramps, 'logged cramp')} in {fig.count(answer.n_runs, 'run')}"
    if not over.ranked:
        return f"No cramp is logged in {fig.count(answer.n_runs, 'run')}: what drives yours, nobody can tell yet."
    first = over.families[0]
    now, studies = fig.chance(first.main), fig.chance(first.main_studies)
    moved = f"{now} in 100 likely; studies alone: {studies}"
    if over.verdict == "most_likely":
        return f"{log}. Most likely the main driver: {first.label.lower()} ({moved})."
    if over.verdict == "leans":
        return f"{log}. It leans to {first.label.lower()} ({moved})."
    if first.share.mean < SMALL:
        joint = fig.number(max(100 * over.joint.mean, 0.0))
        return f"{log}. Can’t tell yet: all that is modelled together would take away {joint} in 100 of such cramps."
    second = over.families[1].label.lower() if len(over.families) > 1 else "nothing else"
    return f"{log}. Can’t tell yet: {first.label.lower()} ({moved}) or {second}."


def sections(answer: Why, units: str) -> list[Section]:
    """All sections in their order."""
    over = of(answer)
    found = [
        Section("families", _families_heading(over), _families(answer)),
        Section("cramps", BUT_FOR, _cramps(over, units)),
        Section("place", "Does it come at the same place?", _place(over, units)),
        Section("races", "Races and training", _races(over.races, units)),
        Section("leg", "One leg", _leg(over)),
        Section("groups", "Three kinds of cramps, never pooled", _groups(over)),
        Section("personal", "Your body, as learnt from your runs", tuple(_personal(p, units) for p in over.personal)),
        Section("changed", "What changed since the last answer", _changed(answer)),
    ]
    return [s for s in found if s.lines]


def _families_heading(over: OverJournal) -> str:
    if not over.ranked:
        return "What studies say of runs like yours, in a fixed order; nothing is ranked"
    return f"Four families first, judged over your {over.n_hard} hard runs"


def _families(answer: Why) -> tuple[str, ...]:
    over = of(answer)
    lines = [_family(f, over.ranked) for f in over.families]
    lines.append(f"All of them together: {fig.share(over.joint)} in 100; the rest is unexplained.")
    if over.ranked:
        if over.mostly_studies:
            lines.append("So few cramps say little of causes: this is mostly what is known of runners in general.")
        single = next((d.label for d in answer.drivers if d.id == over.single), None)
        if single is None:
            lines.append("Which single factor of a family it is, the log cannot tell yet.")
        else:
            p = fig.chance(over.single_probability)
            lines.append(f"Single factor: most likely “{fig.lower_first(fig.clean(single))}” ({p} in 100).")
    silent = answer.n_runs - over.n_answered
    if silent:
        lines.append(
            f"Of {fig.count(silent, 'run')} nothing was said; that is not taken for “no cramp”. charley log none"
        )
    return tuple(lines)


def _family(family: Family, ranked: bool) -> str:
    share = f"{fig.share(family.share)} in 100 of the cramps of such runs would not come without it"
    if not ranked:
        return f"{family.label}: {share}."
    return (
        f"{family.label}: the main driver with {fig.chance(family.main)} in 100 (studies alone: "
        f"{fig.chance(family.main_studies)}); {share}."
    )


def _cramps(over: OverJournal, units: str) -> tuple[str, ...]:
    lines = [_cramp(c, units) for c in over.cramps[-_MOST_CRAMPS:]]
    if len(over.cramps) > _MOST_CRAMPS:
        lines.insert(0, f"The latest {_MOST_CRAMPS} of {len(over.cramps)}; --json has all.")
    return tuple(lines)


def _cramp(cramp: LoggedCramp, units: str) -> str:
    where = (
        f"at {fig.distance_with_unit(cramp.at_m, units)}"
        if cramp.at_m is not None
        else f"between {fig.distance_with_unit(cramp.from_m, units)} and {fig.distance_with_unit(cramp.to_m, units)}"
    )
    kind = "race" if cramp.race else "training"
    without = [b for b in sorted(cramp.families, key=lambda b: -b.chance.mean) if b.chance.mean >= _LEAST_BUT_FOR]
    said = "; ".join(f"{b.label.lower()} {_but_for(b)}" for b in without) or "nothing that is modelled stood out"
    helped = f"; kinder than usual: {', '.join(p.lower() for p in cramp.protective)}" if cramp.protective else ""
    day = f"{cramp.started_at.day} {cramp.started_at:%b %Y}"
    return f"{day}, {kind} of {fig.distance_with_unit(cramp.run_distance_m, units)}, {where}: {said}{helped}."


def _but_for(but_for: ButFor) -> str:
    return f"{fig.chance(but_for.chance.mean)} ({fig.chance_range(but_for.chance)})"


def _place(over: OverJournal, units: str) -> tuple[str, ...]:
    place = over.same_place
    if place is None:
        return ()
    middle, low, high = (fig.distance(m, units) for m in (place.median_m, place.low_m, place.high_m))
    share = f"{fig.number(100 * place.low_share)} to {fig.number(100 * place.high_share)} % of the way"
    exact = fig.count(place.cramps, "cramp")
    return (f"{exact} with a known place: middle {middle} {fig.distance_unit(units)} ({low} to {high}), {share}.",)


def _races(races: RacesAgainstTraining, units: str) -> tuple[str, ...]:
    if not races.races and not races.training:
        return ()
    lines = [
        f"Races: {races.races_cramped} cramped of {races.races_answered} answered ({races.races} in all). Long "
        f"training: {races.training_cramped} of {races.training_answered} ({races.training} in all)."
    ]
    for c in races.contrasts:
        if c.races is not None and c.training is not None:
            lines.append(f"{c.label}: {_shown(c.races, c.unit, units)} against {_shown(c.training, c.unit, units)}.")
    for a, b in races.inseparable:
        lines.append(f"{a} and {b.lower()} always came together: your data cannot tell them apart.")
    return tuple(lines)


def _shown(value: float, unit: str, units: str) -> str:
    if unit == "m":
        return fig.distance_with_unit(value, units)
    if unit == "s":
        return fig.clock(value)
    if unit == "m/s":
        per = fig.metres_per_unit(units) / 1000.0
        return f"{fig.clock(pace_s_km_from_speed(value) * per)} per {fig.distance_unit(units)}"
    return f"{fig.number(value, 1)} {unit}"


def _leg(over: OverJournal) -> tuple[str, ...]:
    leg = over.one_leg
    if leg is None:
        return ()
    return (
        f"{leg.same} of {leg.told} cramps with a side were in the {leg.side} leg. A local cause? An old injury, a "
        "nerve at the back, the calf itself: have someone look at that leg.",
    )


def _groups(over: OverJournal) -> tuple[str, ...]:
    lines = []
    for group in over.groups:
        if not group.cramps and not group.note:
            continue
        windows = ", ".join(f"{n} {PHASES[w]}" for w, n in group.windows if n)
        text = f"{group.label} ({group.id}): {fig.count(group.cramps, 'cramp')}"
        text += f" ({windows})" if windows else ""
        lines.append(f"{text}{'; ' + group.note if group.note else ''}.")
    return tuple(lines)


def _personal(item: Personal, units: str) -> str:
    anybody = f"; for anybody {_quantity(item.anybody, item.unit, units)}" if item.anybody else ""
    return f"{item.label}: {_quantity(item.estimate, item.unit, units)}{anybody}. From {item.learnt_from}."


def _quantity(value: Any, unit: str, units: str) -> str:
    if unit == "m/s":
        per = fig.metres_per_unit(units) / 1000.0
        mean, slow, fast = (fig.clock(pace_s_km_from_speed(v) * per) for v in (value.mean, value.low, value.high))
        return f"{mean} per {fig.distance_unit(units)} ({slow} to {fast})"
    if unit == "m":
        low, high = fig.distance(value.low, units), fig.distance(value.high, units)
        return f"{fig.distance_with_unit(value.mean, units)} ({low} to {high})"
    return str(fig.quantity(value, unit, units))


def _changed(answer: Why) -> tuple[str, ...]:
    over = of(answer)
    if over.before is None:
        return ()
    was = over.before
    more = [
        f"{fig.number(now - then, plus=True)} {what}"
        for what, now, then in (("runs", answer.n_runs, was.n_runs), ("cramps", answer.n_cramps, was.n_cramps))
        if now != then
    ]
    lines = [f"Since {was.made_at.day} {was.made_at:%b %Y}: {', '.join(more) or 'answers, but no run and no cramp'}."]
    then = dict(was.families)
    for family in over.families if over.ranked else ():
        if family.id in then:
            lines.append(
                f"{family.label} as the main driver: from {fig.chance(then[family.id])} to "
                f"{fig.chance(family.main)} in 100."
            )
    return tuple(lines)


def as_json(answer: Why) -> dict[str, Any]:
    """The same as plain values, beside the keys of an answer from one file."""
    from charley.faces.report.json import plain

    over = of(answer)
    return {"journal": plain(asdict(over)), "families": plain([asdict(f) for f in over.families])}
