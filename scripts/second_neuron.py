"""Which conclusions about the loop survive another motor neuron: docs/second-neuron.json and docs/second-neuron.md.

    python scripts/second_neuron.py            # runs both pools (four minutes) and writes both files
    python scripts/second_neuron.py --pages    # writes the page from the values that were kept; a test compares them

The same protocols on the loop as it ships and on a pool of twenty neurons of Molkov et al. 2025
(charley.neuromuscular.calcium_neuron) with the loop's reflex around them. Nothing is fitted: the resting drive of the
spindles, the volley of a pulse and the strength of the spindle's linkage are the loop's own numbers, each as a share of
the drive at which half of its pool begins to fire, and are given to the other pool as the same share of its own.
"""

from __future__ import annotations

import argparse
import json
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from map_neuromuscular import CRAMP_RATE_HZ, hysteresis

from charley.evidence.numbers.calcium import CALCIUM, CalciumNumbers
from charley.neuromuscular import SlowState, Subject, constants
from charley.neuromuscular.calcium_neuron import CalciumPool, calcium_pool
from charley.neuromuscular.protocol import Protocol, Train
from charley.neuromuscular.simulate import simulate

DOCS = Path(__file__).resolve().parents[1] / "docs"
KEPT, PAGE = DOCS / "second-neuron.json", DOCS / "second-neuron.md"
P = constants()
UNITS, REST_S, TRAIN_S, AFTER_S = 20, 2.0, 2.0, 2.0
LOWEST_HZ, HIGHEST_HZ, STEP_HZ = 4, 40, 2
SEEDS = (1, 2, 3)  # of the loop, which has noise; what most give counts
SHORT_DEG = -30.0
ABOVE_HZ, LONG_S = 10.0, 120.0  # a train well above the threshold, and how long it is watched
INHIBITION_S, QUIET_S = 2.0, 4.0
SHORT_S = 0.5
LOW, HIGH = 0.7, 1.3  # factors on the resting drive
HELD_S, LOOK_S = 1.0, 0.5  # each held drive, and its last part in which firing is looked for
DRIVES = np.round(np.arange(0.0, 0.2501, 0.0025), 4)


@dataclass(frozen=True)
class Way:
    """What is done. ``tonic`` and ``loop`` are factors on the spindles' resting drive and on their linkage; ``numbers``
    replaces the neuron's own; ``inhibition`` is a share of the drive that begins, given for 2 s after 2 s of firing."""

    train_s: float = TRAIN_S
    tonic: float = 1.0
    loop: float = 1.0
    after_s: float = AFTER_S
    inhibition: float = 0.0
    excitable: bool = False
    current: bool = True  # the inward current of the one, the cation current of the other


Seconds = np.ndarray  # mean rate of the units in the second before the train, then in each second after it


# ---- the loop as it ships ----


@cache
def begins_and_ceases() -> tuple[float, float]:
    """Held drive at which the loop's bare pool begins and ceases to fire (leak conductances)."""
    return hysteresis(P.pic_conductance)


def shares() -> tuple[float, float, float]:
    """Resting drive, one pulse and largest return of the linkage, each over the drive that begins."""
    begin = begins_and_ceases()[0]
    return (
        (P.ia_weight * P.ia_bias + P.ii_weight * P.ii_bias) / begin,
        P.ia_weight * P.volley_strength * 1000.0 / P.volley_time_ms / begin,
        P.ia_weight * P.ia_linkage * P.ia_linkage_saturation / begin,
    )


def first(hz: float, way: Way, seed: int = 1) -> Seconds:
    """The loop after a train."""
    numbers = [
        ("ia_linkage", way.loop * P.ia_linkage),
        ("ia_bias", way.tonic * P.ia_bias),
        ("ii_bias", way.tonic * P.ii_bias),
    ]
    numbers += [] if way.current else [("pic_conductance", 0.0)]
    end = REST_S + way.train_s
    size = way.inhibition * begins_and_ceases()[0]
    inhibition = (
        (end + 2.0, 0.0),
        (end + 2.01, size),
        (end + 2.0 + INHIBITION_S, size),
        (end + 2.01 + INHIBITION_S, 0.0),
    )
    protocol = Protocol(
        trains=(Train(REST_S, way.train_s, hz),), joint_angle_deg=SHORT_DEG, inhibition=inhibition if size else ()
    )
    state = SlowState(ion_shift_mv=-0.5 if way.excitable else 0.0)
    trace = simulate(Subject(overrides=tuple(numbers)), state, protocol, end + way.after_s, seed, record_hz=10.0)
    return _by_second(trace.time_s, trace.unit_rate_hz / 10.0, way)


