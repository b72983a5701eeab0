"""Answers over made-up journals of any size, for the tests of the report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np

from charley.vocabulary.answer import Why
from charley.vocabulary.over_journal import (
    Before,
    ButFor,
    Clustering,
    Contrast,
    Family,
    Foretold,
    Group,
    HoursAfter,
    LegTable,
    Length,
    LoggedCramp,
    Misfit,
    MuscleTable,
    OneChange,
    OverJournal,
    Personal,
    PlainTable,
    PlainTables,
    RacesAgainstTraining,
    RunDot,
    SamePlace,
    Sides,
)
from report_answers import estimate, make

START = datetime(2023, 3, 1, 8, 0, tzinfo=UTC)
NAMES = {"pace": "Pace and effort", "fatigue": "Tired calves and fuel", "load": "Load and build-up",
         "fluid": "Heat, fluid, salt"}  # fmt: skip


def over(runs: int, cramps: int, verdict: str = "named") -> OverJournal:
    """A journal of so many runs, the last of which cramped."""
    rng = np.random.default_rng(runs)
    dots = tuple(
        RunDot(f"{i:064x}", START + timedelta(days=2 * i), 42_195.0 if i % 9 == 8 else float(rng.uniform(6e3, 30e3)),
               14_000.0 if i % 9 == 8 else float(rng.uniform(2000, 9000)), i % 9 == 8, i % 5 > 0 or i >= runs - cramps,
               i >= runs - cramps)
        for i in range(runs)
    )  # fmt: skip
    shares = tuple(
        Family(
            key,
            label,
            estimate(0.6 - 0.16 * i, 0.05, 0.8),
            estimate(0.2, -0.02, 0.4),
            estimate(0.3, 0.1, 0.5),
            estimate(0.5, 0.02, 0.9),
            i == 0 and cramps > 0,
            2.0 - i,
            i == 3,
        )
        for i, (key, label) in enumerate(NAMES.items())
    )
    logged = tuple(
        LoggedCramp(
            r.run_id, r.started_at, 0.8 * r.elapsed_s, 0.8 * r.distance_m, 0.8 * r.distance_m, 0.8 * r.distance_m,
            r.distance_m, r.elapsed_s, r.race, "calf", "left",
            tuple(ButFor(k, v, estimate(0.2, 0.0004, 0.5)) for k, v in NAMES.items()), (), ("Water loss",),
        )
        for r in dots[runs - cramps :]
    )  # fmt: skip
    found = Clustering("distance", cramps, 3000.0, estimate(4000.0, 2000.0, 6000.0), 0.31, 250.0, "cannot_tell")
    place = (
        SamePlace(cramps, 30e3, 20e3, 33e3, 0.8, 0.7, 0.9, (found, replace(found, axis="time"))) if cramps > 1 else None
    )
    races = RacesAgainstTraining(
        runs // 9, runs // 9, cramps, runs // 3, runs // 3, 0,
        (Contrast("air_temp_c", "Air temperature, as told", "°C", 20.0, 10.0),
         Contrast("against_longest", "Length", "longer", 0.061, -0.124),
         Contrast("body_mass_loss", "Water", "% of body mass more", 0.52, -0.11)),
        (("Pace and effort", "Heat, fluid, salt"),),
    )  # fmt: skip
    table = PlainTable("fast_start", "", 4.0, "%", cramps, max(cramps, 2), 0, runs, 0.001, 0.008, cramps > 4)
    heat = PlainTable("heat", "", 18.0, "°C", min(cramps, 3), 7, 5, 9, 0.6, 1.0, False)
    longest = PlainTable("beyond_longest", "", 0.1, "", 1, 6, 4, 11, 0.8, 1.0, False)
    pair = PlainTable("pair", "Road shoe 3", None, "", 2, 4, 6, 12, 1.0, 1.0, False)
    tables = PlainTables(
        max(runs // 9, 1), cramps, 9, (table, heat, longest, pair),
        LegTable(cramps, 0, "left", 0.5 ** max(cramps - 1, 0), cramps > 5),
        MuscleTable((("calf", cramps),), cramps, None, 1.0, False),
    )  # fmt: skip
    windows = (("during", cramps), ("after_0_1h", 0), ("after_1_6h", 1), ("night", 0))
    return OverJournal(
        verdict=verdict if cramps else "cannot_tell", ranked=cramps > 0, enough=cramps > 2, together=False,
        with_length=False, lead="calf", families=shares,
        length=Length(estimate(0.7, 0.5, 0.9), estimate(0.7, 0.5, 0.9), True, "A", "B", ("K29",)),
        none=estimate(0.2, 0.05, 0.45), joint=estimate(0.4, 0.1, 0.7), tables=tables,
        misfits=(Misfit("halves", 0.012, 5.0, 0.2),) if cramps > 4 else (),
        next_hard_run=Foretold(
            "0" * 64, 30_000.0, estimate(0.4, 0.2, 0.6), estimate(0.35, 0.15, 0.5), estimate(0.2, 0.05, 0.4)
        ),
        hours_after=(HoursAfter("first_hour", 1, 5, estimate(0.1, 0.02, 0.3), estimate(0.05, 0.01, 0.1)),),
        change=OneChange(
            "slower_start", "pace", "log", 3.0, "%", "0" * 64, START, estimate(0.36, 0.2, 0.5),
            estimate(0.17, 0.05, 0.3), 240.0,
        ),
        n_answered=runs - 2, n_hard=max(runs // 9, 1), hard_rule="races", cramps=logged, same_place=place, races=races,
        sides=Sides(cramps, 0, 0, 1),
        groups=(Group("fatigue", "In a run", cramps + 1, windows, ""), Group("nocturnal", "At night", 0, (), "a note")),
        personal=(Personal("critical_speed", "Critical speed", "m/s", estimate(3.6, 3.4, 3.8), None, "races"),),
        before=Before(START, runs - 1, max(cramps - 1, 0), "cannot_tell", (("pace", 0.4),)),
        skipped=(), runs=dots,
    )  # fmt: skip


def journal(runs: int, cramps: int, **changes: str) -> Why:
    whole = make("marathon", log=max(cramps, 1))
    return replace(whole, n_runs=runs, n_cramps=cramps, journal=over(runs, cramps, **changes))
