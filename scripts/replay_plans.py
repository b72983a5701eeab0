"""Plans of made-up runners in six climates, each run again under wrong inputs: does any limit break?

    python scripts/replay_plans.py [RUNNERS]             writes docs/race-replays.json and docs/race-replays.md
    python scripts/replay_plans.py [RUNNERS] --go-on     takes the rows that stand there as they are: same code only

Every plan is drunk to its ceilings. In each the chance of taking in more water than is lost, and of ending heavier, may
be 1 in 100 at most; no plan may bring sodium below its floor or drink faster than a gut takes. Misses stay on the page.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from charley import body
from charley.api import race as api
from charley.evidence.numbers.planning import PLANNING
from charley.planning.race import belief as beliefs
from charley.planning.race import limits, plan, replay
from charley.planning.race.gates import health_of
from charley.planning.race.scenario import setting_of
from charley.planning.race.strategy import started, way_of
from charley.planning.race.usual import Usual
from charley.vocabulary.race import Refusal
from charley.vocabulary.runner import Runner, Weather

ROOT = Path(__file__).resolve().parents[1]
CLIMATES = {
    "2 °C, dry": (2.0, 0.5),
    "10 °C": (10.0, 0.65),
    "18 °C": (18.0, 0.6),
    "24 °C": (24.0, 0.5),
    "28 °C, humid": (28.0, 0.8),
    "32 °C, dry": (32.0, 0.3),
}
DISTANCES_M = (10_000.0, 21_097.5, 42_195.0, 42_195.0, 50_000.0)
BODIES, DRAWS, WRONG = 12, 960, 40
WRITE_EVERY = 10


@dataclass(frozen=True)
class MadeUp:
    """A runner with habits that need not be wise, on a course with stations where they happen to be."""

    runner: Runner
    usual: Usual
    distance_m: float
    pace: float  # finish over an even race at own level
    cup_l: float
    every_m: float
    weighed: tuple[float, ...]  # log of weighed over modelled sweat rate


def made_up(number: int) -> MadeUp:
    """The ``number``-th runner; the same always."""
    rng = np.random.default_rng([2027, number])
    sex = "female" if rng.random() < 0.45 else "male"
    mass = float(np.clip(rng.normal(60 if sex == "female" else 74, 11), 42, 115))
    weighed = () if rng.random() < 0.6 else tuple(rng.normal(0.0, 0.15, 2 + int(rng.random() < 0.5)).tolist())
    return MadeUp(
        runner=Runner(mass_kg=mass, sex=sex, age_y=float(rng.integers(18, 75))),
        usual=Usual(
            started(1.0 + rng.uniform(-0.02, 0.08)), 1,
            drink_l_h=float(rng.uniform(0.0, 1.2)),
            sodium_mmol_h=float(rng.uniform(0.0, 40.0)),
            carbohydrate_g_h=float(rng.uniform(0.0, 90.0)),
        ),
        distance_m=float(rng.choice(DISTANCES_M)),
        pace=float(rng.uniform(0.95, 1.4)),
        cup_l=float(rng.choice([0.1, 0.15, 0.2, 0.25])),
        every_m=float(rng.uniform(2500.0, 8000.0)),
        weighed=weighed,
    )  # fmt: skip


def judged(number: int, climate: str, bodies: int = BODIES) -> dict[str, Any]:
    """One runner in one climate: planned, and the plan run again under wrong inputs."""
    who, (temp_c, humidity) = made_up(number), CLIMATES[climate]
    way = api.course(None, who.distance_m)
    stations = tuple(np.arange(who.every_m, who.distance_m - 1000.0, who.every_m).tolist())
    race = api.race_of(way, weather=Weather(temp_c, humidity), stations_m=stations, cup_l=who.cup_l)
    belief = beliefs.from_studies(who.runner, number).thinned(bodies, DRAWS)
    setting = setting_of(belief, way_of(race.course, race.stations_m), race.air, number)
    level_s = who.distance_m / float(np.median(body.level_speed_m_s(belief.bodies, setting.way.flat_m)))
    usual = who.usual.strategy(who.pace * level_s, belief)
    doubt = limits.sweat_doubt(who.weighed)
    made = plan.made_plan(race, plan.as_usual(usual, setting), setting, doubt, health_of((), True, who.runner))
    row: dict[str, Any] = {"runner": number, "climate": climate, "weighings": len(who.weighed)}
    if isinstance(made, Refusal):
        return {**row, "refused": [r.code for r in made.reasons]}
    cups = np.array([s.drink_most_l or 0.0 for s in made.plan.segments if s.station])
    wrongs = replay.wrong_inputs(doubt, np.random.default_rng([7, number]), bodies, WRONG)
    came = replay.replayed(replace(made.strategy, station_l=cups), setting, wrongs)
    return {
        **row,
        "refused": [],
        "ceiling_l": float(cups.sum()),
        "hours": made.plan.finish_s / 3600.0,
        "start": float(made.strategy.effort[0]),
        "gained": came.gained,
        "heavier": came.heavier,
        "below_floor": came.below_floor,
        "most_drunk_l_h": came.most_drunk_l_h,
        "broken": [f.id for f in made.plan.limits if not f.held],
    }


def broken(row: dict[str, Any]) -> list[str]:
    """Which limits a replayed plan breaks."""
    if row["refused"]:
        return []
    n = PLANNING
    return [
        name
        for name, bad in (
            ("gained", row["gained"] > n.gain_most_chance),
            ("heavier", row["heavier"] > n.gain_most_chance),
            ("sodium", row["below_floor"] > n.gain_most_chance),
            ("gut", row["most_drunk_l_h"] > n.drink_most_l_h),
            ("start", row["start"] > 1.0 + n.first_tenth_most + 1e-6),
            *((f"shown: {name}", True) for name in row["broken"]),
        )
        if bad
    ]


def page(rows: list[dict[str, Any]], runners: int) -> str:
    """The result as a page."""
    plans = [r for r in rows if not r["refused"]]
    found = Counter(name for r in plans for name in broken(r))
    said = "None broke a limit." if not found else f"Broken: {dict(found)}."
    lines = [
        "# Plans under wrong inputs", "",
        f"Made by `python scripts/replay_plans.py {runners}`. {runners:,} made-up runners with unwise habits, each in six",
        f"climates: {len(rows):,} races, {len(plans):,} plans, {len(rows) - len(plans):,} refused. Each plan was run again",
        f"under {WRONG} wrong inputs (sweat by the plan's own doubt and a bias of 0.7 to 1.1, air off by 2 °C and a tenth of",
        f"humidity, finish up to a tenth slower), every cup drunk to its ceiling: {len(plans) * WRONG:,} replays of",
        f"{BODIES} bodies each. {said}", "",
        "| climate | plans | refused | ceiling, L an hour | gained water, worst plan, of 100 | heavier, worst, of 100 | breaks |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for climate in CLIMATES:
        own = [r for r in rows if r["climate"] == climate]
        made = [r for r in own if not r["refused"]]
        if not made:
            lines.append(f"| {climate} | 0 | {len(own)} | – | – | – | 0 |")
            continue
        rate = np.array([r["ceiling_l"] / r["hours"] for r in made])
        worst = [100 * max(r[name] for r in made) for name in ("gained", "heavier")]
        lines.append(
            f"| {climate} | {len(made)} | {len(own) - len(made)} | {rate.mean():.2f} (to {rate.max():.2f}) | "
            f"{worst[0]:.1f} | {worst[1]:.1f} | {sum(bool(broken(r)) for r in made)} |"
        )
    few = [r for r in plans if r["weighings"] == 0]
    many = [r for r in plans if r["weighings"] > 0]
    if few and many:
        rates = [np.mean([r["ceiling_l"] / r["hours"] for r in part]) for part in (few, many)]
        lines += [
            "", f"Ceilings allow {rates[0]:.2f} L an hour to runners who were never weighed and {rates[1]:.2f} L to those "
            "who were, twice or more.",
        ]  # fmt: skip
    return "\n".join([*lines, ""])


def main(runners: int, go_on: bool = False) -> None:
    """Judge, write both files as it goes, and end with an error where a limit broke."""
    kept = ROOT / "docs" / "race-replays.json"
    rows: list[dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if go_on else []
    done = len({r["runner"] for r in rows})
    for number in range(done, runners):
        rows += [judged(number, climate) for climate in CLIMATES]
        print(f"\r{number + 1} of {runners}", end="", file=sys.stderr, flush=True)
        if number % WRITE_EVERY == WRITE_EVERY - 1 or number == runners - 1:
            lines = ",\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
            kept.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
            kept.with_suffix(".md").write_text(page(rows, number + 1), encoding="utf-8")
    if any(broken(r) for r in rows):
        sys.exit("a limit broke: see docs/race-replays.md")


if __name__ == "__main__":
    numbers = [a for a in sys.argv[1:] if a.isdigit()]
    main(int(numbers[0]) if numbers else 100, "--go-on" in sys.argv)
