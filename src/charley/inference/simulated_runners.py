"""Simulated runners whose truth is known, to test the engine on: it shows that the sums are right, not the physiology.

A stand-in body makes twelve realistic, collinear covariates (most rise together late in a run); only that structure
matters. Its numbers are this project's assumptions and reach no answer. Under ``fixture_priors`` the truth is drawn
from the very prior that the engine assumes; under ``sourced_priors`` the priors are those of the evidence tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, log, sqrt

import numpy as np

from charley.evidence import priors
from charley.inference.compress import level_steps
from charley.inference.design import POSITIVE, FactorTable, Report, RunRows, TriggerTable
from charley.inference.prior import Layout, RunnerPrior, sourced_runner_prior
from charley.vocabulary.arrays import Floats, Ints

EASY, TEMPO, LONG, RACE = range(4)
MINUTE_H = 1 / 60
_ROUTE_KM_H = 13.0  # speed of the stand-in runner at threshold

FACTORS = (
    ("calf_fatigue", "fatigue and fuel"),
    ("overpace", "pace"),
    ("dehydration", "fluid, salt and heat"),
    ("sodium_deficit", "fluid, salt and heat"),
    ("heat", "fluid, salt and heat"),
    ("beyond_longest", "fatigue and fuel"),
    ("glycogen", "fatigue and fuel"),
    ("load_ramp", "load and mechanics"),
    ("eccentric", "load and mechanics"),
    ("shoe_drop", "load and mechanics"),
    ("strength_gap", "load and mechanics"),
    ("recent_calf", "load and mechanics"),
)
# key in the evidence tables, family, and which stand-in covariate drives it, in natural units per unit of it
SOURCED = (
    ("pace_excess", "pace", "overpace", 4.5),
    ("surge", "pace", "overpace", 0.5),
    ("body_mass_loss", "fluid, salt and heat", "dehydration", 2.5),
    ("sodium_fall", "fluid, salt and heat", "sodium_deficit", 3.0),
    ("wbgt", "fluid, salt and heat", "heat", 6.0),
    ("carbohydrate", "fatigue and fuel", "glycogen", -1.0),
    ("slow_calf_fatigue", "fatigue and fuel", "calf_fatigue", 1.0),
    ("beyond_longest", "fatigue and fuel", "beyond_longest", 4.0),
    ("muscle_damage_recent", "load and mechanics", "eccentric", 2.0),
    ("leg_injury_12mo", "load and mechanics", "recent_calf", 1.0),
    ("recent_drop_reduction", "load and mechanics", "shoe_drop", 1.0),
    ("hill_gain", "load and mechanics", "eccentric", 1.0),
)


@dataclass(frozen=True, slots=True)
class SimulatedJournal:
    """Runs of one simulated runner, their ``kind`` (EASY, TEMPO, LONG, RACE), and the reference of each covariate."""

    runs: tuple[RunRows, ...]
    kind: Ints
    reference: Floats  # (K,) median over the minutes of easy runs


def fixture_priors() -> tuple[FactorTable, RunnerPrior]:
    """Twelve positive sensitivities, median 0.45 and log SD 0.9, one class: mean log hazard -10.7 a minute, SD 1.1."""
    median, log_sd, level, level_sd = 0.45, 0.9, -10.7 - log(MINUTE_H), 1.1
    mean = median * exp(log_sd**2 / 2)
    n = len(FACTORS)
    table = FactorTable(
        keys=tuple(k for k, _ in FACTORS),
        labels=tuple(k.replace("_", " ") for k, _ in FACTORS),
        families=tuple(f for _, f in FACTORS),
        prior_mean=np.full(n, mean),
        prior_sd=np.full(n, mean * sqrt(exp(log_sd**2) - 1)),
        signs=(POSITIVE,) * n,
    )
    one_class = replace(
        without_background(sourced_runner_prior()),
        class_probability=np.ones(1),
        class_mean=np.array([level]),
        class_sd=np.array([level_sd]),
        frailty_log_mean=log(0.5),
        frailty_log_sd=0.5,
    )
    return table, one_class


def sourced_priors() -> tuple[FactorTable, RunnerPrior]:
    """Twelve factors with the priors and signs of the evidence tables, and the two classes of runners."""
    rows = [priors()[key] for key, *_ in SOURCED]
    table = FactorTable(
        keys=tuple(p.key for p in rows),
        labels=tuple(p.label for p in rows),
        families=tuple(family for _, family, *_ in SOURCED),
        prior_mean=np.array([p.mean for p in rows]),
        prior_sd=np.array([p.sd for p in rows]),
        signs=tuple(p.sign for p in rows),
    )
    return table, sourced_runner_prior()


# Stressors that may be a simulated runner's trigger, and the factor that each is shown with.
TRIGGERS = (("overpace", "pace"), ("heat", "fluid, salt and heat"), ("glycogen", "fatigue and fuel"))


def with_triggers(table: FactorTable) -> FactorTable:
    """The table with three triggers, whose knees lie about where a bad marathon day begins."""
    triggers = TriggerTable(
        keys=tuple(key for key, _ in TRIGGERS),
        families=tuple(family for _, family in TRIGGERS),
        factors=tuple(key for key, _ in TRIGGERS),
        knee_mean=np.full(len(TRIGGERS), 0.8),
        knee_sd=np.full(len(TRIGGERS), 0.3),
    )
    return replace(table, triggers=triggers)


def without_background(prior: RunnerPrior) -> RunnerPrior:
    """The prior of runners who cramp of the factors alone."""
    return replace(prior, background_log_rate=None)


def simulate_journal(
    rng: np.random.Generator,
    runs: int = 200,
    races: int = 15,
    years: float = 0.0,
    *,
    sourced: bool = False,
    triggers: bool = False,
) -> SimulatedJournal:
    """A journal of minutes without reports, spread evenly over ``years``."""
    kind = np.zeros(runs, dtype=np.int64)
    order = rng.permutation(runs)
    long_runs, tempo_runs = races + runs // 5, races + runs // 5 + runs // 6
    kind[order[:races]], kind[order[races:long_runs]], kind[order[long_runs:tempo_runs]] = RACE, LONG, TEMPO
    minutes, covariates, effort = _run_bodies(rng, kind)
    time_y = np.linspace(0.0, years, runs)
    rows = []
    for i in range(runs):
        x = covariates[i, : minutes[i]]
        met = x[:, [_column(key) for key, _ in TRIGGERS]] if triggers else np.zeros((minutes[i], 0))
        log_h0 = np.zeros(minutes[i])
        if sourced:
            log_h0 = _sourced_baseline(effort[i, : minutes[i]], kind[i])
            x = np.column_stack([x[:, _column(of)] * unit for _, _, of, unit in SOURCED])
        rows.append(
            RunRows(
                dt_h=np.full(minutes[i], MINUTE_H),
                log_h0=log_h0[None],
                covariates=x[None],
                stressors=met[None],
                time_y=float(time_y[i]),
                hard=bool(kind[i] == RACE),
                run_id=f"run {i}",
                after_log_h0=np.log([0.02, 0.02]) if kind[i] >= LONG else None,
            )
        )
    easy = [r.covariates[0] for r, k in zip(rows, kind, strict=True) if k == EASY]
    return SimulatedJournal(tuple(rows), kind, np.median(np.concatenate(easy), axis=0))


def _column(key: str) -> int:
    return [k for k, _ in FACTORS].index(key)


def _sourced_baseline(relative_speed: Floats, kind: int) -> Floats:
    """log h0 in 1/h of a runner who is not prone: H(D) k f^(k-1) df/dt, D what the effort would sustain."""
    p = priors()
    km = np.cumsum(relative_speed * _ROUTE_KM_H * MINUTE_H)
    distance_km = km[-1] if kind == RACE else max(km[-1], 42.2)
    shape = p["k_marathon"].mean if distance_km > 30 else p["k_other"].mean
    not_prone_marathon = -2.839  # log cumulative hazard of an average runner of that class
    log_h = not_prone_marathon + p["m_short"].mean * np.log(distance_km / 42.2)
    f = km / distance_km
    return np.asarray(log_h + np.log(shape) + (shape - 1) * np.log(f) + np.log(np.gradient(f) / MINUTE_H))


def _run_bodies(rng: np.random.Generator, kind: Ints) -> tuple[Ints, Floats, Floats]:
    """Minutes of each run, covariates (runs, minutes, 12), 0 = comfortable, 1 = a bad marathon day; relative speed."""
    n = kind.size
    race_min = rng.choice([50, 105, 105, 215, 230], n) * rng.uniform(0.92, 1.1, n)
    minutes = np.select(
        [kind == EASY, kind == TEMPO, kind == LONG],
        [rng.uniform(40, 85, n), rng.uniform(50, 75, n), rng.uniform(105, 180, n)],
        race_min,
    ).astype(np.int64)
    clock = np.arange(minutes.max())
    race_speed = np.select([minutes > 150, minutes > 80], [0.86, 0.92], 1.0)
    speed = np.select([kind == EASY, kind == TEMPO, kind == LONG], [0.74, 0.84, 0.77], race_speed) + rng.normal(
        0, 0.025, n
    )
    slope = rng.normal(-0.01, 0.03, n)
    relative = speed[:, None] * (1 + slope[:, None] * (clock / minutes[:, None] - 0.5))
    relative += rng.normal(0, 0.01, relative.shape)
    relative += np.where(kind[:, None] == TEMPO, 0.10 * ((clock // 6) % 2), 0.0)
    temp_c = np.clip(rng.normal(14, 7, n), -3, 33)
    drink_l_h = np.select(
        [kind == EASY, kind == LONG, kind == RACE],
        [np.zeros(n), rng.uniform(0, 0.6, n), rng.uniform(0.1, 0.9, n)],
        0.05,
    )
    drink_na_mmol_l = rng.choice([0, 10, 20, 35], n)
    downhill = np.where(rng.random(n) < 0.2, rng.uniform(0, 6, n), rng.uniform(0, 1, n))

    mass_kg, sweat_l_h, sweat_na = rng.uniform(52, 88), rng.lognormal(0, 0.3), rng.lognormal(log(40), 0.4)
    own_level = np.select([minutes > 150, minutes > 80], [0.83, 0.90], 0.97) + rng.normal(-0.01, 0.03)
    fatigability, longest_min = rng.lognormal(0, 0.2), rng.uniform(130, 200, n)
    ramp = np.clip(rng.normal(0, 0.35, n), 0, None)
    shoe = np.where(rng.random(n) < 0.15, rng.uniform(0, 1.2, n), 0)
    gap = 1 - np.exp(-rng.exponential(12, n) / 21)
    calf = np.where(rng.random(n) < 0.12, rng.uniform(0.2, 1.2, n), 0)
    sore = np.where(rng.random(n) < 0.15, rng.uniform(0, 0.8, n), 0)

    x = np.zeros((n, clock.size, len(FACTORS)))
    fatigue, water_l, sodium, over, damage = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n), sore
    glycogen, core_c = np.ones(n), np.full(n, 37.0)
    for t in clock:
        r = relative[:, t]
        sweat = sweat_l_h / 60 * np.clip(r / 0.85, 0.3, None) ** 2 * np.clip(1 + 0.045 * (temp_c - 15), 0.5, None)
        water_l = water_l + sweat - drink_l_h / 60
        sodium = sodium + sweat * sweat_na - drink_l_h / 60 * drink_na_mmol_l
        loss = np.clip(100 * water_l / mass_kg, 0, None)
        glycogen = np.clip(glycogen - 0.00775 * r**3 + np.where(kind == RACE, 0.001, 0.0), 0, 1)
        steady_c = 37.0 + 1.6 * r + 0.035 * np.clip(temp_c - 12, 0, None) + 0.12 * loss
        core_c = core_c + (steady_c - core_c) / 22
        over = over + (np.clip(r - own_level, 0, None) / 0.045 - over) / 15
        drive = np.clip(r - 0.55, 0, None) ** 1.5 / 0.18 * (1 + 0.4 * (1 - glycogen)) * (1 + 0.3 * gap)
        fatigue = fatigue + 0.012 * drive * fatigability - 0.0025 * fatigue
        damage = damage + downhill / 400
        x[:, t, 0], x[:, t, 1], x[:, t, 2] = fatigue / 3.2, over, loss / 2.5
        x[:, t, 3], x[:, t, 4] = np.clip(sodium, 0, None) / 90, np.clip(core_c - 38.3, 0, None) / 0.7
        x[:, t, 5], x[:, t, 6] = np.clip(t / longest_min - 0.6, 0, None) / 0.8, np.clip(0.75 - glycogen, 0, None) / 0.6
        x[:, t, 8] = damage
    x[:, :, 7], x[:, :, 9], x[:, :, 10], x[:, :, 11] = ramp[:, None], shoe[:, None], gap[:, None], calf[:, None]
    return minutes, x, relative


@dataclass(frozen=True, slots=True)
class Reporting:
    """How a simulated runner reports. ``quarters``: share of cramps told as a quarter of the run, not as a time."""

    quarters: float = 0.35
    silent: bool = False  # reports go missing with the report probabilities of the truth
    asked: bool = False  # prompted: twitches are told too


def simulate_reports(
    rng: np.random.Generator, journal: SimulatedJournal, layout: Layout, truth: Floats, how: Reporting = Reporting()
) -> list[Report]:
    """One report a run, drawn from the model at natural values ``truth`` (d,); the first body state is the true one."""
    at = layout.index
    theta = truth[at["frailty"]]
    first = min(r.time_y for r in journal.runs)
    state = "asked" if how.asked else "unasked"
    reports = []
    for run in journal.runs:
        rate = true_hazard(run, layout, truth, first) * run.dt_h
        frailty = rng.gamma(1 / theta, theta)
        cumulative = frailty * np.cumsum(rate)
        target = rng.exponential()
        cramped = bool(cumulative[-1] > target)
        if cramped:
            report = _cramp_report(rng, run, cumulative, target, how)
        else:
            report = Report.none(asked=how.asked)
            if "twitch_excess" in at:
                shared = true_hazard(run, layout, truth, first, truth[at["twitch_shared"]]) * run.dt_h
                if rng.random() < -np.expm1(-frailty * truth[at["twitch_excess"]] * shared.sum()):
                    report = Report.twitch()
        if how.silent:
            told = truth[at[f"report_given_{'cramp' if cramped else 'none'}_{state}"]]
            if rng.random() >= told:
                report = Report.no_report(asked=how.asked)
        reports.append(report)
    return reports


def true_hazard(run: RunRows, layout: Layout, truth: Floats, first_y: float, shared: float = 1.0) -> Floats:
    """Hazard of each bin of a run's first body at natural values ``truth`` (d,), 1/h; ``shared`` scales sensitivities
    and triggers."""
    by = layout.coefficients(truth[None])[0]
    factors, ramps = layout.active.size, layout.table.triggers.columns
    steps = level_steps(run.time_y, first_y, layout.features.drift_years) @ truth[layout.steps]
    linear = run.covariates[0][:, layout.active] @ by[:factors]
    trigger = layout.table.triggers.ramps(run.stressors[0]) @ by[factors : factors + ramps]
    background = np.exp(by[-2] + (0.0 if run.hard else by[-1]))
    causes = np.exp(run.log_h0[0] + by[-3] + steps + shared * linear)
    return np.asarray((background + causes) * np.exp(shared * trigger))


def _cramp_report(rng: np.random.Generator, run: RunRows, cumulative: Floats, target: float, how: Reporting) -> Report:
    bin_ = int(np.searchsorted(cumulative, target))
    ends = np.cumsum(run.dt_h)
    previous = cumulative[bin_ - 1] if bin_ else 0.0
    at_h = ends[bin_] - run.dt_h[bin_] * (1 - (target - previous) / (cumulative[bin_] - previous))
    if rng.random() >= how.quarters:
        return Report.exact(float(at_h), asked=how.asked)
    quarter = run.duration_h / 4
    start = np.floor(at_h / quarter) * quarter
    return Report.interval(float(start), float(min(start + quarter, run.duration_h)), asked=how.asked)
