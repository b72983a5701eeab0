"""From whole numbers to the answer: figures for the race's own number of runners, each with its two intervals."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from charley.cohort.day import road_of
from charley.cohort.people import day_wbgt_c
from charley.cohort.run import Order, Ran
from charley.cohort.tally import KM, MILLIONTH, PACE_S, QUANTITIES, SLOT_S, Tally
from charley.cohort.worlds import Worlds, worlds_of
from charley.evidence.tables import tables_sha256
from charley.parallel.tasks import Workers
from charley.vocabulary.arrays import Floats, Ints
from charley.vocabulary.cohort import Check, CohortAnswer, Field, Group, Kilometre, Post, Quantity, Slot, Spread
from charley.vocabulary.estimate import Estimate
from charley.vocabulary.normal import Z_900
from charley.vocabulary.units import METRES_PER_KM, SECONDS_PER_HOUR

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
HALF = 0.5
MINUTES_PER_HOUR = 60.0


class Summary:
    """A tally read as an answer. ``scale`` brings each set to the race's own number of runners, (sets,)."""

    def __init__(self, field: Field, worlds: Worlds, tally: Tally) -> None:
        self.field, self.worlds, self.counts = field, worlds, tally.counts
        held = self.counts["runners"] > 0
        self.held = held
        self.scale = field.runners / self.counts["runners"][held]

    def per_race(self, name: str, factor: Floats | float = 1.0) -> Spread:
        """A count of runners, per race; ``factor``, (sets,): of those how many."""
        return self.of_counts(self.counts[name][self.held], factor)

    def chance(self) -> Spread:
        """Runners with a first cramp, per race, from each one's chance rather than from their luck."""
        runners = self.counts["runners"][self.held]
        mean = self.counts["chance"][self.held] / MILLIONTH / runners
        between_people = np.maximum(self.counts["chance_squares"][self.held] / MILLIONTH / runners - mean**2, 0.0)
        return self.spread(mean * self.field.runners, between_people / runners * self.field.runners**2)[1]

    def of_counts(self, counts: Ints, factor: Floats | float = 1.0) -> Spread:
        """Counts of the simulation, (sets,), per race."""
        return self.drawn(counts, factor)[1]

    def drawn(self, counts: Ints, factor: Floats | float = 1.0) -> tuple[Floats, Spread]:
        """The same, with the figure of each set beside it."""
        scale = self.scale * factor
        return self.spread(counts * scale, counts.mean() * scale**2)

    def spread(self, per_race: Floats, noise: Floats) -> tuple[Floats, Spread]:
        """Per race, (sets,), and its intervals. ``per_race``: runners in each set; ``noise``: its variance from
        the set's finite runners.

        What the noise adds to the spread between sets is taken out of it, unless it is most of it: then there are too
        few virtual runners to tell, and the range stays too wide rather than too narrow. People are binomial.
        """
        middle, total = float(per_race.mean()), self.field.runners
        seen = float(per_race.var(ddof=1)) if per_race.size > 1 else 0.0
        known = seen - float(noise.mean())
        left = np.sqrt(known / seen) if known > seen / 2 else 1.0
        share = min(middle / total, 1.0)
        sd = float(np.sqrt(total * share * (1.0 - share)))
        drawn = np.maximum(middle + left * (per_race - middle), 0.0)
        low, high = max(middle - Z_900 * sd, 0.0), min(middle + Z_900 * sd, float(total))
        return drawn, Spread(Estimate.from_draws(drawn), low, high)

    def by_km(self) -> tuple[Kilometre, ...]:
        """Every kilometre of the race."""
        counted = self.counts["by_km"]
        last = min(int(np.ceil(self.field.distance_m / METRES_PER_KM)), KM)
        return tuple(
            Kilometre(km, int(counted[:, km].sum()), self.of_counts(counted[self.held, km])) for km in range(last)
        )

    def by_slot(self) -> tuple[Slot, ...]:
        """The quarters of an hour from the first cramp to the last."""
        counted = self.counts["by_slot"]
        found = np.flatnonzero(counted.sum(axis=0))
        if not found.size:
            return ()
        return tuple(
            Slot(s * SLOT_S, int(counted[:, s].sum()), self.of_counts(counted[self.held, s]))
            for s in range(int(found[0]), int(found[-1]) + 1)
        )

    def peak(self) -> tuple[float, float]:
        """The narrowest stretch, in whole kilometres, with half of the cramps, m."""
        return narrowest(self.counts["by_km"].sum(axis=0), self.field.distance_m)

    def stops(self) -> Spread:
        """Who stop or walk where it happens."""
        return self.per_race("cramps", self.worlds.stop_share[self.held])

    def severe(self) -> Spread:
        """Whose cramp is severe."""
        return self.per_race("cramps", self.worlds.severe_share[self.held])

    def posts(self, count: int = 3) -> tuple[Post, ...]:
        """The stretch with half of the cramps in ``count`` parts of equally many, with the hours of each."""
        along = self.counts["by_km_slot"].sum(axis=1)
        begin, end = (int(np.ceil(m / METRES_PER_KM)) for m in self.peak())
        inside = along[begin:end]
        if inside.sum() == 0:
            return ()
        risen = np.concatenate([[0], np.cumsum(inside)])
        wanted = np.linspace(0, inside.sum(), count + 1)[1:-1]
        edges = np.abs(risen[:, None] - wanted).argmin(axis=0)
        cuts = np.unique(np.concatenate([[0], edges, [inside.size]])) + begin
        return tuple(self._post(int(a), int(b), int(along.sum())) for a, b in pairwise(cuts))

    def _post(self, from_km: int, to_km: int, total: int) -> Post:
        held = self.held
        stop, minutes = self.worlds.stop_share[held], self.worlds.case_minutes[held]
        slots = self.counts["by_km_slot"][from_km:to_km].sum(axis=0)
        per_race, cases = self.drawn(self.counts["by_km"][held, from_km:to_km].sum(axis=1), stop)
        span = np.flatnonzero((np.cumsum(slots) >= 0.05 * slots.sum()) & (np.cumsum(slots) <= 0.975 * slots.sum()))
        busiest = slots.max() / max(slots.sum(), 1) * SECONDS_PER_HOUR / SLOT_S
        busiest_h = Estimate.from_draws(per_race * busiest)
        helpers = Estimate.from_draws(per_race * busiest * minutes / MINUTES_PER_HOUR)
        return Post(
            from_km * METRES_PER_KM,
            min(to_km * METRES_PER_KM, self.field.distance_m),
            float(span[0] * SLOT_S) if span.size else 0.0,
            float((span[-1] + 1) * SLOT_S) if span.size else 0.0,
            float(slots.sum() / max(total, 1)),
            cases,
            busiest_h,
            helpers,
        )

    def groups(self) -> tuple[Group, ...]:
        """Women and men by half hours of finish time."""
        runners, cramps = self.counts["group_runners"], self.counts["group_cramps"]
        return tuple(
            Group(sex, p * PACE_S, (p + 1) * PACE_S, int(runners[s, p]), int(cramps[s, p]))
            for s, sex in ((1, "female"), (0, "male"))
            for p in range(runners.shape[1])
            if runners[s, p]
        )

    def quantities(self) -> tuple[Quantity, ...]:
        """States of the runners at their quantiles."""
        shares = np.array(SHARES)
        return tuple(
            Quantity(name, grid.unit, SHARES, tuple(grid.quantiles(self.counts[f"of_{name}"], shares).tolist()))
            for name, grid in QUANTITIES.items()
        )

    def checks(self) -> tuple[Check, ...]:
        """Figures of the model beside those that were counted in real fields, on whatever day those were."""
        held, total = self.held, self.field.runners

        def share(spread: Spread) -> Estimate:
            e = spread.parameters
            return Estimate(*(v / total for v in (e.mean, e.low, e.high, e.low50, e.high50, e.median)))

        km = (np.arange(KM) + 0.5) * METRES_PER_KM / self.field.distance_m
        by_km = self.counts["by_km"][held]
        cramped = np.maximum(by_km.sum(axis=1), 1)
        last_quarter = by_km[:, km > 0.75].sum(axis=1) / cramped
        place = (by_km * km).sum(axis=1) / cramped
        return (
            Check("cramped", share(self.chance()), (0.212, 0.150, 0.274), ("maughan-1986", "martinez-navarro-2022")),
            Check("place", Estimate.from_draws(place), (35 / 42.2, 29 / 42.2, 41 / 42.2), ("maughan-1986",)),
            Check("last_quarter", Estimate.from_draws(last_quarter), None, ("de-jager-2022",)),
            Check("low_sodium", share(self.per_race("low_sodium")), (0.13, 0.10, 0.16), ("almond-2005",)),
        )  # fmt: skip

    def simulation_sd(self) -> float:
        """Standard error of the mean chance that comes from the finite number of virtual runners."""
        share = self.counts["chance"].sum() / MILLIONTH / max(self.counts["runners"].sum(), 1)
        return float(np.sqrt(share * (1 - share) / max(self.counts["runners"].sum(), 1)))

    def wbgt_c(self) -> tuple[float, float]:
        """Lowest and highest WBGT over the hours that are told."""
        values = day_wbgt_c(self.field, self.field.air_s)
        return float(values.min()), float(values.max())


