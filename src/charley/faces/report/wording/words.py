"""Sentences from figures: every sentence of the report, and the rules for what may be said.

Without a log nothing is ranked: all that can be said of causes is then from studies, and the drivers keep a fixed
order. With a log, a driver is named first only if its whole range lies above that of every other one.
"""

from __future__ import annotations

from dataclasses import dataclass

from charley.faces.report.wording import asked, journal_sections, notes, place
from charley.faces.report.wording import figures as fig
from charley.vocabulary.answer import Driver, Why, WouldTell
from charley.vocabulary.evidence import GRADES
from charley.vocabulary.note import RANGE
from charley.vocabulary.words import words as fixed

FEW_CRAMPS = 3  # below this a log says little of causes, and the report says so
ALL_STUDIES = 0.995  # a prior share that reads as 100 in 100

RED_FLAGS = (
    "One swollen calf, dark urine, chest pain, trouble breathing, confusion, a pop above the heel, or pain that grows "
    "at rest: get medical care now."
)
NOT_RULED_OUT = "Having none of these signs does not rule anything out. See someone if it keeps coming back."
HOW_TO_READ = (
    "The first figure is the middle estimate; 8 times out of 10 it lies between the two in brackets. The letter grades "
    "the evidence, A the strongest."
)
OVERLAP = "The shares overlap, so they don't add up to 100."
DEMO = "DEMO: an invented runner. No figure here is about you."
GRADE_KEY = "; ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items())


def share_key(answer: Why) -> str:
    """What a share counts."""
    return f"out of {fig.denominator(answer)} cramps like this, how many wouldn't have come without it"


@dataclass(frozen=True, slots=True)
class Title:
    """The one title sentence; only ``cramp`` wears the colour of the cramp."""

    before: str
    cramp: str
    after: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.before, self.cramp, self.after) if part)


def _who(answer: Why) -> str:
    assert answer.cramp is not None
    muscle = fig.clean(answer.cramp.muscle).replace("_", " ").lower() or "leg"
    if answer.cramp.side == "both":
        many = {"calf": "calves", "quadriceps": "quadriceps", "foot": "feet"}.get(muscle, f"{muscle}s")
        return f"Both your {many}"
    return f"Your {answer.cramp.side} {muscle}" if answer.cramp.side in ("left", "right") else f"Your {muscle}"


def from_studies_only(answer: Why) -> bool:
    """True while no log has moved the answer."""
    return answer.prior_share >= ALL_STUDIES


def standing_out(drivers: tuple[Driver, ...]) -> Driver | None:
    """The driver whose whole range lies above zero and above all other ranges, if there is one."""
    for one in drivers:
        others = [d.share.high for d in drivers if d is not one]
        if others and one.share.low > max(0.0, *others):
            return one
    return None


def all_overlap(drivers: tuple[Driver, ...]) -> bool:
    """True if every two ranges share some value."""
    return bool(drivers) and max(d.share.low for d in drivers) <= min(d.share.high for d in drivers)


def best_two(drivers: tuple[Driver, ...]) -> list[Driver]:
    """The two drivers with the highest means, in the fixed order of families."""
    top = sorted(drivers, key=lambda d: -d.share.mean)[:2]
    return [d for d in drivers if d in top]


def _names(drivers: list[Driver]) -> str:
    """Drivers by their labels within a sentence."""
    return fig.listing([f"“{fig.lower_first(fig.clean(d.label))}”" for d in drivers])


def scope() -> str:
    """What this is and is not."""
    return f"{fixed('scope.line')} {NOT_RULED_OUT}"


def title(answer: Why, units: str) -> Title:
    """The one sentence at the top: what happened, and whether one cause can be told."""
    if answer.journal is not None:
        return Title(journal_sections.title(answer), "", "")
    if answer.cramp is None:
        return Title(
            "No cramp was reported in this run.",
            "",
            f"Its chance beforehand was {fig.in_100(answer.chance)}; "
            f"for runners in general, {fig.in_100(answer.base_rate)}.",
        )
    return Title(_who(answer), f"cramped {place.in_words(answer, units)}.", _verdict(answer))


