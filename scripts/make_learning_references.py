"""Long chains (NumPyro's NUTS, every minute of every run) for the data sets of tests/learning_sets.py.

The model is written anew here, in JAX and from its definition, so that it shares no line with the engine but the order
of the unknowns. Needs an environment of its own with numpyro and numpy; writes tests/identical/learning_references.npz:

    PYTHONPATH=src:tests python scripts/make_learning_references.py [name ...]
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.diagnostics import summary
from numpyro.infer import MCMC, NUTS, init_to_sample

from charley.inference.design import KNEES_SD, POSITIVE, RAMP_WIDTH_SD, ReportKind
from learning_sets import DATA_SETS, DataSet

numpyro.enable_x64()
TARGET = Path(__file__).resolve().parents[1] / "tests" / "identical" / "learning_references.npz"
PROBABILITIES = np.linspace(0, 1, 401)
TWO_MODES = ("ridge", "sourced_one")  # chains seldom change from one to the other: more and longer ones
LONG_TAILS = ("twelve",)  # kurtosis of a sensitivity near 10: its SD needs more draws than its mean


def arrays(data: DataSet) -> dict[str, np.ndarray]:
    """Minutes of all runs and bodies in one table, with the hours held before and within the reported time."""
    first = min(r.time_y for r in data.runs)
    years = data.layout.features.drift_years
    joined = ("x", "met", "log_h0", "before_h", "within_h", "owner")
    columns: dict[str, list] = {k: [] for k in (*joined, "event_x", "event_met", "event_log_h0", "steps")}
    for i, (run, report) in enumerate(zip(data.runs, data.reports, strict=True)):
        ends = np.cumsum(run.dt_h)
        starts = ends - run.dt_h
        stop = ends[-1]
        a, b = stop, stop
        if report.kind is ReportKind.EXACT:
            a = b = report.at_h
        elif report.kind is ReportKind.INTERVAL:
            a, b = report.from_h, stop if report.to_h is None else report.to_h
        held_a = np.clip(a - starts, 0, run.dt_h)
        held_b = np.clip(b - starts, 0, run.dt_h) - held_a
        at = int(np.searchsorted(ends, a)) if report.kind is ReportKind.EXACT else 0
        columns["steps"].append(np.clip(run.time_y - first - np.arange(years), 0, 1))
        for draw in range(run.draws):
            columns["x"].append(run.covariates[draw])
            columns["met"].append(run.stressors[draw])
            columns["log_h0"].append(run.log_h0[draw])
            columns["before_h"].append(held_a)
            columns["within_h"].append(held_b)
            columns["owner"].append(np.full(ends.size, i * run.draws + draw))
            columns["event_x"].append(run.covariates[draw, at])
            columns["event_met"].append(run.stressors[draw, at])
            columns["event_log_h0"].append(run.log_h0[draw, at])
    out = {k: np.concatenate(v) if k in joined else np.array(v) for k, v in columns.items()}
    out["kind"] = np.array([r.kind.value for r in data.reports])
    out["asked"] = np.array([r.asked for r in data.reports])
    out["hard"] = np.array([r.hard for r in data.runs])
    return out


def model(data: DataSet, a: dict[str, np.ndarray]) -> None:
    """The hazard with its reports, straight from the definition."""
    table, prior, f = data.table, data.prior, data.layout.features
    draws = data.runs[0].draws
    classes = dist.Normal(jnp.array(prior.class_mean), jnp.array(prior.class_sd))
    level = numpyro.sample(
        "level", dist.MixtureSameFamily(dist.Categorical(jnp.array(prior.class_probability)), classes)
    )
    beta = []
    for key, mean, sd, sign in zip(table.keys, table.prior_mean, table.prior_sd, table.signs, strict=True):
        if sign == POSITIVE:
            variance = np.log1p((sd / mean) ** 2)
            beta.append(jnp.exp(numpyro.sample(key, dist.Normal(np.log(mean) - variance / 2, np.sqrt(variance)))))
        else:
            beta.append(numpyro.sample(key, dist.Normal(mean, sd)))
    beta = jnp.stack(beta)
    steps = [numpyro.sample(f"step_{j + 1}y", dist.Normal(0, prior.drift_sd)) for j in range(f.drift_years)]
    theta = jnp.exp(numpyro.sample("frailty", dist.Normal(prior.frailty_log_mean, prior.frailty_log_sd)))
    run_level = level + (a["steps"] @ jnp.stack(steps) if steps else jnp.zeros(len(data.runs)))
    run_level = jnp.repeat(run_level, draws)

    log_none = jnp.full(len(data.runs) * draws, -80.0)
    if prior.background_log_rate is not None:
        hard = np.repeat(a["hard"], draws)
        background = numpyro.sample("background", dist.Normal(*prior.background_log_rate))
        easy = numpyro.sample("background_easy", dist.Normal(*prior.background_easy))
        log_none = background + jnp.where(hard, 0.0, easy)
    trigger = triggers(data)

    linear = a["x"] @ beta
    rate = jnp.exp(trigger(a["met"])) * (
        jnp.exp(a["log_h0"] + run_level[a["owner"]] + linear) + jnp.exp(log_none[a["owner"]])
    )
    total = lambda r, h: jax.ops.segment_sum(r * h, a["owner"], len(data.runs) * draws)  # noqa: E731
    h_a, h_b = total(rate, a["before_h"]), total(rate, a["before_h"] + a["within_h"])
    log_survival = lambda h: -jnp.log1p(theta * h) / theta  # noqa: E731
    difference = lambda lo, hi: log_survival(lo) + jnp.log1p(-jnp.exp(log_survival(hi) - log_survival(lo)))  # noqa: E731
    kind, asked = np.repeat(a["kind"], draws), np.repeat(a["asked"], draws)
    log_rate = jnp.logaddexp(a["event_log_h0"] + run_level + a["event_x"] @ beta, log_none) + trigger(a["event_met"])
    event = log_rate - (1 + 1 / theta) * jnp.log1p(theta * h_a)
    value = jnp.where(kind == "exact", event, log_survival(h_a))
    width = np.where(kind == "interval", 1.0, 0.0)  # keeps the unused branch finite
    value = jnp.where(kind == "interval", difference(h_a, h_b + 1e-3 * (1 - width)), value)
    if f.twitch:
        excess = jnp.exp(numpyro.sample("twitch_excess", dist.Normal(*prior.twitch_log_excess)))
        shared = numpyro.sample("twitch_shared", dist.Beta(*prior.twitch_shared))
        felt = jnp.exp(a["log_h0"] + run_level[a["owner"]] + shared * linear) + jnp.exp(log_none[a["owner"]])
        h_t = excess * total(felt * jnp.exp(shared * trigger(a["met"])), a["before_h"])
        value = jnp.where((kind == "none") & asked, log_survival(h_a + h_t), value)
        value = jnp.where(kind == "twitch", difference(h_a, h_a + h_t), value)
    for state, here in (("asked", asked), ("unasked", ~asked)):
        if getattr(f, f"report_{state}"):
            pair = getattr(prior, f"report_{state}")
            r1 = numpyro.sample(f"report_given_cramp_{state}", dist.Beta(*pair[0]))
            r0 = numpyro.sample(f"report_given_none_{state}", dist.Beta(*pair[1]))
            s = jnp.exp(log_survival(h_a))
            value = jnp.where((kind == "no_report") & here, jnp.log((1 - r1) * (1 - s) + (1 - r0) * s), value)
            value = value + jnp.where(here & np.isin(kind, ["exact", "interval"]), jnp.log(r1), 0.0)
            value = value + jnp.where(here & np.isin(kind, ["none", "twitch"]), jnp.log(r0), 0.0)
    by_run = jax.scipy.special.logsumexp(value.reshape(-1, draws), axis=1) - np.log(draws)
    numpyro.factor("reports", by_run.sum())


def triggers(data: DataSet) -> Callable[[np.ndarray], jnp.ndarray]:
    """Samples triggers and knees; what they add to the log hazard where stressors (..., T) are met.

    A knee between two places of ``KNEES_SD`` has the ramps there in proportion, and one beyond the last has the last.
    """
    table, prior = data.table.triggers, data.prior
    found = []
    for j, key in enumerate(table.keys):
        u = jnp.exp(numpyro.sample(f"log_u_{key}", dist.Normal(*prior.trigger_log)))
        size = numpyro.deterministic(f"trigger_{key}", prior.trigger_bend * u / (prior.trigger_bend + u))
        knee = numpyro.sample(f"knee_{key}", dist.Normal(table.knee_mean[j], table.knee_sd[j]))
        found.append((size, (knee - table.knee_mean[j]) / table.knee_sd[j]))

    def add(met: np.ndarray) -> jnp.ndarray:
        total = jnp.zeros(met.shape[:-1])
        for j, (size, at) in enumerate(found):
            place = (met[..., j] - table.knee_mean[j]) / table.knee_sd[j]
            ramps = jax.nn.sigmoid((place[..., None] - KNEES_SD) / RAMP_WIDTH_SD)
            here = jnp.stack([jnp.interp(at, KNEES_SD, row) for row in np.eye(KNEES_SD.size)])
            total = total + size * (ramps @ here)
        return total

    return add


def reference(name: str) -> dict[str, np.ndarray]:
    """Mean, SD and 401 quantiles of each coordinate, worst R-hat and smallest effective sample, of one data set."""
    data = DATA_SETS[name]()
    hard = name in TWO_MODES
    chains, warm, kept = (12, 1500, 4000 if name == "sourced_one" else 1500) if hard else (6, 800, 2000)
    kept = 10_000 if name in LONG_TAILS else kept
    kernel = NUTS(model, target_accept_prob=0.95 if hard else 0.85, init_strategy=init_to_sample)
    run = MCMC(
        kernel, num_warmup=warm, num_samples=kept, num_chains=chains, chain_method="sequential", progress_bar=False
    )
    begun = time.time()
    run.run(jax.random.PRNGKey(1), data, arrays(data))
    grouped = {k: np.asarray(v) for k, v in run.get_samples(group_by_chain=True).items()}
    stats = summary({k: v for k, v in grouped.items() if not k.startswith("trigger_")})
    layout = data.layout
    logged = {"frailty", "twitch_excess"} | {
        k for k, s in zip(data.table.keys, data.table.signs, strict=True) if s == POSITIVE
    }
    values = np.column_stack([np.exp(grouped[n]).ravel() if n in logged else grouped[n].ravel() for n in layout.names])
    z = layout.coordinates(values)
    r_hat, n_eff = max(float(s["r_hat"]) for s in stats.values()), min(float(s["n_eff"]) for s in stats.values())
    print(
        f"{name}: {data.cramps} cramps, {len(z)} draws, R-hat {r_hat:.4f}, ESS {n_eff:.0f}, {time.time() - begun:.0f} s",
        flush=True,
    )
    return {
        "checksum": np.array(data.checksum()),
        "mean": z.mean(0).astype(np.float32),
        "sd": z.std(0).astype(np.float32),
        "quantiles": np.quantile(z, PROBABILITIES, axis=0).astype(np.float32),
        "r_hat": np.array(r_hat),
        "ess": np.array(n_eff),
    }


if __name__ == "__main__":
    stored = dict(np.load(TARGET)) if TARGET.exists() else {}
    for chosen in sys.argv[1:] or DATA_SETS:
        stored |= {f"{chosen}/{k}": v for k, v in reference(chosen).items()}
        np.savez_compressed(TARGET, **stored)
