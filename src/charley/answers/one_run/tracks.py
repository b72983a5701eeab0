"""The run strip: what the watch measured and what the model worked out, on one axis: the steps of the simulation."""

from __future__ import annotations

import numpy as np

from charley.answers.one_run import threshold_track
from charley.vocabulary.answer import Hazard, Strip, Track
from charley.vocabulary.arrays import Bools, Floats, quantiles
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.place import distances_at_m
from charley.vocabulary.run import Run

# Channel of the file -> key of its row, label, unit. Missing channels become no track; the face keeps their place.
MEASURED = (
    ("speed_m_s", "pace", "Pace", "m/s"),
    ("heart_rate_bpm", "heart", "Heart rate", "beats per min"),
    ("cadence_spm", "cadence", "Cadence", "steps per min"),
    ("altitude_m", "altitude", "Altitude", "m"),
    ("power_w", "power", "Power", "W"),
    ("air_temp_c", "air_temp", "Air temperature at the wrist", "°C"),
)

BAND_S = 60.0


# State of the body -> key of its row, label, unit; shown as it is.
AS_IT_IS = (
    ("calf_slow_fatigue", "fatigue", "Calf fatigue, slow", "0 rested, 1 spent"),
    ("calf_fast_fatigue", "fast_fatigue", "Calf fatigue, fast", "0 rested, 1 spent"),
    ("core_temp_c", "core_temp", "Core temperature", "°C"),
    ("sweat_rate_l_h", "sweat", "Sweat rate", "L/h"),
    ("leg_glycogen_g", "glycogen", "Glycogen in the legs", "g"),
    ("quadriceps_slow_fatigue", "quadriceps", "Thigh fatigue, slow", "0 rested, 1 spent"),
    ("hamstring_slow_fatigue", "hamstring", "Hamstring fatigue, slow", "0 rested, 1 spent"),
    ("plasma_volume_change", "plasma", "Plasma volume, change", "of the start"),
)


def build(run: Run, states: BodyStates, body_mass_kg: Floats, hazard: Hazard) -> Strip:
    """All tracks of the run at the end of each step of the simulation. ``body_mass_kg`` has shape (draws,)."""
    time_s = states.time_s
    edges = np.concatenate(([0.0], time_s))
    measured = [
        Track(key, label, unit, "measured", _step_means(run, channel, edges), state=channel)
        for channel, key, label, unit in MEASURED
        if run.streams.has(channel)
    ]
    water = states.body_water_change_l / body_mass_kg
    sodium = states.plasma_sodium_mmol_l - states.plasma_sodium_mmol_l[:1]
    model = [
        _banded("gap", "Grade-adjusted pace", "m/s", "flat_speed_m_s", time_s, _moving_only(states)),
        *(_banded(key, label, unit, name, time_s, getattr(states, name)) for name, key, label, unit in AS_IT_IS),
        _banded("water", "Body water", "of body mass", "body_water_change_fraction", time_s, water),
        _banded("sodium", "Blood sodium, change", "mmol/L", "plasma_sodium_change_mmol_l", time_s, sodium),
        threshold_track.build(states),
        _on_steps(hazard, time_s),
    ]
    breaks = tuple((i.start_s, i.end_s, i.channel or i.kind) for i in run.intervals)
    # the watch's own distance, not the model's, so that a place on the strip is a place on the run
    return Strip(time_s, distances_at_m(run, time_s), (*measured, *model), breaks)


def _step_means(run: Run, channel: str, edges: Floats) -> Floats:
    """Mean of the recorded samples of each step; NaN where a step has none."""
    values = getattr(run.streams, channel)
    step = np.clip(np.searchsorted(edges, run.streams.time_s, side="left") - 1, 0, edges.size - 2)
    seen = np.isfinite(values)
    total = np.bincount(step[seen], weights=values[seen], minlength=edges.size - 1)
    count = np.bincount(step[seen], minlength=edges.size - 1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _moving_only(states: BodyStates) -> Floats:
    """Grade-adjusted speed, NaN while standing: a pause has no pace."""
    speed = states.flat_speed_m_s
    return np.where(speed > 0.1, speed, np.nan)


def _banded(key: str, label: str, unit: str, state: str, time_s: Floats, draws: Floats) -> Track:
    """Mean at every step; the bands, which move slowly, at every minute and straight between."""
    seen: Bools = np.asarray(np.isfinite(draws).all(axis=1))
    mean = np.where(seen, np.where(seen[:, None], draws, 0.0).mean(axis=1), np.nan)
    at = np.flatnonzero(seen)[:: max(int(BAND_S / max(time_s[0], 1.0)), 1)]
    if at.size == 0:
        return Track(key, label, unit, "model", mean, state=state)
    offsets = quantiles(draws[at], (0.1, 0.9, 0.25, 0.75)) - draws[at].mean(axis=1)
    low, high, low50, high50 = (mean + np.interp(time_s, time_s[at], row) for row in offsets)
    return Track(key, label, unit, "model", mean, low, high, low50, high50, state=state)


def _on_steps(hazard: Hazard, time_s: Floats) -> Track:
    """The hazard's bins brought to the strip's steps, linearly between the ends of bins."""
    mean, low, high, low50, high50 = (
        np.interp(time_s, hazard.time_s, row)
        for row in (hazard.rate_per_h, hazard.low, hazard.high, hazard.low50, hazard.high50)
    )
    return Track(
        "hazard", "Hazard of a cramp", "first cramps an hour", "model",
        mean, low, high, low50, high50, state="hazard_per_h",
    )  # fmt: skip
