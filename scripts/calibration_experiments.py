"""The experiments that the motor pool is calibrated on, short: each published number beside what the pool gives.

Searched over by calibrate_neuromuscular.py. Single people at the middle of their class stand for groups where they can.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
from calibration_published import Row

from charley.lab.units import common_drive
from charley.neuromuscular import SlowState, Subject, after_sessions, constants, ion_shift_mv, virtual_subjects
from charley.neuromuscular.emg import electromyogram
from charley.neuromuscular.protocol import Protocol, TendonShock, Train
from charley.neuromuscular.simulate import Trace, simulate
from charley.neuromuscular.threshold import (
    CRAMP_RATE_HZ,
    RampProtocol,
    cramp_after,
    rested_threshold_hz,
    threshold_frequency,
)

PROTOCOLS = Path(str(files("charley.lab") / "protocols"))
FHB, AH, CALF = "flexor_hallucis_brevis", "abductor_hallucis", "medial_gastrocnemius"


def trait_of(experiment: str) -> float:
    """Excitability (mV) that an experiment's protocol gives to all its people."""
    return float(tomllib.loads((PROTOCOLS / f"{experiment}.toml").read_text(encoding="utf-8"))["trait_mv"])


MIDDLE_MV, EASY_MV = trait_of("E02"), trait_of("E10")
OTHER_TENDON, OTHER_MEAN_MV = constants().trait_other_tendon_organ, constants().trait_other_mean_mv


def person(values: dict[str, float], muscle: str, excitability_mv: float = 0.0, tendon: float = 1.0) -> Subject:
    return Subject(muscle, excitability_mv, tendon, overrides=tuple(values.items()))


def joined(results, field: str) -> np.ndarray:
    return np.concatenate([getattr(r.units, field) for r in results] + [np.zeros(0)])


def mean(values) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


def strength(results) -> float:
    """Largest discharge of the pool after the train, over people: for the electromyogram, whose scale is open."""
    return mean([r.peak_unit_rate_hz for r in results])


def maximal_effort(subject: Subject, angle_deg: float | None = None, hold_s: float = 3.0) -> Trace:
    """The greatest effort from rest, at a joint angle (None: the test position)."""
    protocol = Protocol(voluntary=((0.0, 1.0),), joint_angle_deg=angle_deg)
    return simulate(subject, protocol=protocol, duration_s=hold_s, record_hz=10.0)


def rectified_uv(trace: Trace, from_s: float) -> float:
    """Mean rectified electromyogram from ``from_s`` to the end of a trace."""
    return electromyogram(trace, with_direct=False).rectified_uv(from_s, float(trace.time_s[-1]))


def shared_drive(seed: int, subject: Subject, frequency_hz: float) -> float:
    """Cross-correlation of the rates of pairs of units in a cramp, after its first seconds."""
    trace = simulate(
        subject, protocol=Protocol(trains=(Train(0.5, 2.0, frequency_hz),)), duration_s=25.0, seed=seed, record_hz=2.0
    )
    after = trace.spike_s >= 3.0
    return common_drive(np.round(trace.spike_s[after] * 1000.0).astype(np.int64), trace.spike_unit[after])[1]


def still_on(seed: int, subject: Subject, frequency_hz: float, longest_s: int = 100) -> float:
    """Units on in a second of the cramp (2 impulses), over those in its first second; mean from its start to its end.

    What one unit's activity (29.5 s) is of the whole cramp (55.6 s) in E02, if all begin together.
    """
    trace = simulate(
        subject, protocol=Protocol(trains=(Train(0.5, 2.0, frequency_hz),)), duration_s=2.6 + longest_s, seed=seed,
        record_hz=2.0,
    )  # fmt: skip
    second = np.floor(trace.spike_s - 2.6).astype(int)
    after = second >= 0
    counts = np.zeros((longest_s, subject.units))
    np.add.at(counts, (second[after], trace.spike_unit[after]), 1.0)
    over = np.flatnonzero(counts.mean(axis=1) < CRAMP_RATE_HZ)
    lasted = over[0] if len(over) else longest_s
    on = (counts >= 2).sum(axis=1)
    return float(on[:lasted].mean() / on[0]) if lasted and on[0] else 0.0


