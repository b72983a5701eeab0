"""The sentences about a cohort, for text and page alike. A race doctor reads them: signs first, then numbers."""

from __future__ import annotations

from charley.faces.report.wording import figures as fig
from charley.vocabulary.cohort import Check, CohortAnswer, Post, Spread
from charley.vocabulary.estimate import Estimate

SIGNS = (
    "Every helper first: confusion, collapse, odd behaviour, a seizure or a very hot body is an emergency, whatever "
    "this page says. So are vomiting, headache or confusion in somebody who drank a lot. Call the medical team. A "
    "cramp that spreads over the whole body, or dark urine, needs a doctor today."
)
MODEL = (
    "This is a model, not a count. Finish times, ages and the share of women come from the field's file. Sweat, "
    "drinking, build and proneness come from published studies of other runners. Nobody has counted the cramps of "
    "this race."
)
INTERVALS = (
    "Two ranges stand beside each figure. Studies: 8 times out of 10 the truth lies in it, as far as studies leave it "
    "open; beyond some 10,000, more virtual runners don't narrow it. Luck: who lines up and what the day brings, if "
    "the middle were true."
)
HEAT = (
    "The model's runners don't ease off when they overheat, as real ones do. Take its numbers for the core as the "
    "upper end: they compare days, they don't count patients."
)
START = (
    "Cramps in the first minutes come from a few virtual runners with extreme triggers. No study has seen them there: "
    "leave them out of your plan."
)
STOPS = "How many of them stop or walk, and how long a case takes, is our assumption: no race has counted it."


def whole(value: float) -> str:
    """Runners as one would say them: three figures at most."""
    if value < 1000:
        return f"{round(value):d}" if value >= 0.5 or value == 0 else "under 1"
    digits = 10 ** (len(f"{round(value):d}") - 2)
    return f"{round(value / digits) * digits:,d}"


def span(low: float, high: float) -> str:
    """A range in runners."""
    first, last = whole(low), whole(high)
    return first if first == last else f"{first} to {last}"


def studies(e: Estimate) -> str:
    """The range that studies leave."""
    return span(e.low, e.high)


def title(a: CohortAnswer) -> str:
    """The verdict."""
    middle = a.chance.parameters.middle
    return (
        f"{fig.clean(a.field.name)}: about {whole(middle)} of {a.field.runners:,d} runners will have a leg cramp "
        f"({fig.chance(middle / a.field.runners)} in 100)."
    )


def ranges(a: CohortAnswer) -> str:
    """Both intervals of the verdict."""
    s = a.chance
    return f"Studies leave anything from {studies(s.parameters)} open. Luck alone: {span(*_luck(s))}."


def _luck(s: Spread) -> tuple[float, float]:
    return s.people_low, s.people_high


def peak(a: CohortAnswer) -> str:
    """Where and when."""
    begin, end = (f"{m / 1000:.0f}" for m in a.peak_m)
    return f"Half of them come between {begin} and {end} km{_hours(a)}."


def _hours(a: CohortAnswer) -> str:
    if not a.by_slot:
        return ""
    top = max(a.by_slot, key=lambda s: s.counted)
    return f", and the busiest quarter of an hour begins at {clock(top.start_s)}"


def clock(seconds: float) -> str:
    """A time of the day."""
    return f"{int(seconds // 3600) % 24:02d}:{int(seconds % 3600 // 60):02d}"


def post(p: Post) -> str:
    """Where helpers are worth standing, and when."""
    return (
        f"{p.from_m / 1000:.0f} to {p.to_m / 1000:.0f} km, {clock(p.from_s)} to {clock(p.to_s)}: "
        f"about {whole(p.cases.parameters.middle)} cases ({studies(p.cases.parameters)})"
    )


def helpers(p: Post) -> str:
    """How many are kept busy."""
    e = p.helpers
    return f"{whole(p.busiest_h.middle)} an hour at the worst, {_few(e.low)} to {_few(e.high)} helpers busy"