# ---- the other neuron in the loop's reflex ----


@cache
def other_begins_and_ceases(n: CalciumNumbers) -> tuple[float, float]:
    """The same of the other pool (mS/cm2): half of its units, drive rising, then falling."""
    pool = calcium_pool(UNITS, n)
    firing = [_half_fire(pool, g) for g in DRIVES]
    begin = float(DRIVES[firing.index(True)])
    cease = next((g for g in DRIVES[firing.index(True) :: -1] if not _half_fire(pool, g)), 0.0)
    return begin, float(cease)


def _half_fire(pool: CalciumPool, drive: float) -> bool:
    ms = round(1000.0 * HELD_S)
    at, unit = pool.run(np.full(ms, drive), np.zeros(ms), np.zeros(ms))
    return len(np.unique(unit[at >= 1000.0 * (HELD_S - LOOK_S)])) >= UNITS / 2


@cache
def usual_hz(n: CalciumNumbers) -> float:
    """Mean rate of the other pool at one and a half times the drive that begins: what the linkage is scaled by."""
    ms = 4000
    pool, drive = calcium_pool(UNITS, n), 1.5 * other_begins_and_ceases(n)[0]
    at, _ = pool.run(np.full(ms, drive), np.zeros(ms), np.zeros(ms))
    return (at >= ms - 1000).sum() / UNITS  # in the last second: Kv1 delays the first impulses


@cache
def usual_first_hz() -> float:
    """The same of the loop's bare pool."""
    from charley.neuromuscular.pool import Pool

    return float(Pool(Subject(), SlowState()).discharge(1.5 * begins_and_ceases()[0], 0.0, 1.0).mean())


def second(hz: float, way: Way, n: CalciumNumbers = CALCIUM) -> Seconds:
    """The other pool after a train."""
    own = n if way.current else n._replace(cation_conductance=0.0)
    own = own._replace(potassium_outside_mmol_l=own.potassium_outside_mmol_l + 1.0) if way.excitable else own
    begin = other_begins_and_ceases(n)[0]
    tonic, pulse, most = (share * begin for share in shares())
    half = P.ia_linkage_saturation * usual_hz(n) / usual_first_hz()
    pool = calcium_pool(UNITS, own, way.loop * most, half)
    end = REST_S + way.train_s
    ms = round(1000.0 * (end + way.after_s))
    pulses, inhibition = np.zeros(ms), np.zeros(ms)
    pulses[np.round(1000.0 * np.arange(REST_S, end, 1.0 / hz)).astype(int)] = pulse
    from_ms = round(1000.0 * (end + 2.0))
    inhibition[from_ms : from_ms + round(1000.0 * INHIBITION_S)] = way.inhibition * begin
    at, _ = pool.run(np.full(ms, way.tonic * tonic), pulses, inhibition)
    return _by_second((at + 0.5) / 1000.0, np.full(len(at), 1.0 / UNITS), way)


def _by_second(at_s: np.ndarray, impulses: np.ndarray, way: Way) -> Seconds:
    """Impulses a unit, told at ``at_s`` of the run, by second."""
    end = REST_S + way.train_s
    edges = np.array([REST_S - 1.0, REST_S, *(end + np.arange(math.ceil(way.after_s) + 1))])
    rates = np.histogram(at_s, edges, weights=impulses)[0]
    return np.delete(rates, 1)  # the train itself


# ---- what is asked of both ----

Model = Callable[[float, Way, int], Seconds]


def goes_on(model: Model, hz: float, way: Way) -> bool:
    """Whether most runs fire on in the second second after a train, at the loop's criterion of a cramp."""
    seeds = SEEDS if model is first else SEEDS[:1]  # the other pool has no noise
    return sum(bool(model(hz, way, seed)[2] >= CRAMP_RATE_HZ) for seed in seeds) * 2 > len(seeds)


@cache
def threshold_hz(model: Model, way: Way = Way()) -> float:
    """The lowest of the trains from 4 to 40 Hz, in steps of 2, that is followed by firing; nan: none, 0: it fires at rest."""
    if model(LOWEST_HZ, way, SEEDS[0])[0] >= CRAMP_RATE_HZ:
        return 0.0
    steps = range(LOWEST_HZ, HIGHEST_HZ + 1, STEP_HZ)
    return next((float(hz) for hz in steps if goes_on(model, hz, way)), math.nan)