def rows_of_e02(intact: float, blocked: float, cramps, below) -> list[Row]:
    """E02: thresholds with the nerve intact and blocked, Hz, the cramps above the one and what follows above the other."""
    return [
        Row("E02", "threshold, intact (Hz)", intact),
        Row("E02", "threshold, nerve blocked (Hz)", blocked),
        Row("E02", "ratio of the two", blocked / intact),
        Row("E02", "cramp, intact (s)", mean([r.cramp_duration_s for r in cramps])),
        Row("E02", "after-discharge, blocked (s)", mean([r.cramp_duration_s for r in below])),
        Row("E02", "activity of a unit, intact (s)", mean(joined(cramps, "active_s")), 0.3),
        Row("E02", "activity of a unit, blocked (s)", mean(joined(below, "active_s"))),
        Row("E02", "unit rate, intact (1/s)", mean(joined(cramps, "mean_rate_hz"))),
        Row("E02", "unit rate, blocked (1/s)", mean(joined(below, "mean_rate_hz"))),
        Row("E02", "peak EMG, blocked over intact", strength(below) / strength(cramps)),
    ]


def rows_of_e03(cramps) -> list[Row]:
    """E03: how units fire in a cramp."""
    return [
        Row("E03", "unit rate (1/s)", mean(joined(cramps, "mean_rate_hz"))),
        Row("E03", "largest unit rate (1/s)", mean(joined(cramps, "largest_rate_hz"))),
        Row("E03", "last unit rate (1/s)", mean(joined(cramps, "last_rate_hz"))),
        Row("E03", "variation of intervals", mean(joined(cramps, "interval_cv"))),
    ]


def loop_rows(
    values: dict[str, float], other_mv: float = OTHER_MEAN_MV, seeds: tuple[int, ...] = (1, 2, 3, 4, 5)
) -> list[Row]:
    """E02, E03, E33 and the middle of each class of E01, from subjects at the middle of their class."""
    subject = person(values, AH, MIDDLE_MV)
    intact = rested_threshold_hz(subject, seeds=seeds[:3], low_hz=6.0, high_hz=38.0, within_hz=0.5)
    blocked = rested_threshold_hz(
        subject, ramp=RampProtocol(blocked=True), seeds=seeds[:3], low_hz=6.0, high_hz=38.0, within_hz=0.5
    )
    start, start_blocked = (f + 2.0 if np.isfinite(f) else 40.0 for f in (intact, blocked))
    cramps = [cramp_after(start, subject, ramp=RampProtocol(follow_s=100.0), seed=s) for s in seeds]
    below = [cramp_after(start_blocked, subject, ramp=RampProtocol(follow_s=20.0, blocked=True), seed=s) for s in seeds]
    stretched = [
        cramp_after(
            start + 28.0, subject, ramp=RampProtocol(follow_s=3.0, joint_angle_deg=30.0), seed=s
        ).cramp_duration_s
        for s in seeds[:2]
    ]
    reluctant = rested_threshold_hz(
        person(values, FHB, other_mv, OTHER_TENDON), seeds=seeds[:3], within_hz=0.9, low_hz=10.0, high_hz=54.0
    )
    above = [
        cramp_after(start + more, subject, ramp=RampProtocol(follow_s=3.0), seed=s).cramp_duration_s >= 3.0
        for more in (0.0, 2.0, 4.0, 8.0, 16.0)
        for s in seeds[:3]
    ]
    easily, stiff = person(values, FHB, EASY_MV), person(values, FHB, other_mv + 0.5, OTHER_TENDON)
    easy = [cramp_after(24.0, easily, ramp=RampProtocol(follow_s=220.0), seed=s).cramp_duration_s for s in seeds[:3]]
    painless, sore = (
        rested_threshold_hz(stiff, SlowState(pain=p), seeds=seeds[:3], within_hz=0.5, low_hz=10.0, high_hz=54.0)
        for p in (0.0, 1.0)
    )
    started = simulate(
        person(values, FHB, EASY_MV), protocol=Protocol(trains=(Train(0.5, 2.0, 24.0),)), duration_s=63.0, record_hz=2.0
    )
    effort = maximal_effort(person(values, FHB))
    sustained = maximal_effort(person(values, CALF, other_mv), 0.0, 40.0).unit_rate_hz
    middle = person(values, FHB, 0.6)  # cramps at some 20 Hz, as the people of E15 did
    fresh, tired = (
        rested_threshold_hz(middle, state, seeds=seeds[:3], low_hz=12.0, high_hz=46.0, within_hz=0.7)
        for state in (None, rested(middle, bouts(middle), 60.0 * RAMP_MIN))
    )
    quiet = [
        simulate(
            person(values, CALF, -1.0), SlowState(pain=p), Protocol(joint_angle_deg=0.0), duration_s=6.0, record_hz=10.0
        ).unit_rate_hz.mean()
        for p in (0.0, 0.7)
    ]
    return [
        *rows_of_e02(intact, blocked, cramps, below),
        Row(
            "E02",
            "units still on, mean over the cramp (share)",
            mean([still_on(s, subject, start) for s in seeds[:3]]),
        ),
        *rows_of_e03(cramps),
        Row("E03", "cross-correlation of rates", shared_drive(1, subject, start)),
        Row("E33", "after-discharge of a long muscle at threshold + 30 Hz (s)", max(stretched)),
        Row("E01", "threshold of the middle non-cramper (Hz)", reluctant),
        Row("E10", "cramp of a person who cramps easily (s)", mean(easy)),
        Row(
            "E10",
            "EMG in the cramp, of maximal effort",
            rectified_uv(started, 3.0) / rectified_uv(effort, 1.0),
        ),
        Row("-", "unit rate in a maximal effort (1/s)", sustained[10:30].mean()),
        Row(
            "-",
            "unit rate after 40 s of it, of the first (share)",
            sustained[-20:].mean() / sustained[10:30].mean(),
        ),
        Row("E15", "threshold, ratio fatigued/fresh", tired / fresh),
        Row("E14", "threshold, ratio pain/none", sore / painless),
        Row("-", "cramps of 3 s at all frequencies above the threshold (share)", mean(above)),
        Row("-", "rest is silent, sore or not (1/s)", max(quiet)),
    ]