def _verdict(answer: Why) -> str:
    if from_studies_only(answer):
        return "One run can't tell you why."
    if answer.n_cramps < FEW_CRAMPS:
        return "Your log is too short to tell one cause."
    first = standing_out(answer.drivers)
    if first is not None:
        return (
            f"In your log one driver stands out: {_names([first])}, "
            f"{fig.number(100 * first.share.middle)} in 100 such cramps ({fig.share_range(first.share)})."
        )
    if len(answer.drivers) < 2:
        return "Can’t tell one cause yet."
    return f"Can’t tell one cause yet: {_names(best_two(answer.drivers))} fit best, and their ranges overlap."


UP_FRONT = ("several-runs", "walked")  # warnings that say which run it is; what stands in brackets is told below
SEVERITY = {1: "You kept running.", 2: "It slowed you down.", 3: "It made you walk.", 4: "It stopped you."}


def occasion(answer: Why, units: str) -> str:
    """When it was, in which run, and what it made the runner do."""
    run = answer.run
    day = f"{run.started_at.day} {run.started_at:%B %Y}"
    far = f"{fig.distance_with_unit(run.distance_m, units)} and " if place.has_distance(answer.strip) else ""
    size = f"a run of {far}{fig.clock(run.elapsed_s)} on {day}"
    cramp = answer.cramp
    if cramp is None or cramp.at_s is None:
        when = f"{fig.upper_first(size)}."
    else:
        when = f"{fig.clock(cramp.at_s)} into {size}."
    then = SEVERITY.get(cramp.severity or 0, "") if cramp is not None else ""
    sports = "".join(f" {notes.other_sports(n)}." for n in answer.notes if n.code == "other-sports")
    told = "".join(f" {fig.upper_first(w.text.split(' (')[0])}." for w in answer.warnings if w.code in UP_FRONT)
    return f"{when} {then}".strip() + told + sports


def subject(answer: Why) -> str:
    """What was asked about: a file, or the journal."""
    return fig.clean(answer.run.file_name) if answer.journal is None else "your journal"


def lede(answer: Why, units: str) -> str:
    """The paragraph under the title: the occasion, and what had to be assumed."""
    if answer.journal is not None:
        return journal_sections.span(answer)
    names = fig.listing([fig.lower_first(asked.ASSUMED[a.key]) for a in answer.assumed])
    return f"{occasion(answer, units)} Not in the file, so assumed: {names}." if names else occasion(answer, units)


def chance_heading(answer: Why) -> str:
    """What the first figure counts."""
    return "A cramp in a run like this, before the start" if answer.cramp else "A cramp in a run like this"


def calf_line(answer: Why) -> str:
    """The calf's part of the chance."""
    return f"Of these, {fig.in_100(answer.calf_share, fig.denominator(answer))} reach the calf."


def class_line(answer: Why) -> str:
    """The two kinds of runner behind the chance: a mean over both fits neither."""
    if len(answer.chance_by_class) < 2:
        return ""
    of = fig.denominator(answer)
    parts = [
        f"if {class_name(name)} ({fig.told(probability, of)} likely), {fig.in_100(chance, of)}"
        for name, probability, chance in answer.chance_by_class
    ]
    return f"The chance averages two kinds of runner that differ a lot: {'; '.join(parts)}."


def after_line(answer: Why) -> str:
    """Cramps in the hours after the run."""
    if not answer.chance_after:
        return ""
    of = fig.denominator(answer)
    parts = [f"{window_name(window)}, {fig.in_100(chance, of)}" for window, chance in answer.chance_after]
    return f"Cramps in the hours after the run are counted apart: {'; '.join(parts)}."


def log_size(answer: Why) -> str:
    """N: how many cramps in how many runs."""
    return f"{fig.count(answer.n_cramps, 'cramp')} in {fig.count(max(answer.n_runs, 1), 'run')}"


def log_line(answer: Why) -> str:
    """How much of the answer is from studies, and what N is worth."""
    if from_studies_only(answer):
        if answer.journal is not None:
            return (
                "What drives cramps is all from published studies; how easily you cramp also depends on your answers."
            )
        return (
            "All of this comes from published studies: the figures in brackets say how far they leave it open. Your "
            "file only says where in their ranges this run lay."
        )
    few = " So few cramps say little about causes." if answer.n_cramps < FEW_CRAMPS else ""
    return f"What your log moved stands beside each figure: before and after your cramps were counted.{few}"