@cache
def lasts_s(model: Model, loop: float = 1.0) -> float:
    """Seconds of firing after a train 10 Hz above the closed loop's threshold, watched for two minutes."""
    rates = model(threshold_hz(model) + ABOVE_HZ, Way(loop=loop, after_s=LONG_S), 1)[1:]
    silent = np.flatnonzero(rates < CRAMP_RATE_HZ)
    return float(silent[0]) if len(silent) else LONG_S


@cache
def ends_it(model: Model) -> float:
    """The least inhibition (share of the drive that begins) of 2 s after which a cramp stays away; nan: none up to 4."""
    for size in (0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0):
        way = Way(after_s=2.0 + INHIBITION_S + QUIET_S, inhibition=size)
        if model(threshold_hz(model) + ABOVE_HZ, way, 1)[-2:].mean() < CRAMP_RATE_HZ:
            return size
    return math.nan


# ---- the page ----


def other(hz: float, way: Way, seed: int) -> Seconds:
    """The other pool as a model of its own: the minimal core, which has no noise."""
    return second(hz, way)


def opposed(hz: float, way: Way, seed: int) -> Seconds:
    """The same with the potassium current that calcium opens (0.25 mS/cm2, as in the paper's example)."""
    return second(hz, way, CALCIUM._replace(potassium_calcium_conductance=0.25))


def measured() -> dict[str, dict[str, float | None]]:
    """All values of both models, as they are kept."""
    bare = {"loop": begins_and_ceases(), "other": other_begins_and_ceases(CALCIUM)}
    found: dict[str, dict[str, float | None]] = {}
    for name, model in {"loop": first, "other": other}.items():
        values = {
            "begins": bare[name][0],
            "ceases": bare[name][1],
            "threshold": threshold_hz(model),
            "threshold_open": threshold_hz(model, Way(loop=0.0)),
            "threshold_without_current": threshold_hz(model, Way(current=False)),
            "threshold_low_drive": threshold_hz(model, Way(tonic=LOW)),
            "threshold_high_drive": threshold_hz(model, Way(tonic=HIGH)),
            "threshold_excitable": threshold_hz(model, Way(excitable=True)),
            "threshold_short_train": threshold_hz(model, Way(train_s=SHORT_S)),
            "lasts": lasts_s(model),
            "lasts_open": lasts_s(model, 0.0),
            "ends_it": ends_it(model),
        }
        found[name] = {key: None if math.isnan(value) else round(value, 4) for key, value in values.items()}
        print(name, found[name], flush=True)
    value = threshold_hz(opposed)
    found["opposed"] = {"threshold": None if math.isnan(value) else value}
    return found


Values = dict[str, float | None]


def _below(a: float | None, b: float | None) -> bool:
    """Whether a threshold is lower; none at all is the highest."""
    return (math.inf if a is None else a) < (math.inf if b is None else b)


@dataclass(frozen=True)
class Conclusion:
    """What is said of the loop, what is shown of each model, and whether a model's values say so."""

    said: str
    shown: Callable[[Values], str]
    holds: Callable[[Values], bool]


def _hz(value: float | None) -> str:
    return "none" if value is None else "fires by itself" if value == 0.0 else f"{value:g} Hz"


def _s(value: float | None) -> str:
    return "–" if value is None else f"all {LONG_S:g} s" if value >= LONG_S else f"{value:g} s"


CONCLUSIONS = (
    Conclusion(
        "A unit that was lit stays lit at a drive that would not have lit it.",
        lambda v: f"begins at {v['begins']:.3g}, ceases at {v['ceases']:.3g}",
        lambda v: v["ceases"] < v["begins"],  # type: ignore[operator]
    ),
    Conclusion(
        "With its reflex, a pool at rest stays silent after slow trains and fires on after faster ones: there is a threshold.",
        lambda v: _hz(v["threshold"]),
        lambda v: v["threshold"] is not None and v["threshold"] > LOWEST_HZ,
    ),
    Conclusion(
        "The loop carries it: without the spindle's linkage it is over sooner.",
        lambda v: f"{_s(v['lasts'])} with it, {_s(v['lasts_open'])} without",
        lambda v: v["lasts_open"] < v["lasts"],  # type: ignore[operator]
    ),
    Conclusion(
        "Without the linkage a train still leaves something.",
        lambda v: _hz(v["threshold_open"]),
        lambda v: v["threshold_open"] is not None,
    ),
    Conclusion(
        "It ends by itself.",
        lambda v: _s(v["lasts"]),
        lambda v: v["lasts"] < LONG_S,  # type: ignore[operator]
    ),
    Conclusion(
        "Two seconds of inhibition end it, and it stays away.",
        lambda v: "no" if v["ends_it"] is None else f"yes, from {v['ends_it']:g} of the drive that begins",
        lambda v: v["ends_it"] is not None,
    ),
    Conclusion(
        "More resting drive from the spindles lowers the threshold.",
        lambda v: f"{_hz(v['threshold_low_drive'])} at {LOW:g}, {_hz(v['threshold_high_drive'])} at {HIGH:g} times it",
        lambda v: _below(v["threshold_high_drive"], v["threshold_low_drive"]),
    ),
    Conclusion(
        "A more excitable membrane lowers it (0.5 mV of ions; here 1 mmol/L more potassium outside).",
        lambda v: f"{_hz(v['threshold'])} to {_hz(v['threshold_excitable'])}",
        lambda v: _below(v["threshold_excitable"], v["threshold"]),
    ),
    Conclusion(
        "A longer train needs a lower frequency.",
        lambda v: f"{_hz(v['threshold_short_train'])} for {SHORT_S:g} s, {_hz(v['threshold'])} for {TRAIN_S:g} s",
        lambda v: _below(v["threshold"], v["threshold_short_train"]),
    ),
    Conclusion(
        "Without the persistent current of the cell a train can still leave a cramp.",
        lambda v: _hz(v["threshold_without_current"]),
        lambda v: v["threshold_without_current"] is not None,
    ),
)

