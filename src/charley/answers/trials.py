"""One change, tried on the runner: which changes may be tried, how, how many runs that takes, and what came of it.

The rule is fixed and kept before the first run: which runs count, which of them have the change (in random order), and
what will be said when. No plan adds a stressor or asks for a race, none is a drug, and sodium is refused where a
condition or a medicine makes it a matter for whoever treats the runner. Runs are counted, nothing is modelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from charley.evidence.numbers.learning import LEARNING
from charley.inference import trial
from charley.vocabulary.errors import UsageError
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.history import Told
from charley.vocabulary.journal import RunRow
from charley.vocabulary.over_journal import Arms, Refused, TrialOutcome, TrialPlan, TrialRun

LONG_S = 5400.0  # a run of an hour and a half counts: a race need not be run for it
MIN_LENGTH_SHARE = 0.8  # ... or, where none is so long, so much of the longest
HALVED = 0.5
_DRAWS = 4000


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
        "Run the first third about 3 % slower than usual, and don't make it up later.",
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


def plan(told: Sequence[Told], key: str, now: datetime, runs: int | None = None, seed: int = 1) -> TrialPlan:
    """A trial over the next ``runs`` long runs: arms in random order, what counts, and how much it can tell.

    ``told``: the runner's runs, the earliest first, at least one.
    """
    change = _known(key)
    number = int(LEARNING.trial_usual_runs) if runs is None else runs
    most = int(LEARNING.trial_most_runs)
    if not trial.BLOCK <= number <= most:
        raise UsageError("usage-value", f"a trial of {number} runs; possible is {trial.BLOCK} to {most}", "--runs")
    least_s = min(LONG_S, MIN_LENGTH_SHARE * max(t.row.elapsed_s for t in told))
    alike = [t for t in told if t.row.elapsed_s >= least_s and event_of(t) is not None]
    events = sum(bool(event_of(t)) for t in alike)
    rng = np.random.default_rng(seed)
    usual = Estimate.from_draws(rng.beta(0.5 + events, 0.5 + len(alike) - events, _DRAWS))
    arm = trial.runs_an_arm(usual.mean, HALVED * usual.mean)
    certain = LEARNING.trial_evidence
    return TrialPlan(
        id=None,
        change=key,
        label=change.label,
        made_at=now,
        arms=arms(number, seed, slow=change.slow),
        least_distance_m=0.0,
        least_elapsed_s=least_s,
        on=change.on,
        off=change.off,
        rule=(
            "Each run from now on that is long enough counts, in the order in which they come. None has to be a race.",
            "A cramp counts, and so do calves so tight or twitching that you say so. After each run log that, or none.",
            "The order is random and is kept: no swapping.",
            "Say of each run what was done, whatever was planned: charley log change. Both ways of counting are shown, "
            "and only what both say is told.",
            f"After every four runs the two sides are compared. It stops as soon as the difference is one that luck "
            f"makes in at most 1 of {certain:.0f} such trials, however often you look; else the answer is: can't tell.",
            "You know which run has the change, and that alone can move what you feel.",
        ),
        limits=change.limits,
        expected_information_bits=trial.information_bits(usual.mean, number, LEARNING.change_log_ratio_sd),
        runs_to_tell=2 * int(arm) if 2 * arm <= most else None,
        runs_an_arm=int(arm),
        usual_risk=usual,
        seed=seed,
    )


def event_of(told: Told) -> bool | None:
    """Whether a run brought a cramp, a twitch or tightness; None where nothing was said."""
    return {"cramp": True, "twitch": True, "none": False}.get(told.report.state())


def arms(runs: int, seed: int, *, slow: bool) -> tuple[bool, ...]:
    """Arms in random order, balanced in every block of four; for a slow change whole blocks of four."""
    if not slow:
        return tuple(trial.randomised_arms(runs, seed))
    blocks = trial.randomised_arms(-(-runs // trial.BLOCK), seed)
    if len(set(blocks)) == 1 and len(blocks) > 1:
        blocks[-1] = not blocks[0]
    return tuple(arm for arm in blocks for _ in range(trial.BLOCK))[:runs]


def counted(rows: Sequence[RunRow], changed: Mapping[str, Mapping[str, bool]], plan: TrialPlan) -> list[TrialRun]:
    """The runs that count, in the order in which they came, each with its arm and what was said to be done.

    ``rows``: the earliest first; ``changed``: by run, of each change whether it was done.
    """
    long = [
        r
        for r in rows
        if r.started_at > plan.made_at
        and (plan.ended_at is None or r.started_at <= plan.ended_at)
        and r.distance_m >= plan.least_distance_m
        and r.elapsed_s >= plan.least_elapsed_s
    ]
    return [
        TrialRun(
            r.run_id, r.started_at, plan.change, plan.label, plan.on, arm, changed.get(r.run_id, {}).get(plan.change)
        )
        for r, arm in zip(long, plan.arms, strict=False)
    ]


def result(told: Sequence[Told], plan: TrialPlan, seed: int = 1) -> TrialOutcome:
    """What the trial says so far.

    Once by what was done, once by plan: a runner may leave the change out just on the days on which it would have
    failed, and only the plan is free of that. Nothing is said to be told unless both say it.
    """
    runs = counted([t.row for t in told], {t.row.run_id: dict(t.changed) for t in told}, plan)
    events = {t.row.run_id: event_of(t) for t in told}
    by_plan = _arms([(r.planned, events[r.run_id]) for r in runs], seed)
    done = _arms([(r.planned if r.done is None else r.done, events[r.run_id]) for r in runs], seed)
    verdicts = {verdict(found) for found in (done, by_plan)}
    return TrialOutcome(
        plan=plan,
        done=done,
        as_planned=by_plan,
        silent=sum(events[r.run_id] is None for r in runs),
        verdict=verdicts.pop() if len(verdicts) == 1 else "cannot_tell",
        over=len(runs) == len(plan.arms) or plan.ended_at is not None,
        otherwise=sum(r.done is not None and r.done != r.planned for r in runs),
        unsaid=tuple(r for r in runs if r.done is None),
    )


def verdict(found: Arms) -> str:
    """ "lower" or "higher" with the change where luck hardly makes such a difference, else "cannot_tell"."""
    if found.evidence < LEARNING.trial_evidence:
        return "cannot_tell"
    return "lower" if found.difference.mean < 0 else "higher"


def _arms(runs: Sequence[tuple[bool, bool | None]], seed: int) -> Arms:
    """Events of each arm, by (with the change?, event?) of each run in order; a run of which nothing was said is left
    out."""
    told = [(on, event) for on, event in runs if event is not None]
    with_it, without = trial.rates(told, _DRAWS, seed)
    return Arms(
        on_runs=sum(on for on, _ in told),
        on_events=sum(on and event for on, event in told),
        off_runs=sum(not on for on, _ in told),
        off_events=sum(not on and event for on, event in told),
        difference=Estimate.from_draws(with_it - without),
        evidence=trial.evidence(told),
    )


def _known(key: str) -> Change:
    if key not in CHANGES:
        raise UsageError(
            "trial-unknown", f"no trial of {key[:40]!r} is planned here; Charley tries no medicine", "charley try"
        )
    return CHANGES[key]
