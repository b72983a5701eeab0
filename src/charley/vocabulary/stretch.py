"""One stretch of road and everyone's passes over it: what "always at the same place?" is looked at with."""

from __future__ import annotations

from dataclasses import dataclass

from charley.vocabulary.arrays import Floats


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass: ``from_m`` into its run; speed along the stretch, (points,); where on it a cramp came, if one did.

    ``answered`` False: nobody said whether that run cramped.
    """

    run_id: str
    from_m: float
    at_m: Floats
    speed_m_s: Floats
    cramp_at_m: float | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch with its height (NaN where nothing was recorded), and its passes, the earliest in their run first."""

    length_m: float
    at_m: Floats
    height_m: Floats
    passes: tuple[Pass, ...]

    @property
    def cramps(self) -> int:
        """How many passes cramped on it."""
        return sum(p.cramp_at_m is not None for p in self.passes)
