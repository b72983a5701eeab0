"""Learning from a log: refits of several sizes, one more run, and what is asked of the draws."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np

from benchmarks.timing import header, in_turn, process, row


def main() -> None:
    from charley.inference import next_run, sequential, simulated_runners
    from charley.inference.attribution import Shares, attribute_cramp, own_reference
    from charley.inference.compress import CompressedRun, compress
    from charley.inference.design import Report, RunRows
    from charley.inference.forecast import forecast
    from charley.inference.prior import Features, Layout

    table, prior = simulated_runners.fixture_priors()
    layout = Layout(table, prior, Features())

    def journal(runs: int, races: int, cramps: int, seed: int) -> tuple[list[RunRows], list[Report]]:
        """A simulated log with about that many cramps."""
        rng = np.random.default_rng(seed)
        made = simulated_runners.simulate_journal(rng, runs, races)
        for _ in range(500):
            truth = layout.natural(layout.draw(1, rng))[0]
            reports = simulated_runners.simulate_reports(rng, made, layout, truth)
            if abs(sum(r.cramped for r in reports) - cramps) <= cramps // 10:
                return list(made.runs), reports
        raise LookupError("no log with so many cramps")

    def packed(rows: list[RunRows], told: list[Report]) -> list[CompressedRun]:
        return [compress(r, p, table, prior) for r, p in zip(rows, told, strict=True)]

    runs, reports = journal(200, 15, 6, seed=1)
    bodies = np.exp(0.3 * np.random.default_rng(2).standard_normal((8, 1, len(table))))
    eight = [replace(r, covariates=r.covariates * bodies, log_h0=np.repeat(r.log_h0, 8, axis=0)) for r in runs]
    small, carried, large = packed(runs, reports), packed(eight, reports), packed(*journal(2000, 150, 60, seed=3))
    matrix = np.random.default_rng(0).random((700, 700))

    times = in_turn(
        5,
        floor=lambda: [np.exp(matrix) for _ in range(60)],
        pack=lambda: packed(runs, reports),
        refit=lambda: sequential.fit(small, table, prior, 1000),
        eight=lambda: sequential.fit(carried, table, prior, 1000),
        large=lambda: sequential.fit(large, table, prior, 1000),
        imports=process(
            "-c", "import charley.inference.sequential, charley.inference.attribution, charley.inference.forecast"
        ),
        python=process("-c", "import numpy"),
    )
    header()
    floor = times["floor"]
    row("floor: 60 times exp of 490 000 numbers", floor)
    row("200 runs into rows (kept with the journal)", times["pack"], floor, "the floor")
    row("refit, 200 runs, 6 cramps, 1000 draws", times["refit"], floor, "the floor", "300 ms")
    row("the same, eight bodies a run", times["eight"], floor, "the floor", "1200 ms")
    row("refit, 2000 runs, about 60 cramps", times["large"], floor, "the floor", "3000 ms")
    row("a process that imports the engine", times["imports"], times["python"], "importing numpy", "600 ms")

    belief = sequential.fit(small, table, prior, 2000)
    marathon = max(runs, key=lambda r: r.duration_h)
    hard = [r for r in runs if r.hard]
    outcomes = np.random.default_rng(1).dirichlet(np.ones(5), (17, 16_000)).astype(np.float32)
    answer, weights = np.random.default_rng(2).integers(0, 4, 16_000), np.full(16_000, 1 / 16_000)
    quick = in_turn(
        15,
        cramp=lambda: attribute_cramp(belief, marathon, marathon.duration_h),
        forecast=lambda: forecast(belief, marathon, np.linspace(0.2, marathon.duration_h, 42)),
        drivers=lambda: Shares(belief, hard).against(own_reference(hard)),
        information=lambda: next_run.expected_information_bits(outcomes, answer, weights),
    )
    for name, key, bar in (
        ("attribution of one cramp, 2000 draws", "cramp", "1 ms"),
        ("forecast of a marathon by km, 2000 draws", "forecast", "3 ms"),
        ("drivers and families over 15 hard runs, 2000 draws", "drivers", ""),
        ("information of 17 designs, 16 000 draws", "information", "5 ms"),
    ):
        print(f"| {name} | {1000 * quick[key]:.2f} ms | - | {bar} |")

    one_by_one: list[float] = []
    states = {0: sequential.begin(table, prior, 1000)}
    for i in range(1, len(small) + 1):
        begun = time.perf_counter()
        for before, stop in pairwise([0, *sequential.waypoints(i)]):
            if stop not in states:
                states[stop] = sequential.absorb(states[before], small, stop)
        sequential.posterior(states[i], small)  # what an answer needs
        one_by_one.append(1000 * (time.perf_counter() - begun))
    ranked = sorted(one_by_one)
    print(
        f"| one more run and what is believed then, median of {len(ranked)} | {statistics.median(ranked):.0f} ms | - | 300 ms |"
    )
    print(f"| one more run, worst | {ranked[-1]:.0f} ms | - | 300 ms |")
