"""Calibrates the motor pool on the experiments set aside for that, by a written procedure, and keeps what it saw.

    python scripts/calibrate_neuromuscular.py            # stages 1 to 3; prints the new values
    python scripts/calibrate_neuromuscular.py --report   # only measures and prints the table
    python scripts/calibrate_neuromuscular.py --write    # also stage 4; writes the values to the table
                                                         # and docs/calibration-neuromuscular.md

The loss is a sum of squared deviations from published means, each over its standard error (or the tolerance named
beside it), over the experiments E01 E02 E03 E06 E08 E10 E14 E15 E18 E19 E22 E23 E25 E27 E33 and three things that hold
outside them: rest is silent, any train above the threshold cramps, and in a maximal effort units fire some 20 times a
second (soleus 11 to 16, arm and hand 30: Bellemare et al. 1983; Graham et al. 2016) and six tenths as often after 40 s
(Bigland-Ritchie et al. 1983). Stage 1 moves the loop's own constants by an evolution strategy on the anchors of single
subjects; stage 2 places the two classes of people; stage 3 sets one constant an experiment; stage 4, which needs the
others in the table, sets the last one by the laboratory's own E27. Half an hour for the first, eight minutes for the
rest.
"""

from __future__ import annotations

import argparse
import re
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from calibration_experiments import (
    E06_BODY,
    E08_BODIES,
    FHB,
    after_cramp_hz,
    all_rows,
    drink_s,
    dry_people,
    loop_rows,
    loss,
    on_demand,
    person,
    ramp_hz,
    still_hz,
    training_hz,
)
from calibration_published import PUBLISHED, Row

from charley.neuromuscular import (
    SlowState,
    constants,
)

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src/charley/evidence/data/parameters_neuromuscular.toml"
REPORT = ROOT / "docs/calibration-neuromuscular.md"


# ---- stage 1: the loop ----

LOOP = {  # constant: (lower, upper) for the search
    "volley_strength": (0.9, 2.2),
    "ectopic_strength": (0.3, 1.2),
    "ib_weight": (0.002, 0.012),
    "potassium_per_spike": (0.08, 0.13),
    "pump_per_spike": (0.02, 0.05),
    "pump_time_ms": (1800.0, 4000.0),
    "terminal_per_mv": (0.1, 0.35),
    "ia_linkage": (2.5, 9.0),
    "ia_linkage_saturation": (3.0, 15.0),
    "late_adaptation_mv": (0.0, 0.15),
    "terminal_spread": (0.02, 0.2),
    "sensory_half": (0.8, 1.0),
    "nociceptor_weight": (0.005, 0.06),
    "pic_conductance": (0.345, 0.372),
    "pic_inactivation": (0.03, 0.25),
    "ahp_conductance": (0.7, 2.5),
    "drive_range": (1.4, 2.2),
    "common_noise": (0.12, 0.30),
    "private_noise_mv": (3.0, 8.0),
    "pic_spread": (0.015, 0.06),
    "late_adaptation_time_s": (10.0, 60.0),
    "ib_length_depth": (0.4, 0.92),
    "voluntary_conductance": (0.3, 0.8),
    "fast_fatigue_shift_mv": (1.5, 8.0),
}


def unpack(x: np.ndarray) -> dict[str, float]:
    low, high = np.array(list(LOOP.values())).T
    return dict(zip(LOOP, (low + x * (high - low)).tolist(), strict=True))


def loop_loss(x: np.ndarray) -> float:
    return loss(loop_rows(unpack(x)))


def evolve(
    start: dict[str, float], budget_s: float, workers: int = 1, seed: int = 1, spread: float = 0.05
) -> tuple[dict[str, float], float, int]:
    """A small (mu, lambda) evolution strategy with a diagonal covariance in the unit cube of ``LOOP``."""
    rng = np.random.default_rng(seed)
    low, high = np.array(list(LOOP.values())).T
    centre = np.clip((np.array([start[k] for k in LOOP]) - low) / (high - low), 0.0, 1.0)
    sigma = np.full(len(LOOP), spread)
    children, parents = 12, 4
    weights = np.log(parents + 0.5) - np.log(np.arange(1, parents + 1))
    weights /= weights.sum()
    best, best_loss, evaluations, began = centre, np.inf, 0, time.monotonic()
    with ProcessPoolExecutor(workers) as pool:
        while time.monotonic() - began < budget_s:
            points = np.clip(centre + sigma * rng.standard_normal((children, len(LOOP))), 0.0, 1.0)
            if evaluations == 0:
                points[0] = centre
            losses = np.array(list(pool.map(loop_loss, points)))
            evaluations += children
            order = np.argsort(losses)[:parents]
            if losses[order[0]] < best_loss:
                best, best_loss = points[order[0]].copy(), float(losses[order[0]])
                print("  " + " ".join(f"{k}={v:.4g}" for k, v in unpack(best).items()), flush=True)
            moved = weights @ points[order]
            deviation = np.sqrt(weights @ (points[order] - centre) ** 2)
            sigma = np.clip(0.7 * sigma + 0.3 * deviation, 0.015, 0.2)
            centre = moved
            print(
                f"  {evaluations:4d} evaluations  {time.monotonic() - began:5.0f} s  best loss {best_loss:7.2f}"
                f"  spread {sigma.mean():.3f}",
                flush=True,
            )
    return unpack(best), best_loss, evaluations


