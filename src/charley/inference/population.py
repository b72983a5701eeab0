"""Many runners learnt together: what runners are like, so that the next one starts from better priors.

Long chains of one joint model (NumPyro, the extra ``roster``) give a population as plain numbers; each runner's own
update then stays with ``smc.fit`` and needs no more than NumPy.

    sensitivity of runner i to factor k = m_k + tau_k eta_ik   (its log where the sign is certain),   eta ~ N(0, 1)
    m_k ~ N(centre_k, scale_k / sqrt 2),   log tau_k ~ N(log(scale_k / sqrt 2), 0.5)   (centre, scale: sourced prior)
    level of runner i ~ m_0 + its classes,   m_0 ~ N(0, SD of the level / sqrt 2)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from charley.evidence.numbers.learning import LEARNING
from charley.inference.compress import CompressedRun
from charley.inference.design import FactorTable, ReportKind
from charley.inference.prior import Features, Layout, RunnerPrior
from charley.inference.sequential import grouped
from charley.vocabulary.arrays import Floats
from charley.vocabulary.errors import UsageError

TRAJECTORY = 2.0  # a bit over the quarter turn in which a well-scaled normal forgets where it was, short of the half
ACCEPT = 0.7
BLOCK_ROWS = 64
NO_WEIGHT = -1000.0  # log weight of the rows that fill up a block
SPREAD_LOG_SD = 0.5  # of log tau_k: the spread between runners is known to a factor of about 2.7 either way


@dataclass(frozen=True, slots=True)
class Population:
    """What runners are like, as plain numbers that a file or a table can hold.

    ``centre`` and ``spread`` (K,) are mean and SD over new runners of a sensitivity, of its log where the sign is
    certain; ``level_shift`` and ``level_shift_sd`` move the classes of ``RunnerPrior``. ``runners``, ``cramps``: from
    how many. ``r_hat``: worst split R-hat of the population's unknowns; above 1.05 do not use it.
    """

    keys: tuple[str, ...]
    centre: tuple[float, ...]
    spread: tuple[float, ...]
    level_shift: float
    level_shift_sd: float
    runners: int
    cramps: int
    r_hat: float

    def table(self, table: FactorTable) -> FactorTable:
        """The table with this population as the prior of its factors; it must hold the same factors."""
        if self.keys != table.keys:
            raise ValueError("this population was learnt from other factors")
        centre, spread = np.array(self.centre), np.array(self.spread)
        log_mean = np.exp(np.clip(centre + spread**2 / 2, -30.0, 30.0))
        positive = table.positive
        mean = np.where(positive, log_mean, centre)
        sd = np.where(positive, log_mean * np.sqrt(np.expm1(spread**2)), spread)
        return replace(
            table,
            prior_mean=np.where(table.excluded, table.prior_mean, mean),
            prior_sd=np.where(table.excluded, table.prior_sd, sd),
        )

    def prior(self, prior: RunnerPrior) -> RunnerPrior:
        """The runner's prior with this population's level."""
        return replace(
            prior,
            class_mean=prior.class_mean + self.level_shift,
            class_sd=np.hypot(prior.class_sd / np.sqrt(2), self.level_shift_sd),
        )


def learn_population(
    runners: Sequence[Sequence[CompressedRun]],
    table: FactorTable,
    prior: RunnerPrior,
    warmup: int = 250,
    draws: int = 300,
    chains: int = 1,
    seed: int = 0,
) -> Population:
    """A population from the runs of many runners. Twitches count as no cramp; silence at the prior's mean rates.

    Raises UsageError "roster-extra" without NumPyro.
    """
    try:
        import jax
        import jax.numpy
        from numpyro.diagnostics import split_gelman_rubin
        from numpyro.infer import HMC, MCMC
    except ImportError as missing:
        raise UsageError("roster-extra", f"{missing.name} is not installed") from missing
    layout = Layout(table, prior, Features())
    # compiled once as a whole: step by step, it takes longer than the chain
    arrays = Arrays(jax.numpy, jax.scipy.special.logsumexp, jax.ops.segment_sum)
    potential = jax.jit(minus_log_density(joint_rows(runners, layout), layout, arrays))
    kernel = HMC(potential_fn=potential, trajectory_length=TRAJECTORY, target_accept_prob=ACCEPT)
    run = MCMC(kernel, num_warmup=warmup, num_samples=draws, num_chains=chains, progress_bar=False)
    start = {
        k: np.broadcast_to(v, (chains, *v.shape)) if chains > 1 else v for k, v in _medians(layout, runners).items()
    }
    run.run(jax.random.PRNGKey(seed), init_params={k: jax.numpy.asarray(v, np.float32) for k, v in start.items()})
    found = {k: np.asarray(v, dtype=np.float64) for k, v in run.get_samples(group_by_chain=True).items()}
    m, log_tau, shift = found["m"], found["log_tau"], found["m_level"]
    centre, spread = table.prior_mean.copy(), table.prior_sd.copy()
    between = np.exp(2 * log_tau).mean(axis=(0, 1)) + m.var(axis=(0, 1))  # a new runner's spread holds what is unknown
    centre[layout.active], spread[layout.active] = m.mean(axis=(0, 1)), np.sqrt(between)
    rhats = [float(np.max(split_gelman_rubin(found[k]))) for k in ("m", "log_tau", "m_level")]
    return Population(
        keys=table.keys,
        centre=tuple(map(float, centre)),
        spread=tuple(map(float, spread)),
        level_shift=float(shift.mean()),
        level_shift_sd=float(shift.std()),
        runners=len(runners),
        cramps=sum(r.cramped for runs in runners for r in runs),
        r_hat=max(rhats),
    )


def joint_rows(runners: Sequence[Sequence[CompressedRun]], layout: Layout) -> dict[str, Any]:
    """Rows of all runs in blocks of one runner each, (blocks, BLOCK_ROWS, columns), filled up with rows of no weight.

    Each run has two segments of rows: before its cramp (or all of it), and the interval.
    """
    x, log_weight, segment, runner_of_block = [], [], [], []
    kind: list[str] = []
    copies, runner_of_run, event_x, event_log_h0 = [], [], [], []
    for i, runs in enumerate(runners):
        own: list[tuple[Floats, Floats, int]] = []
        for run in grouped(runs, layout.table):
            for exposures, which in ((run.before, 2 * len(kind)), (run.within, 2 * len(kind) + 1)):
                caused = [e.taken(np.flatnonzero(e.caused > 0)) for e in exposures]
                own += [(e.x[:, layout.active], e.log_weight, which) for e in caused]
            kind.append("none" if run.kind is ReportKind.TWITCH else run.kind.value)
            copies.append(float(run.copies))
            runner_of_run.append(i)
            event_x.append(run.event_x[0, layout.active])
            event_log_h0.append(run.event_log_h0[0])
        rows = sum(len(w) for _, w, _ in own)
        fill = -rows % BLOCK_ROWS
        runner_of_block += [i] * ((rows + fill) // BLOCK_ROWS)
        x += [e for e, _, _ in own] + [np.zeros((fill, layout.active.size))]
        log_weight += [w for _, w, _ in own] + [np.full(fill, NO_WEIGHT)]
        segment += [np.full(len(w), which) for _, w, which in own] + [np.full(fill, -1)]
    kinds, blocks = np.array(kind), len(runner_of_block)
    of_row = np.concatenate(segment)
    out: dict[str, Any] = {
        "x": np.concatenate(x).astype(np.float32).reshape(blocks, BLOCK_ROWS, -1),
        "log_weight": np.concatenate(log_weight).astype(np.float32).reshape(blocks, BLOCK_ROWS),
        "segment": np.where(of_row < 0, 2 * len(kind), of_row),
        "runner_of_block": np.array(runner_of_block),
        "runner_of_run": np.array(runner_of_run),
        "copies": np.array(copies, np.float32),
        "event_x": np.array(event_x, np.float32),
        "event_log_h0": np.array(event_log_h0, np.float32),
    }
    return out | {k.value: kinds == k.value for k in (ReportKind.EXACT, ReportKind.INTERVAL, ReportKind.NO_REPORT)}


def _medians(layout: Layout, runners: Sequence[object]) -> dict[str, Floats]:
    """Prior medians (means of the levels) of the joint model's unknowns, where the chains begin."""
    prior, factors = layout.prior, layout.active.size
    centre, scale = layout.centre_and_scale(layout.sensitivity)
    return {
        "m": centre,
        "log_tau": np.log(scale / np.sqrt(2)),
        "eta": np.zeros((len(runners), factors)),
        "m_level": np.zeros(()),
        "own": np.full(len(runners), prior.level_mean),
        "log_theta": np.full(len(runners), prior.frailty_log_mean),
    }


