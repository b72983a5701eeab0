"""What a run does to a body: arrays of shape (steps, draws), one column a plausible body."""

from __future__ import annotations

from dataclasses import dataclass, fields

from charley.vocabulary.arrays import Floats
from charley.vocabulary.note import Note


@dataclass(frozen=True, slots=True)
class BodyStates:
    """States at the end of each step. ``time_s`` and ``distance_m`` have shape (steps,), all else (steps, draws).

    Where each draw is a runner on the same road, ``distance_m`` may be each one's own, (steps, draws).

    Where the draws run at speeds of their own (a reference run), ``distance_m`` is their mean; ``flat_distance_m`` is
    each draw's own.

    Fatigue is kept in two kinds with opposite effect on excitability: ``*_fast_fatigue`` passes within minutes and
    protects, ``*_slow_fatigue`` builds over hours and sensitises. Both are fractions 0..1.
    """

    time_s: Floats
    distance_m: Floats
    flat_speed_m_s: Floats  # grade- and wind-equivalent speed on the level
    flat_distance_m: Floats  # its integral
    metabolic_rate_w: Floats
    oxygen_fraction: Floats  # of the maximal oxygen uptake that heat and lost water leave
    critical_speed_m_s: Floats  # that wear, heat and lost water leave
    d_prime_balance_m: Floats
    core_temp_c: Floats
    skin_temp_c: Floats
    sweat_rate_l_h: Floats
    sweat_l: Floats  # cumulative
    drunk_l: Floats  # cumulative
    stomach_water_l: Floats
    body_water_change_l: Floats  # against the start
    mass_change_kg: Floats  # against the start: sweat, breath, urine, drink, food, oxidation
    plasma_sodium_mmol_l: Floats
    plasma_volume_change: Floats  # fraction of the start
    sodium_lost_mmol: Floats  # cumulative, sweat and urine
    potassium_lost_mmol: Floats
    leg_glycogen_g: Floats
    liver_glycogen_g: Floats
    carbohydrate_deficit_g: Floats
    calf_fast_fatigue: Floats
    calf_slow_fatigue: Floats
    quadriceps_fast_fatigue: Floats
    quadriceps_slow_fatigue: Floats
    hamstring_fast_fatigue: Floats
    hamstring_slow_fatigue: Floats
    calf_impulse_bw_s: Floats  # cumulative Achilles impulse, body weights times seconds
    eccentric_load: Floats  # cumulative, relative
    outside: tuple[Note, ...] = ()  # what was assumed, and where an input left a model's range

    def __post_init__(self) -> None:
        steps = self.time_s.shape[0]
        shape = self.core_temp_c.shape
        for f in fields(self):
            if f.name == "outside":
                continue
            array = getattr(self, f.name)
            expected = (steps,) if f.name in ("time_s", "distance_m") else shape
            if f.name == "distance_m" and array.shape == shape:
                continue
            if array.shape != expected or (array.ndim == 2 and array.shape[0] != steps):
                raise ValueError(f"{f.name}: expected shape {expected}, got {array.shape}")

    @property
    def draws(self) -> int:
        """Number of plausible bodies carried along."""
        return int(self.core_temp_c.shape[1])