# ---- stage 2: people ----


PEOPLE = {  # constant: (lower, upper)
    "trait_prone_mean_mv": (-0.5, 0.5),
    "trait_other_mean_mv": (0.8, 2.4),
    "trait_prone_sd_mv": (0.5, 1.3),
    "trait_other_sd_mv": (0.3, 1.0),
}


def set_people(values: dict[str, float]) -> dict[str, float]:
    """Stage 2: mean and spread of the two classes by interpolation, because thresholds along the trait need
    simulating only once."""
    values = dict(values)
    grid = np.linspace(-1.2, 3.6, 13)
    drawn = np.random.default_rng(1).standard_normal(4000)
    for label, tendon, published in (("prone", 1.0, 14.9), ("other", values["trait_other_tendon_organ"], 25.5)):
        thresholds = np.array(
            [np.mean([ramp_hz(person(values, FHB, e, tendon), seed=k) for k in (1, 2)]) for e in grid]
        )
        known = np.isfinite(thresholds)

        def deviation(mean_mv: float, sd_mv: float) -> float:
            group_hz = np.interp(np.maximum(mean_mv + sd_mv * drawn, grid[0]), grid[known], thresholds[known])
            return ((group_hz.mean() - published) / 1.3) ** 2 + ((group_hz.std() - 5.6) / 1.5) ** 2

        (low, high), (least, most) = PEOPLE[f"trait_{label}_mean_mv"], PEOPLE[f"trait_{label}_sd_mv"]
        tried = [(deviation(m, s), m, s) for m in np.linspace(low, high, 41) for s in np.linspace(least, most, 33)]
        _, values[f"trait_{label}_mean_mv"], values[f"trait_{label}_sd_mv"] = (float(v) for v in min(tried))
        print(
            f"  {label}: {values[f'trait_{label}_mean_mv']:.2f} mV, spread {values[f'trait_{label}_sd_mv']:.2f} mV",
            flush=True,
        )
    return values


# ---- stage 3: one constant an experiment ----


# mV per mmol/L: what a change of the sodium gradient alone is worth, RT/F over 140 mmol/L at 37 degrees; more would need
# a mechanism that nobody has shown
SODIUM_MOST_MV = 0.19


def set_body(values: dict[str, float]) -> dict[str, float]:
    """Sodium, volume and the fatigue of E08's run, by weighted linear least squares on slopes of the simulated
    threshold."""
    from scipy.optimize import lsq_linear

    foot, calf = dry_people(values)
    step = 0.4
    per_mv = [
        (still_hz(s, SlowState(ion_shift_mv=step)) - still_hz(s, SlowState(ion_shift_mv=-step))) / (2 * step)
        for s in (foot, calf)
    ]
    per_fatigue = (still_hz(calf, SlowState(fast_fatigue=0.15)) - still_hz(calf, SlowState())) / 0.15
    matrix = [[per_mv[0] * E06_BODY[0], per_mv[0] * E06_BODY[1], 0.0]]
    asked = [("E06", "change at -3 % (Hz)")]
    for arm, body in E08_BODIES.items():
        matrix.append([per_mv[1] * body[0], per_mv[1] * body[1], per_fatigue])
        asked.append(("E08", f"change, {arm} (Hz)"))
    target, error = zip(*(PUBLISHED[outcome] for outcome in asked), strict=True)
    scaled = np.array(matrix) / np.array(error)[:, None]
    solved = lsq_linear(
        scaled, np.array(target) / np.array(error), bounds=([0.0, 0.0, 0.0], [SODIUM_MOST_MV, 80.0, 0.5])
    ).x
    names = ("sodium_shift_mv", "volume_shift_mv", "downhill_run_fast_fatigue")
    print("  " + ", ".join(f"{n} = {v:.3g}" for n, v in zip(names, solved, strict=True)), flush=True)
    return {**values, **dict(zip(names, solved.tolist(), strict=True))}


