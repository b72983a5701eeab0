"""How the motor pool's results depend on the step of integration and on the precision: writes docs/convergence.md.

python scripts/convergence_neuromuscular.py [--write]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from charley.neuromuscular import SlowState, Subject
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.simulate import simulate
from charley.neuromuscular.threshold import RampProtocol, rested_threshold_hz
from charley.vocabulary.arrays import Ints

REPORT = Path(__file__).resolve().parents[1] / "docs/convergence.md"
STEPS_MS = (1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125)
DRIVES = (0.30, 0.45, 0.60, 0.90)  # leak conductances on the dendrite of the smallest unit


SECONDS = 5.0


def impulses(dt_s: float, drive: float, precision: type = np.float64) -> Ints:
    """Impulses of each of 200 units in ``SECONDS`` at a held drive, after 1 s."""
    pool = Pool(Subject(), SlowState(), seed=1, dt_s=dt_s, precision=precision)
    pool.discharge(drive, 0.0, 1.0)
    return pool.discharge(drive, 0.0, SECONDS)


def lines() -> list[str]:
    """The report, line by line."""
    subject = Subject()
    out = [
        "# Convergence of the motor pool in the step of integration",
        "",
        "Made by `scripts/convergence_neuromuscular.py --write`; do not edit it by hand. The default is a step of 0.5 ms "
        "in double precision.",
        "",
        "Mean discharge (1/s) of 200 units with held drive, no noise, over 5 s, and its deviation from that at the "
        "smallest step; then how many of the 200 units fire another number of impulses in single precision at a drive "
        f"of {DRIVES[2]:.2f}, and by how many at most:",
        "",
        "| step (ms) | "
        + " | ".join(f"drive {d:.2f}" for d in DRIVES)
        + " | units that differ in single precision | by |",
        "|---" * (len(DRIVES) + 3) + "|",
    ]
    table = {dt: [float(impulses(dt / 1000.0, d).mean()) / SECONDS for d in DRIVES] for dt in STEPS_MS}
    finest = table[STEPS_MS[-1]]
    for dt in STEPS_MS:
        cells = [f"{v:.3f} ({v - f:+.3f})" for v, f in zip(table[dt], finest, strict=True)]
        single, double = (impulses(dt / 1000.0, DRIVES[2], precision) for precision in (np.float32, np.float64))
        off = np.abs(single - double)
        out.append(f"| {dt:g} | " + " | ".join(cells) + f" | {np.count_nonzero(off)} | {off.max()} |")
    out += [
        "",
        "Threshold of the medial gastrocnemius at its test angle (Hz; bisection to 0.2 Hz, majority of 3 seeds), and "
        "impulses at the muscle in 4 s around a 1-s train of 18 Hz (seed 1) in double and in single precision:",
        "",
        "| step (ms) | threshold, intact | threshold, nerve blocked | impulses | in single precision |",
        "|---|---|---|---|---|",
    ]
    protocol = Protocol(trains=(Train(0.5, 1.0, 18.0),))
    for dt in STEPS_MS[:-1]:
        values = [
            rested_threshold_hz(
                subject, ramp=RampProtocol(blocked=blocked), dt_s=dt / 1000.0, within_hz=0.2, low_hz=8.0, high_hz=28.0
            )
            for blocked in (False, True)
        ]
        seen = [
            len(simulate(subject, protocol=protocol, duration_s=4.0, dt_s=dt / 1000.0, precision=kind).spike_s)
            for kind in (np.float64, np.float32)
        ]
        out.append(f"| {dt:g} | {values[0]:.1f} | {values[1]:.1f} | {seen[0]} | {seen[1]} |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="also write docs/convergence.md")
    text = "\n".join(lines()) + "\n"
    print(text)
    if parser.parse_args().write:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
