"""“It comes at the same mile every time”: do cramps lie closer together than each run's own hazard would put them?

The places of a log are held against logs redrawn: in every cramped run the cramp is put anew, where the hazard of that
run (as it was run, under the belief of today) puts it, each run on its own. Hazard rises late in long runs, so cramps
late in long runs are no pattern by themselves; lying closer than that is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.answers.history.belief import Belief
from charley.answers.history.patterns import same_place
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.over_journal import Clustering, LoggedCramp, SamePlace
from charley.vocabulary.place import distances_at_m
from charley.vocabulary.units import EARTH_RADIUS_M, SECONDS_PER_HOUR

LEAST_CRAMPS = 3  # two always lie at some distance from each other
MOST_CRAMPS = 30  # the latest: each needs its run's channels
LOGS = 2000  # redrawn; an answer of one in twenty is then known to within a hundredth
CLOSER = 0.05  # the usual bound of what is not put down to chance
WITHIN_M = 250.0  # cramps so near to each other on the map count as one spot; a tap in a race is no nearer
_DRAWS = 60


@dataclass(frozen=True, slots=True)
class _Cramped:
    """A cramped run with an exact place: where it was, and where its hazard would put it (bins of the run)."""

    metres: float
    seconds: float
    at: Floats  # (2,) north and east in metres, NaN without positions
    distance_m: Floats  # (bins,)
    time_s: Floats  # (bins,)
    spots: Floats  # (bins, 2)
    weight: Floats  # (bins,) of a first cramp in the bin, given that one comes


def of(belief: Belief, found: Sequence[LoggedCramp], seed: int = 1) -> SamePlace | None:
    """Spread of the exact places of two cramps or more, and what it would be by chance from three on."""
    spread = same_place(found)
    if spread is None:
        return None
    exact = [c for c in found if c.at_s is not None and c.at_m is not None][-MOST_CRAMPS:]
    return replace(spread, clustering=clustering(_cramped(belief, exact), seed))


def clustering(runs: Sequence[_Cramped], seed: int) -> tuple[Clustering, ...]:
    """Spread along distance and time, and the most cramps at one spot of the map where positions are known."""
    if len(runs) < 2:
        return ()
    rng = np.random.default_rng(seed)
    picked = np.column_stack([rng.choice(len(r.weight), LOGS, p=r.weight) for r in runs])  # (logs, cramps)
    out = []
    for axis, here, anew in (
        ("distance", [r.metres for r in runs], [r.distance_m for r in runs]),
        ("time", [r.seconds for r in runs], [r.time_s for r in runs]),
    ):
        redrawn = mean_difference(np.column_stack([v[picked[:, i]] for i, v in enumerate(anew)]))
        figure = float(mean_difference(np.array([here]))[0])
        out.append(_held_against(axis, len(runs), figure, redrawn, redrawn <= figure))
    mapped = [i for i, r in enumerate(runs) if np.isfinite(r.at).all() and np.isfinite(r.spots).all()]
    if len(mapped) >= 2:
        figure = float(at_one_spot(np.array([[runs[i].at for i in mapped]]))[0])
        redrawn = at_one_spot(np.stack([runs[i].spots[picked[:, i]] for i in mapped], axis=1))
        out.append(_held_against("course", len(mapped), figure, redrawn, redrawn >= figure))
    return tuple(out)


def _held_against(axis: str, cramps: int, figure: float, redrawn: Floats, as_close: Bools) -> Clustering:
    if cramps < LEAST_CRAMPS:
        return Clustering(axis, cramps, figure, None, None, WITHIN_M, "cannot_tell")
    by_chance = float((1 + as_close.sum()) / (1 + LOGS))  # the log itself counts as one: never quite zero
    verdict = "closer" if by_chance <= CLOSER else "cannot_tell"
    return Clustering(axis, cramps, figure, Estimate.from_draws(redrawn), by_chance, WITHIN_M, verdict)


def mean_difference(values: Floats) -> Floats:
    """Mean absolute difference between two of each row, (rows,); values (rows, n), n at least 2."""
    n = values.shape[1]
    rank = 2 * np.arange(1, n + 1) - n - 1  # of sorted values: sum of all differences = sum of rank x value
    return np.asarray(np.sort(values, axis=1) @ rank * 2 / (n * (n - 1)))


def at_one_spot(spots: Floats, within_m: float = WITHIN_M) -> Floats:
    """The most of each row's spots (rows, n, 2) that lie within so many metres of one of them, itself included."""
    most = np.zeros(len(spots))
    for k in range(spots.shape[1]):
        near = np.hypot(*np.moveaxis(spots - spots[:, k : k + 1], -1, 0)) <= within_m
        most = np.maximum(most, near.sum(axis=1))
    return most


def _cramped(belief: Belief, exact: Sequence[LoggedCramp]) -> list[_Cramped]:
    log = belief.log
    index = {t.row.run_id: i for i, t in enumerate(log.told)}
    some = belief.now.equal(_DRAWS)
    origin: tuple[float, float] | None = None
    out = []
    for cramp in exact:
        i = index[cramp.run_id]
        rows, run = log.rows[i], log.told[i].read()
        rate = some.rate_per_h(rows).mean(axis=0)
        cumulative = np.cumsum(np.where(np.isfinite(rate), rate, 0.0) * rows.dt_h)
        weight = np.diff(-np.expm1(-cumulative), prepend=0.0)
        if not weight.sum() > 0 or cramp.at_s is None or cramp.at_m is None:
            continue
        time_s = np.cumsum(rows.dt_h) * SECONDS_PER_HOUR - rows.dt_h * SECONDS_PER_HOUR / 2
        distance = distances_at_m(run, time_s)
        lat, lon = run.streams.latitude_deg, run.streams.longitude_deg
        known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        spots, at = np.full((time_s.size, 2), np.nan), np.full(2, np.nan)
        if known.size:
            origin = origin or (float(lat[known[0]]), float(lon[known[0]]))
            where = _metres(lat[known], lon[known], origin)
            spots, at = where[_nearest(known, time_s)], where[_nearest(known, np.array([cramp.at_s]))][0]
        out.append(_Cramped(cramp.at_m, cramp.at_s, at, distance, time_s, spots, weight / weight.sum()))
    return out


def _nearest(known: Index, time_s: Floats) -> Index:
    """Index into ``known`` (seconds with a position) of the next one at or after each time, or the last."""
    return np.minimum(np.searchsorted(known, time_s), known.size - 1)


def _metres(lat_deg: Floats, lon_deg: Floats, origin: tuple[float, float]) -> Floats:
    """North and east of the origin in metres, (n, 2); good enough within a course, and far is far."""
    north = np.radians(lat_deg - origin[0]) * EARTH_RADIUS_M
    east = np.radians(lon_deg - origin[1]) * EARTH_RADIUS_M * np.cos(np.radians(lat_deg))
    return np.column_stack([north, east])
