"""Sets how far marathoners go out beyond their own level, on published summaries alone: `python scripts/calibrate_race.py`.

Two numbers a sex (mean and SD of the log of first-half speed over own level) are solved for two published ones: the mean
change of pace from the first to the second half (Deaner et al. 2015: 15.6 % for men, 11.7 % for women), and the share who
slow as one does at the wall, by a quarter or more for the last kilometres (Smyth 2021: 28 % and 17 %). Runners are those of the body's tables. No race result of docs/validation-races.md is used.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from scipy.optimize import least_squares

from charley import body
from charley.evidence.numbers.planning import PLANNING
from charley.planning.finish.pacing import slump
from charley.vocabulary.arrays import Floats
from charley.vocabulary.runner import Runner

TABLE = Path(__file__).resolve().parents[1] / "src/charley/evidence/data/parameters_planning.toml"
DRAWS = 20_000
MEAN_SLOWER = {"men": 0.156, "women": 0.117}
AT_THE_WALL = {"men": 0.28, "women": 0.17}
WALL_SLOWER = 0.25


def slower(mean: float, sd: float, steepness: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Of each runner: second over first half's time, less 1, and last over first kilometres' pace, less 1."""
    run = slump(np.exp(mean + sd * z[0]), steepness)
    strayed = np.exp(-PLANNING.pacing_execution_sd * z[1])
    halves = run.time_factor(0.5, 1.0) / run.time_factor(0.0, 0.5) * strayed
    return halves - 1.0, run.first_ratio / run.later_ratio * strayed - 1.0


def solve(who: str) -> tuple[float, float]:
    """Mean and SD of the log of first-half speed over own level."""
    rng = np.random.default_rng(2015)
    runner = Runner(sex="female" if who == "women" else "male")
    steepness = body.draw_bodies(runner, DRAWS, rng).level_steepness
    z = rng.standard_normal((2, DRAWS))

    def misses(x: Floats) -> list[float]:
        found, late = slower(x[0], np.exp(x[1]), steepness, z)
        wall = 1.0 / (1.0 + np.exp(-(late - WALL_SLOWER) / 0.005))  # a smooth count, so that the solver has a slope
        return [found.mean() / MEAN_SLOWER[who] - 1.0, wall.mean() / AT_THE_WALL[who] - 1.0]

    best = least_squares(misses, [0.02, np.log(0.04)], diff_step=1e-3)
    found, late = slower(best.x[0], float(np.exp(best.x[1])), steepness, z)
    print(
        f"{who}: mean {best.x[0]:.4f}, SD {np.exp(best.x[1]):.4f}; slower {found.mean():.3f}, "
        f"at the wall {(late >= WALL_SLOWER).mean():.3f}"
    )
    return round(float(best.x[0]), 4), round(float(np.exp(best.x[1])), 4)


if __name__ == "__main__":
    text = TABLE.read_text(encoding="utf-8")
    for who in ("men", "women"):
        for name, value in zip((f"pace_error_mean_{who}", f"pace_error_sd_{who}"), solve(who), strict=True):
            text = re.sub(rf'(id = "{name}"\nvalue = )[-\d.]+', rf"\g<1>{value}", text)
    TABLE.write_text(text, encoding="utf-8")
