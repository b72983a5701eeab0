"""The experiments of the calibration in few seconds a set of constants, for its posterior: the same published numbers,
one or two seeds, and no groups.

What a group, water, salt and training do to the threshold is read off one curve, the threshold along the excitability,
because in the model all of them are shifts of it. Left out, because they take longer than all others together: fatigue
(E15), the after-effect of a cramp (E23) and who cramps at will (E25, E27).
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from calibration_experiments import (
    AH,
    CALF,
    E06_BODY,
    E08_BODIES,
    EASY_MV,
    FHB,
    MIDDLE_MV,
    OTHER_MEAN_MV,
    OTHER_TENDON,
    maximal_effort,
    person,
    rectified_uv,
    rows_of_e02,
    rows_of_e03,
)
from calibration_published import Row

from charley.neuromuscular import SlowState, after_sessions, constants, ion_shift_mv
from charley.neuromuscular.excitability import threshold_shift_mv
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.simulate import simulate
from charley.neuromuscular.subject import Subject
from charley.neuromuscular.threshold import RampProtocol, cramp_after, rested_threshold_hz
from charley.vocabulary.arrays import Floats

CURVE_MV = (-0.8, 0.2, 1.2, 2.2)  # excitabilities at which the threshold is simulated
GROUP_MV = (-1.2, 3.2)  # and between which people lie
RANGE_HZ = (4.0, 60.0)  # of stimulation


class Curve:
    """Threshold (Hz) along the excitability (mV): a parabola through a few simulated points that cramp."""

    def __init__(self, values: dict[str, float], muscle: str, tendon: float, seed: int) -> None:
        people = [person(values, muscle, e, tendon) for e in CURVE_MV]
        found = np.array(
            [rested_threshold_hz(s, None, None, (seed + k,), *RANGE_HZ, 1.0) for k, s in enumerate(people)]
        )
        self.grid = np.linspace(*GROUP_MV, 89)
        known = np.isfinite(found)
        if known.sum() < 2:
            self.hz = np.full(self.grid.shape, RANGE_HZ[1])
        else:
            parabola = np.polyfit(np.array(CURVE_MV)[known], found[known], min(2, int(known.sum()) - 1))
            self.hz = np.clip(np.maximum.accumulate(np.polyval(parabola, self.grid)), *RANGE_HZ)

    def at(self, excitability_mv: float | Floats) -> Floats:
        return np.interp(excitability_mv, self.grid, self.hz)

    def excitability(self, hz: float) -> float:
        """Of the person whose threshold this is."""
        return float(np.interp(hz, self.hz + 1e-9 * np.arange(len(self.hz)), self.grid))

    def change(self, from_hz: float, shift_mv: float) -> float:
        """Of the threshold of a person at ``from_hz``, by a shift of the excitability."""
        start = self.excitability(from_hz)
        return float(self.at(start + shift_mv) - self.at(start))

    def group(self, mean_mv: float, sd_mv: float, least_mv: float) -> tuple[float, float]:
        """Mean and standard deviation of a class of people."""
        drawn = np.array([NormalDist().inv_cdf((k + 0.5) / 60) for k in range(60)])
        hz = self.at(np.maximum(mean_mv + sd_mv * drawn, least_mv))
        return float(hz.mean()), float(hz.std())


def threshold_hz(subject: Subject, state: SlowState | None, seed: int, blocked: bool = False) -> float:
    """Of a rested pool; who does not cramp counts as 60 Hz."""
    ramp = RampProtocol(blocked=True) if blocked else None
    found = rested_threshold_hz(subject, state, ramp, (seed,), 6.0, 60.0, 0.8)
    return found if math.isfinite(found) else 60.0


def foot_rows(values: dict[str, float], seed: int) -> list[Row]:
    """E02, E03 and E33, in the middle person of E02."""
    subject = person(values, AH, MIDDLE_MV)
    intact, blocked = (threshold_hz(subject, None, seed, blocked) for blocked in (False, True))
    seeds = (seed, seed + 1)
    cramps = [cramp_after(intact + 2.0, subject, ramp=RampProtocol(follow_s=120.0), seed=s) for s in seeds]
    still = RampProtocol(follow_s=20.0, blocked=True)
    below = [cramp_after(blocked + 2.0, subject, ramp=still, seed=s) for s in seeds]
    long = RampProtocol(follow_s=3.0, joint_angle_deg=30.0)
    stretched = [cramp_after(intact + 30.0, subject, ramp=long, seed=s).cramp_duration_s for s in seeds]
    return [
        *rows_of_e02(intact, blocked, cramps, below),
        *rows_of_e03(cramps),
        Row("E33", "after-discharge of a long muscle at threshold + 30 Hz (s)", max(stretched)),
    ]


def cramp_rows(values: dict[str, float], seed: int) -> list[Row]:
    """E10, in a person who cramps easily, and what a greatest effort does."""
    easily = person(values, FHB, EASY_MV)

    def lasts_s(drinks: tuple[tuple[float, float], ...], s: int) -> float:
        protocol = Protocol(trains=(Train(0.5, 2.0, 24.0),), drinks_s=drinks)
        for duration_s in (60.0, 200.0):  # most of the sharp drinks have ended it by the first
            trace = simulate(easily, protocol=protocol, duration_s=duration_s, seed=s, record_hz=2.0)
            active = trace.unit_rate_hz[trace.time_s > 3.0] >= 0.6
            if not active.all():
                return float(np.argmin(active)) / 2.0
        return duration_s

    ramp = RampProtocol(follow_s=220.0)
    water = cramp_after(24.0, easily, ramp=ramp, seed=seed).cramp_duration_s
    protocol = Protocol(trains=(Train(0.5, 2.0, 24.0),))
    started = simulate(easily, protocol=protocol, duration_s=33.0, seed=seed, record_hz=2.0)
    effort = maximal_effort(person(values, FHB))
    held = maximal_effort(person(values, CALF, OTHER_MEAN_MV), 0.0, 40.0).unit_rate_hz
    return [
        Row("E10", "cramp of a person who cramps easily (s)", water),
        Row("E10", "ratio sharp drink/water", lasts_s(((3.0, 1.0),), seed) / max(water, 1.0)),
        Row(
            "E10",
            "EMG in the cramp, of maximal effort",
            rectified_uv(started, 3.0) / rectified_uv(effort, 1.0),
        ),
        Row("-", "unit rate in a maximal effort (1/s)", held[10:30].mean()),
        Row("-", "unit rate after 40 s of it, of the first (share)", held[-20:].mean() / held[10:30].mean()),
    ]


def pain_row(values: dict[str, float], other: Curve, seed: int) -> Row:
    """E14, in the person whose threshold is 31 Hz."""
    stiff = person(values, FHB, other.excitability(31.2), OTHER_TENDON)
    painless, sore = (threshold_hz(stiff, SlowState(pain=p), seed) for p in (0.0, 1.0))
    return Row("E14", "threshold, ratio pain/none", sore / painless)


def short_rows(values: dict[str, float], seed: int = 1) -> list[Row]:
    """All of them."""
    p = constants(CALF)._replace(**values)
    curve, other = Curve(values, FHB, 1.0, seed), Curve(values, FHB, OTHER_TENDON, seed)
    calf = Curve(values, CALF, OTHER_TENDON, seed)
    rows = [*foot_rows(values, seed), *cramp_rows(values, seed), pain_row(values, other, seed)]
    for label, found in (
        ("cramps in the past", curve.group(p.trait_prone_mean_mv, p.trait_prone_sd_mv, p.trait_least_mv)),
        ("none", other.group(p.trait_other_mean_mv, p.trait_other_sd_mv, p.trait_least_mv)),
    ):
        rows.append(Row("E01", f"threshold, {label} (Hz)", found[0]))
        rows.append(Row("E01", f"spread of it, {label} (Hz)", found[1]))
    rows.append(Row("E06", "change at -3 % (Hz)", other.change(23.7, ion_shift_mv(p, *E06_BODY))))
    for arm, body in E08_BODIES.items():
        shift = threshold_shift_mv(p, 0.0, ion_shift_mv(p, *body), p.downhill_run_fast_fatigue, 0.0, 0.0)
        rows.append(Row("E08", f"change, {arm} (Hz)", calf.change(24.6, shift)))
    for experiment, quantity, start, sessions in (
        ("E19", "rise after 3 weeks (Hz)", 23.3, 6),
        ("E22", "rise after 6 weeks (Hz)", 15.5, 12),
    ):
        trained = p.adaptation_shift_mv * after_sessions(p, sessions, 3.5)
        rows.append(Row(experiment, quantity, calf.change(start, trained)))
    return rows
