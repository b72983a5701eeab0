"""From all runs of a journal to what is believed: for the calf and for other leg muscles, each with a way of its own.

The runs go through the engine in the order of their start. What is believed after them, and what was believed just
before the run that the answer is shown on, are states of the same way; where a state was kept, the way goes on from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np

from charley.answers.history.cache import Cache, pack_states, readable_states
from charley.answers.history.log import Log
from charley.answers.history.plan import CALF, MUSCLES, OTHER, key_of
from charley.inference import attribution, forecast, sequential
from charley.inference.after_runs import AfterBelief, learn
from charley.inference.compress import CompressedRun, compress
from charley.inference.design import Report, RunRows
from charley.inference.posterior import Posterior, systematic
from charley.parallel.copies import in_copies
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.estimate import Estimate

DRAWS = 1000
# Own choice: the draws times the rows of so many runs are 120 MB, and of older ones little holds today.
MOST_JUDGED = 1000
PACKED = 100  # runs that a copy of this process makes ready at a time
Packed = Mapping[str, list[CompressedRun]]


@dataclass(frozen=True)
class Muscles:
    """A belief for each kind of muscle; draws of the two are paired at random, as their priors are independent.

    Each has random numbers of its own (``seed_of``): from one seed whoever is prone in the calf would be as prone in
    the other muscles, and a field, whose levels are set for each kind apart, would cramp less than was counted.
    """

    of: Mapping[str, Posterior]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.of[CALF].draws

    def chance(self, rows: RunRows) -> Floats:
        """Chance of a first cramp of any leg muscle in a run under each pair of draws, (draws,)."""
        calf, other = (forecast.chance(self.of[m], rows) for m in MUSCLES)
        return 1 - (1 - calf) * (1 - other)

    def rate_per_h(self, rows: RunRows) -> Floats:
        """Rate of a first cramp of any leg muscle given none so far, 1/h, (draws, bins)."""
        return np.asarray(sum(forecast.forecast(self.of[m], rows).rate_per_h for m in MUSCLES))

    def picked(self, some: Index) -> Muscles:
        """Some of these draws."""
        parts = {m: replace(p, z=p.z[some], log_weights=p.log_weights[some]) for m, p in self.of.items()}
        return Muscles(parts)

    def equal(self, draws: int) -> Muscles:
        """The same with fewer draws."""
        return Muscles({m: p.equal(draws) for m, p in self.of.items()})


@dataclass(frozen=True)
class Belief:
    """What is believed after the log, before it (``studies``), and just before the run that the answer is shown on."""

    log: Log
    now: Muscles
    studies: Muscles
    beforehand: Muscles

    @cached_property
    def hard(self) -> list[RunRows]:
        """Rows of the runs that drivers are judged over, the latest ``MOST_JUDGED`` at the most."""
        return [self.log.rows[i] for i in self.log.hard[0][-MOST_JUDGED:]]

    @cached_property
    def own_reference(self) -> attribution.Reference:
        """The lower quartile of each factor's peaks over the runner's own hard runs."""
        return attribution.own_reference(self.hard)

    @cached_property
    def lead(self) -> Posterior:
        """What is believed of the muscles that drivers are judged for."""
        return self.now.of[self.log.lead]

    @cached_property
    def shares(self) -> attribution.Shares:
        """What is preventable over the hard runs, as believed now."""
        return attribution.Shares(self.lead, self.hard)

    @cached_property
    def drivers(self) -> attribution.Drivers:
        """Against the runner's own hard runs, as believed now."""
        return self.shares.against(self.own_reference)

    @cached_property
    def drivers_before(self) -> attribution.Drivers:
        """Against the runner's own hard runs, before their cramps were counted."""
        return attribution.Shares(self.studies.of[self.log.lead], self.hard).against(self.own_reference)

    @cached_property
    def drivers_of_studies(self) -> attribution.Drivers:
        """Against the reference run, as believed now."""
        return self.shares.against(attribution.reference_run(self.log.table))

    @cached_property
    def family_at_even_odds(self) -> Floats:
        """Shares of families against the own hard runs, (draws, families), had it been even odds before the log whether
        a family has a trigger: what the log leaves open, whatever share of people have one."""
        out = np.empty_like(self.drivers.family)
        for f, weights in enumerate(attribution.at_even_odds(self.lead)):
            chosen = systematic(weights, self.lead.draws, np.random.default_rng(0))
            out[:, f] = self.drivers.family[chosen, f]
        return out

    @cached_property
    def after(self) -> AfterBelief:
        """The hours after runs, and nights: a process of its own."""
        return learn(self.now.of[CALF], self.log.after)

    @cached_property
    def after_before(self) -> AfterBelief:
        """The same before anything was said of those hours."""
        return learn(self.now.of[CALF], [])


def seed_of(muscles: str, seed: int) -> int:
    """The seed of one kind of muscle: no other has it, nor this one at another ``seed``."""
    return len(MUSCLES) * seed + MUSCLES.index(muscles)


