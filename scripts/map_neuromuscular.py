"""Where the motor pool is silent, where it can cramp and where it fires by itself: writes docs/bifurcation.md.

python scripts/map_neuromuscular.py [--write]

Two maps. The bare membranes: at which held drive units begin and cease to fire, for several sizes of the inward
current; where the two differ they are bistable. The closed loop: rest, then a train that lights any pool, then rest
again, over excitability, joint angle and the gains of the two reflexes.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np

from charley.neuromuscular import SlowState, Subject
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.simulate import simulate

REPORT = Path(__file__).resolve().parents[1] / "docs/bifurcation.md"
CRAMP_RATE_HZ = 0.6  # as in charley.neuromuscular.threshold
REST_S, TRAIN_S, TRAIN_HZ, HOLD_S = 3.0, 2.0, 45.0, 5.0
SEEDS = (1, 2, 3)
SILENT, BISTABLE, SPONTANEOUS = "·", "C", "F"
CONDUCTANCES = (0.0, 0.20, 0.30, 0.34, 0.36, 0.38, 0.40)
DRIVES = np.round(np.arange(0.0, 0.605, 0.02), 3)


def hysteresis(pic_conductance: float, drives: np.ndarray = DRIVES) -> tuple[float, float]:
    """Held drives at which half of the units begin (rising) and cease (falling) to fire; nan: not within ``drives``."""
    pool = Pool(Subject(overrides=(("pic_conductance", pic_conductance),)), SlowState())
    half = pool.subject.units / 2

    def firing(drive: float) -> bool:
        pool.discharge(float(drive), 0.0, 0.6)
        return bool((pool.discharge(float(drive), 0.0, 0.4) > 0).sum() >= half)

    up = [firing(d) for d in drives]
    down = [firing(d) for d in drives[::-1]][::-1]
    begin = float(drives[up.index(True)]) if any(up) else float("nan")
    cease = float(drives[down.index(True)]) if any(down) else float("nan")
    return begin, cease


def outcome(subject: Subject, angle_deg: float = -30.0, state: SlowState | None = None) -> str:
    """Silent, bistable (quiet until lit, then firing on) or firing by itself: what most of ``SEEDS`` give."""
    return Counter(_once(subject, angle_deg, state, seed) for seed in SEEDS).most_common(1)[0][0]


def _once(subject: Subject, angle_deg: float, state: SlowState | None, seed: int) -> str:
    train = Train(REST_S, TRAIN_S, TRAIN_HZ)
    end = train.end_s + HOLD_S
    trace = simulate(subject, state, Protocol(trains=(train,), joint_angle_deg=angle_deg), end, seed, record_hz=10.0)

    def fires(start: float, stop: float) -> bool:
        return bool(trace.unit_rate_hz[(trace.time_s > start) & (trace.time_s <= stop)].mean() >= CRAMP_RATE_HZ)

    if fires(1.0, REST_S):
        return SPONTANEOUS
    return BISTABLE if fires(end - 1.0, end) else SILENT


def table(corner: str, columns: list[str], rows: list[tuple[str, list[str]]]) -> list[str]:
    out = ["| " + " | ".join([corner, *columns]) + " |", "|---" * (len(columns) + 1) + "|"]
    return out + ["| " + " | ".join([name, *cells]) + " |" for name, cells in rows]


def lines() -> list[str]:
    """The page, line by line."""
    out = [
        "# Where the motor pool can cramp",
        "",
        "Made by `scripts/map_neuromuscular.py`; do not edit it by hand.",
        "",
        "## The membranes alone",
        "",
        "No reflex, no noise: drive on the dendrites (leak conductances) at which half of the 200 units begin to fire as it",
        "rises, and cease as it falls. Where the second is lower, a unit that was lit stays lit: it is bistable.",
        "",
    ]
    rows = []
    for g in CONDUCTANCES:
        begin, cease = hysteresis(g)
        held = "holds without drive" if cease == 0.0 else f"{cease:.2f}"
        rows.append((f"{g:.2f}", [f"{begin:.2f}", held, f"{begin - cease:.2f}"]))
    out += table("inward current (leak conductances)", ["begins", "ceases", "width"], rows)

    key = f"`{SILENT}` silent, and silent again after a train; `{BISTABLE}` silent until a train lights it, then on: it can"
    out += [
        "",
        "## The closed loop",
        "",
        f"{key} cramp; `{SPONTANEOUS}` fires by itself. Medial gastrocnemius, most of three seeds.",
        "",
    ]
    angles = (-40.0, -30.0, -20.0, -10.0, 0.0, 10.0, 20.0)
    traits = (-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0)
    out += ["Excitability of the person (mV, negative: easier) against the joint's angle (negative: short muscle):", ""]
    rows = [(f"{e:+.1f} mV", [outcome(Subject(excitability_mv=e), a) for a in angles]) for e in traits]
    out += table("", [f"{a:+.0f}°" for a in angles], rows)

    gains = (0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8)
    out += ["", "Gain of the spindles (down) against gain of the tendon organs (across), ankle at -30°:", ""]
    person = Subject()
    rows = [
        (f"{s:.1f}", [outcome(replace(person, spindle_gain=s, tendon_organ_gain=t)) for t in (0.25, *gains, 2.5)])
        for s in gains
    ]
    out += table("", [f"{t:.2g}" for t in (0.25, *gains, 2.5)], rows)

    out += ["", "Slow fatigue (down) against the joint's angle:", ""]
    fatigues = (0.0, 0.25, 0.5, 0.75, 1.0)
    rows = [(f"{f:.2f}", [outcome(Subject(), a, SlowState(slow_fatigue=f)) for a in angles]) for f in fatigues]
    return out + table("", [f"{a:+.0f}°" for a in angles], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write docs/bifurcation.md")
    text = "\n".join(lines()) + "\n"
    print(text)
    if parser.parse_args().write:
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