def _few(value: float) -> str:
    return f"{max(value, 1.0):.0f}"


ROWS = (
    ("chance", "a leg cramp"),
    ("calf", "of these in a calf"),
    ("stops", "stop or walk with it"),
    ("severe", "a severe one"),
    ("core_warm", "core above 39.5 °C"),
    ("core_high", "core above 40 °C"),
    ("weight_gain", "heavier at the finish than at the start"),
    ("sodium_low", "blood sodium below 135 mmol/L"),
)


def table(a: CohortAnswer) -> list[tuple[str, str, str, str]]:
    """What happens to how many: figure, range of studies, range of luck."""
    out = []
    for name, label in ROWS:
        s: Spread = getattr(a, name)
        out.append((label, whole(s.parameters.middle), studies(s.parameters), span(*_luck(s))))
    return out


CHECKS = {
    "cramped": ("cramped, of 100", "165 marathoners of two studies"),
    "place": ("mean place of the cramp, % of the way", "15 cramps in a marathon, SD not a range"),
    "last_quarter": ("cramps in the last quarter, of 100", "mostly so: histories of 71,420 entrants"),
    "low_sodium": ("sodium at 135 or below, of 100", "488 finishers of another year's Boston"),
}


def check(c: Check) -> tuple[str, str, str, str]:
    """A figure of the model beside a counted one: label, model, counted, where from."""
    label, who = CHECKS[c.id]
    e = c.model
    model = f"{100 * e.middle:.0f} ({100 * e.low:.0f} to {100 * e.high:.0f})"
    counted = "" if c.counted is None else "{:.0f} ({:.0f} to {:.0f})".format(*(100 * v for v in c.counted))
    return label, model, counted, who


def size(a: CohortAnswer) -> str:
    """What was run."""
    where = {1: "one process"}.get(a.workers, f"{a.workers} {'processes' if a.scheduler != 'cluster' else 'workers'}")
    noise = 100 * a.simulation_sd
    return (
        f"{a.runners:,d} virtual runners in {a.parameter_sets} sets of parameters, {a.seconds:.0f} s in {where}; "
        f"the finite number of runners leaves {noise:.1f} of 100. Seed {a.seed}, digest {a.digest[:16]}."
    )


LONG_S = 8 * 3600.0  # a race that half of the field takes longer for
_MIDDLE = 0.5


def notes(a: CohortAnswer) -> list[str]:
    """What did not go as asked, and where the model is out of its depth."""
    out = []
    finish = next(q for q in a.quantities if q.id == "finish")
    if finish.values[finish.shares.index(_MIDDLE)] > LONG_S:
        out.append(
            "Most of this field runs for more than eight hours. The model's runners then go on drinking as marathoners "
            "do, which real ones don't: leave the figures on weight and sodium out."
        )
    if not a.complete:
        out.append("This run was stopped early: the figures are those of the runners that were done.")
    return out


def post_row(p: Post) -> list[str]:
    """A post for the table of the page."""
    e, helped = p.cases.parameters, p.helpers
    return [
        f"{p.from_m / 1000:.0f} to {p.to_m / 1000:.0f} km",
        f"{clock(p.from_s)} to {clock(p.to_s)}",
        whole(e.middle),
        studies(e),
        f"{_few(helped.low)} to {_few(helped.high)}",
    ]


FEW = 50  # virtual runners below which a share says nothing


def groups(a: CohortAnswer) -> list[list[str]]:
    """Half hours of finish time, with how many of 100 cramp."""
    found: dict[tuple[float, float], dict[str, str]] = {}
    for g in a.groups:
        if g.runners >= FEW:
            found.setdefault((g.from_s, g.to_s), {})[g.sex] = f"{100 * g.cramped / g.runners:.0f} of 100"
    return [
        [f"{fig.clock(low)} to {fig.clock(high)}", by.get("female", ""), by.get("male", "")]
        for (low, high), by in sorted(found.items())
    ]