def drivers_heading(answer: Why) -> str:
    """What the intervals of the drivers show."""
    drivers = answer.drivers
    if answer.journal is not None:
        return journal_sections.DRIVERS
    overlap = "the ranges overlap, so nothing is ranked" if all_overlap(drivers) else "one run can't rank it"
    if from_studies_only(answer):
        could = "could have driven it" if answer.cramp else "can drive a cramp in such a run"
        return f"What studies say {could}; {overlap}"
    if answer.n_cramps < FEW_CRAMPS:
        return "Mostly what studies say; your log has moved it a little, and nothing is ranked"
    first = standing_out(drivers)
    if first is not None:
        return f"{_names([first])} is the one range above all others in your log"
    if len(drivers) < 2:
        return "What could have driven it"
    return f"{_names(best_two(drivers))} fit best; the ranges overlap, so count them as equal"


def by_family(answer: Why) -> list[tuple[str, list[Driver]]]:
    """Drivers under the heading of their family, both in the order in which the answer has them; it is no ranking."""
    groups: dict[str, list[Driver]] = {}
    for driver in answer.drivers:
        groups.setdefault(fig.clean(driver.family), []).append(driver)
    return list(groups.items())


def source_numbers(answer: Why) -> dict[str, int]:
    """The number under which each source is listed."""
    return {source.id: i for i, source in enumerate(answer.sources, start=1)}


def cited_numbers(ids: tuple[str, ...], answer: Why) -> list[int]:
    """Numbers of sources that are listed, ascending."""
    numbers = source_numbers(answer)
    return sorted(numbers[i] for i in ids if i in numbers)


def cited(ids: tuple[str, ...], answer: Why) -> str:
    """Sources by number; what stands on no publication says so."""
    return ", ".join(str(n) for n in cited_numbers(ids, answer)) or "assumed"


def cited_here(answer: Why) -> set[str]:
    """Sources that a statement of the report cites; the others stand behind the models."""
    cited = [d.source_ids for d in answer.drivers] + [d.source_ids for d in answer.detected]
    if answer.decline is not None:
        cited.append(answer.decline.source_ids)
    return {i for ids in cited for i in ids}


def grades_by_source(answer: Why) -> dict[str, list[str]]:
    """Grades of the statements that each source stands behind in this answer."""
    grades: dict[str, set[str]] = {}
    for driver in answer.drivers:
        for source in driver.source_ids:
            grades.setdefault(source, set()).add(driver.evidence_grade)
    return {source: sorted(found) for source, found in grades.items()}


def with_file(flag: str, answer: Why, units: str) -> str:
    """A flag as the whole command that it belongs to; any other advice as it is."""
    flag = fig.clean(flag)
    if not flag.startswith("--"):
        return flag
    return " ".join(part for part in ("charley why FILE", place.flag(answer, units), flag) if part)


def warnings(answer: Why, units: str) -> list[str]:
    """What to keep in mind, but for what title and headings already say."""
    found = [fig.clean(w.text) for w in answer.warnings if w.code != "walked"]
    found += [notes.sentence(n, units) for n in answer.notes if n.warning == RANGE]
    return [fig.upper_first(text) for text in found]


def base_heading(answer: Why, units: str) -> str:
    """Whom the base rate is about."""
    return f"Runners in general in a race of {fig.distance_with_unit(answer.base_distance_m, units)}"


_CLASSES = {"prone": "cramp-prone", "not_prone": "not cramp-prone"}


def class_name(name: str) -> str:
    """A kind of runner in words."""
    return _CLASSES.get(name, fig.clean(name).replace("_", " "))


def window_name(window: str) -> str:
    """A stretch of time after the run in words: "0 to 1 h after the run"."""
    return f"{fig.clean(window).replace('-', ' to ')} after the run"


LEAST_BITS = 0.01  # a step that is expected to bring less than this is named, but not proposed


def steps_that_tell(answer: Why) -> tuple[list[WouldTell], list[WouldTell]]:
    """Steps that are worth proposing, the most telling one first, and those that are not."""
    ranked = asked.steps(answer)
    return (
        [w for w in ranked if w.expected_information_bits >= LEAST_BITS],
        [w for w in ranked if not w.expected_information_bits >= LEAST_BITS],
    )


def little_told(steps: list[WouldTell]) -> str:
    """The steps that would tell next to nothing, in one sentence."""
    return f"Would tell next to nothing: {'; '.join(asked.step(w) for w in steps)}." if steps else ""


def all_of_it(answer: Why) -> str:
    """How to see the rest."""
    return "All of it: --full" if answer.journal is None else "All of it: charley why --full"
