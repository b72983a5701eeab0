"""Would the calf's cramp threshold, as it changes along a run, add anything to the hazard? Writes docs/threshold-ablation.md.

    python scripts/ablate_threshold.py            # a few minutes; writes the page
    python scripts/ablate_threshold.py --runners 200 --print

Runners of the two fields that come with Charley run their marathon; each one's threshold (threshold_formula) is set
against that in the runner's own reference run at equal distance, as the factors of the hazard are. Asked are: how much
it moves; what of that the factors that are in the hazard tell already; and, on answers that are made with a coefficient
that is known, how much better those of runners kept aside are foretold when it is learned. No log of real cramps with
recordings has been seen, so there are no real answers to keep aside.
"""

from __future__ import annotations

import argparse
import math
import re
import textwrap
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from charley import body
from charley.body.course import reference_course
from charley.cohort.field import field_text
from charley.cohort.people import People, people_of
from charley.cohort.simulate import BEYOND, _hazard, bodies_of, hazard_steps, hazards_of, setting_of
from charley.evidence.numbers.body import BODY
from charley.neuromuscular import SlowState, Subject, ion_shift_mv
from charley.neuromuscular.threshold_formula import threshold_frequency_hz
from charley.risk.factors import Reference
from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates

PAGE = Path(__file__).resolve().parents[1] / "docs/threshold-ablation.md"
FIELDS = {"mild-marathon": "mild", "boston-2004": "hot"}
SEED, BATCH = 1, 250
# Log hazard for each Hz by which the threshold is lower than in the reference run. Between people: those who cramp lie
# 10.6 Hz below the others (E01) and the classes of the baseline differ about ten-fold, so ln(10) / 10.6 = 0.22 a Hz.
TOLD_BY_PEOPLE = math.log(10.0) / 10.6
COEFFICIENTS = (0.0, TOLD_BY_PEOPLE / 2.0, TOLD_BY_PEOPLE, 2.0 * TOLD_BY_PEOPLE)
PRIOR_SD = 0.3  # wide: nothing, and more than twice what people tell, lie within it
REPEATS = 20
LEAST_TOLD_HZ = 0.1  # a change of which a sentence is made
MINUS = re.compile(r"(?<![\w-])-(?=\d)")
GRID = np.linspace(-1.0, 1.5, 51)


@dataclass(frozen=True)
class Runs:
    """Bins of all runners: ``fall_hz`` is the threshold in the reference run less that in the run, (bins, runners)."""

    increments: Floats  # cumulative hazard that each bin adds, as shipped
    fall_hz: Floats
    factors: dict[str, Floats]


def runs_of(name: str, runners: int) -> Runs:
    """Runners of a field through their day."""
    key = field_text(name)[0]
    field, road, worlds = setting_of(key, SEED)
    parts: list[Runs] = []
    for start in range(0, runners, BATCH):
        people = people_of(field, worlds, road.whole_m, SEED, start, min(BATCH, runners - start))
        day, states, reference = bodies_of(field, road, worlds, people)
        at = hazard_steps(day.at_m.shape[0])
        caused, background = hazards_of(road, worlds, people, day, states, reference, at)
        run = _hazard(road, worlds, people, day, states, reference, at)
        parts.append(Runs(caused + background, _fall_hz(people, states, road.whole_m, at), run.exposure.covariates))
    bins = max(p.fall_hz.shape[0] for p in parts)

    def joined(rows: list[Floats]) -> Floats:
        return np.concatenate([np.pad(r, ((0, bins - len(r)), (0, 0))) for r in rows], axis=1)

    factors = {k: joined([np.broadcast_to(p.factors[k], p.fall_hz.shape) for p in parts]) for k in parts[0].factors}
    return Runs(joined([p.increments for p in parts]), joined([p.fall_hz for p in parts]), factors)


def _fall_hz(people: People, states: BodyStates, whole_m: float, at: np.ndarray) -> Floats:
    """How far the threshold lies below that of the reference run at equal distance (Hz), (bins, runners)."""
    course = reference_course(people.bodies, BEYOND * whole_m, people.level_m_s)
    plain = body.simulate(course, people.bodies)
    hz = _threshold_hz(plain, np.arange(plain.time_s.size))
    # the reference's own table, asked for the threshold in place of one of its states
    usual = Reference(states.flat_distance_m[at], replace(plain, core_temp_c=hz)).at_equal_distance("core_temp_c")
    return np.asarray(usual - _threshold_hz(states, at))