HEAD = """
Made by `scripts/second_neuron.py`; do not edit it by hand. The conclusions about cramps that Charley's loop gives might hang on
the motor neuron that is in it. So the same protocols run on another one, of another make: one compartment in which spikes let
calcium in, calcium releases more, and opens a cation current
([Molkov et al. 2025](https://doi.org/10.3389/fncel.2025.1710893); `charley.neuromuscular.calcium_neuron`), in a pool of twenty
with the loop's reflex around them.
"""
RULES = """
Nothing was fitted. The spindles' resting drive, the volley of a pulse and the strength of the linkage are the loop's own
numbers, as shares of the drive at which half of a pool begins to fire; rates are compared in the same way, because the
other neuron is a mouse's and fires some {times:.0f} times as fast. The loop is a typical person's medial gastrocnemius
at {angle:g}°, what most of three seeds give; trains of 4 to 40 Hz; firing counts from {rate:g} impulses a unit and second in the second second
after a train of {train:g} s.
"""
LIMITS = """
What this cannot say: the other pool has no muscle, no tendon organ, no terminals that fire by themselves, no noise, no
slow inactivation and no fatigue. So it never ends by itself, and where the loop still cramps without its linkage or its
inward current, that is its terminals' doing, which the other pool does not have. With the potassium current that
calcium opens (0.25 mS/cm2) the other pool's threshold is: {opposed}. Its cramp, too, hangs on the balance of two
currents of the cell, whose sizes in people nobody has measured.
"""


def page(kept: dict[str, dict[str, float | None]]) -> str:
    """docs/second-neuron.md from the values that were kept."""
    loop, second_pool = kept["loop"], kept["other"]
    told = [(c, c.holds(loop), c.holds(second_pool)) for c in CONCLUSIONS]
    ours = [(c, survives) for c, holds, survives in told if holds]
    lines = ["# Another motor neuron in the same loop", "", *_filled(HEAD), ""]
    survived = sum(survives for _, survives in ours)
    lines += _filled(
        f"**Of {len(ours)} conclusions that hold in the loop, {survived} survive** and {len(ours) - survived} do not."
    )
    lines += ["", "| conclusion | the loop | calcium and cation current | survives |", "| --- | --- | --- | --- |"]
    for c, holds, survives in told:
        verdict = ("yes" if survives else "no") if holds else "the loop does not say so"
        lines.append(f"| {c.said} | {c.shown(loop)} | {c.shown(second_pool)} | {verdict} |")
    rules = RULES.format(
        times=kept["rates"]["other"] / kept["rates"]["loop"], angle=SHORT_DEG, rate=CRAMP_RATE_HZ, train=TRAIN_S
    )  # type: ignore[operator]
    lines += [
        "",
        *_filled(rules.replace("at -", "at −")),
        "",
        *_filled(LIMITS.format(opposed=_hz(kept["opposed"]["threshold"]))),
    ]
    return "\n".join(lines) + "\n"


def _filled(text: str) -> list[str]:
    return textwrap.wrap(" ".join(text.split()), 120, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="only write the page")
    if not parser.parse_args().pages:
        kept = measured() | {"rates": {"loop": usual_first_hz(), "other": usual_hz(CALCIUM)}}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(KEPT.read_text(encoding="utf-8"))), encoding="utf-8")


if __name__ == "__main__":
    main()
