"""Fits the few constants of the margin to the pool, on random states, and freezes the grid on which it is checked.

    python scripts/margin_neuromuscular.py           # fit, check, print
    python scripts/margin_neuromuscular.py --write   # also write the constants to the table, the grid to tests/identical/data and docs/margin.md

The states of the fit are drawn at random and share none with the grid. Needs Numba; a few minutes.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import numpy as np

from charley.neuromuscular import SlowState, Subject, threshold_formula
from charley.neuromuscular.threshold import RampProtocol, cramp_after, rested_threshold_hz

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src/charley/evidence/data/parameters_neuromuscular.toml"
GRID = ROOT / "tests/identical/data/neuromuscular_margin_grid.json"
SEEDS = (1, 2, 3, 4, 5)
PAGE = ROOT / "docs/margin.md"
HIGH_HZ = 60.0  # where a ramp ends
HOLDS_S = 5.0
NAMES = (
    "margin_offset_hz",
    "margin_slope",
    "margin_sustain_hz",
    "margin_sustain_knee",
    "margin_sustain_width",
    "margin_peripheral",
    "margin_sustain_zero",
)


def pool(state: dict[str, float], angle_deg: float) -> tuple[float, float]:
    """Threshold of the pool (nan: none up to ``HIGH_HZ``) and how long it goes on 5 Hz above it (or at ``HIGH_HZ``)."""
    slow, ramp = SlowState(**state), RampProtocol(joint_angle_deg=angle_deg)
    found = rested_threshold_hz(Subject(), slow, ramp, SEEDS, high_hz=HIGH_HZ, within_hz=0.4)
    start = found + 5.0 if np.isfinite(found) else HIGH_HZ
    watch = RampProtocol(joint_angle_deg=angle_deg, follow_s=12.0)
    return found, float(np.median([cramp_after(start, Subject(), slow, watch, s).cramp_duration_s for s in SEEDS]))


def random_states(n: int, seed: int = 11) -> list[tuple[dict[str, float], float]]:
    """States as a run, a laboratory or a person's trait brings them (``ion_shift_mv`` stands for the trait too)."""
    rng = np.random.default_rng(seed)
    drawn = []
    for k in range(n):
        state = {"slow_fatigue": rng.random(), "ion_shift_mv": rng.uniform(-0.6, 0.6)}
        if k % 2:
            state |= {"fast_fatigue": max(0.0, rng.uniform(-0.2, 0.35)), "pain": max(0.0, rng.uniform(-1.0, 1.0))}
            state |= {"ion_shift_mv": rng.uniform(-0.6, 2.0), "sensitisation": max(0.0, rng.uniform(-0.5, 0.5))}
        drawn.append(
            ({key: round(float(value), 3) for key, value in state.items()}, round(float(rng.uniform(-40.0, 12.0)), 1))
        )
    return drawn


def stacked(states: list[dict[str, float]]) -> SlowState:
    names = {key for state in states for key in state}
    return SlowState(**{name: np.array([state.get(name, 0.0) for state in states]) for name in names})