def _threshold_hz(states: BodyStates, at: np.ndarray) -> Floats:
    """As ``answers.one_run.threshold_track`` has it, for every runner."""
    subject = Subject()
    sodium = states.plasma_sodium_mmol_l
    state = SlowState(
        slow_fatigue=np.clip(states.calf_slow_fatigue[at] / BODY.slow_ceiling, 0.0, 1.0),
        fast_fatigue=np.clip(states.calf_fast_fatigue[at], 0.0, 1.0),
        ion_shift_mv=ion_shift_mv(subject.constants(), sodium[at] - sodium[:1], states.plasma_volume_change[at]),
    )
    return np.asarray(threshold_frequency_hz(state, subject))


# ---- what the factors tell already ----


def _on_the_way(runs: Runs) -> Floats:
    """Weights of the bins in which a runner still runs, (bins * runners,), 1 in all."""
    running = (runs.increments > 0.0).ravel().astype(np.float64)
    return np.asarray(running / running.sum())


def explained(runs: Runs) -> float:
    """Share of the fall's variance, over the bins of all runs, that is linear in the factors of the hazard."""
    weight = _on_the_way(runs)
    y = runs.fall_hz.ravel()
    columns = [np.ones_like(y), *(x.ravel() for x in runs.factors.values() if np.ptp(x) > 0)]
    design = np.stack(columns, axis=1) * np.sqrt(weight)[:, None]
    rest = y * np.sqrt(weight) - design @ np.linalg.lstsq(design, y * np.sqrt(weight), rcond=None)[0]
    centred = y - np.average(y, weights=weight)
    return float(1.0 - (rest @ rest) / (weight @ centred**2))


# ---- what answers would teach ----


def gain(runs: Runs, coefficient: float, rng: np.random.Generator) -> tuple[float, float]:
    """Coefficient learned on half of the runners, and what it adds to the log score of 1,000 of the others (nats).

    The answers come from the hazard with the true coefficient, about the field's mean fall, so that about as many cramp.
    """
    total = np.cumsum(_hazard_of(runs, coefficient), axis=0)
    fate = rng.exponential(size=total.shape[1])
    cramped, row = total[-1] > fate, (total > fate).argmax(axis=0)
    half = np.arange(total.shape[1]) % 2 == 0
    score = np.array([_log_likelihood(runs, g, cramped, row, half) for g in GRID])  # (grid, runners)
    posterior = score[:, half].sum(axis=1) - 0.5 * ((GRID - TOLD_BY_PEOPLE) / PRIOR_SD) ** 2
    weight = np.exp(posterior - posterior.max())
    weight /= weight.sum()
    mixed = np.log(weight @ np.exp(score[:, ~half] - score[:, ~half].max(axis=0))) + score[:, ~half].max(axis=0)
    without = _log_likelihood(runs, 0.0, cramped, row, half)[~half]
    return float(weight @ GRID), float(1000.0 * (mixed - without).mean())


def _log_likelihood(
    runs: Runs, coefficient: float, cramped: np.ndarray, row: np.ndarray, learned: np.ndarray
) -> Floats:
    """Log likelihood of each runner's answer (cramped in which bin, or not at all), (runners,).

    The level is set on those who are learned from, so that a coefficient is not praised for moving it.
    """
    hazard = _hazard_of(runs, coefficient)
    hazard = hazard * _level(hazard.sum(axis=0)[learned], int(cramped[learned].sum()))
    lived, column = np.cumsum(hazard, axis=0), np.arange(hazard.shape[1])
    in_bin = hazard[row, column]
    log_cramp = np.log(np.maximum(-np.expm1(-in_bin), 1e-300)) - (lived[row, column] - in_bin)
    return np.asarray(np.where(cramped, log_cramp, -lived[-1]))


def _level(totals: Floats, cramps: int) -> float:
    """Factor on cumulative hazards with which as many cramp as did, by bisection."""
    low, high = -6.0, 6.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        too_many = -np.expm1(-math.exp(middle) * totals).sum() > cramps
        low, high = (low, middle) if too_many else (middle, high)
    return math.exp(0.5 * (low + high))


def _hazard_of(runs: Runs, coefficient: float) -> Floats:
    """Cumulative hazard that each bin adds with the threshold's fall in it, (bins, runners)."""
    mean = np.average(runs.fall_hz, weights=runs.increments > 0.0)
    return np.asarray(runs.increments * np.exp(np.clip(coefficient * (runs.fall_hz - mean), -20.0, 20.0)))


