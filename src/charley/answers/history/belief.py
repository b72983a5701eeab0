"""From all runs of a journal to what is believed: for the calf and for other leg muscles, each with a way of its own.

The runs go through the engine in the order of their start. What is believed after them, and what was believed just
before the run that the answer is shown on, are states of the same way; where a state was kept, the way goes on from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile

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
    ways = {m: _Way(log, m, seed, draws) for m in MUSCLES}
    count, subject = len(log.rows), log.subject
    found = _after(ways, (subject, count), log, cache)
    return Belief(
        log,
        now=Muscles({m: found[m, count] for m in MUSCLES}),
        studies=studies,
        beforehand=Muscles({m: found[m, subject] for m in MUSCLES}),
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


def _after(ways: Mapping[str, _Way], counts: Sequence[int], log: Log, cache: Cache) -> dict[tuple[str, int], Posterior]:
    """What is believed of each kind of muscle after each of these numbers of runs; what is worth keeping is kept.

    First each way is walked as far as all numbers share it, then on to each of them: over many runs in copies of this
    process, side by side.
    """
    asked = [(m, n) for n in dict.fromkeys(counts) for m in ways]
    contents = cache.states([ways[m].belief_name(n) for m, n in asked])
    missing = [(m, n) for m, n in asked if ways[m].read(contents.get(ways[m].belief_name(n))) is None]
    if missing:
        side_by_side = zip(*map(sequential.waypoints, counts), strict=False)
        shared = [first for first, *_ in takewhile(lambda stops: len(set(stops)) == 1, side_by_side)]
        stops = {*shared, *(stop for _, n in missing for stop in sequential.waypoints(n))}
        known = dict(cache.states([ways[m].state_name(stop) for m in ways for stop in sorted(stops)]))
        packed = compressed(log)
        each = in_copies if len(log.rows) >= PACKED else map

        def begun(muscles: str) -> dict[str, bytes]:
            return ways[muscles].walked(shared, known, packed[muscles])

        def ended(asked: tuple[str, int]) -> dict[str, bytes]:
            muscles, n = asked
            return ways[muscles].walked(sequential.waypoints(n), known, packed[muscles], belief_after=n)

        for fresh in each(begun, dict.fromkeys(m for m, _ in missing)):
            cache.keep_states(fresh)
            known |= fresh
        for fresh in each(ended, missing):
            cache.keep_states(fresh)
            contents = {**contents, **fresh}
    return {(m, n): ways[m].posterior(contents[ways[m].belief_name(n)], n) for m, n in asked}


class _Way:
    """The way of one kind of muscle through a log, and the names under which its places are kept."""

    def __init__(self, log: Log, muscles: str, seed: int, draws: int) -> None:
        self.log, self.muscles = log, muscles
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

    def state_name(self, stop: int) -> str:
        """What the state after so many runs is kept as, from which the way goes on."""
        return f"state {self.names[stop]}"

    def belief_name(self, count: int) -> str:
        """What the belief after so many runs is kept as: short of all runs it may be of fewer effective draws."""
        return f"{'belief' if count == len(self.names) - 1 else 'beforehand'} {self.names[count]}"

    def read(self, content: bytes | None) -> sequential.State | None:
        """The state that was kept; None where there is none that can be read."""
        return None if content is None else readable_states(content, self.start)

    def walked(
        self,
        stops: Sequence[int],
        known: Mapping[str, bytes],
        runs: Sequence[CompressedRun],
        belief_after: int | None = None,
    ) -> dict[str, bytes]:
        """The states at these stops that are not known, by name; ``belief_after`` them all: and the belief there."""
        fresh: dict[str, bytes] = {}
        state = self.start
        for stop in stops:
            name = self.state_name(stop)
            there = self.read(known.get(name))
            if there is None:
                there = sequential.absorb(state, runs, stop)
                fresh[name] = pack_states(there)
            state = there
        if belief_after is not None:
            fresh[self.belief_name(belief_after)] = pack_states(sequential.equalled(state))
        return fresh

    def posterior(self, content: bytes, count: int) -> Posterior:
        """The belief that was kept, as others ask it."""
        state = self.read(content)
        assert state is not None
        times = [r.time_y for r in self.log.rows[:count]]
        cramps = sum(r.cramped for r in self.reports[:count])
        return sequential.as_posterior(state, max(times, default=0.0), cramps)


def share(values: Floats) -> Estimate:
    """Summary of a quantity known under each draw."""
    return Estimate.from_draws(values)


def muscle_of(report: Mapping[str, Sequence[Report]], i: int) -> str:
    """The kind of muscle whose cramp came first in a run."""
    return OTHER if report[OTHER][i].cramped else CALF
