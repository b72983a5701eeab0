"""Is the learning engine calibrated? Simulated runners whose truth is known; results go to docs/calibration.md.

    OMP_NUM_THREADS=1 nice python scripts/calibrate_learning.py [stage ...]      all stages: about an hour on one core
    ... calibrate_learning.py --most 1000 sourced        no more simulated runners than that for each scheme of intervals

Stages keep their figures in docs/calibration.json, so that one can be run again alone; ``page`` only writes the page.
The truth is simulated from the engine's own family of models: this proves the sums, not the physiology.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from calibration_next_run import experiments
from calibration_scores import calibration_error, reliability, score, scores_of
from calibration_simulated import (
    DRAWS,
    SCHEMES,
    Scheme,
    Simulated,
    as_belief,
    drivers,
    leads,
    prior_draws,
    quantities,
    simulate,
)

from charley.inference import sequential, simulated_runners
from charley.inference.compress import compress
from charley.inference.design import Report, RunRows
from charley.inference.forecast import chance
from charley.inference.likelihood import Likelihood
from charley.inference.prior import Features, Layout

DOCS = Path(__file__).resolve().parents[1] / "docs"
STORE = DOCS / "calibration.json"
FORECAST_DATA = Path(tempfile.gettempdir()) / "charley_forecasts.npz"  # for scripts/compare_forecasts.py
RANKS, CELLS = 99, 20


# ---- simulation-based calibration, and drivers by cramps ----
MOST_RUNNERS = 10_000  # of a scheme; fewer where ``--most`` says so, and the page tells how many there were


def calibration(name: str) -> dict[str, object]:
    from scipy.stats import chisquare

    scheme, ranks, inside, rows = SCHEMES[name], {}, {}, []
    scheme = replace(scheme, runners=min(scheme.runners, MOST_RUNNERS))
    begun = time.perf_counter()
    rng = np.random.default_rng(11)
    for seed in range(scheme.runners):
        s = simulate(scheme, seed)
        hard = [r for r in s.journal.runs if r.hard]
        longest = max(s.journal.runs, key=lambda r: r.duration_h)
        true = quantities(s.truth, hard, longest)
        mine = quantities(s.belief, hard, longest)
        few = rng.permutation(DRAWS)[:RANKS]
        for key, draws in mine.items():  # a process of which nobody spoke in this journal is left out
            truth = true[key][0]
            if np.ptp(draws) == 0:  # a share of what the hard runs never met: 0 for all, and no test of anything
                continue
            below, alike = (draws[few] < truth).sum(), (draws[few] == truth).sum()
            ranks.setdefault(key, []).append(below + rng.integers(0, alike + 1))
            inside.setdefault(key, []).append(
                [np.quantile(draws, 0.5 - c / 2) <= truth <= np.quantile(draws, 0.5 + c / 2) for c in (0.5, 0.8, 0.9)]
            )
        rows.append(_driver_row(s, hard))
    p_values = {
        k: float(chisquare(np.bincount(np.array(r) * CELLS // (RANKS + 1), minlength=CELLS)).pvalue)
        for k, r in ranks.items()
        if len(r) >= 5 * CELLS
    }
    each = {k: [float(c) for c in np.mean(v, axis=0)] for k, v in inside.items() if len(v) >= 5 * CELLS}
    pooled = np.mean(np.concatenate([np.array(v) for v in inside.values()]), axis=0)
    worst = min(p_values, key=p_values.get, default="")
    return {
        "runners": scheme.runners,
        "quantities": len(p_values),
        "worst_p": p_values.get(worst),
        "worst_p_of": worst,
        "bonferroni": 0.05 / max(len(p_values), 1),
        "below_05": sum(p < 0.05 for p in p_values.values()),
        "coverage_50_80_90": [float(c) for c in pooled],
        "coverage_90_least": min(((v[2], k) for k, v in each.items()), default=None),
        "coverage_90_most": max(((v[2], k) for k, v in each.items()), default=None),
        "cramps_median": float(np.median([r["cramps"] for r in rows])),
        "without_cramps": int(sum(r["cramps"] == 0 for r in rows)),
        "seconds": time.perf_counter() - begun,
        "drivers": _driver_table(rows),
    }


def _driver_row(s: Simulated, hard: list[RunRows]) -> dict[str, object]:
    layout = s.belief.layout
    prior = prior_draws(layout.table, layout.prior, layout.features, DRAWS, seed=1)
    now, before, true = (drivers(p, hard) for p in (s.belief, prior, s.truth))
    return {
        "cramps": s.belief.cramps,
        "main": [leads(now.factor).tolist(), leads(before.factor).tolist(), int(true.factor[0].argmax())],
        "family": [leads(now.family).tolist(), leads(before.family).tolist(), int(true.family[0].argmax())],
    }


BINS = ((0, 0), (1, 2), (3, 5), (6, 11), (12, 23), (24, 10**6))


def _driver_table(rows: list[dict]) -> dict[str, object]:
    """Per number of cramps: how often the likeliest was right, what was stated, log scores against the prior."""
    out: dict[str, object] = {"bins": []}
    for lo, hi in BINS:
        here = [r for r in rows if lo <= r["cramps"] <= hi]
        if not here:
            continue
        line = {"cramps": f"{lo}-{hi}" if hi < 10**6 else f"{lo}+", "runners": len(here)}
        for what in ("main", "family"):
            p, q, t = (np.array([r[what][i] for r in here]) for i in range(3))
            lost = lambda m, t=t: -np.log(np.clip(m[np.arange(len(t)), t], 1e-3, 1))  # noqa: E731
            gained = lost(q) - lost(p)
            said = p.max(1) >= 0.8
            line[what] = {
                "right": float((p.argmax(1) == t).mean()),
                "prior_right": float((q.argmax(1) == t).mean()),
                "stated": float(p.max(1).mean()),
                "score": float(lost(p).mean()),
                "prior_score": float(lost(q).mean()),
                "expected_score": float(-(p * np.log(np.clip(p, 1e-3, 1))).sum(1).mean()),
                "gained_se": float(gained.std() / np.sqrt(len(gained))),
                "said_80": float(said.mean()),
                "right_when_said": float((p.argmax(1) == t)[said].mean()) if said.any() else None,
                "moved_from_prior": float(np.abs(p - q).max(1).mean()),
            }
        out["bins"].append(line)
    for what in ("main", "family"):
        p, t = np.array([r[what][0] for r in rows]), np.array([r[what][2] for r in rows])
        hit = np.arange(p.shape[1]) == t[:, None]
        out[f"{what}_ece"] = calibration_error(p.ravel(), hit.ravel())
        out[f"{what}_top"] = reliability(p.max(1), p.argmax(1) == t)
    return out


# ---- against long chains of another program ----
def references() -> dict[str, object]:
    """The stored data sets of the tests, five seeds each, and a normal approximation that must miss."""
    sys.path.insert(0, str(DOCS.parent / "tests"))
    from learning_references import REFERENCES, distances, laplace, packed
    from learning_sets import DATA_SETS

    out: dict[str, object] = {}
    for name, build in DATA_SETS.items():
        data = build()
        runs = packed(data)
        beliefs = [sequential.fit(runs, data.table, data.prior, 2000, seed) for seed in range(1, 6)]
        found = [distances(name, b.z, b.layout.names) for b in beliefs]
        normal = distances(name, laplace(data, 2000, seed=1), data.layout.names)
        out[name] = {
            "cramps": data.cramps,
            "unknowns": len(normal.names),
            "r_hat": float(REFERENCES[f"{name}/r_hat"]),
            "effective": float(REFERENCES[f"{name}/ess"]),
            "seeds_met": sum(not f.misses for f in found),
            "shift": max(float(np.abs(f.shift).max()) for f in found),
            "ratio": [min(float(f.ratio.min()) for f in found), max(float(f.ratio.max()) for f in found)],
            "distance": max(float(f.distance.max()) for f in found),
            "normal": [float(np.abs(normal.shift).max()), float(normal.distance.max()), len(normal.misses)],
        }
    return {"sets": out}


# ---- compression ----
def compression() -> dict[str, object]:
    """Twenty journals: log-likelihood of merged and grouped rows against every minute, over 2,000 posterior draws."""
    table, prior = simulated_runners.fixture_priors()
    lines, moved = [], []
    for seed in range(20):
        rng = np.random.default_rng([5, seed])
        journal = simulated_runners.simulate_journal(rng)
        layout = Layout(table, prior, Features())
        reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(layout.draw(1, rng))[0])
        pairs = list(zip(journal.runs, reports, strict=True))
        packed = [compress(r, p, table, prior) for r, p in pairs]
        full = Likelihood([compress(r, p, table, prior, 0) for r, p in pairs], layout, 0.0, dtype=np.float64)
        belief = sequential.fit(packed, table, prior, 2000, seed)
        small = Likelihood(packed, layout, 0.0)
        true = full.value(belief.z)
        error = small.value(belief.z) - true
        centred = error - np.median(error)
        hard = [r for r in journal.runs if r.hard]
        exact = replace(belief, log_weights=-error)  # weights that undo the error
        factor = drivers(belief, hard).factor
        shift = np.abs(leads(factor) - leads(factor, exact.weights)).max()
        lines.append([belief.cramps, full.rows, small.rows, float(error.std()), float(np.abs(centred).max())])
        moved.append(float(shift))
    a = np.array(lines)
    return {
        "journals": 20,
        "rows_full": float(a[:, 1].mean()),
        "rows_small": float(a[:, 2].mean()),
        "sd_worst": float(a[:, 3].max()),
        "max_worst": float(a[:, 4].max()),
        "driver_probability_moved": max(moved),
    }


# ---- one by one against a fresh fit ----
def updates() -> dict[str, object]:
    """Runs taken in one by one, two seeds, against a fit of another seed with 8,000 draws; and what one more costs."""
    table, prior = simulated_runners.fixture_priors()
    worst, between, times = [], [], []
    for seed in range(12):
        s = simulate(replace(SCHEMES["times and quarters"], runners=1), 5000 + seed)
        packed = [compress(r, p, table, prior) for r, p in zip(s.journal.runs, s.reports, strict=True)]
        reference = sequential.fit(packed, table, prior, 8000, seed + 100)
        means = []
        for other in range(2):
            state = sequential.begin(table, prior, 2000, other)
            for i in range(1, len(packed) + 1):
                begun = time.perf_counter()
                state = sequential.absorb(state, packed, i)
                times.append(time.perf_counter() - begun)
            p = sequential.posterior(state, packed)
            means.append((p.weights @ p.z - reference.z.mean(0)) / reference.z.std(0))
        worst += [float(np.abs(m).max()) for m in means]
        between.append(float(np.abs(means[0] - means[1]).max()))
    ms = 1000 * np.array(times)
    return {
        "journals": 12,
        "worst_shift_sd": max(worst),
        "median_shift_sd": float(np.median(worst)),
        "worst_between_orders_sd": max(between),
        "ms_median_p95_max": [float(np.median(ms)), float(np.quantile(ms, 0.95)), float(ms.max())],
    }


# ---- forecasts of unseen runs ----
def forecasts() -> dict[str, object]:
    """Eight rosters of 50 runners, 200 runs to learn from and 60 unseen; leaves data for other methods beside it."""
    rosters, runners, held_out = 8, 50, 60
    scheme = Scheme(1, runs=260, races=20)
    table, prior = simulated_runners.fixture_priors()
    layout = Layout(table, prior, Features())
    rows = []
    for roster in range(rosters):
        for runner in range(runners):
            rng = np.random.default_rng([3, roster, runner])
            journal = simulated_runners.simulate_journal(rng, scheme.runs, scheme.races)
            truth_z = layout.draw(1, rng)
            reports = simulated_runners.simulate_reports(rng, journal, layout, layout.natural(truth_z)[0])
            order = rng.permutation(scheme.runs)
            past = order[held_out:]
            packed = [compress(journal.runs[i], reports[i], table, prior) for i in past]
            belief = sequential.fit(packed, table, prior, DRAWS, seed=runner)
            truth = as_belief(layout, truth_z)
            for i in order:
                run = journal.runs[i]
                x = run.covariates[0]
                learning = i in past
                told = reports[i]
                at_h = told.at_h if told.at_h is not None else told.to_h
                mine = np.nan if learning else float(chance(belief, run).mean())
                best = np.nan if learning else float(chance(truth, run)[0])
                kind = int(journal.kind[i])
                time_h = run.duration_h if at_h is None else at_h
                rows.append(
                    [
                        roster,
                        runner,
                        learning,
                        kind,
                        told.cramped,
                        time_h,
                        run.duration_h,
                        mine,
                        best,
                        *x.max(0),
                        *x.mean(0),
                    ]
                )
    data = np.array(rows, dtype=np.float32)
    np.savez_compressed(FORECAST_DATA, data=data)
    return {"hazard model, own runs only": scores_of(data, data[:, 7]), "the truth itself": scores_of(data, data[:, 8])}


# ---- truth outside the model ----
def misfits() -> dict[str, object]:
    """State errors, carried or not; silence modelled, taken as none, or dropped: 60 runners, 150 runs, 60 unseen."""
    table, prior = simulated_runners.fixture_priors()
    out = {}
    for name in (
        "as modelled",
        "state error 30 %, one body",
        "state error 30 %, eight bodies",
        "silence modelled",
        "silence taken as none",
        "silent runs dropped",
    ):
        p, y, right, stated = [], [], [], []
        silent = name.startswith("silen")
        features = Features(report_unasked=True) if silent else Features()
        layout = Layout(table, prior, features)
        for runner in range(60):
            rng = np.random.default_rng([9, runner])
            journal = simulated_runners.simulate_journal(rng, 210, 16)
            z = layout.draw(1, rng)
            truth = layout.natural(z)[0]
            reports = simulated_runners.simulate_reports(
                rng, journal, layout, truth, simulated_runners.Reporting(silent=silent)
            )
            order = rng.permutation(210)
            unseen = order[:60]
            outcomes = simulated_runners.simulate_reports(rng, journal, layout, truth)
            seen = list(journal.runs)
            if name.startswith("state"):
                seen = [_mismeasured(rng, r, 8 if "eight" in name else 1) for r in seen]
            pairs = [(seen[i], reports[i]) for i in order[60:]]
            if name == "silence taken as none":
                pairs = [(r, Report.none() if q.kind == "no_report" else q) for r, q in pairs]
            if name == "silent runs dropped":
                pairs = [(r, q) for r, q in pairs if q.kind != "no_report"]
            belief = sequential.fit([compress(r, q, table, prior) for r, q in pairs], table, prior, DRAWS, seed=runner)
            p += [float(chance(belief, seen[i]).mean()) for i in unseen]
            y += [outcomes[i].cramped for i in unseen]
            hard = [r for r in journal.runs if r.hard]
            now, true = leads(drivers(belief, hard).factor), drivers(as_belief(layout, z), hard)
            right.append(now.argmax() == true.factor[0].argmax())
            stated.append(now.max())
        out[name] = score(np.array(p), np.array(y, dtype=float)) | {
            "right": float(np.mean(right)),
            "stated": float(np.mean(stated)),
        }
    return out


def _mismeasured(rng: np.random.Generator, run: RunRows, bodies: int) -> RunRows:
    """The run as someone sees it who is 30 % wrong about each factor of the run; with bodies drawn about that."""
    wrong = run.covariates * np.exp(0.3 * rng.standard_normal(run.covariates.shape[2]))
    if bodies == 1:
        return replace(run, covariates=wrong)
    spread = np.exp(0.3 * rng.standard_normal((bodies, 1, run.covariates.shape[2])))
    return replace(run, covariates=wrong * spread, log_h0=np.repeat(run.log_h0, bodies, axis=0))


# ---- the evidence gate ----
def gate() -> dict[str, object]:
    """Under the sourced priors, without a cramp: the order of factors is that of the studies."""
    same, moved, shares = [], [], []
    table, prior = simulated_runners.sourced_priors()
    for seed in range(30):
        journal = simulated_runners.simulate_journal(np.random.default_rng([17, seed]), 60, 5, sourced=True)
        packed = [compress(r, Report.none(), table, prior) for r in journal.runs]
        hard = [r for r in journal.runs if r.hard]
        p, q = sequential.fit(packed, table, prior, 4000, seed), prior_draws(table, prior, None, 4000, seed)
        now, before = drivers(p, hard), drivers(q, hard)
        a, b = now.factor.mean(0), before.factor.mean(0)
        apart = np.abs(np.subtract.outer(b, b)) > 0.03  # shares that the prior tells apart at all
        agree = (np.sign(np.subtract.outer(a, a)) == np.sign(np.subtract.outer(b, b)))[apart]
        same.append(float(agree.mean()) if apart.any() else 1.0)
        moved.append(float(np.abs(leads(now.family) - leads(before.family)).max()))
        shares.append(p.prior_share())
    return {
        "journals": 30,
        "pairs_in_prior_order": float(np.mean(same)),
        "worst_journal": min(same),
        "family_probability_moved": max(moved),
        "prior_share": float(np.mean(shares)),
    }


# ---- many runners together (needs the extra "roster") ----
def roster() -> dict[str, object]:
    """50 runners with 200 runs, whose population lies SD 0.6 from the prior; then 30 new ones, with and without it."""
    from charley.inference.population import learn_population

    table, prior = simulated_runners.fixture_priors()
    layout = Layout(table, prior, Features())
    rng = np.random.default_rng(5)
    usual = layout.centre_and_scale(layout.sensitivity)[0]
    centre, spread = usual + rng.normal(0, 0.6, 12), 0.6

    def runner() -> tuple[list, np.ndarray, simulated_runners.SimulatedJournal]:
        journal = simulated_runners.simulate_journal(rng)
        truth = layout.natural(layout.draw(1, rng))[0]
        truth[layout.sensitivity] = np.exp(centre + spread * rng.standard_normal(12))
        reports = simulated_runners.simulate_reports(rng, journal, layout, truth)
        return [compress(r, p, table, prior) for r, p in zip(journal.runs, reports, strict=True)], truth, journal

    runners = [runner()[0] for _ in range(50)]
    begun, cpu = time.perf_counter(), time.process_time()
    population = learn_population(runners, table, prior)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    errors: dict[str, list[float]] = {"alone": [], "with the roster": []}
    for seed in range(30):
        runs, truth, _ = runner()
        for name, (t, p) in {
            "alone": (table, prior),
            "with the roster": (population.table(table), population.prior(prior)),
        }.items():
            belief = sequential.fit(runs, t, p, DRAWS, seed)
            errors[name] += list((np.log(belief.sensitivities).mean(axis=0) - np.log(truth[layout.sensitivity])) ** 2)
    return {
        "seconds": seconds,
        "cpu_seconds": cpu,
        "r_hat": population.r_hat,
        "cramps": population.cramps,
        "error_before": float(np.sqrt(((centre - usual) ** 2).mean())),
        "error_after": float(np.sqrt(((centre - np.array(population.centre)) ** 2).mean())),
        "new_runner_alone": float(np.sqrt(np.mean(errors["alone"]))),
        "new_runner_with_roster": float(np.sqrt(np.mean(errors["with the roster"]))),
    }


STAGES: dict[str, Callable[[], dict]] = {
    **{f"calibration: {name}": (lambda name=name: calibration(name)) for name in SCHEMES},
    "long chains": references,
    "compression": compression,
    "updates": updates,
    "forecasts": forecasts,
    "misfits": misfits,
    "experiments": experiments,
    "gate": gate,
}
if find_spec("numpyro"):
    STAGES["roster"] = roster


ENGINE = "design likelihood prior compress pooling posterior smc sequential attribution forecast next_run"
ENGINE += " population simulated_runners"


def version() -> str:
    """Last commit that touched the engine, marked where the files differ from it, and today's date."""
    files = [f"src/charley/inference/{name}.py" for name in ENGINE.split()]

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words, "--", *files], cwd=DOCS.parent, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    changed = " and later changes" if git("status", "--porcelain") else ""
    return f"{git('log', '-1', '--format=%h')}{changed}, {datetime.date.today().isoformat()}"


def main(words: list[str]) -> None:
    global MOST_RUNNERS
    from calibration_page import page

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=MOST_RUNNERS, help="simulated runners of each scheme")
    parser.add_argument("stages", nargs="*")
    options = parser.parse_args(words)
    MOST_RUNNERS, chosen = options.most, [stage for stage in options.stages if stage != "page"]
    if options.stages and not chosen:
        (DOCS / "calibration.md").write_text(page(json.loads(STORE.read_text())))
        return
    for name, stage in STAGES.items():
        if not chosen or any(c in name for c in chosen):
            begun = time.perf_counter()
            engine = version()
            figures = stage() | {"engine": engine}
            store = json.loads(STORE.read_text()) if STORE.exists() else {}
            STORE.write_text(json.dumps(store | {name: figures}, indent=1) + "\n")
            print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
    (DOCS / "calibration.md").write_text(page(json.loads(STORE.read_text())))


if __name__ == "__main__":
    main(sys.argv[1:])