MILLER_RAMP = RampProtocol(start_hz=4.0, step_hz=2.0, rest_s=60.0, max_hz=60.0, follow_s=1.5)


def ramp_hz(subject: Subject, state: SlowState | None = None, ramp: RampProtocol = MILLER_RAMP, seed: int = 1) -> float:
    found = threshold_frequency(subject, state, ramp, seed).frequency_hz
    return float("nan") if found is None else found


def still_hz(subject: Subject, state: SlowState | None = None) -> float:
    """Threshold of a rested pool (five seeds, 0.4 Hz); ``nan`` counts as the highest frequency tried."""
    found = rested_threshold_hz(subject, state, seeds=(1, 2, 3, 4, 5), within_hz=0.4, high_hz=60.0)
    return found if np.isfinite(found) else 60.0


def trait_for(target_hz: float, values: dict[str, float], muscle: str, tendon: float = 1.0) -> float:
    """Excitability (mV) of the person whose rested threshold is ``target_hz``; by bisection."""
    low, high = -1.2, 3.5
    for _ in range(6):
        middle = 0.5 * (low + high)
        found = still_hz(person(values, muscle, middle, tendon))
        low, high = (middle, high) if found < target_hz else (low, middle)
    return 0.5 * (low + high)


def group(values: dict[str, float], n: int, muscle: str, prone: bool | None, seed: int = 5) -> tuple[Subject, ...]:
    return virtual_subjects(n, seed, prone, muscle, overrides=tuple(values.items()))


