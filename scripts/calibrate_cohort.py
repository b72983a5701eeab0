"""Sets how often virtual fields cramp: `python scripts/calibrate_cohort.py`, a minute; then scripts/make_numbers.py.

One shift of the log hazard for a marathon and one for a half marathon, solved so that the mild field that comes with Charley
cramps as often as the baseline says that fields do (docs/evidence.md: studies of marathons and half marathons), over all sets of
parameters together. No hot day and no other field is used.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import brentq

from charley.cohort.day import road_of
from charley.cohort.field import field_of, field_text
from charley.cohort.people import people_of
from charley.cohort.simulate import BATCH, bodies_of, hazard_steps, hazards_of
from charley.cohort.worlds import level_shift, worlds_of
from charley.risk.baseline import HALF_KM, MARATHON_KM, field_cumulative_hazard
from charley.risk.person import gamma_survival
from charley.vocabulary.cohort import Field
from charley.vocabulary.units import METRES_PER_KM

TABLE = Path(__file__).resolve().parents[1] / "src/charley/evidence/data/parameters_cohort.toml"
RUNNERS, SEEDS = 8000, (101, 102, 103)
RIEGEL = 1.06


def shift_for(field: Field) -> float:
    """The shift that brings the field's chance of a cramp to the baseline's."""
    road = road_of(field)
    caused, background, theta, target = [], [], [], []
    for seed in SEEDS:
        worlds = worlds_of(seed, field.incidence, road.whole_m)
        km = np.full(worlds.hazard.draws, road.whole_m / METRES_PER_KM)
        target.append(-np.expm1(-field_cumulative_hazard(km, worlds.hazard)))
        for first in range(0, RUNNERS, BATCH):
            people = people_of(field, worlds, road.whole_m, seed, first, BATCH)
            day, states, reference = bodies_of(field, road, worlds, people)
            made = hazards_of(road, worlds, people, day, states, reference, hazard_steps(day.course.steps))
            caused.append(made[0].sum(axis=0))
            background.append(made[1].sum(axis=0))
            theta.append(people.hazard.frailty_variance)
    run, rest, frailty = (np.concatenate(parts) for parts in (caused, background, theta))
    run *= np.exp(-level_shift(road.whole_m / METRES_PER_KM))
    aim = float(np.mean(target))
    found = brentq(lambda s: float((1 - gamma_survival(run * np.exp(s) + rest, frailty)).mean()) - aim, -6.0, 3.0)
    before = (1 - gamma_survival(run + rest, frailty)).mean()
    print(
        f"{field.distance_m / 1000:.1f} km: the baseline says {aim:.3f}; without a shift {before:.3f}; shift {found:.3f}"
    )
    return round(float(found), 3)


if __name__ == "__main__":
    marathon = field_of(field_text("mild-marathon")[0])
    ratio = (HALF_KM / MARATHON_KM) ** RIEGEL
    half = replace(
        marathon, distance_m=HALF_KM * METRES_PER_KM, women_s=marathon.women_s * ratio, men_s=marathon.men_s * ratio
    )
    text = TABLE.read_text(encoding="utf-8")
    for name, field in (("half", half), ("marathon", marathon)):
        text = re.sub(rf'(id = "level_shift_{name}"\nvalue = )[-\d.]+', rf"\g<1>{shift_for(field)}", text)
    TABLE.write_text(text, encoding="utf-8")
