"""A runner of an outside world tells Charley everything, through the public journal: runs as files hold them, answers
as they were given. What the runner was not asked, or did not say, is not told.

Gels count as carbohydrate of the drinks of that run (the journal has no other place for them); where nothing was drunk
they are left out. The best time of the profile is not told: the races in the log stand for it.
"""

from __future__ import annotations

import hashlib
from datetime import UTC
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from charley.activities.cleaning import clean
from charley.api import journal
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.run import Recording, Run

READ_BY = "outside worlds"
SODIUM_MG_PER_MMOL = 22.99
MOST_CARBOHYDRATE_G_L = 400.0  # what the journal takes for a drink
SEVERITY = {1: 1, 2: 2, 3: 4}  # a twinge, had to slow, had to stop -> kept running, slowed, stopped
NIGHT_FROM_H, LATE_FROM_H = 6.0, 1.0


class OutsideRunner(Protocol):
    """What a world hands over: any module with these records will do."""

    profile: Any
    runs: tuple[Any, ...]
    truth: Any


def run_id(outside: Any) -> str:
    """The id of a run in the journal: the hash of what was recorded."""
    content = hashlib.sha256(str(outside.start).encode())
    for channel in (outside.time_s, outside.distance_m, outside.altitude_m):
        content.update(np.ascontiguousarray(channel).tobytes())
    return content.hexdigest()


def run_of(outside: Any) -> Run:
    """The record as a watch would have it, through the product's own cleaning."""
    channels = {"distance_m": outside.distance_m, "altitude_m": outside.altitude_m}
    if outside.heart_rate_bpm is not None:
        channels["heart_rate_bpm"] = outside.heart_rate_bpm
    if outside.cadence_spm is not None:
        channels["cadence_spm"] = outside.cadence_spm
    start_unix_s = outside.start.replace(tzinfo=UTC).timestamp()
    return clean(
        Recording(
            file_name=f"{outside.start:%Y-%m-%d-%H%M}.fit",
            file_format="fit",
            content_sha256=run_id(outside),
            time_unix_s=start_unix_s + outside.time_s.astype(np.float64),
            channels={name: values.astype(np.float64) for name, values in channels.items()},
            sport="running",
            device="a watch",
        )
    )


def tell(path: Path, runner: OutsideRunner) -> Path:
    """Make the journal of a runner at ``path``: profile, runs, and all answers."""
    profile = runner.profile
    first = runner.runs[0].start.year
    journal.log_baseline(
        path,
        body_mass_kg=float(profile.mass_kg),
        height_m=float(profile.height_m),
        birth_year=int(first - profile.age),
        sex="male" if profile.sex == "m" else "female",
    )
    for outside in runner.runs:
        run = run_of(outside)
        journal.add_run(path, run, read_by=READ_BY)
        tell_of_run(path, outside, run)
    return path


def tell_of_run(path: Path, outside: Any, run: Run) -> None:
    """Everything that was said of one run."""
    known = {"run": run.run_id}
    said: dict[str, Any] = {}
    if outside.hard:
        said["effort"] = "race" if outside.kind == "race" else "hard"
    if outside.temperature_c is not None:
        said["air_temp_c"] = float(outside.temperature_c)
    if outside.humidity_pct is not None:
        said["relative_humidity"] = float(outside.humidity_pct) / 100
    chips = [chip for chip, told in (("bad_sleep", outside.bad_sleep), ("tight_calves", outside.tight_calves)) if told]
    if said or chips:
        journal.log_about(path, **known, **said, unusual=chips)
    if outside.shoes is not None:
        journal.log_shoes(path, outside.shoes, **known)
    if outside.drinks is not None:
        _drinks(path, outside, run)
    for when, mass in (("before", outside.mass_before_kg), ("after", outside.mass_after_kg)):
        if mass is not None:
            journal.log_weight(path, float(mass), when=when, **known)
    if outside.report is not None:
        _report(path, outside.report, run)


def _drinks(path: Path, outside: Any, run: Run) -> None:
    litres = sum(d.litres for d in outside.drinks)
    if litres <= 0:
        journal.log_drink(path, 0.0, run=run.run_id)
        return
    sodium = sum(d.sodium_mg for d in outside.drinks) / SODIUM_MG_PER_MMOL
    carbohydrate = sum(d.carbohydrate_g for d in outside.drinks)
    journal.log_drink(
        path,
        float(litres),
        run=run.run_id,
        sodium_mmol_l=float(sodium / litres),
        carbohydrate_g_l=float(min(carbohydrate / litres, MOST_CARBOHYDRATE_G_L)),
    )


def _report(path: Path, report: Any, run: Run) -> None:
    if report.cramps:
        for cramp in report.cramps:
            journal.log_event(
                path,
                "cramp",
                run=run.run_id,
                place=_place(cramp, run),
                muscle=cramp.muscle,
                side=cramp.side,
                severity=SEVERITY[cramp.severity],
            )
    else:
        journal.log_event(path, "none", run=run.run_id)
    if report.after_hours is not None:
        hours = report.after_hours
        phase = "after_0_1h" if hours <= LATE_FROM_H else "after_1_6h" if hours <= NIGHT_FROM_H else "night"
        journal.log_event(
            path, "cramp", run=run.run_id, phase=phase, muscle=report.after_muscle, side=report.after_side
        )


def _place(cramp: Any, run: Run) -> Cramp:
    end_s = run.elapsed_s
    if cramp.time_s is not None:
        at_s = min(float(cramp.time_s), end_s)
    elif cramp.km is not None:
        known = np.isfinite(run.streams.distance_m)
        at_s = float(np.interp(cramp.km * 1000, run.streams.distance_m[known], run.streams.time_s[known]))
        at_s = min(at_s, end_s)
    else:
        return Cramp(None, 0.0, end_s)
    return Cramp(at_s, at_s, at_s)
