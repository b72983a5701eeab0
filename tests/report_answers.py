"""Fabricated answers in the shape of a real one, for the tests of the report. No figure in here is a result."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from charley.vocabulary.answer import (
    Assumed,
    DeclineTest,
    Detected,
    Driver,
    Hazard,
    Missing,
    RunSummary,
    Seen,
    Strip,
    SuggestedStop,
    Track,
    Why,
    WouldTell,
)
from charley.vocabulary.cramp import Cramp
from charley.vocabulary.errors import Warned
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.evidence import Source
from charley.vocabulary.note import STUDIES, Note, note, out_of_range

HOSTILE = "</title><script>alert(1)</script>\x1b[31m‮ \"onload='x' & {{7*7}} " + "long" * 40 + ".fit"
LENGTHS = {
    "1 km": (1_000.0, 330.0),
    "10 km": (10_000.0, 3_000.0),
    "marathon": (42_195.0, 12_500.0),
    "4 h": (48_000.0, 14_400.0),
    "24 h": (160_934.4, 86_400.0),
}


def estimate(mean: float, low: float, high: float) -> Estimate:
    return Estimate(mean, low, high, mean - 0.45 * (mean - low), mean + 0.45 * (high - mean))


def _strip(
    distance_m: float,
    elapsed_s: float,
    seed: int,
    heart: bool,
    cadence: bool,
    altitude: bool,
    stopped_at_s: float | None,
    every_s: float,
) -> Strip:
    rng = np.random.default_rng(seed)
    time = np.arange(0.0, elapsed_s + every_s / 2, every_s)
    n = time.size
    f = time / elapsed_s
    fade = 1 - 0.10 * np.clip((f - 0.6) / 0.4, 0, 1) ** 2
    hill = 0.04 * np.sin(7 * np.pi * f) if altitude else np.zeros(n)
    level = fade * (1 + 0.01 * np.sin(23 * f))
    speed = level * (1 - hill)
    breaks: list[tuple[float, float, str]] = []
    still = np.zeros(n, dtype=bool)
    for at, wide, kind in ((0.49, 80.0, "pause"), (0.605, 45.0, "gap"), (0.33, 12.0, "pause")):
        if elapsed_s > 2_000:
            breaks.append((at * elapsed_s, at * elapsed_s + wide, kind))
            still |= (time > at * elapsed_s) & (time < at * elapsed_s + wide)
    if stopped_at_s is not None:
        speed = np.where(time > stopped_at_s, 0.62 * speed, speed)
    moved = np.cumsum(np.where(still, 0.0, speed))
    moved *= distance_m / moved[-1]
    speed = np.gradient(moved, time)
    still |= np.roll(still, 1) | np.roll(still, -1)  # the slope beside a stop is neither
    noisy = speed * (1 + 0.035 * rng.standard_normal(n))
    noisy[still] = np.nan
    pace = Track("pace", "Pace", "m/s", "measured", noisy)
    tracks = [pace]
    if altitude:
        tracks.append(
            Track("gap", "Grade-adjusted pace", "m/s", "measured", np.where(still, np.nan, speed * (1 + hill)))
        )
    if heart:
        beats = 150 * (1 - 0.35 * np.exp(-time / 90)) + 22 * f + 1.5 * rng.standard_normal(n)
        lost = (f > 0.71) & (f < 0.74)
        beats[lost | still] = np.nan
        breaks.append((0.71 * elapsed_s, 0.74 * elapsed_s, "heart_rate_bpm"))
        tracks.append(Track("heart", "Heart rate", "beats per min", "measured", beats))
    if cadence:
        steps = 178 - 9 * np.clip((f - 0.5) / 0.5, 0, 1) + 1.2 * rng.standard_normal(n)
        steps[still] = np.nan
        steps[rng.random(n) < 0.003] = 0.0
        tracks.append(Track("cadence", "Cadence", "steps per min", "measured", steps))

    def model(key: str, label: str, unit: str, end: float, low: float, high: float, power: float, state: str) -> Track:
        rise = f**power
        e = estimate(end, low, high)
        return Track(
            key, label, unit, "model", end * rise, low * rise, high * rise, e.low50 * rise, e.high50 * rise, state=state
        )

    tracks += [
        model("fatigue", "Calf fatigue, slow", "0 rested, 1 spent", 0.57, 0.35, 0.80, 2.2, "calf_slow_fatigue"),
        model("water", "Body water", "of body mass", -0.028, -0.039, -0.015, 1.0, "body_water_change_fraction"),
        model("sodium", "Blood sodium", "mmol/L, change", -1.9, -4.0, 0.2, 1.1, "plasma_sodium_change_mmol_l"),
        model("core_temp", "Core temperature", "°C", 38.9, 38.1, 39.6, 0.02, "core_temp_c"),
    ]
    return Strip(time, moved, tuple(tracks), tuple(breaks))


FAMILIES = {
    "pace": "Pace and effort",
    "fatigue": "Tired calves and fuel",
    "load": "Load and build-up",
    "fluid": "Heat, fluid, salt",
}


def _drivers(log: bool) -> tuple[Driver, ...]:
    rows = (
        (
            "pace_excess",
            "Faster than your own level so far",
            "pace",
            (0.24, 0.02, 0.57),
            "B",
            ("schwellnus-2011", "martinez-navarro-2022"),
            Seen(estimate(4.1, 1.0, 7.4), "%", "faster than your own level so far"),
        ),
        (
            "surge",
            "A short burst well above the run's mean",
            "pace",
            (0.04, -0.05, 0.15),
            "D",
            ("assumption",),
            Seen(estimate(0.0, 0.0, 0.0), "%", "beyond a tenth above the run's mean pace"),
        ),
        (
            "slow_calf_fatigue",
            "Slow calf fatigue beyond the usual",
            "fatigue",
            (0.21, 0.01, 0.55),
            "D",
            ("stone-2010",),
            Seen(estimate(8.0, -10.0, 27.0), "points of 100", "above the reference run"),
        ),
        (
            "carbohydrate",
            "Carbohydrate taken in",
            "fatigue",
            (0.03, -0.09, 0.18),
            "D",
            ("assumption",),
            Seen(estimate(0.0, -20.0, 25.0), "g an hour", "more than people usually take (a minus: less)"),
        ),
        (
            "beyond_longest",
            "Further than your longest recent run",
            "load",
            (0.11, 0.0, 0.33),
            "D",
            ("frandsen-2025",),
            None,
        ),
        (
            "body_mass_loss",
            "Water loss",
            "fluid",
            (0.06, -0.08, 0.22),
            "B",
            ("own-simulation",),
            Seen(estimate(2.8, 1.5, 3.9), "% of body mass", "more lost than in the reference run"),
        ),
        (
            "sodium_fall",
            "A fall of blood sodium",
            "fluid",
            (0.04, -0.09, 0.19),
            "C",
            ("schwellnus-2004",),
            Seen(estimate(1.9, -0.2, 4.0), "mmol/L", "lower than in the reference run"),
        ),
        (
            "wbgt",
            "Heat",
            "fluid",
            (0.04, -0.05, 0.17),
            "C",
            ("cooper-2006",),
            Seen(estimate(1.0, 0.0, 4.0), "°C", "above a wet-bulb globe temperature of 18 °C (64 °F)"),
        ),
    )
    drivers = []
    for id_, label, family, (mean, low, high), grade, sources, seen in rows:
        studies = estimate(mean, low, high)
        share = estimate(mean * 1.25, low + 0.03, high - 0.02) if log else studies
        drivers.append(Driver(id_, label, FAMILIES[family], share, studies, studies, grade, sources, seen))
    return tuple(drivers)


_SOURCES = (
    Source("minetti-2002", "Minetti and others 2002, J Appl Physiol 93:1039", 2002, "", "abstract", "Cost of slopes."),
    Source(
        "schwellnus-2011",
        "Schwellnus and others 2011, Br J Sports Med 45:1132",
        2011,
        "doi:10.1136/bjsm.2010.078535",
        "abstract",
        "Of 49 ultra runners, those who cramped ran the first half faster at equal best time.",
    ),
    Source(
        "martinez-navarro-2022",
        "Martínez-Navarro and others 2022, J Strength Cond Res 36:1629",
        2022,
        "",
        "abstract",
        "Of 83 marathoners, early pace did not differ.",
    ),
    Source(
        "stone-2010",
        "Stone and others 2010, J Sports Sci 28:399",
        2010,
        "",
        "full text",
        "Short fatigue raised the threshold frequency of a cramp.",
    ),
    Source(
        "frandsen-2025",
        "Frandsen and others 2025, Br J Sports Med",
        2025,
        "",
        "abstract",
        "One single long jump in distance went with injury in 5205 runners; not cramps.",
    ),
    Source(
        "cooper-2006",
        "Cooper and others 2006, J Athl Train",
        2006,
        "",
        "secondary",
        "Heat cramps were counted in another sport.",
        "Paid for by a maker of sports drinks.",
    ),
    Source(
        "schwellnus-2004",
        "Schwellnus and others 2004, Br J Sports Med 38:488",
        2004,
        "",
        "abstract",
        "Blood sodium was 2.5 mmol/L lower in crampers, both in the normal range.",
    ),
    Source(
        "own-simulation",
        "A calculation made by this project with its own code.",
        None,
        "",
        "own",
        "Computed here from the parameters of the tables.",
    ),
    Source(
        "assumption",
        "An assumption of this project, without a publication behind it.",
        None,
        "",
        "own",
        "Chosen by us; the range says how unsure we are.",
    ),
)


def make(
    length: str = "marathon",
    *,
    heart: bool = True,
    cadence: bool = True,
    altitude: bool = True,
    cramp: str = "exact",
    log: int = 0,
    demo: bool = False,
    hostile: bool = False,
    bare: bool = False,
    distance: bool = True,
    tiny: bool = False,
    seed: int = 1,
    every_s: float = 5.0,
) -> Why:
    """An answer for a run of that length. ``log``: cramps in the journal; ``bare``: all that is optional is absent;
    ``tiny``: next to no hazard; ``distance`` False: the run is on the spot, as on a treadmill without a sensor.
    """
    distance_m, elapsed_s = LENGTHS[length]
    at_s = 0.79 * elapsed_s
    strip = _strip(distance_m, elapsed_s, seed, heart, cadence, altitude, at_s if cramp == "exact" else None, every_s)
    if bare:
        strip = replace(strip, tracks=strip.tracks[:1], breaks=())
    if not distance:
        strip = replace(strip, distance_m=np.zeros(strip.time_s.size))
    said: Cramp | None = {
        "exact": Cramp(at_s, at_s, at_s, "calf", "left", 4),
        "range": Cramp(None, 0.7 * elapsed_s, elapsed_s, "calf"),
        "between": Cramp(None, 0.6 * elapsed_s, 0.8 * elapsed_s, "hamstring"),
        "some time": Cramp(None, 0.0, elapsed_s, "calf"),
        "none": None,
    }[cramp]
    at_m = float(np.interp(at_s, strip.time_s, strip.distance_m)) if cramp == "exact" else None
    rise = (strip.time_s / elapsed_s) ** 3.7
    peak = 0.46 * (distance_m / 42_195.0) ** 1.6 * (1e-6 if tiny else 1.0)
    hazard = Hazard(
        strip.time_s,
        strip.distance_m,
        peak * rise,
        0.3 * peak * rise,
        2.3 * peak * rise,
        0.6 * peak * rise,
        1.4 * peak * rise,
    )
    size = min(1.0, (distance_m / 42_195.0) ** 1.6) * (1e-5 if tiny else 1.0)
    missing = [Missing("heart", None)] if not heart else []
    missing += [Missing("cadence", None)] if not cadence else []
    missing += [Missing("air_temp", 0.33), Missing("altitude", None)]
    longest = 1400.0 if heart else None
    detected = (
        Detected("wall-smyth-2021", ("schwellnus-2011",), True, 0.8 * elapsed_s, 0.8 * distance_m, 0.31, "slower"),
        Detected("wall-miyazaki-2025", ("stone-2010",), False if heart else None, None, None, longest, "m"),
    )
    stops = (
        SuggestedStop(
            at_s,
            float(np.interp(at_s, strip.time_s, strip.distance_m)),
            "sudden_stop",
            95.0,
            171.0 if cadence else None,
            note("stopped-dead", within_s=4.0, **({"cadence_spm": 171.0} if cadence else {})),
        ),
    )
    name = HOSTILE if hostile else "marathon.fit"
    answer = Why(
        status="cannot_tell",
        run=RunSummary(
            name,
            "fit",
            "watch",
            datetime(2026, 3, 1, 8, 0, tzinfo=UTC),
            distance_m,
            elapsed_s,
            elapsed_s - 137.0,
            strip.time_s.size,
            demo,
        ),
        cramp=said,
        cramp_at_m=at_m,
        chance=estimate(0.24 * size, 0.11 * size, 0.46 * size),
        chance_of_people=(0.04 * size, 0.45 * size) if not log else None,
        chance_by_class=(
            ("prone", 0.31, estimate(0.58 * size, 0.35 * size, 0.81 * size)),
            ("not_prone", 0.69, estimate(0.06 * size, 0.02 * size, 0.12 * size)),
        ),
        chance_after=(("0-1 h", estimate(0.02, 0.005, 0.05)), ("1-6 h", estimate(0.02, 0.004, 0.05))),
        base_rate=estimate(0.15 * size, 0.09 * size, 0.25 * size),
        base_rate_studies=estimate(0.21 * size, 0.15 * size, 0.27 * size),
        base_distance_m=distance_m,
        calf_share=estimate(0.60, 0.44, 0.75),
        hazard=hazard,
        strip=strip,
        drivers=_drivers(log > 0),
        unexplained=estimate(0.38, 0.13, 0.71),
        prior_share=1.0 if not log else max(0.3, 1 - 0.07 * log),
        n_cramps=log if log else int(said is not None),
        n_runs=log * 9 + 1,
        detected=detected,
        stops=stops,
        decline=DeclineTest(
            0.12, estimate(0.028, 0.015, 0.039), estimate(0.06, -0.07, 0.21), "C14", ("own-simulation",)
        ),
        missing=tuple(missing),
        assumed=(
            Assumed("level", note("level-heart"), estimate(3.36, 3.19, 3.52), "m/s"),
            Assumed("sweat", note("sweat"), estimate(0.9, 0.5, 1.4), "L/h"),
            Assumed("mass", note("mass"), estimate(70, 57, 84), "kg"),
            Assumed("weather", note("weather"), estimate(16, 8, 25), "°C"),
            Assumed("longest", note("longest"), estimate(29, 22, 36), "km"),
            Assumed("effort", note("effort-guessed", all_out=1.0)),
        ),
        would_tell=(WouldTell("history", 0.34), WouldTell("sweat", 0.06)),
        warnings=(),
        notes=() if log else (Note("one-run", STUDIES), out_of_range("durability")),
        sources=_SOURCES,
        draws=1000,
        seed=1,
    )
    if hostile:
        nasty = "<b onclick=alert(1)>&\"'\x00‮</b>"
        answer = replace(
            answer,
            run=replace(answer.run, device=nasty),
            drivers=tuple(replace(d, label=f"{nasty} {d.label} {'w' * 90}") for d in answer.drivers),
            warnings=(Warned("clock-jump", nasty * 3),),
            sources=tuple(replace(s, citation=nasty, finding=nasty) for s in answer.sources),
        )
    if bare:
        answer = replace(
            answer,
            chance_by_class=(),
            chance_after=(),
            detected=(),
            stops=(),
            decline=None,
            missing=(),
            assumed=(),
            would_tell=(),
            drivers=(),
            sources=(),
            n_cramps=0,
            n_runs=0,
        )
    return answer


def with_warning(answer: Why, code: str, text: str) -> Why:
    return replace(answer, warnings=(*answer.warnings, Warned(code, text)))