def believe(log: Log, cache: Cache, seed: int, draws: int = DRAWS) -> Belief:
    """Take the runs in, or take up what was kept of an earlier time."""
    studies = Muscles(
        {
            m: sequential.posterior(sequential.begin(log.table, log.priors[m], draws, seed_of(m, seed)), [])
            for m in MUSCLES
        }
    )
    packed = lru_cache(maxsize=1)(lambda: compressed(log))  # only where no kept belief will do
    ways = {m: _Way(log, m, cache, seed, draws, packed) for m in MUSCLES}
    count, subject = len(log.rows), log.subject
    found = {m: way.after((subject, count)) for m, way in ways.items()}
    return Belief(
        log,
        now=Muscles({m: found[m][count] for m in MUSCLES}),
        studies=studies,
        beforehand=Muscles({m: found[m][subject] for m in MUSCLES}),
    )


def compressed(log: Log) -> dict[str, list[CompressedRun]]:
    """All runs of a log, ready for the likelihood of each kind of muscle; merged once where both were told the same."""

    def packed(i: int, muscles: str) -> CompressedRun:
        return compress(log.rows[i], log.reports[muscles][i], log.table, log.priors[muscles])

    def both(some: range) -> list[tuple[CompressedRun, CompressedRun]]:
        calf = [packed(i, CALF) for i in some]
        alike = [log.reports[CALF][i] == log.reports[OTHER][i] for i in some]
        return [(c, c if same else packed(i, OTHER)) for i, c, same in zip(some, calf, alike, strict=True)]

    runs = len(log.rows)
    parts = [range(first, min(first + PACKED, runs)) for first in range(0, runs, PACKED)]
    pairs = [pair for some in in_copies(both, parts) for pair in some]
    return {CALF: [calf for calf, _ in pairs], OTHER: [other for _, other in pairs]}


class _Way:
    """The way of one kind of muscle through a log, with the places at which it was kept."""

    def __init__(
        self, log: Log, muscles: str, cache: Cache, seed: int, draws: int, packed: Callable[[], Packed]
    ) -> None:
        self.log, self.muscles, self.cache, self.packed = log, muscles, cache, packed
        self.start = sequential.begin(log.table, log.priors[muscles], draws, seed_of(muscles, seed))
        self.reports = log.reports[muscles]

    @cached_property
    def names(self) -> list[str]:
        """The name of the state after each number of runs: it changes with all that the state stands on."""
        names = [key_of(self.muscles, self.start.seed, self.start.draws, repr(self.log.priors[self.muscles]))]
        for planned, report in zip(self.log.planned, self.reports, strict=True):
            said = f"{names[-1]} {planned.key} {report!r}"
            names.append(hashlib.sha256(said.encode()).hexdigest())
        return names

    @property
    def runs(self) -> list[CompressedRun]:
        """All runs, ready for the likelihood."""
        return self.packed()[self.muscles]

    def after(self, counts: Sequence[int]) -> dict[int, Posterior]:
        """What is believed after each of these numbers of runs, and what is worth keeping kept."""
        beliefs = {n: self._name(n) for n in counts}
        kept = {n: s for n, s in self._kept(beliefs).items() if s is not None}
        missing = [n for n in sorted(counts) if n not in kept]
        if missing:
            kept |= self._walk(missing)
        return {n: self._posterior(kept[n], n) for n in counts}

    def _name(self, count: int) -> str:
        """What the belief after so many runs is kept as: short of all runs it may be of fewer effective draws."""
        return f"{'belief' if count == len(self.names) - 1 else 'beforehand'} {self.names[count]}"

    def _walk(self, counts: Sequence[int]) -> dict[int, sequential.State]:
        """The belief after each of these numbers of runs, as states of equal weight; keeps it, and the way to it."""
        ways = {n: sequential.waypoints(n) for n in counts}
        states = self._kept({stop: f"state {self.names[stop]}" for stops in ways.values() for stop in stops})
        fresh: dict[str, sequential.State] = {}
        found = {}
        for n, stops in ways.items():
            state = self.start
            for stop in stops:
                known = states[stop]
                if known is None:
                    known = states[stop] = sequential.absorb(state, self.runs, stop)
                    fresh[f"state {self.names[stop]}"] = known
                state = known
            found[n] = sequential.equalled(state)
            fresh[self._name(n)] = found[n]
        self.cache.keep_states({name: pack_states(s) for name, s in fresh.items()})
        return found

    def _kept(self, names: Mapping[int, str]) -> dict[int, sequential.State | None]:
        contents = self.cache.states(names.values())
        found = {}
        for n, name in names.items():
            content = contents.get(name)
            found[n] = None if content is None else readable_states(content, self.start)
        return found

    def _posterior(self, state: sequential.State, count: int) -> Posterior:
        times = [r.time_y for r in self.log.rows[:count]]
        cramps = sum(r.cramped for r in self.reports[:count])
        return sequential.as_posterior(state, max(times, default=0.0), cramps)


def share(values: Floats) -> Estimate:
    """Summary of a quantity known under each draw."""
    return Estimate.from_draws(values)


def muscle_of(report: Mapping[str, Sequence[Report]], i: int) -> str:
    """The kind of muscle whose cramp came first in a run."""
    return OTHER if report[OTHER][i].cramped else CALF
