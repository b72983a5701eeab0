"""Outcomes as whole numbers on fixed grids: sums of them are the same in any order, and so is their digest.

Nothing of a runner is kept. Quantiles come from fine histograms; means from sums of whole millionths.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from charley.cohort.simulate import Outcomes
from charley.cohort.worlds import SETS
from charley.vocabulary.arrays import Bools, Floats, Ints
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_MINUTE

MILLIONTH = 1e6
SLOT_S = 900.0  # of the clock
SLOTS = 192  # two days
KM = 251
PACE_S, PACES = 30 * SECONDS_PER_MINUTE, 40  # finish times of groups: half hours, up to 20 h


@dataclass(frozen=True, slots=True)
class Grid:
    """A histogram's grid: ``bins`` of one ``width`` from ``low``; what lies outside is counted in the first or last."""

    unit: str
    low: float
    width: float
    bins: int

    def count(self, values: Floats) -> Ints:
        """How many in each bin, (bins,)."""
        place = np.floor((values - self.low) / self.width)
        return np.bincount(np.clip(place, 0, self.bins - 1).astype(np.intp), minlength=self.bins).astype(np.int64)

    def quantiles(self, counts: Ints, shares: Floats) -> Floats:
        """Values below which ``shares`` lie, to a bin's width; NaN where nothing was counted."""
        total = counts.sum()
        if total == 0:
            return np.full(shares.shape, np.nan)
        risen = np.concatenate([[0.0], np.cumsum(counts)]) / total
        filled = np.concatenate([[True], np.diff(risen) > 0])
        edges = self.low + self.width * np.arange(self.bins + 1.0)
        return np.asarray(np.interp(shares, risen[filled], edges[filled]))


QUANTITIES = {
    "finish": Grid("s", 0.0, 30.0, 9600),
    "core": Grid("C", 35.0, 0.01, 1000),
    "mass_change": Grid("fraction", -0.15, 0.0005, 600),
    "sodium": Grid("mmol/L", 100.0, 0.05, 1200),
    "sweat": Grid("L/h", 0.0, 0.01, 500),
    "drink": Grid("L/h", 0.0, 0.01, 500),
}
# name -> shape; whole numbers throughout
SHAPES: dict[str, tuple[int, ...]] = {
    "runners": (SETS,),
    "chance": (SETS,),  # sums of millionths
    "chance_squares": (SETS,),
    "cramps": (SETS,),
    "calf": (SETS,),
    "warm": (SETS,),
    "high": (SETS,),
    "gained": (SETS,),
    "low_sodium": (SETS,),
    "by_km": (SETS, KM),
    "by_slot": (SETS, SLOTS),
    "by_km_slot": (KM, SLOTS),
    "high_km": (KM,),
    "group_runners": (2, PACES),
    "group_cramps": (2, PACES),
    **{f"of_{name}": (grid.bins,) for name, grid in QUANTITIES.items()},
}


Packed = Mapping[str, tuple[NDArray[np.int32], Ints]]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts by name, int64 in the shapes of ``SHAPES``."""

    counts: Mapping[str, Ints]

    @classmethod
    def empty(cls) -> Tally:
        """Of nobody."""
        return cls({name: np.zeros(shape, dtype=np.int64) for name, shape in SHAPES.items()})

    def packed(self) -> Packed:
        """What is not zero, by name: flat places and counts. A chunk's is some kilobytes."""
        found = {}
        for name, counts in self.counts.items():
            flat = counts.ravel()
            places = np.flatnonzero(flat)
            found[name] = (places.astype(np.int32), flat[places])
        return found

    def add(self, packed: Packed) -> None:
        """Take other counts in; order does not matter."""
        for name, (places, counts) in packed.items():
            self.counts[name].ravel()[places] += counts

    @property
    def runners(self) -> int:
        """Of how many runners it is."""
        return int(self.counts["runners"].sum())

    def digest(self, question: str) -> str:
        """SHA-256 of the question and of every count, in hex."""
        total = sha256(question.encode())
        for name in SHAPES:
            total.update(name.encode())
            total.update(self.counts[name].astype("<i8").tobytes())
        return total.hexdigest()


def tally_of(o: Outcomes) -> Tally:
    """The counts of some runners."""
    which, cramped = o.which, np.isfinite(o.cramp_m)
    km = _bin(o.cramp_m[cramped], METRES_PER_KM, KM)
    slot = _bin(o.cramp_s[cramped], SLOT_S, SLOTS)
    high = np.isfinite(o.high_m)
    pace = _bin(o.finish_s, PACE_S, PACES)
    sex = o.female.astype(np.int64)

    def by_set(flags: Bools) -> Ints:
        return np.bincount(which[flags], minlength=SETS).astype(np.int64)

    def pairs(first: Ints, second: Ints, name: str) -> Ints:
        shape = SHAPES[name]
        flat = np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1])
        return flat.reshape(shape).astype(np.int64)

    def millionths(values: Floats) -> Ints:
        total = np.zeros(SETS, dtype=np.int64)
        np.add.at(total, which, np.rint(values * MILLIONTH).astype(np.int64))
        return total

    values = {
        "finish": o.finish_s,
        "core": o.core_c,
        "mass_change": o.gain,
        "sodium": o.sodium_mmol_l,
        "sweat": o.sweat_l_h,
        "drink": o.drunk_l_h,
    }
    from charley.evidence.numbers.cohort import COHORT

    return Tally(
        {
            "runners": np.bincount(which, minlength=SETS).astype(np.int64),
            "chance": millionths(o.chance),
            "chance_squares": millionths(o.chance**2),
            "cramps": by_set(cramped),
            "calf": by_set(o.calf),
            "warm": by_set(np.isfinite(o.warm_m)),
            "high": by_set(high),
            "gained": by_set(o.gain > 0.0),
            "low_sodium": by_set(o.sodium_mmol_l < COHORT.sodium_low_mmol_l),
            "by_km": pairs(which[cramped].astype(np.int64), km, "by_km"),
            "by_slot": pairs(which[cramped].astype(np.int64), slot, "by_slot"),
            "by_km_slot": pairs(km, slot, "by_km_slot"),
            "high_km": np.bincount(_bin(o.high_m[high], METRES_PER_KM, KM), minlength=KM).astype(np.int64),
            "group_runners": pairs(sex, pace, "group_runners"),
            "group_cramps": pairs(sex[cramped], pace[cramped], "group_cramps"),
            **{f"of_{name}": grid.count(values[name]) for name, grid in QUANTITIES.items()},
        }
    )


def _bin(values: Floats, width: float, bins: int) -> Ints:
    return np.clip(np.floor(values / width), 0, bins - 1).astype(np.int64)