STATES = {  # constant: (lower, upper) for bisection
    "sensitisation_shift_mv": (0.2, 4.0),
    "drink_inhibition": (0.002, 0.08),
    "adaptation_shift_mv": (0.5, 5.0),
}
FITTED = (
    *LOOP,
    *PEOPLE,
    *STATES,
    "sodium_shift_mv",
    "volume_shift_mv",
    "downhill_run_fast_fatigue",
    "letting_go_inhibition",
    "trait_other_tendon_organ",
)


def set_states(values: dict[str, float]) -> dict[str, float]:
    """Stage 3: one constant after another, each by bisection on its own experiment, whose effect it makes larger."""
    values = dict(values)

    def fit(name: str, effect, target: float) -> None:
        low, high = STATES[name]
        for _ in range(6):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if effect({**values, name: middle}) < target else (low, middle)
        values[name] = low  # the last that did not overshoot: where a cramp ceases to hold, thresholds end in a step
        print(f"  {name} = {values[name]:.4g}", flush=True)

    def ratio(pair: tuple[float, float]) -> float:
        return pair[1] / pair[0]

    fit("sensitisation_shift_mv", lambda v: (lambda x: x[0] - np.mean(x[1:]))(after_cramp_hz(v)), 4.0)
    fit("drink_inhibition", lambda v: -ratio(drink_s(v)), -84.6 / 133.7)
    # on E22, whose people cramp easily: E19's start nearer to where a cramp ceases to hold
    fit("adaptation_shift_mv", lambda v: np.subtract(*training_hz(v, 15.5, 1.0, 12)[::-1]), 6.2)
    return set_body(values)


# ---- stage 4: the people of the table in the laboratory ----

LETTING_GO = (0.2, 0.25, 0.3, 0.35, 0.4)


def letting_go() -> float:
    """The inhibition at the end of an effort that brings E27 nearest: how many cramp, and whether they do again."""
    tried = []
    for size in LETTING_GO:
        share, again = on_demand(size)
        tried.append((((share - 0.31) / 0.054) ** 2 + ((again - 0.97) / 0.05) ** 2, size))
        print(f"  letting_go_inhibition {size:g}: {share:.2f} cramp, {again:.2f} of them again", flush=True)
    return min(tried)[1]


# ---- report ----

TRIED = """
## Tried and not taken: a cramp at will that builds up

As the model stands, a fifth of an effort for 30 s in a short calf makes 11 of 20 people cramp, a maximal one 9 of 20, and
each some 6 s (SD 2) after its start or never. Nothing builds up; the inhibition at the end of an effort, set by E27, hides
it.

Tried: letting go gates the spindles' excitation as the H reflex is gated (Schieppati and Crenna 1984; Misiaszek et al. 1995:
a tenth of a maximal effort shuts all but 8 in 100, and it opens with 0.8 s); potassium around the fibres rises with
activation and goes with 90 s, on the course measured by Nordsborg et al. 2003; small afferents of a short muscle answer to
it (sixth power), raise the drive of the spindles fourfold and build the hour-long after-effect. With half of them at
2.5 mmol/L a fifth or half of an effort for 30 s lit nobody of 20, a maximal one 1 of 20 in 30 s and 8 in 60 s, 42 s (SD
8) after its start. One constant was set by how long a cramp of E10 lasts (133.7 s), the potassium at which half of the
afferents answer, for each of some inactivations of the inward current:

| inactivation | half at (mmol/L) | a cramp of E02 lasts (s) | E27, on demand in 100 | a fifth of an effort for 30 s |
|---|---|---|---|---|
| published | | 55.6 ± 6.8 | 31 ± 5.4 | fewer than 5 in 100 (ours) |
| 0.077 | 3.27 | 47 to 59 | 11 | |
| 0.097 | 2.89 | 41 | 20 | 0 of 37 |
| 0.105 | 2.78 | 41 | 26 (90 again on another day) | |
| the model as it stands, 0.113 | - | 61 | 38 (89 again) | 11 of 20 |

E02 and E27 pull apart: what lets a cramp of E02 last long enough lets one of E10 run on without end unless the afferents
answer late, and then too few cramp at will. How much small afferents raise the drive hardly matters once E10 is met
(sixfold in place of fourfold: 14 in place of 11 in 100).

Run with all experiments, two things came out. First, the figures above count too little: the laboratory asks whether a
muscle goes on half a second after an effort is let go, while the gate is still shut. With an inactivation of 0.121 it said 32
in 100, and the whole loss was 74.6; but of 24 people 12 went on at once after a greatest effort of 60 s, and 21 were
cramping six to eleven seconds after it. Asked three seconds after letting go, when the reflex is back, it reads (weak: a fifth
of an effort for 30 s; 74 people each):

| inactivation | half at (mmol/L) | gate opens with (s) | E02 (s) | E10 (s) | E27, in 100 | again | weak, in 100 |
|---|---|---|---|---|---|---|---|
| published | | | 55.6 ± 6.8 | 133.7 ± 15.9 | 31 ± 5.4 | 97 ± 5 | fewer than 5 (ours) |
| 0.077 | 3.36 | 0.8 | 45 | 130 | 11 | 62 | 8 |
| 0.084 | 3.14 | 0.8 | 43 | 133 | 20 | 93 | 8 |
| 0.090 | 3.02 | 0.8 | 41 | 140 | 24 | 94 | 8 |
| 0.090 | 3.02 | 1.2 | 41 | 140 | 22 | 88 | 3 |
| 0.097 | 2.92 | 0.8 | 41 | 129 | 34 | 88 | 8 |
| 0.097 | 2.92 | 1.0 | 41 | 129 | 30 | 91 | 7 |
| 0.097 | 2.92 | 1.2 | 41 | 129 | 27 | 90 | 3 |

In the last row all bars of two errors are met but that of E02, by a second, and onset takes less time by more effort and
after work. Second, the hour-long after-effect builds within an effort too. In that row it has the size that was fitted
without the mechanism, 3.35 mV; E23, whose cramp then takes a minute of effort, asks for 2.28, and with it 11 in 100 cramp
at will, a cramp of E10 lasts 82 s, and the whole loss is 198.6, 100 of it from E25, where nobody cramps by ten seconds of
effort. The three have to be set together. It is not in the model, because they have not been.
"""