def narrowest(along: Ints, distance_m: float) -> tuple[float, float]:
    """The narrowest stretch in whole kilometres that holds half of what was counted, m."""
    risen = np.concatenate([[0], np.cumsum(along)])
    if risen[-1] == 0:
        return 0.0, distance_m
    best = (0, along.size)
    for begin in range(along.size):
        end = int(np.searchsorted(risen, risen[begin] + HALF * risen[-1]))
        if end <= along.size and end - begin < best[1] - best[0]:
            best = (begin, end)
    return best[0] * METRES_PER_KM, min(best[1] * METRES_PER_KM, distance_m)


def answer_of(field: Field, order: Order, ran: Ran, workers: Workers) -> CohortAnswer:
    """The whole answer."""
    worlds = worlds_of(order.seed, field.incidence, road_of(field).whole_m)
    s = Summary(field, worlds, ran.tally)
    return CohortAnswer(
        field=field,
        runners=ran.tally.runners,
        parameter_sets=int(s.held.sum()),
        seed=order.seed,
        digest=ran.tally.digest(order.question()),
        parameters_sha256=tables_sha256(),
        complete=ran.complete,
        fresh=ran.fresh,
        seconds=ran.seconds,
        processor_s=ran.cpu_s,
        workers=workers.count,
        scheduler=workers.name,
        peak_mb=ran.peak_mb,
        kept=ran.kept,
        by_km=s.by_km(),
        by_slot=s.by_slot(),
        peak_m=s.peak(),
        chance=s.chance(),
        calf=s.per_race("calf"),
        stops=s.stops(),
        severe=s.severe(),
        core_warm=s.per_race("warm"),
        core_high=s.per_race("high"),
        weight_gain=s.per_race("gained"),
        sodium_low=s.per_race("low_sodium"),
        posts=s.posts(),
        groups=s.groups(),
        quantities=s.quantities(),
        checks=s.checks(),
        simulation_sd=s.simulation_sd(),
        wbgt_c=s.wbgt_c(),
    )