def fit(rows: list[dict]) -> dict[str, float]:
    """Least squares of the margin's constants on the pool's thresholds; the zero of the sustain condition by fewest errors."""
    from scipy.optimize import least_squares

    states, angles = stacked([r["state"] for r in rows]), np.array([r["angle_deg"] for r in rows])
    target, holds = np.array([r["threshold_hz"] for r in rows]), np.array([r["after_s"] >= HOLDS_S for r in rows])
    _, p, i = threshold_formula._prepared(states, None, angles, 0.0, 0.0)
    root, surplus = threshold_formula._root_hz(p, i, 1.0), np.real(threshold_formula._sustain(p, i))
    known = np.isfinite(target) & (target > 5.0)
    names = NAMES[:-1]

    def predicted(x: np.ndarray) -> np.ndarray:
        return np.real(threshold_formula._threshold(p._replace(**dict(zip(names, x, strict=True))), i, root))

    start = [0.0, 1.0, 3.0, 0.03, 0.015, 0.8]
    low, high = [-8.0, 0.4, 0.0, -0.05, 0.002, 0.5], [8.0, 1.8, 30.0, 0.09, 0.05, 1.2]
    solved = least_squares(
        lambda x: (predicted(x) - target)[known], start, bounds=(low, high), loss="soft_l1", f_scale=1.0
    )
    candidates = np.sort(surplus)
    edges = 0.5 * (candidates[1:] + candidates[:-1])
    wrong = np.array([np.sum((surplus > edge) != holds) for edge in edges])
    best = edges[wrong == wrong.min()]
    return {**dict(zip(names, solved.x.tolist(), strict=True)), "margin_sustain_zero": float(best[len(best) // 2])}


def compare(rows: list[dict], constants: dict[str, float]) -> str:
    subject = Subject(overrides=tuple(constants.items()))
    states, angles = stacked([r["state"] for r in rows]), np.array([r["angle_deg"] for r in rows])
    found = threshold_formula.threshold_frequency_hz(states, subject, angles)
    holding = threshold_formula.sustain(states, subject, angles) > 0.0
    target = np.array([r["threshold_hz"] for r in rows])
    error = (found - target)[np.isfinite(target)]
    right = holding == np.array([r["after_s"] >= HOLDS_S for r in rows])
    return (
        f"{len(rows)} states, {len(error)} with a threshold: mean absolute error {np.abs(error).mean():.2f} Hz, "
        f"largest {np.abs(error).max():.2f}, bias {error.mean():+.2f}; sustain right in {right.sum()} of {len(rows)}"
    )


def grid_states() -> list[tuple[dict[str, float], float]]:
    return [
        ({"slow_fatigue": fatigue, "ion_shift_mv": shift}, angle)
        for fatigue in (0.0, 0.5, 1.0)
        for angle in (-30.0, -10.0, 10.0)
        for shift in (0.4, 0.0, -0.4)
    ]


def simulate_all(states: list[tuple[dict[str, float], float]]) -> list[dict]:
    rows = []
    for state, angle in states:
        found, after = pool(state, angle)
        rows.append({"state": state, "angle_deg": angle, "threshold_hz": found, "after_s": after})
    return rows


def page(training: list[dict], grid: list[dict], constants: dict[str, float]) -> str:
    """docs/margin.md: how the constants fit, and every row of the grid that they have not seen."""
    subject = Subject(overrides=tuple(constants.items()))
    lines = [
        "# The threshold without a spike, held against the motor pool",
        "",
        "Made by `scripts/margin_neuromuscular.py`; do not edit it by hand. `neuromuscular/threshold_formula.py` works the cramp threshold",
        "out from the mean drive in microseconds; the pool finds it by firing. Seven constants join the two: they are set on",
        "random states that share none with the grid below. Bars on the grid: mean error 1.0 Hz, none above 3 Hz, and whether",
        f"a cramp holds ({HOLDS_S:g} s, 5 Hz above the threshold) always right.",
        "",
        f"* States of the fit: {compare(training, constants)}.",
        f"* Grid: {compare(grid, constants)}.",
        "",
        f"Medial gastrocnemius; thresholds of the pool by bisection, most of five seeds, up to {HIGH_HZ:g} Hz.",
        "",
        "| slow fatigue | ions (mV) | ankle | pool (Hz) | margin (Hz) | the pool goes on (s) | margin says it holds |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in grid:
        state = SlowState(**row["state"])
        found = float(threshold_formula.threshold_frequency_hz(state, subject, row["angle_deg"]))
        holds = float(threshold_formula.sustain(state, subject, row["angle_deg"])) > 0.0
        pool_hz = f"{row['threshold_hz']:.1f}" if np.isfinite(row["threshold_hz"]) else "none"
        lines.append(
            f"| {row['state']['slow_fatigue']:g} | {row['state']['ion_shift_mv']:+g} | {row['angle_deg']:+.0f}° | {pool_hz} "
            f"| {found:.1f} | {row['after_s']:.1f} | {'yes' if holds else 'no'} |"
        )
    return (
        "\n".join(
            [*lines, "", "| constant | value |", "|---|---|"] + [f"| `{k}` | {v:.4g} |" for k, v in constants.items()]
        )
        + "\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the constants and the grid")
    parser.add_argument("--states", type=int, default=90, help="random states for the fit")
    arguments = parser.parse_args()
    training = simulate_all(random_states(arguments.states))
    constants = fit(training)
    grid = simulate_all(grid_states())
    report = page(training, grid, constants)
    print(report)
    if arguments.write:
        text = TABLE.read_text(encoding="utf-8")
        for name, value in constants.items():
            text, count = re.subn(rf'(id = "{name}"\nvalue = )[^\n]+', rf"\g<1>{float(f'{value:.4g}')!r}", text)
            if count != 1:
                raise SystemExit(f"{name}: {count} rows in the table")
        TABLE.write_text(text, encoding="utf-8")
        clean = [
            {**row, "threshold_hz": row["threshold_hz"] if np.isfinite(row["threshold_hz"]) else None} for row in grid
        ]
        GRID.parent.mkdir(parents=True, exist_ok=True)
        GRID.write_text(json.dumps(clean, indent=1) + "\n", encoding="utf-8")
        PAGE.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
