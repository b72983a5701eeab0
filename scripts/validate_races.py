"""Holds finish times, heat and climate against real fields.

    python scripts/validate_races.py --width      sets the climate prior's width on half of the events
    python scripts/validate_races.py --predict    writes docs/validation-races-predicted.json, before any comparison
    python scripts/validate_races.py --compare    reads it, compares, writes docs/validation-races.json and .md

The predictions are committed before the comparison is run, and name the numbers that they were made with. The results of
races are not part of the project (see docs/contributing.md); the summary figures are.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from charley import body
from charley.body.level import level_speed_m_s
from charley.body.readiness import MARATHON_M
from charley.body.wbgt import wet_bulb_globe_temp_c
from charley.evidence.numbers.planning import PLANNING
from charley.planning.conditions.climate import usual_temp_c
from charley.planning.finish.heat import heat_factor
from charley.planning.finish.pacing import slump
from charley.vocabulary.arrays import Floats
from charley.vocabulary.runner import Runner
from charley.vocabulary.units import SECONDS_PER_MINUTE

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CHARLEY_SHARED", ROOT.parents[1] / "shared")) / "data" / "races"
PREDICTED, COMPARED = ROOT / "docs/validation-races-predicted.json", ROOT / "docs/validation-races.json"
TABLE = ROOT / "src/charley/evidence/data/parameters_planning.toml"
DRAWS, SEED = 40_000, 2014
DECILES = np.linspace(0.05, 0.95, 10)  # middles of tenths
SLOWED = 0.20
BOOTSTRAPS = 1000
Z80 = 1.2815515655446004  # standard normal quantile of 0.9
# What the published reports of the days say, and an ordinary April noon; humidity, sun and wind are our assumption.
HOT_DAY = {"air_temp_c": 29.0, "relative_humidity": 0.35, "solar_w_m2": 800.0, "wind_m_s": 3.0}
OTHER_DAYS = {"air_temp_c": 11.5, "relative_humidity": 0.60, "solar_w_m2": 500.0, "wind_m_s": 3.0}
PLACES = ("s_1", "s_2", "s_3", "s_10", "s_25", "s_50", "s_100", "s_300")


def rows(name: str) -> Iterator[dict[str, str]]:
    with gzip.open(SHARED / name, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


USED = ("heat_", "pace_error_", "slump_", "pacing_", "climate_")  # the numbers that the predictions stand on


def numbers_hash() -> str:
    used = {name: value for name, value in PLANNING._asdict().items() if name.startswith(USED)}
    return hashlib.sha256(repr(sorted(used.items())).encode()).hexdigest()[:16]


# ---- (d) climate ----


def starts() -> list[tuple[str, float]]:
    """Event (place, latitude and longitude to a tenth), and usual less measured temperature, one a race day."""
    found: dict[tuple[str, str], float] = {}
    for r in rows("heat_races_open.csv.gz"):
        hour, minute = (int(x) for x in r["local_time"].split(":")[:2])
        day = datetime(int(r["year"]), int(r["month"]), int(r["day"]), hour, minute)
        event = f"{r['place']} {float(r['lat']):.1f} {float(r['lon']):.1f}"
        found[event, day.isoformat()] = usual_temp_c(float(r["lat"]), day) - float(r["air_temp_c"])
    return [(event, error) for (event, _), error in sorted(found.items())]


def halves() -> tuple[list[str], list[str]]:
    """Events at random: those that the width is set on, and those that it is tested on once."""
    events = sorted({event for event, _ in starts()})
    order = np.random.default_rng(SEED).permutation(len(events))
    cut = len(events) // 2
    return sorted(events[i] for i in order[:cut]), sorted(events[i] for i in order[cut:])


def set_width() -> None:
    setting, _ = halves()
    errors = np.array([error for event, error in starts() if event in set(setting)])
    width = round(float(np.quantile(np.abs(errors), 0.8) / Z80), 1)
    text = TABLE.read_text(encoding="utf-8")
    TABLE.write_text(re.sub(r'(id = "climate_width_c"\nvalue = )[\d.]+', rf"\g<1>{width}", text), encoding="utf-8")
    print(
        f"{len(setting)} events, {errors.size} days: width {width} C (mean error {errors.mean():+.1f}); "
        "now run scripts/make_numbers.py"
    )


# ---- predictions ----


def predicted_field(sex: str) -> dict[str, list[float]]:
    """By tenth of first-half speed against the median of the same age and sex: mean slow-down, share that slumps."""
    rng = np.random.default_rng(SEED)
    bodies = body.draw_bodies(Runner(sex=sex, age_y=40.0), DRAWS, rng)
    own = np.log(level_speed_m_s(bodies, MARATHON_M))
    who = "women" if sex == "female" else "men"
    mean, sd = (getattr(PLANNING, f"pace_error_{part}_{who}") for part in ("mean", "sd"))
    beyond = mean + sd * rng.standard_normal(DRAWS)
    strayed = np.exp(PLANNING.pacing_execution_sd * rng.standard_normal(DRAWS))
    run = slump(np.exp(beyond), bodies.level_steepness)
    halves_ratio = run.time_factor(0.5, 1.0) / run.time_factor(0.0, 0.5) * strayed
    share_30 = 30_000 / MARATHON_M
    after_30 = run.time_factor(share_30, 1.0) / run.time_factor(0.0, share_30) * strayed - 1.0
    tenth = np.minimum((rank(own + beyond) * 10).astype(int), 9)
    return {
        "second_over_first": [float(halves_ratio[tenth == k].mean()) for k in range(10)],
        "slowed_after_30": [float((after_30[tenth == k] > SLOWED).mean()) for k in range(10)],
    }


def rank(x: Floats) -> Floats:
    out = np.empty(x.size)
    out[np.argsort(x, kind="stable")] = np.arange(x.size) / x.size
    return out


def predict() -> None:
    hot, other = (float(wet_bulb_globe_temp_c(*(np.array(v) for v in day.values()))) for day in (HOT_DAY, OTHER_DAYS))
    cool_min = np.arange(120.0, 361.0, 10.0)
    cool_s = cool_min * SECONDS_PER_MINUTE
    wbgt = np.arange(5.0, 31.0, 2.5)
    setting, testing = halves()
    made = {
        "numbers": numbers_hash(),
        "pacing": {sex: predicted_field(sex) for sex in ("male", "female")},
        "hot_year": {
            "wbgt_c": hot, "other_wbgt_c": other, "cool_min": cool_min.tolist(),
            "slower": (heat_factor(cool_s, hot) / heat_factor(cool_s, other) - 1).tolist(),
        },
        "heat": {
            "wbgt_c": wbgt.tolist(), "cool_min": cool_min.tolist(),
            "slower": (heat_factor(cool_s[:, None], wbgt[None, :]) - 1).tolist(),
        },
        "climate": {
            "width_c": PLANNING.climate_width_c, "set_on": setting, "tested_on": testing,
            "band": "usual temperature, 1.2816 widths either way",
        },
    }  # fmt: skip
    PREDICTED.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {PREDICTED.relative_to(ROOT)}")


# ---- comparisons ----


def interval(values: Floats) -> list[float]:
    return [float(v) for v in np.quantile(values, (0.025, 0.975))]


def compare_pacing(made: dict[str, Any]) -> dict[str, Any]:
    names = ("age_y", "thalf_min", "t30k_min", "finish_min")
    out = {}
    for letter, sex in (("M", "male"), ("F", "female")):
        found = [
            tuple(float(r[k]) for k in names)
            for r in rows("boston_splits_2014_half.csv.gz")
            if r["sex"] == letter and all(r[k] not in ("", "0.00") for k in names)
        ]
        age, half, to_30, finish = np.array(found).T
        middle = np.empty(age.size)
        for a in np.unique(age):
            alike = np.abs(age - a) <= 2  # ages with few runners borrow from their neighbours
            middle[age == a] = np.median(half[alike])
        tenth = np.minimum((rank(np.log(middle / half)) * 10).astype(int), 9)
        ratio = (finish - half) / half
        share_30 = 30_000 / MARATHON_M
        after = ((finish - to_30) / (1 - share_30)) / (to_30 / share_30) - 1.0
        said = made["pacing"][sex]
        tenths = []
        for k in range(10):
            some = tenth == k
            n, slumped = int(some.sum()), after[some] > SLOWED
            se, p = float(ratio[some].std() / np.sqrt(n)), float(slumped.mean())
            tenths.append({
                "runners": n,
                "second_over_first": float(ratio[some].mean()), "second_se": se, "second_said": said["second_over_first"][k],
                "slowed_after_30": p, "slowed_se": float(np.sqrt(p * (1 - p) / n)), "slowed_said": said["slowed_after_30"][k],
            })  # fmt: skip
        out[sex] = {
            "runners": int(age.size), "tenths": tenths,
            "second_over_first": float(ratio.mean()), "second_said": float(np.mean(said["second_over_first"])),
            "slowed_after_30": float((after > SLOWED).mean()), "slowed_said": float(np.mean(said["slowed_after_30"])),
        }  # fmt: skip
    return out


def compare_hot_year(made: dict[str, Any]) -> list[dict[str, float]]:
    by_year: dict[int, list[float]] = {}
    for r in rows("boston_finish_2001_2010.csv.gz"):
        by_year.setdefault(int(r["year"]), []).append(float(r["net_min"]))
    said = made["hot_year"]
    out = []
    for name, q in (("fast tenth", 0.1), ("median", 0.5), ("slow tenth", 0.9)):
        others = np.array([np.quantile(v, q) for year, v in by_year.items() if year != 2004])
        found = float(np.quantile(by_year[2004], q) / others.mean() - 1)
        # the spread between the other years is what one year may differ by without any heat
        sd = float(others.std(ddof=1) / others.mean() * np.sqrt(1 + 1 / others.size))
        said_here = float(np.interp(others.mean(), said["cool_min"], said["slower"]))
        out.append({"what": name, "cool_min": float(others.mean()), "slower": found, "sd": sd, "said": said_here})
    return out


def compare_heat(made: dict[str, Any]) -> dict[str, Any]:
    """Errors of log(time / record): our formula with a level a place, against a smooth curve fitted to the same rows."""
    records = []
    for r in rows("heat_races_open.csv.gz"):
        for k, place in enumerate(PLACES):
            if r[place] and r["course_record_s"] and r["wbgt_c"]:
                records.append(
                    (k, r["sex"] == "Women", float(r["wbgt_c"]), float(r[place]), float(r["course_record_s"]))
                )
    place, women, wbgt, time_s, record_s = (np.array(v) for v in zip(*records, strict=True))
    behind = np.log(time_s / record_s)
    group = place * 2 + women
    said = made["heat"]
    ours, smooth = np.empty(behind.size), np.empty(behind.size)
    table = []
    for g in np.unique(group):
        some = group == g
        x, y = wbgt[some], behind[some]
        cool_min = float(np.median(time_s[some])) / SECONDS_PER_MINUTE
        slower = np.array([np.interp(cool_min, said["cool_min"], column) for column in np.array(said["slower"]).T])
        shape = np.log1p(np.interp(x, said["wbgt_c"], slower))
        ours[some] = shape + (y - shape).mean()
        smooth[some] = np.polyval(np.polyfit(x, y, 3 if some.sum() >= 20 else 1), x)
        table.append({
            "place": PLACES[g // 2].removeprefix("s_"), "sex": "women" if g % 2 else "men", "races": int(some.sum()),
            "rmse": float(np.sqrt(((y - ours[some]) ** 2).mean())), "rmse_smooth": float(np.sqrt(((y - smooth[some]) ** 2).mean())),
            "slope_percent_per_c": float(100 * np.polyfit(x[x > 7.5], y[x > 7.5], 1)[0]) if (x > 7.5).sum() > 5 else None,
            "said_percent_per_c": float(100 * (np.interp(25.0, said["wbgt_c"], slower) - np.interp(10.0, said["wbgt_c"], slower)) / 15),
        })  # fmt: skip
    rmse, best = (float(np.sqrt(((behind - fit) ** 2).mean())) for fit in (ours, smooth))
    return {"rows": int(behind.size), "rmse": rmse, "rmse_smooth": best, "ratio": rmse / best, "places": table}


def compare_climate(made: dict[str, Any]) -> dict[str, Any]:
    said = made["climate"]
    testing = set(said["tested_on"])
    by_event: dict[str, list[float]] = {}
    for event, error in starts():
        if event in testing:
            by_event.setdefault(event, []).append(error)
    limit = Z80 * said["width_c"]
    events = list(by_event)
    inside = {e: [abs(x) <= limit for x in by_event[e]] for e in events}
    rng = np.random.default_rng(SEED)
    drawn = [
        np.mean([x for i in rng.integers(len(events), size=len(events)) for x in inside[events[i]]])
        for _ in range(BOOTSTRAPS)
    ]
    every = [x for e in events for x in inside[e]]
    errors = np.array([x for e in events for x in by_event[e]])
    return {
        "events": len(events), "days": len(every), "width_c": said["width_c"], "inside": float(np.mean(every)),
        "interval": interval(np.array(drawn)), "mean_error_c": float(errors.mean()),
    }  # fmt: skip


def compare() -> None:
    made = json.loads(PREDICTED.read_text(encoding="utf-8"))
    found = {
        "numbers": made["numbers"],
        "pacing": compare_pacing(made),
        "hot_year": compare_hot_year(made),
        "heat": compare_heat(made),
        "climate": compare_climate(made),
    }
    COMPARED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {COMPARED.relative_to(ROOT)}; now python scripts/validation_races_page.py")


if __name__ == "__main__":
    what = {"--width": set_width, "--predict": predict, "--compare": compare}
    if len(sys.argv) != 2 or sys.argv[1] not in what:
        sys.exit(__doc__)
    what[sys.argv[1]]()