# ---- the page ----

HEAD = """
Made by `scripts/ablate_threshold.py`; do not edit it by hand. The loop of nerves gives each run a cramp threshold that moves with
fatigue, salt and water. It is shown and stands outside the hazard. This asks whether it has earned a place in it.
"""
ANSWERS = """
Answers are made by the hazard as it ships with the threshold's change added, at a coefficient that is known (log
hazard a Hz), and the coefficient is learned back on half of the runners, from a normal prior at {centre:.2f} (what
people who cramp and people who do not differ by) with SD {sd:g}. Gain: nats of log score in 1,000 answers of the other half, against
the hazard without it, each at its own level; mean ± SE of {repeats} sets of answers of {runners} runners.
"""
HELD = """
**Real answers kept aside: none.** No log of real cramps with recordings has been seen, so nothing here says that the
coefficient is other than 0 in real runners.
"""


def page(runners: int) -> str:
    """The whole page."""
    lines = ["# Does the threshold add to the hazard?", "", *_filled(HEAD), "", "## How much it moves", ""]
    lines += [
        "| field | runners | fall of the threshold, Hz: mean (5 to 95 %) | of that told by the factors |",
        "| --- | --- | --- | --- |",
    ]
    found = {name: runs_of(name, runners) for name in FIELDS}
    for name, runs in found.items():
        weight = _on_the_way(runs)
        order = np.argsort(runs.fall_hz.ravel())
        low, high = np.interp((0.05, 0.95), np.cumsum(weight[order]), runs.fall_hz.ravel()[order])
        mean = float(weight @ runs.fall_hz.ravel())
        lines.append(
            f"| {FIELDS[name]} marathon | {runners} | {mean:+.2f} ({low:+.2f} to {high:+.2f}) | {100 * explained(runs):.0f} % |"
        )
    ways = {name: float(_on_the_way(runs) @ runs.fall_hz.ravel()) for name, runs in found.items()}
    lines += [
        "",
        *_filled(
            "Over the minutes of all runs, against the runner's own reference run at equal distance; positive: lower than there."
        ),
        "",
    ]
    for name, mean in ways.items():
        if mean < -LEAST_TOLD_HZ:
            told = f"In the {FIELDS[name]} field the loop, as it stands, has a threshold {-mean:.1f} Hz *higher* than in the reference run:"
            lines += [*_filled(told + " what that day does to the body would protect."), ""]
    lines += ["## What answers would teach", ""]
    lines += [*_filled(ANSWERS.format(centre=TOLD_BY_PEOPLE, sd=PRIOR_SD, repeats=REPEATS, runners=runners)), ""]
    lines += ["| field | true coefficient | learned | gain, nats in 1,000 answers |", "| --- | --- | --- | --- |"]
    worth = []
    for name, runs in found.items():
        for coefficient in COEFFICIENTS:
            rng = np.random.default_rng([SEED, len(worth)])
            got = np.array([gain(runs, coefficient, rng) for _ in range(REPEATS)])
            se = got.std(axis=0, ddof=1) / math.sqrt(REPEATS)
            worth.append((coefficient, got[:, 1].mean(), se[1]))
            lines.append(
                f"| {FIELDS[name]} marathon | {coefficient:.2f} | {got[:, 0].mean():.2f} ± {got[:, 0].std(ddof=1):.2f} "
                f"| {got[:, 1].mean():+.1f} ± {se[1]:.1f} |"
            )
    lines += ["", *_filled(HELD), "", *_filled(_verdict(worth))]
    return MINUS.sub("−", "\n".join(lines)) + "\n"


def _verdict(worth: list[tuple[float, float, float]]) -> str:
    likely = [(mean, se) for c, mean, se in worth if c == TOLD_BY_PEOPLE]
    seen = all(mean > 2.0 * se for mean, se in likely)
    size = "even if it is as large as people differ" if not seen else "if it is as large as people differ"
    simulated = (
        "It could be learned from answers" if seen else "From answers it cannot be told from nothing in both fields"
    )
    return (
        f"**Verdict.** {simulated}, {size}; that it is so in runners, nothing shows, and the factors were held at what "
        "they are, while a part of the change is theirs. It stays out of the hazard, which is left as it is."
    )


def _filled(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", type=int, default=400)
    parser.add_argument("--print", action="store_true", help="print the page and write nothing")
    asked = parser.parse_args()
    made = page(asked.runners)
    if asked.print:
        print(made)
    else:
        PAGE.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
