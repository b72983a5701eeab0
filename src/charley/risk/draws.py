"""Plausible worlds: one draw of every number that the hazard stands on, from the sourced priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from math import log
from statistics import NormalDist

import numpy as np

from charley.evidence import parameters, priors
from charley.evidence.numbers.learning import LEARNING
from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.risk.factors import TRIGGERS
from charley.vocabulary.arrays import Floats, Index
from charley.vocabulary.evidence import Parameter, Prior

FIELDS = ("volunteers", "mass", "either")


@dataclass(frozen=True, slots=True)
class HazardDraws:
    """Draws of the hazard's numbers; each array has shape (draws,).

    ``log_h42`` is the log of the cumulative hazard of a marathon in a field without classes; ``beta`` maps the key of
    a factor to its log-hazard slope per unit of ``evidence.priors()``. Background, triggers and knees are those of one
    person drawn from all. ``numbers`` are the constants that these worlds share;
    ``draw_hazard(draws, rng, n=RISK._replace(wbgt_threshold_c=20.0))`` draws worlds with another one.
    """

    log_h42: Floats
    distance_exponent_short: Floats
    distance_exponent_ultra: Floats
    shape_marathon: Floats
    shape_other: Floats
    trait_log_ratio: Floats
    trait_probability: Floats
    frailty_variance: Floats
    post_run_share: Floats
    calf_share: Floats
    beta: Mapping[str, Floats]
    background_per_h: Floats  # cramps of no known cause, of one person, in a race or an all-out effort
    background_easy: Floats  # what is added to its log in any other run
    trigger: Mapping[str, Floats]  # log hazard ratio of one person beyond the knee of each stressor
    knee: Mapping[str, Floats]
    numbers: RiskNumbers = RISK

    @property
    def draws(self) -> int:
        """Number of worlds."""
        return int(self.log_h42.shape[0])

    def picked(self, some: Index) -> HazardDraws:
        """Some of these worlds, with the same numbers."""
        return self.crossed(some, some)

    def crossed(self, worlds: Index, people: Index) -> HazardDraws:
        """What the studies leave open as in the draws ``worlds``, the person's own as in the draws ``people``."""

        plain = {
            f.name: getattr(self, f.name)[people if f.name in PERSONAL else worlds]
            for f in fields(self)
            if f.name not in (*_BY_KEY, "numbers")
        }
        beta, trigger, knee = (
            {key: row[at] for key, row in getattr(self, name).items()}
            for name, at in zip(_BY_KEY, (worlds, people, people), strict=True)
        )
        return HazardDraws(beta=beta, trigger=trigger, knee=knee, numbers=self.numbers, **plain)


# What differs between people, beside their triggers and knees; all else is a number of the world, of which the studies
# leave open what it is.
PERSONAL = frozenset({"background_per_h", "background_easy"})
_BY_KEY = ("beta", "trigger", "knee")


def draw_hazard(draws: int, rng: np.random.Generator, field: str = "either", n: RiskNumbers = RISK) -> HazardDraws:
    """Draw the hazard's numbers from their priors.

    ``field`` says whose incidence the baseline is: "volunteers" of studies (21 in 100 a marathon), a "mass" field
    (15 in 100), or "either", half of the draws each: which of the two describes a stranger is not known, and the
    evidence does not settle it.
    """
    if field not in FIELDS:
        raise ValueError(f"field must be one of {FIELDS}")
    table = priors()
    volunteers = _normal(table["log_H42"], draws, rng)
    mass = number_draws("mass_field_log_h42", draws, rng, n)
    from_mass = {"volunteers": np.zeros(draws, bool), "mass": np.ones(draws, bool)}.get(
        field, np.arange(draws) % 2 == 1
    )
    factors = [p for p in table.values() if p.role in ("core", "optional") and p.key not in _NOT_SLOPES]
    seed = int(rng.integers(2**63))  # with its key, of each slope: one more factor moves no other's draws
    return HazardDraws(
        log_h42=np.where(from_mass, mass, volunteers),
        distance_exponent_short=_normal(table["m_short"], draws, rng),
        distance_exponent_ultra=_normal(table["m_ultra"], draws, rng),
        # A shape below 1 would let cramps come earliest in the first metres; no data set shows that.
        shape_marathon=np.maximum(_normal(table["k_marathon"], draws, rng), 1.0),
        shape_other=np.maximum(_normal(table["k_other"], draws, rng), 1.0),
        trait_log_ratio=np.maximum(_normal(table["trait_logHR"], draws, rng), 0.0),
        trait_probability=_beta(table["trait_prob"], draws, rng),
        frailty_variance=np.exp(number_draws("frailty_log_variance_mean", draws, rng, n)),
        post_run_share=_beta(table["post_run_share"], draws, rng),
        calf_share=_beta(table["calf_share"], draws, rng),
        beta={p.key: slope_draws(p, draws, np.random.default_rng([seed, *p.key.encode()])) for p in factors},
        background_per_h=np.exp(
            _normal_number("learning", "background_log_rate", draws, np.random.default_rng([seed, *b"background"]))
        ),
        background_easy=_normal_number(
            "learning", "background_easy", draws, np.random.default_rng([seed, *b"background easy"])
        ),
        trigger={
            t.key: trigger_draws(draws, np.random.default_rng([seed, *f"trigger {t.key}".encode()])) for t in TRIGGERS
        },
        knee={
            t.key: number_draws(f"knee_{t.key}", draws, np.random.default_rng([seed, *f"knee {t.key}".encode()]), n)
            for t in TRIGGERS
        },
        numbers=n,
    )