def people_rows(values: dict[str, float]) -> list[Row]:
    """E01, E25, E27 on groups drawn from the trait."""
    rows = []
    for prone, label in ((True, "cramps in the past"), (False, "none")):
        found = np.array([ramp_hz(s, seed=k) for k, s in enumerate(group(values, 15, FHB, prone), start=1)])
        rows.append(Row("E01", f"threshold, {label} (Hz)", float(np.nanmean(found))))
        rows.append(Row("E01", f"spread of it, {label} (Hz)", float(np.nanstd(found, ddof=1))))
    share, again = on_demand()
    rows.append(Row("E27", "cramp on demand (share)", share))
    rows.append(Row("E27", "of those, again on another day (share)", again))
    rows.append(Row("E25", "cramp on demand (share)", share, 0.5))
    willing = group(values, 40, CALF, True)
    cramped = [s for k, s in enumerate(willing, start=1) if voluntary_cramp(s, seed=k)]
    quiet = [tendon_shock_inhibits(s, seed=k) for k, s in enumerate(cramped[:8], start=1)]
    rows.append(Row("E25", "cramps quietened by tendon shocks (share)", mean(quiet)))
    return rows


def voluntary_cramp(subject: Subject, seed: int, hold_s: float = 10.0, still_s: float = 5.0) -> bool:
    """Maximal contraction of the shortened calf; a cramp goes on by itself for ``still_s`` afterwards."""
    protocol = Protocol(voluntary=((0.0, 0.0), (1.0, 1.0), (hold_s, 1.0), (hold_s + 0.3, 0.0)))
    trace = simulate(subject, protocol=protocol, duration_s=hold_s + still_s + 1.5, seed=seed)
    late = trace.time_s >= hold_s + still_s + 0.5
    return bool(trace.unit_rate_hz[late].mean() >= 0.6)


def on_demand(inhibition: float | None = None) -> tuple[float, float]:
    """E27 as the laboratory runs it, on the people of the table: who cramps, and who of them does so on another day.

    ``inhibition`` replaces the table's ``letting_go_inhibition``.
    """
    protocol = (PROTOCOLS / "E27.toml").read_text(encoding="utf-8")
    if inhibition is not None:
        protocol += f"\n[constants]\nletting_go_inhibition = {inhibition}\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "E27.toml"
        file.write_text(protocol, encoding="utf-8")
        command = [sys.executable, "-m", "charley", "lab", "run", str(file), "--json", "--workers", "2"]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(told)["experiments"][0]["simulated"]
    return 0.01 * found["cramped_60s"]["mean"], 0.01 * found["repeated"]["mean"]


def tendon_shock_inhibits(subject: Subject, seed: int) -> bool:
    """A shock to the tendon in a cramp lowers discharge by at least a quarter between 45 and 80 ms."""
    shocks = tuple(TendonShock(5.0 + 0.7 * k, 200.0) for k in range(10))
    trace = simulate(
        subject, protocol=Protocol(trains=(Train(0.5, 2.0, 30.0),), tendon_shocks=shocks), duration_s=12.5, seed=seed
    )
    since = (trace.spike_s[:, None] - np.array([s.at_s for s in shocks])[None, :]) * 1000.0
    before, during = ((since >= -100) & (since < 0)).sum() / 100.0, ((since >= 45) & (since < 80)).sum() / 35.0
    return bool(during < 0.75 * before)


def pain_hz(values: dict[str, float]) -> tuple[float, float]:
    """E14: threshold without and with strong saline in the muscle, in the person whose threshold is 31 Hz."""
    subject = person(values, FHB, trait_for(31.2, values, FHB, OTHER_TENDON), OTHER_TENDON)
    return still_hz(subject), still_hz(subject, SlowState(pain=1.0))


def bouts(
    subject: Subject, level: float = 1.0, hold_s: float = 40.0, pause_s: float = 60.0, count: int = 5
) -> SlowState:
    """E15: sets of toe curls to failure, a greatest effort by then; the joint moves about its middle."""
    points = [(0.0, 0.0)]
    t = 1.0
    for _ in range(count):
        points += [(t, 0.0), (t + 0.5, level), (t + hold_s, level), (t + hold_s + 0.5, 0.0)]
        t += hold_s + pause_s
    protocol = Protocol(voluntary=tuple(points), joint_angle_deg=10.0)
    return simulate(subject, protocol=protocol, duration_s=t - pause_s + 1.0, record_hz=10.0).end_state


