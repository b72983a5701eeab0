"""The next run, chosen: how soon, how rightly and at what risk a family is named, against running as usual."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from calibration_simulated import as_belief, prior_draws

from charley.inference import next_run, sequential, simulated_runners
from charley.inference.attribution import reference_run
from charley.inference.compress import compress
from charley.inference.design import RunRows
from charley.inference.forecast import chance
from charley.inference.posterior import Posterior
from charley.inference.prior import Features, Layout


def experiments() -> dict[str, object]:
    """60 runners who cramp on their usual hard run, 40 hard runs: as usual, a random change, or what is proposed."""
    table, prior = simulated_runners.fixture_priors()
    layout = Layout(table, prior, Features())
    runners = []
    seed = 0
    while len(runners) < 60:
        seed += 1
        rng = np.random.default_rng([13, seed])
        truth = as_belief(layout, layout.draw(1, rng))
        usual, passive = _usual_run(rng)
        if usual is None or not 0.35 < chance(truth, usual)[0] < 0.95:
            continue
        runners.append(
            {policy: _campaign(truth, usual, passive, policy, seed) for policy in ("passive", "random", "adaptive")}
        )
    out = {}
    for policy in ("passive", "random", "adaptive"):
        each = [r[policy] for r in runners]
        named = np.array([c["named_after"] for c in each], dtype=float)
        wrong = [not c["named_right"] for c in each if c["named_after"] <= 40]
        out[policy] = {
            "median_runs_to_80": float(np.median(named)),
            "named_by_10_20_40": [float((named <= k).mean()) for k in (10, 20, 40)],
            "wrong_when_named": float(np.mean(wrong)) if wrong else None,
            "right_after_10_20_40": [float(np.mean([c["right"][k - 1] for c in each])) for k in (10, 20, 40)],
            "excess_risk_after_5_10_20_40": [
                float(np.mean([c["excess"][k - 1] for c in each])) for k in (5, 10, 20, 40)
            ],
            "cramps_in_40": float(np.mean([c["cramps"] for c in each])),
            "riskier_than_usual": int(sum(c["riskier"] for c in each)),
        }
    out["least_effective_draws"] = float(min(c["least_ess"] for r in runners for c in r.values()))
    return out


def _usual_run(rng: np.random.Generator) -> tuple[RunRows | None, list[RunRows]]:
    """A hard marathon in which every factor can be varied, and other hard runs of the same runner."""
    journal = simulated_runners.simulate_journal(rng, 120, 20)
    hard = [r for r in journal.runs if r.hard and r.duration_h > 2.5]
    if len(hard) < 6:
        return None, []
    x = hard[0].covariates.copy()
    bins = x.shape[1]
    x[:, :, 7:12] = np.maximum(x[:, :, 7:12], 0.5)
    x[:, :60, 1] = np.maximum(x[:, :60, 1], 0.4)
    x[:, :, 2:5] = np.maximum(x[:, :, 2:5], 0.5 * np.linspace(0, 1, bins)[None, :, None])
    return _in_fives(replace(hard[0], covariates=x)), [_in_fives(r) for r in hard[:12]]


def _in_fives(run: RunRows) -> RunRows:
    """The run in bins of five minutes, a fifth of the work; truth and belief use the same."""
    bins = run.dt_h.size // 5
    x = run.covariates[:, : 5 * bins].reshape(run.draws, bins, 5, -1).mean(axis=2)
    return replace(run, dt_h=np.full(bins, 5 / 60), covariates=x, log_h0=run.log_h0[:, : 5 * bins : 5])


def _campaign(truth: Posterior, usual: RunRows, passive: list[RunRows], policy: str, seed: int) -> dict[str, object]:
    """Forty hard runs under one policy, from a belief that only knows: such a run cramps more often than 1 in 5."""
    table, prior, layout = truth.layout.table, truth.layout.prior, truth.layout
    rng = np.random.default_rng([seed, len(policy)])
    p = _gated(prior_draws(table, prior, None, 4000, seed), usual)
    reference = reference_run(table)
    candidates = next_run.designs(usual, table, reference)
    families = [i for i, d in enumerate(candidates) if d.family]
    true_risk = np.array([chance(truth, d.run)[0] for d in candidates])
    best = int(np.argmin(true_risk[families]))
    log = {
        "right": [],
        "excess": [],
        "cramps": 0,
        "named_after": 41,
        "named_right": False,
        "riskier": 0,
        "least_ess": 1e9,
    }
    history: list = []
    for step in range(40):
        if policy == "passive":
            run = passive[rng.integers(len(passive))]
        elif policy == "random":
            run = candidates[rng.integers(len(candidates))].run
        else:
            offer = next_run.propose(p, candidates, reference)
            run = offer[0].design.run
            usual_risk = next(o.risk for o in offer if o.design.key == "")
            log["riskier"] += offer[0].risk > usual_risk + 1e-9
        report = simulated_runners.simulate_reports(
            rng,
            simulated_runners.SimulatedJournal((run,), np.zeros(1, int), np.zeros(12)),
            layout,
            truth.values[0],
            simulated_runners.Reporting(1.0),
        )[0]
        log["cramps"] += report.cramped
        packed = compress(run, report, table, prior)
        history.append(packed)
        p = _gated(sequential.fit(history, table, prior, 4000, seed), usual)
        log["least_ess"] = min(log["least_ess"], p.effective_draws)
        outcomes = np.stack([next_run.outcome_probabilities(p, d.run) for d in candidates])
        answer = next_run.best_change(outcomes, candidates)
        belief = np.bincount(answer, p.weights, len(families))
        risk = 1 - outcomes[:, :, 0] @ p.weights
        chosen = 1 + int(np.argmin(risk[1:]))
        log["right"].append(int(belief.argmax()) == best)
        log["excess"].append(float(true_risk[chosen] - true_risk[1:].min()))
        if belief.max() >= 0.8 and log["named_after"] == 41:
            log["named_after"], log["named_right"] = step + 1, int(belief.argmax()) == best
    return log


def _gated(p: Posterior, usual: RunRows) -> Posterior:
    """What was known at the start put in as a weight: such a run cramps more often than one time in five."""
    return replace(p, log_weights=p.log_weights + np.where(chance(p, usual) > 0.2, 0.0, -30.0))