# Priors with the role of a factor that are the person's class or its spread, not a slope.
_NOT_SLOPES = frozenset({"trait_logHR", "trait_prob", "history_yes", "residual_frailty_sd"})


def slope_draws(prior: Prior, draws: int, rng: np.random.Generator) -> Floats:
    """Draws of a factor's slope: log-normal where the sign is certain, else a signed normal.

    Both have the prior's mean and SD. P22 (family history) counts half, since the class of the person is modelled.
    """
    halved = 0.5 if prior.key == "family_history" else 1.0
    if prior.sign == "positive":
        variance = np.log1p((prior.sd / prior.mean) ** 2)
        return halved * np.exp(rng.normal(np.log(prior.mean) - variance / 2, np.sqrt(variance), draws))
    return halved * rng.normal(prior.mean, prior.sd, draws)


def trigger_draws(draws: int, rng: np.random.Generator, share: float = 1.0) -> Floats:
    """Draws of a person's trigger: heavy-tailed, near 0 in most people, bent so that none is beyond all measure.

    ``share``: of muscles that have this share of all cramps (see ``trigger_log``).
    """
    mean, sd = trigger_log(share)
    u, bend = np.exp(rng.normal(mean, sd, draws)), LEARNING.trigger_bend
    return np.asarray(u * bend / (bend + u))


@cache
def trigger_log(share: float = 1.0) -> tuple[float, float]:
    """Mean and SD of log u, of which a trigger is the bent value, for muscles that have this share of all cramps.

    The table says how many people have a ten-fold risk beyond a knee, of cramps in any muscle. Kinds of muscle have
    triggers of their own: with the whole prior for each, as many more people would have one. A kind is given its share.
    """
    row, bend = parameters("learning")["trigger_log"], LEARNING.trigger_bend
    tenfold = log(log(10) * bend / (bend - log(10)))
    normal = NormalDist()
    beyond = 1 - normal.cdf((tenfold - row.value) / row.sd)
    return tenfold - row.sd * normal.inv_cdf(1 - share * beyond), row.sd


def _normal_number(room: str, parameter_id: str, draws: int, rng: np.random.Generator) -> Floats:
    row = parameters(room)[parameter_id]
    return rng.normal(row.value, row.sd, draws)


def number_draws(parameter_id: str, draws: int, rng: np.random.Generator, n: RiskNumbers = RISK) -> Floats:
    """Draws of a number of the table, (draws,); ``low`` to ``high`` is its middle 95 in 100.

    A number that ``n`` has otherwise than the table is taken as said, and not drawn; what is drawn after it stays the
    same.
    """
    row, said = parameters("risk")[parameter_id], float(getattr(n, parameter_id))
    drawn = _draws_of(row, draws, rng)
    return drawn if said == row.value else np.full(draws, said)


def _draws_of(p: Parameter, draws: int, rng: np.random.Generator) -> Floats:
    if p.distribution == "fixed":
        return np.full(draws, p.value)
    if p.distribution == "uniform":
        return rng.uniform(p.low, p.high, draws)
    if p.distribution == "lognormal":
        return p.value * np.exp(rng.normal(0.0, p.log_sd, draws))
    if p.distribution == "normal":
        return rng.normal(p.value, p.sd, draws)
    raise ValueError(f"{p.id}: no draws from a {p.distribution} distribution here")


def _normal(prior: Prior, draws: int, rng: np.random.Generator) -> Floats:
    return rng.normal(prior.mean, prior.sd, draws)


def _beta(prior: Prior, draws: int, rng: np.random.Generator) -> Floats:
    """Beta draws with the prior's mean and SD."""
    size = prior.mean * (1 - prior.mean) / prior.sd**2 - 1
    return rng.beta(prior.mean * size, (1 - prior.mean) * size, draws)