RAMP_MIN = 12.0  # how long a ramp to 33 Hz has lasted when it gets there


def fatigue_hz(values: dict[str, float]) -> tuple[float, float]:
    """E15: threshold before, and after the sets by as long as the ramp takes."""
    subject = person(values, FHB, trait_for(20.0, values, FHB))
    tired = rested(subject, bouts(subject), 60.0 * RAMP_MIN)
    return still_hz(subject), still_hz(subject, tired)


def after_cramp_hz(values: dict[str, float]) -> tuple[float, ...]:
    """E23: threshold before, and 5, 30 and 60 min after a cramp that a maximal contraction brought on."""
    subject = person(values, FHB, trait_for(18.0, values, FHB))
    contraction = Protocol(voluntary=((0.0, 0.0), (0.5, 1.0), (30.0, 1.0), (30.5, 0.0)))
    cramped = simulate(subject, protocol=contraction, duration_s=180.0, record_hz=10.0).end_state
    later = (still_hz(subject, rested(subject, cramped, 60.0 * minutes)) for minutes in (5.0, 30.0, 60.0))
    return (still_hz(subject), *later)


def rested(subject: Subject, state: SlowState, seconds: float) -> SlowState:
    """The slow state after rest."""
    from charley.neuromuscular.pool import Pool

    pool = Pool(subject, state)
    row = Protocol().rows(pool.p, 0, 1)
    pool.run(row)
    pool.rest(seconds, row[0])
    return pool.slow_state(state)


def drink_s(values: dict[str, float], count: int = 4) -> tuple[float, float]:
    """E10: how long a cramp lasts with water and with a sharp drink at its onset, in people who cramp easily."""
    found = []
    for drinks in ((), ((3.0, 1.0),)):
        lasted = []
        for seed in range(1, count + 1):
            subject = person(values, FHB, EASY_MV)
            train = Train(0.5, 2.0, 24.0)
            trace = simulate(
                subject, protocol=Protocol(trains=(train,), drinks_s=drinks), duration_s=200.0, seed=seed, record_hz=2.0
            )
            active = trace.unit_rate_hz[trace.time_s > 3.0] >= 0.6
            lasted.append(float(np.argmin(active)) / 2.0 if not active.all() else 200.0)
        found.append(float(np.mean(lasted)))
    return found[0], found[1]


def body_water(
    loss_l: float,
    sweat_sodium_mmol_l: float,
    drink_l: float = 0.0,
    drink_cations_mmol_l: float = 0.0,
    drink_sodium_mmol_l: float = 0.0,
) -> tuple[float, float]:
    """Change of plasma sodium (mmol/L) and of extracellular volume (fraction) by the balance of Edelman et al. 1958.

    Total body water 40 l, extracellular 15 l, sodium 140 mmol/L at the start; sweat takes its salt from outside the
    cells.
    """
    water, outside, start = 40.0, 15.0, 140.0
    lost = loss_l * sweat_sodium_mmol_l
    total = start * water - lost + drink_l * drink_cations_mmol_l
    sodium = total / (water - loss_l + drink_l)
    volume = (start * outside - lost + drink_l * drink_sodium_mmol_l) / sodium
    return sodium - start, volume / outside - 1.0


E08_BODIES = {  # after -2 % in the heat; the drink replaces the loss; ORS holds 51 mmol/L sodium and 20 of potassium
    "after the run": body_water(1.4, 50.0),
    "water": body_water(1.4, 50.0, 1.4, 0.0, 0.0),
    "rehydration solution": body_water(1.4, 50.0, 1.4, 71.0, 51.0),
}


E06_BODY = body_water(2.25, 64.0)  # -3 %, 145 mmol of sodium lost


def dry_people(values: dict[str, float]) -> tuple[Subject, Subject]:
    """The middle person of E06 (foot) and of E08 (calf)."""
    foot = person(values, FHB, trait_for(23.7, values, FHB, OTHER_TENDON), OTHER_TENDON)
    return foot, person(values, CALF, trait_for(24.6, values, CALF, OTHER_TENDON), OTHER_TENDON)


