"""Runs and bodies that hypothesis makes up, for the tests of the body: from the ordinary to the hostile."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime

import numpy as np
from hypothesis import strategies as st

from charley.body import BodyParameters, Course, central_body, course_of, draw_bodies
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.run import Interval, Run, Streams
from charley.vocabulary.runner import Runner

FEW = 3  # bodies of a made-up runner


@st.composite
def bodies(draw) -> BodyParameters:
    """Draws of a runner of 30 to 200 kg, of whom more or less was said."""
    height = draw(st.none() | st.floats(1.2, 2.3))
    low, high = (30.0, 200.0) if height is None else (max(30.0, 11 * height**2), min(200.0, 79 * height**2))
    runner = Runner(
        mass_kg=draw(st.none() | st.floats(low, high)),
        height_m=height,
        body_fat=draw(st.none() | st.floats(0.03, 0.6)),
        age_y=draw(st.none() | st.floats(10.0, 100.0)),
        sex=draw(st.sampled_from((None, "female", "male"))),
        sweat_sodium_mmol_l=draw(st.none() | st.floats(5.0, 130.0)),
    )
    return draw_bodies(runner, FEW, np.random.default_rng(draw(st.integers(0, 2**32))))


def _stretches(draw, steps: int, low: float, high: float) -> np.ndarray:
    """A number that changes a few times along the run."""
    values = draw(st.lists(st.floats(low, high), min_size=1, max_size=4))
    return np.resize(np.repeat(values, -(-steps // len(values))), steps)


@st.composite
def courses(draw, most_steps: int = 120) -> Course:
    """Any run that a person or a hostile file can describe: standing still at -40 C or sprinting uphill at 55 C."""
    steps, step_s = draw(st.integers(1, most_steps)), draw(st.sampled_from((1.0, 10.0, 37.0, 60.0)))
    speed = _stretches(draw, steps, 0.0, 12.5)
    return course_of(
        speed,
        step_s,
        grade=_stretches(draw, steps, -0.45, 0.45),
        cadence_spm=_stretches(draw, steps, 0.0, 300.0),
        contact_time_s=_stretches(draw, steps, 0.05, 1.0),
        moving=np.where(speed > 0.3, _stretches(draw, steps, 0.0, 1.0), 0.0),
        air_temp_c=_stretches(draw, steps, -40.0, 55.0),
        relative_humidity=_stretches(draw, steps, 0.0, 1.0),
        wind_head_m_s=_stretches(draw, steps, -20.0, 20.0),
        wind_m_s=_stretches(draw, steps, 0.0, 20.0),
        solar_w_m2=_stretches(draw, steps, 0.0, 1300.0),
        drink_l_s=_stretches(draw, steps, 0.0, 5.0 / 3600.0),
        drink_sodium_mmol_l=_stretches(draw, steps, 0.0, 500.0),
        drink_carbohydrate_g_l=_stretches(draw, steps, 0.0, 500.0),
        salt_mmol_s=_stretches(draw, steps, 0.0, 1.0),
        carbohydrate_g_s=_stretches(draw, steps, 0.0, 1.0),
    )


@st.composite
def ordinary_inputs(draw) -> dict[str, float]:
    """An even run that people do: speed and step in it, to be changed one input at a time."""
    return {
        "speed_m_s": draw(st.floats(2.2, 5.0)),
        "air_temp_c": draw(st.floats(0.0, 32.0)),
        "relative_humidity": draw(st.floats(0.2, 0.9)),
        "solar_w_m2": draw(st.floats(0.0, 800.0)),
        "drink_l_s": draw(st.floats(0.0, 1.0)) / 3600.0,
        "drink_sodium_mmol_l": draw(st.floats(0.0, 40.0)),
        "grade": draw(st.floats(-0.05, 0.08)),
    }


def even_course(inputs: dict[str, float], minutes: float, step_s: float = 60.0) -> Course:
    """An even run of those inputs."""
    others = {name: value for name, value in inputs.items() if name != "speed_m_s"}
    steps = round(minutes * 60.0 / step_s)
    return course_of(np.full(steps, inputs["speed_m_s"]), step_s, **others)


def one_body(**own: float) -> BodyParameters:
    """One body of the table's central values."""
    return central_body(**own)


def recorded_run(speed_m_s: np.ndarray, intervals: tuple[Interval, ...] = (), **channels: np.ndarray | float) -> Run:
    """A recorded run, one sample a second; a channel that is not given was not recorded."""
    n = speed_m_s.shape[0]
    moving = np.ones(n, dtype=np.bool_)
    distance = np.concatenate([[0.0], np.cumsum(speed_m_s)[:-1]])
    for interval in intervals:
        if interval.kind in ("pause", "gap"):
            moving[int(interval.start_s) : int(interval.end_s)] = False
    streams = {f.name: np.full(n, np.nan) for f in fields(Streams)}
    streams |= {"time_s": np.arange(n, dtype=np.float64), "distance_m": distance, "grade": np.zeros(n)}
    streams |= {name: np.array(np.broadcast_to(np.asarray(v, dtype=np.float64), (n,))) for name, v in channels.items()}
    total = float(np.nansum(speed_m_s))
    return Run(
        run_id="0" * 64,
        file_name="made.fit",
        file_format="fit",
        started_at=datetime(2024, 4, 14, 8, 0, tzinfo=UTC),
        elapsed_s=float(n),
        timer_s=float(moving.sum()),
        distance_m=total,
        records=n,
        streams=Streams(**streams),
        moving=moving,
        intervals=intervals,
    )


# Lowest and highest value of each state over any run; None: bounded by the length of the run alone.
RANGES = {
    "flat_speed_m_s": (0.0, 12.5),
    "metabolic_rate_w": (0.0, 15_000.0),
    "oxygen_fraction": (0.0, 1.3),
    "critical_speed_m_s": (0.3, 9.0),
    "d_prime_balance_m": (-200.0, 1000.0),
    "core_temp_c": (30.0, 43.5),
    "skin_temp_c": (0.0, 45.0),
    "sweat_rate_l_h": (0.0, 6.0),
    "stomach_water_l": (0.0, 2.0 + 1e-9),
    "plasma_sodium_mmol_l": (40.0, 320.0),
    "plasma_volume_change": (-0.9, 4.0),
    "leg_glycogen_g": (0.0, 3000.0),
    "liver_glycogen_g": (0.0, 400.0),
    **{f"{m}_{kind}_fatigue": (0.0, 1.0) for m in ("calf", "quadriceps", "hamstring") for kind in ("fast", "slow")},
}
GROWING = ("sweat_l", "drunk_l", "sodium_lost_mmol", "potassium_lost_mmol", "carbohydrate_deficit_g", "flat_distance_m")


def assert_possible(states: BodyStates) -> None:
    for f in fields(BodyStates):
        if f.name != "outside":
            assert np.isfinite(getattr(states, f.name)).all(), f.name
    for name, (low, high) in RANGES.items():
        values = getattr(states, name)
        assert values.min() >= low, f"{name} {values.min()}"
        assert values.max() <= high, f"{name} {values.max()}"
    for name in GROWING:
        values = getattr(states, name)
        assert (np.diff(values, axis=0, prepend=0.0) >= 0.0).all(), name
