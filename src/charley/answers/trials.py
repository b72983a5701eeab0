"""One change, tried on the runner: which changes may be tried, how, how many runs that takes, and what came of it.

The rule is fixed and kept before the first run: which runs count, which of them have the change (in random order), and
what will be said when. No plan adds a stressor, none is a drug, and sodium is refused where a condition or a medicine
makes it a matter for whoever treats the runner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import comb

import numpy as np

from charley.answers.history.answer import usual_hard_run
from charley.answers.history.belief import DRAWS, Belief
from charley.evidence.numbers.learning import LEARNING
from charley.inference import trial
from charley.inference.compress import compress
from charley.inference.design import ReportKind, RunRows
from charley.inference.forecast import chance, estimate
from charley.inference.smc import fit
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import UsageError
from charley.vocabulary.journal import RunRow
from charley.vocabulary.over_journal import Arms, Refused, TrialOutcome, TrialPlan, TrialRun

MIN_LENGTH_SHARE = 0.8  # runs of at least so much of the usual hard run's length count
HALVING = float(np.log(1 / 2))
_GRID = 41
_GRID_DRAWS = 200  # draws for the sums over outcomes


@dataclass(frozen=True, slots=True)
class Change:
    """A change that may be tried. ``refused_with``: conditions and medicines with which it is not planned; ``slow``:
    its effect needs weeks, so that its arms come in whole blocks."""

    label: str
    on: str
    off: str
    refused_with: frozenset[str]
    limits: tuple[str, ...]
    slow: bool = False


OVER_DRINKING = "Never drink more than you sweat: weight gained in a run is a warning sign."
CHANGES = {
    "salt": Change(
        "Sodium during long runs",
        "Take sodium with what you drink, as much an hour as the label of the product that you already use says.",
        "The same amount of drink without it.",
        frozenset({"kidney", "heart", "high_blood_pressure", "pregnancy", "low_sodium_before"})
        | {"blood_pressure", "diuretic", "heart_rhythm"},
        (
            "Not with a kidney or heart condition, high blood pressure or tablets for it, a diuretic, or in pregnancy.",
            "Never more than the label says, and not more drink because of it.",
            OVER_DRINKING,
        ),
    ),
    "slower-start": Change(
        "A slower start",
        "Run the first third about 3 in 100 slower than usual, and do not make it up later.",
        "Start as usual.",
        frozenset(),
        ("The run may end later than usual; that is part of the change.",),
    ),
    "strength": Change(
        "Calf strength work",
        "Two sessions of calf raises a week through the whole block, none on the day before a counted run.",
        "No calf strength work through the whole block.",
        frozenset({"hernia_or_sciatica", "muscle_or_nerve_disease"}),
        ("Begin with little; stop with sharp pain, and let sore calves rest before a counted run.",),
        slow=True,
    ),
    "shoes": Change(
        "Another pair of shoes",
        "The pair with the higher heel of those that you own and are used to.",
        "Your usual pair.",
        frozenset(),
        ("Only shoes that you have run in before, and never a lower heel: that loads the calf more.",),
    ),
}


def unasked(key: str, answered: Iterable[str]) -> tuple[str, ...]:
    """Conditions and medicines that decide whether this change may be tried, and that nobody answered yet."""
    return tuple(sorted(_known(key).refused_with - set(answered)))


def refusal(key: str, named: Sequence[str]) -> Refused | None:
    """Why this change is not planned for this runner, or None. UsageError for a change that is not known."""
    change = _known(key)
    against = sorted(set(named) & change.refused_with)
    if not against:
        return None
    words = ", ".join(name.replace("_", " ") for name in against)
    return Refused(
        key, f"you named {words}: {change.label.lower()} is then a matter for whoever treats you, not for a trial"
    )


def plan(belief: Belief, key: str, now: datetime, runs: int | None = None, seed: int = 1) -> TrialPlan:
    """A trial of the next ``runs`` long hard runs: arms in random order, what counts, and how much it can tell."""
    change = _known(key)
    number = int(LEARNING.trial_usual_runs) if runs is None else runs
    most = int(LEARNING.trial_most_runs)
    if not trial.BLOCK <= number <= most:
        raise UsageError("usage-value", f"a trial of {number} runs; possible is {trial.BLOCK} to {most}", "--runs")
    usual = usual_hard_run(belief)
    row = next(t.row for t in belief.log.told if t.row.run_id == usual.run_id)
    certainty = LEARNING.trial_certainty
    power = LEARNING.trial_power
    return TrialPlan(
        id=None,
        change=key,
        label=change.label,
        made_at=now,
        arms=arms(number, seed, slow=change.slow),
        least_distance_m=MIN_LENGTH_SHARE * row.distance_m,
        least_elapsed_s=MIN_LENGTH_SHARE * row.elapsed_s,
        on=change.on,
        off=change.off,
        rule=(
            "Each run from now on that is long enough counts, in the order in which they come, cramp or not.",
            "The order below is random and is kept: no swapping, and no stopping because of how it looks.",
            "After each run log a cramp or that there was none; a run without an answer counts for neither side.",
            "Say of each run what was done, whatever was planned: charley log change. Both ways of counting are shown, "
            "and only what both say is told.",
            f"It has told when lower (or higher) has {100 * certainty:.0f} in 100; else the answer is: cannot tell.",
            "You know which run has the change, and that alone can move what you feel.",
        ),
        limits=change.limits,
        expected_information_bits=information_bits(belief, usual, number),
        runs_to_tell=runs_to_tell(belief, usual, certainty, power, most),
        usual_risk=estimate(belief.now, chance(belief.now, usual)),
        seed=seed,
    )


def arms(runs: int, seed: int, *, slow: bool) -> tuple[bool, ...]:
    """Arms in random order, balanced in every block of four; for a slow change whole blocks of four."""
    if not slow:
        return tuple(trial.randomised_arms(runs, seed))
    blocks = trial.randomised_arms(-(-runs // trial.BLOCK), seed)
    if len(set(blocks)) == 1 and len(blocks) > 1:
        blocks[-1] = not blocks[0]
    return tuple(arm for arm in blocks for _ in range(trial.BLOCK))[:runs]


def outcomes(belief: Belief, usual: RunRows, runs: int) -> tuple[Floats, Floats, Floats]:
    """Log ratios (grid,), their prior (grid,), and the probability of each count of cramps with and without the change
    given each ratio, (grid, on + 1, off + 1), over the belief of today."""
    sd = LEARNING.change_log_ratio_sd
    ratio = np.append(sd * np.linspace(-3, 3, _GRID), HALVING)
    prior = np.exp(-0.5 * (ratio / sd) ** 2)
    prior[-1] = 0.0
    prior /= prior.sum()
    some = belief.now.equal(_GRID_DRAWS)
    theta = some.frailty
    cumulative = np.expm1(-theta * np.log1p(-np.clip(chance(some, usual), 0.0, 1 - 1e-9))) / theta
    on, off = (runs + 1) // 2, runs // 2

    def cramps(log_ratio: Floats) -> Floats:
        return 1 - np.exp(-np.log1p(theta * cumulative * np.exp(log_ratio)) / theta)

    with_it = _binomial(on, cramps(ratio[:, None]))  # (grid, draws, on + 1)
    without = _binomial(off, cramps(np.zeros(1)))  # (draws, off + 1)
    return ratio, prior, with_it.transpose(0, 2, 1) @ without / _GRID_DRAWS


def _binomial(runs: int, p: Floats) -> Floats:
    """Probability of each count of cramps in so many runs, with one more axis at the end."""
    counts = np.arange(runs + 1)
    ways = np.array([comb(runs, int(k)) for k in counts], dtype=np.float64)
    return np.asarray(ways * p[..., None] ** counts * (1 - p[..., None]) ** (runs - counts))


def information_bits(belief: Belief, usual: RunRows, runs: int) -> float:
    """Expected information about whether the change lowers the hazard at all, in bits (at most 1)."""
    ratio, prior, p = outcomes(belief, usual, runs)
    lower = prior * ((ratio < 0) + (ratio == 0) / 2)
    joint = np.stack([np.tensordot(w, p, 1) for w in (lower, prior - lower)])
    whole = joint.sum(axis=0)
    share = joint / np.maximum(whole, 1e-300)
    left = -(joint * np.log2(np.maximum(share, 1e-300))).sum()
    return float(max(1.0 - left, 0.0))


def runs_to_tell(belief: Belief, usual: RunRows, certainty: float, power: float, most: int) -> int | None:
    """The least number of runs after which a change that halves the hazard has been told in ``power`` of trials."""
    for runs in range(trial.BLOCK, most + 1, trial.BLOCK):
        ratio, prior, p = outcomes(belief, usual, runs)
        whole = np.maximum(np.tensordot(prior, p, 1), 1e-300)
        lower = np.tensordot(prior * ((ratio < 0) + (ratio == 0) / 2), p, 1) / whole
        if float(p[-1][lower >= certainty].sum()) >= power:
            return runs
    return None


def counted(rows: Sequence[RunRow], changed: Mapping[str, Mapping[str, bool]], plan: TrialPlan) -> list[TrialRun]:
    """The runs that count, in the order in which they came, each with its arm and what was said to be done.

    ``rows``: the earliest first; ``changed``: by run, of each change whether it was done.
    """
    long = [
        r
        for r in rows
        if r.started_at > plan.made_at and r.distance_m >= plan.least_distance_m and r.elapsed_s >= plan.least_elapsed_s
    ]
    return [
        TrialRun(
            r.run_id, r.started_at, plan.change, plan.label, plan.on, arm, changed.get(r.run_id, {}).get(plan.change)
        )
        for r, arm in zip(long, plan.arms, strict=False)
    ]


def result(belief: Belief, plan: TrialPlan, seed: int = 1) -> TrialOutcome:
    """What the trial says so far: the change as one more factor, learnt together with all others.

    Once by what was done, once by plan: a runner may leave the change out just on the days on which it would have
    failed, and only the plan is free of that. Nothing is said to be told unless both say it.
    """
    log = belief.log
    runs = counted([t.row for t in log.told], {t.row.run_id: dict(t.changed) for t in log.told}, plan)
    planned = {r.run_id: r.planned for r in runs}
    treated = {r.run_id: r.planned if r.done is None else r.done for r in runs}
    by_plan = _arms(belief, plan, planned, seed)
    done = by_plan if treated == planned else _arms(belief, plan, treated, seed)
    certainty = LEARNING.trial_certainty
    verdicts = {_verdict(found.probability_lower, certainty) for found in (done, by_plan)}
    return TrialOutcome(
        plan=plan,
        on_runs=done.on_runs,
        on_cramped=done.on_cramped,
        off_runs=done.off_runs,
        off_cramped=done.off_cramped,
        silent=len(runs) - done.on_runs - done.off_runs,
        difference=done.difference,
        probability_lower=done.probability_lower,
        verdict=verdicts.pop() if len(verdicts) == 1 else "cannot_tell",
        as_planned=by_plan,
        otherwise=sum(r.done is not None and r.done != r.planned for r in runs),
        unsaid=tuple(r for r in runs if r.done is None),
    )


def _verdict(probability_lower: float, certainty: float) -> str:
    if probability_lower >= certainty:
        return "lower"
    return "higher" if probability_lower <= 1 - certainty else "cannot_tell"


def _arms(belief: Belief, plan: TrialPlan, arm: Mapping[str, bool], seed: int) -> Arms:
    """Cramps of each arm and the fit, with ``arm`` saying which run had the change."""
    log = belief.log
    on = [arm.get(t.row.run_id, False) for t in log.told]
    table, marked = trial.with_change(log.table, log.rows, on, plan.change, plan.label)
    runs = [compress(r, report, table, log.prior) for r, report in zip(marked, log.reports, strict=True)]
    posterior = fit(runs, table, log.prior, DRAWS, seed)
    found = trial.trial_result(posterior, usual_hard_run(belief), plan.change)
    told = [
        (on[i], r.cramped)
        for i, r in enumerate(log.reports)
        if log.told[i].row.run_id in arm and r.kind is not ReportKind.NO_REPORT
    ]
    return Arms(
        on_runs=sum(with_it for with_it, _ in told),
        on_cramped=sum(with_it and cramped for with_it, cramped in told),
        off_runs=sum(not with_it for with_it, _ in told),
        off_cramped=sum(not with_it and cramped for with_it, cramped in told),
        difference=estimate(posterior, found.difference),
        probability_lower=found.probability_lower,
    )


def _known(key: str) -> Change:
    if key not in CHANGES:
        raise UsageError(
            "trial-unknown", f"no trial of {key[:40]!r} is planned here; Charley tries no medicine", "charley try"
        )
    return CHANGES[key]