def body_rows(values: dict[str, float]) -> list[Row]:
    """E06 and E08: what body water does."""
    p = constants(CALF)._replace(**values)
    foot, calf = dry_people(values)
    base_foot, base_calf = still_hz(foot, SlowState()), still_hz(calf, SlowState())
    dry = SlowState(ion_shift_mv=ion_shift_mv(p, *E06_BODY))
    rows = [Row("E06", "change at -3 % (Hz)", still_hz(foot, dry) - base_foot)]
    for arm, body in E08_BODIES.items():
        state = SlowState(ion_shift_mv=ion_shift_mv(p, *body), fast_fatigue=p.downhill_run_fast_fatigue)
        rows.append(Row("E08", f"change, {arm} (Hz)", still_hz(calf, state) - base_calf))
    return rows


def training_hz(values: dict[str, float], target_hz: float, tendon: float, sessions: int) -> tuple[float, float]:
    """Threshold before and after weeks of stimulation that cramps, in a person whose threshold is ``target_hz``."""
    subject = person(values, CALF, trait_for(target_hz, values, CALF, tendon), tendon)
    trained = SlowState(adaptation=after_sessions(subject.constants(), sessions, 3.5))
    return still_hz(subject), still_hz(subject, trained)


def training_rows(values: dict[str, float]) -> list[Row]:
    """E19 and E22: weeks of stimulation that cramps, and the same at a neutral ankle that does not."""
    before, after = training_hz(values, 23.3, OTHER_TENDON, 6)
    crampers, trained = training_hz(values, 15.5, 1.0, 12)
    subject = person(values, CALF, trait_for(23.3, values, CALF, OTHER_TENDON), OTHER_TENDON)
    neutral = RampProtocol(train_s=5.0, follow_s=3.0, joint_angle_deg=0.0)
    held, free = (
        cramp_after(before + 30.0, subject, ramp=r).cramp_duration_s
        for r in (neutral, replace(neutral, joint_angle_deg=-30.0))
    )
    return [
        Row("E19", "rise after 3 weeks (Hz)", after - before),
        Row("E19", "after-discharge at a neutral ankle, threshold + 30 Hz (s)", held),
        Row("E19", "cramp when shortened, threshold + 30 Hz (1 = yes)", float(free >= 1.0)),
        Row("E22", "rise after 6 weeks (Hz)", trained - crampers),
    ]


def stretch_row(values: dict[str, float]) -> Row:
    """E18: three minutes of stretching, then the ramp."""
    from charley.neuromuscular.pool import Pool

    subject = person(values, FHB, trait_for(18.0, values, FHB))
    pool = Pool(subject)
    pool.run(
        Protocol(joint_angle_deg=((0.0, -30.0), (1.0, 40.0), (179.0, 40.0), (180.0, -30.0))).rows(pool.p, 0, 180_000)
    )
    state = pool.slow_state(SlowState())
    return Row("E18", "change after stretching (Hz)", still_hz(subject, state) - still_hz(subject))


def state_rows(values: dict[str, float]) -> list[Row]:
    before, pain = pain_hz(values)
    fresh, tired = fatigue_hz(values)
    baseline, *later = after_cramp_hz(values)
    water, sharp = drink_s(values)
    return [
        Row("E14", "threshold, ratio pain/none", pain / before),
        Row("E15", "threshold, ratio fatigued/fresh", tired / fresh),
        Row("E23", "change 5 min after a cramp (Hz)", later[0] - baseline),
        Row("E23", "change 30 min after (Hz)", later[1] - baseline),
        Row("E23", "change 60 min after (Hz)", later[2] - baseline),
        Row("E10", "cramp with water (s)", water),
        Row("E10", "ratio sharp drink/water", sharp / water),
        stretch_row(values),
    ]


def loss(rows: list[Row]) -> float:
    return sum(row.loss for row in rows)


def all_rows(values: dict[str, float]) -> list[Row]:
    return loop_rows(values) + people_rows(values) + state_rows(values) + body_rows(values) + training_rows(values)
