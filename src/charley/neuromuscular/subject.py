"""Who is simulated, and in what slow state."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from charley.neuromuscular.parameters import REFERENCE_MUSCLE, Constants, constants
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import ProtocolError


@dataclass(frozen=True, slots=True)
class Subject:
    """One muscle of one person.

    ``excitability_mv`` shifts all activation voltages (negative: cramps more easily), ``tendon_organ_gain`` and
    ``spindle_gain`` scale the two reflexes; together they are the trait. ``overrides`` replaces single constants by
    id, for sensitivity studies.
    """

    muscle: str = REFERENCE_MUSCLE
    excitability_mv: float = 0.0
    tendon_organ_gain: float = 1.0
    spindle_gain: float = 1.0
    prone: bool | None = None
    motor_neurons: int | None = None  # None: as the table has it
    overrides: tuple[tuple[str, float], ...] = ()

    def constants(self) -> Constants:
        """Constants of the muscle with this person's overrides."""
        p = constants(self.muscle)
        unknown = [key for key, _ in self.overrides if key not in p._fields]
        if unknown:
            raise ProtocolError("protocol-constant", f"no constant {unknown[0]} in the table", self.muscle)
        return p._replace(**dict(self.overrides))

    @property
    def units(self) -> int:
        """Number of motor neurons simulated."""
        return int(self.motor_neurons or constants(self.muscle).motor_neurons)


@dataclass(frozen=True, slots=True)
class SlowState:
    """Everything that changes over minutes to weeks. Fractions lie in 0..1; fields may be arrays for the margin.

    ``fast_fatigue`` protects and passes within minutes, ``slow_fatigue`` builds over hours and sensitises.
    ``ion_shift_mv`` is the shift of all activation voltages by ions (negative: more excitable). ``pain`` 1 is strong
    saline in the muscle. ``sensitisation`` 1 is the hour after a long cramp, ``adaptation`` 1 the state after weeks
    of cramps made on purpose.
    """

    slow_fatigue: float | Floats = 0.0
    fast_fatigue: float | Floats = 0.0
    ion_shift_mv: float | Floats = 0.0
    temperature_c: float | Floats = 37.0
    pain: float | Floats = 0.0
    metabolites: float | Floats = 0.0
    sensitisation: float | Floats = 0.0
    adaptation: float | Floats = 0.0

    def check(self) -> SlowState:
        """This state, or ProtocolError where a fraction lies outside 0..1 or a number is not finite."""
        for f in fields(self):
            value = np.asarray(getattr(self, f.name), dtype=float)
            if not np.isfinite(value).all():
                raise ProtocolError("protocol-state", f"{f.name} is not a finite number", "slow state")
            signed = f.name in ("ion_shift_mv", "temperature_c")
            if not signed and ((value < 0).any() or (value > (1.0 if f.name != "metabolites" else np.inf)).any()):
                raise ProtocolError("protocol-state", f"{f.name} = {value.flat[0]:g} lies outside 0 to 1", "slow state")
        return self


def virtual_subjects(
    n: int,
    seed: int,
    prone: bool | None = None,
    muscle: str = REFERENCE_MUSCLE,
    overrides: tuple[tuple[str, float], ...] = (),
) -> tuple[Subject, ...]:
    """``n`` people from the distribution of the trait: two classes, of which the prone one is drawn in its share
    unless given.

    The first k of ``n`` people are the same for any larger ``n`` with the same seed.
    """
    p = constants(muscle)._replace(**dict(overrides))
    drawn = []
    for index in range(n):
        rng = np.random.default_rng([seed, index])
        is_prone = bool(rng.random() < p.trait_prone_share) if prone is None else prone
        z_excitability, z_tendon = rng.standard_normal(2)
        if is_prone:
            excitability = p.trait_prone_mean_mv + p.trait_prone_sd_mv * z_excitability
            tendon = 1.0
        else:
            excitability = p.trait_other_mean_mv + p.trait_other_sd_mv * z_excitability
            tendon = p.trait_other_tendon_organ
        tendon *= float(np.exp(p.trait_tendon_organ_sd * z_tendon))
        excitability = float(max(excitability, p.trait_least_mv))
        drawn.append(Subject(muscle, excitability, tendon, prone=is_prone, overrides=overrides))
    return tuple(drawn)
