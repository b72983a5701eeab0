"""Runs taken in by blocks, in the order in which they were run: what is believed after them.

The belief is a function of the runs sorted by their start, to the last digit: where an earlier state is taken up
again, the rest of the way is the same as it would have been. The way to a belief has few stops (``waypoints``), which a
longer log shares, so that one run more needs only the last of them anew. Draws of the prior are reweighted by each
block; where too few still count, the step is made in parts, and draws are resampled and moved (tempered sequential
Monte Carlo, Del Moral et al. 2006, doi:10.1111/j.1467-9868.2006.00553.x; block by block, Chopin 2002,
doi:10.1093/biomet/89.3.539).

Weights, and whether a draw moves, are judged by the runs themselves; where a draw may go is looked for with stand-ins
of the runs (few rows, one body; see ``smc``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from charley.inference.compress import CompressedRun, column_scale, features_of
from charley.inference.design import FactorTable, ReportKind
from charley.inference.likelihood import Likelihood
from charley.inference.pooling import averaged
from charley.inference.posterior import Posterior, effective_share, systematic
from charley.inference.prior import Features, Layout, RunnerPrior
from charley.inference.smc import FIRST_ANGLE, MOST_MOVES, Cloud, Target, metric_of, move
from charley.vocabulary.arrays import Floats

QUIET = 16  # quiet runs for which one may stand
LEAST_TOGETHER = 16  # runs between two stops of a way, short of its end
LEAST_SHARE = 0.5  # effective share of the draws, below which they are moved
STEP_SHARE = 0.5  # ... and that each part of a step keeps
PART_MOVES = 3  # moves after a part that others follow
MEMORY = 0.25  # moves go on until every coordinate has forgotten its start to this correlation
_MOVES, _RESAMPLE = 1, 2  # streams of random numbers


@dataclass(frozen=True)
class State:
    """Where the way is after ``runs`` runs: weighted draws. ``angle``: of the last move."""

    layout: Layout
    z: Floats
    log_weights: Floats
    first_y: float
    runs: int
    log_evidence: float
    angle: float
    seed: int

    @property
    def draws(self) -> int:
        """Number of draws."""
        return len(self.z)


def begin(table: FactorTable, prior: RunnerPrior, draws: int = 1000, seed: int = 0) -> State:
    """Before any run: draws of the prior."""
    layout = Layout(table, prior, Features())
    z = layout.draw(draws, np.random.default_rng([seed, 0]))
    return State(layout, _single(z), np.zeros(draws), 0.0, 0, 0.0, FIRST_ANGLE, seed)


def waypoints(count: int) -> list[int]:
    """After how many runs the way to the belief after ``count`` runs stops.

    Each block is the largest doubling of ``LEAST_TOGETHER`` that is left; the last, what remains: 256, 384, 391.
    """
    whole = count // LEAST_TOGETHER
    stops = [LEAST_TOGETHER * (whole >> bit << bit) for bit in reversed(range(whole.bit_length())) if whole >> bit & 1]
    return stops if count % LEAST_TOGETHER == 0 else [*stops, count]


def absorb(state: State, runs: Sequence[CompressedRun], stop: int | None = None) -> State:
    """The state after ``stop`` (default: all) of the runs; the first ``state.runs`` of them are already in it, and the
    rest is taken in together. ``runs`` in the order of their start."""
    a, b = state.runs, len(runs) if stop is None else stop
    if a == b:
        return state
    first_y = runs[0].time_y
    state = _extended(replace(state, first_y=first_y), runs[:b])
    layout = state.layout

    def some(told: Sequence[CompressedRun]) -> Likelihood:
        return Likelihood(told, layout, first_y)

    news = some(runs[a:b])
    gain = news.value_of(layout.natural(state.z))
    log_weights = state.log_weights + gain
    if effective_share(log_weights) >= LEAST_SHARE:
        evidence = state.log_evidence + _log_mean(state.log_weights, gain)
        return replace(state, log_weights=_single(_level(log_weights)), runs=b, log_evidence=evidence)
    table = layout.table
    before, before_guide = (some(runs[:a]), some(grouped(runs[:a], table))) if a else (None, None)
    target = Target(layout, before, news, before_guide, some(grouped(runs[a:b], table)))
    return replace(_walked(state, target, gain, np.random.default_rng([state.seed, _MOVES, b])), runs=b)


def posterior(state: State, runs: Sequence[CompressedRun]) -> Posterior:
    """What is believed after the runs of the state, as draws of equal weight."""
    return weighted(equalled(state), runs)


def weighted(state: State, runs: Sequence[CompressedRun]) -> Posterior:
    """What is believed after the runs of the state, as draws with weights: enough for a mean."""
    told = runs[: state.runs]
    return as_posterior(state, max((r.time_y for r in told), default=0.0), sum(r.cramped for r in told))


def equalled(state: State) -> State:
    """The draws resampled to equal weight. Not to go on from."""
    if not state.runs:
        return state
    rng = np.random.default_rng([state.seed, _RESAMPLE, state.runs])
    weights = np.exp(_level(state.log_weights))
    chosen = systematic(weights / weights.sum(), state.draws, rng)
    return replace(state, z=state.z[chosen], log_weights=np.zeros(state.draws))


def as_posterior(state: State, newest_y: float, cramps: int) -> Posterior:
    """A state as the belief that others ask."""
    return Posterior(
        layout=state.layout,
        z=state.z,
        log_weights=state.log_weights,
        first_y=state.first_y,
        newest_y=newest_y,
        log_evidence=state.log_evidence,
        runs=state.runs,
        cramps=cramps,
    )


def _walked(state: State, target: Target, gain: Floats, rng: np.random.Generator) -> State:
    """Draws taken through the news in parts, resampled and moved after each."""
    z, weights, t, angle, evidence = state.z, state.log_weights, 0.0, state.angle, state.log_evidence
    cloud: Cloud | None = None
    while t < 1.0:
        step = min(_largest_step(weights, gain, 1.0 - t), 1.0 - t)
        t = 1.0 if step == 1.0 - t else t + step
        evidence += _log_mean(weights, step * gain)
        chosen_by = np.exp(_level(weights + step * gain))
        chosen_by /= chosen_by.sum()
        metric = metric_of(z, chosen_by)
        some = systematic(chosen_by, state.draws, rng)
        cloud = target.at(z[some], t) if cloud is None else target.later(cloud.chosen(some), t, step)
        cloud, _, _, angle = move(cloud, target, t, metric, MEMORY, angle, rng, MOST_MOVES if t == 1.0 else PART_MOVES)
        z, weights, gain = cloud.z, np.zeros(state.draws), cloud.log_news
    return replace(state, z=_single(z), log_weights=weights, log_evidence=evidence, angle=angle)


def fit(
    runs: Sequence[CompressedRun], table: FactorTable, prior: RunnerPrior, draws: int = 1000, seed: int = 0
) -> Posterior:
    """Posterior of one runner from all their runs, in the order of their start. Same inputs and seed, same draws."""
    state = begin(table, prior, draws, seed)
    for stop in waypoints(len(runs)):
        state = absorb(state, runs, stop)
    return posterior(state, runs)


def grouped(runs: Sequence[CompressedRun], table: FactorTable) -> list[CompressedRun]:
    """Stand-ins of runs: loud ones alone; of quiet ones, one stands for all of a kind in a stretch of the log."""
    scale = column_scale(table)
    out = []
    for first in range(0, len(runs), QUIET):
        kinds: dict[tuple[ReportKind, bool], list[CompressedRun]] = {}
        for run in runs[first : first + QUIET]:
            if run.loud:
                out.append(_stand_in(run))
            else:
                kinds.setdefault((run.kind, run.asked), []).append(_stand_in(run))
        out += [averaged(kinds[key], scale) for key in sorted(kinds)]
    return out


def _stand_in(run: CompressedRun) -> CompressedRun:
    return run if run.stand_in is None else run.stand_in


def _extended(state: State, runs: Sequence[CompressedRun]) -> State:
    """The state with coordinates for all that these runs speak of: new ones at their priors."""
    old = state.layout
    features = old.features.joined(features_of(runs, old.prior))
    if features == old.features:
        return state
    layout = Layout(old.table, old.prior, features)
    z = layout.draw(state.draws, np.random.default_rng([state.seed, 0, len(runs)]))
    for name, i in old.index.items():
        z[:, layout.index[name]] = state.z[:, i]
    return replace(state, layout=layout, z=_single(z))


def _largest_step(log_weights: Floats, gain: Floats, most: float) -> float:
    """Largest part of ``gain`` that keeps the effective share of the draws, or at least half of what it is now."""
    possible = np.isfinite(gain)
    if not possible.any():
        raise ValueError("no draw can explain this log: a report contradicts its run")
    target = min(STEP_SHARE, effective_share(np.where(possible, log_weights, -np.inf)) / 2)
    if effective_share(log_weights + most * gain) >= target:
        return most
    low, high = 0.0, most
    while high - low > 0.01 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if effective_share(log_weights + middle * gain) > target else (low, middle)
    return low or high


def _log_mean(log_weights: Floats, gain: Floats) -> float:
    """Log of the mean of exp(gain) under the weights."""
    total = log_weights + gain
    top, base = float(total.max()), float(log_weights.max())
    if not np.isfinite(top):
        return -np.inf
    return float(np.log(np.exp(total - top).sum()) + top - np.log(np.exp(log_weights - base).sum()) - base)


def _level(log_weights: Floats) -> Floats:
    return np.asarray(log_weights - log_weights.max())


def _single(z: Floats) -> Floats:
    """Rounded as it is kept, so that a belief taken up again is the same."""
    return z.astype(np.float32).astype(np.float64)