def report(values: dict[str, float], rows: list[Row], evaluations: int) -> str:
    lines = [
        "# Calibration of the motor pool",
        "",
        "Made by `scripts/calibrate_neuromuscular.py`, whose first lines state the procedure and the loss. z is the deviation over the",
        "published standard error or, where none is printed, a tolerance of ours. Nothing below is a prediction: these are the experiments that the",
        "constants were set on. A person whom no frequency makes cramp counts as 60 Hz. What the constants leave open in each outcome:",
        "[posterior-neuromuscular.md](posterior-neuromuscular.md).",
        "",
        f"Loss {loss(rows):.1f} over {len(rows)} numbers. "
        + (f"{evaluations} evaluations of stage 1." if evaluations else "Stage 1 as an earlier run left it."),
        "",
        "| experiment | quantity | published | simulated | z |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {r.experiment} | {r.quantity} | {r.published:g} ± {r.error:g} | {r.simulated:.2f} | {r.z:+.1f} |"
        for r in rows
    ]
    lines += ["", "| constant | value |", "|---|---|"] + [f"| {k} | {v:.4g} |" for k, v in values.items()]
    return "\n".join(lines) + "\n" + TRIED


def write_table(values: dict[str, float]) -> None:
    text = TABLE.read_text(encoding="utf-8")
    for name, value in values.items():
        pattern = re.compile(rf'(id = "{re.escape(name)}"\nvalue = )[^\n]+')
        text, count = pattern.subn(rf"\g<1>{float(f'{value:.4g}')!r}", text)
        if count != 1:
            raise SystemExit(f"{name}: {count} rows in the table")
    TABLE.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--report", action="store_true", help="measure only")
    parser.add_argument("--write", action="store_true", help="write the table and the report")
    parser.add_argument("--seconds", type=float, default=1500.0, help="time for stage 1")
    parser.add_argument("--workers", type=int, default=2, help="processes of stage 1; the result does not depend on it")
    parser.add_argument("--skip-loop", action="store_true", help="leave stage 1 as it is in the table")
    arguments = parser.parse_args()
    evaluations = 0
    p = constants()
    values = {name: float(getattr(p, name)) for name in FITTED}
    if not arguments.report:
        if not arguments.skip_loop:
            found, _, evaluations = evolve({k: values[k] for k in LOOP}, arguments.seconds, arguments.workers)
            values.update(found)
        values = set_states(set_people(values))
        if arguments.write:
            write_table(values)
            values["letting_go_inhibition"] = letting_go()
            write_table(values)
    rows = all_rows(values)
    text = report(values, rows, evaluations)
    print(text)
    if arguments.write:
        REPORT.parent.mkdir(exist_ok=True)
        REPORT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