@dataclass(frozen=True, slots=True)
class Arrays:
    """What the density asks of an array library: its module, and two functions that each library has elsewhere.

    ``logsumexp(values, axis)``; ``segment_sum(values, segment, segments)``.
    """

    module: Any
    logsumexp: Callable[..., Any]
    segment_sum: Callable[..., Any]


def numpy_arrays() -> Arrays:
    """The density without the extra, for one point at a time: what the joint model says, without its chains."""
    from scipy.special import logsumexp

    return Arrays(np, logsumexp, lambda values, segment, n: np.bincount(segment, weights=values, minlength=n))


def minus_log_density(data: dict[str, Any], layout: Layout, arrays: Arrays) -> Callable[[dict[str, Any]], Any]:
    """Minus the log density of the joint model, up to a constant; sensitivities not centred, levels marginal over the
    classes. ``data``: of ``joint_rows``; the function takes the unknowns by name, with the shapes of ``_medians``."""
    xp = arrays.module
    prior, positive = layout.prior, layout.table.positive[layout.active]
    centre, scale = (np.asarray(a, np.float32) for a in layout.centre_and_scale(layout.sensitivity))
    half = np.float32(1 / np.sqrt(2))
    class_mean, class_sd = (np.asarray(a, np.float32) for a in (prior.class_mean, prior.class_sd * half))
    log_class = np.asarray(np.log(prior.class_probability / class_sd), np.float32)
    r1, r0 = LEARNING.report_given_cramp_unasked, LEARNING.report_given_none_unasked
    runs, block, runner = len(data["runner_of_run"]), data["runner_of_block"], data["runner_of_run"]

    def squares(x: Any, mean: Any, sd: Any) -> Any:
        return (((x - mean) / sd) ** 2).sum() / 2

    def potential(at: dict[str, Any]) -> Any:
        own = at["own"][:, None]
        prior_energy = (
            squares(at["m"], centre, half * scale)
            + squares(at["log_tau"], np.log(half * scale), SPREAD_LOG_SD)
            + squares(at["eta"], 0.0, 1.0)
            + squares(at["m_level"], 0.0, half * prior.level_sd)
            + squares(at["log_theta"], prior.frailty_log_mean, prior.frailty_log_sd)
            - arrays.logsumexp(log_class - ((own - class_mean) / class_sd) ** 2 / 2, axis=1).sum()
        )
        raw = at["m"] + xp.exp(at["log_tau"]) * at["eta"]
        beta, level = xp.where(positive, xp.exp(raw), raw), at["m_level"] + at["own"]
        rate = xp.exp(xp.einsum("brk,bk->br", data["x"], beta[block]) + data["log_weight"] + level[block][:, None])
        sums = arrays.segment_sum(rate.ravel(), data["segment"], 2 * runs + 1)[:-1].reshape(runs, 2)
        theta = xp.exp(at["log_theta"])[runner]
        loss = xp.log1p(theta * sums[:, 0]) / theta
        at_event = data["event_log_h0"] + level[runner] + (data["event_x"] * beta[runner]).sum(-1)
        gap = xp.log1p(theta * (sums[:, 0] + sums[:, 1])) / theta - loss
        gap = xp.where(data["interval"], gap, 1.0)  # keeps the branch that is not taken finite
        survival = xp.exp(-loss)
        value = -data["copies"] * loss
        value = xp.where(data["exact"], at_event - (1 + theta) * loss, value)
        value = xp.where(data["interval"], -loss + xp.log(-xp.expm1(-gap)), value)
        value = xp.where(data["no_report"], xp.log((1 - r1) * (1 - survival) + (1 - r0) * survival), value)
        return prior_energy - value.sum()

    return potential
