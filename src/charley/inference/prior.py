"""What is believed of a runner before their log speaks, as a density that a sampler can walk on.

Each unknown has one coordinate z of about unit spread. Most are standard normal; the runner's level keeps its mixture
of two classes, and probabilities keep their beta density on the logit scale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import lgamma, log, pi, sqrt

import numpy as np

from charley.evidence import parameters, priors
from charley.evidence.numbers.learning import LEARNING, LearningNumbers
from charley.evidence.numbers.risk import RISK, RiskNumbers
from charley.inference.design import KNEES_SD, FactorTable
from charley.vocabulary.arrays import Bools, Floats, Index
from charley.vocabulary.quadrature import gauss_hermite

Beta = tuple[float, float]

_HALF_LOG_2PI = 0.5 * log(2 * pi)
_KNEE_INDEX = np.arange(KNEES_SD.size, dtype=np.float64)
_KNEE_STEP_SD = float(KNEES_SD[1] - KNEES_SD[0])
STRAIGHT_SLOPE = 1.5  # of a trigger's u by its coordinate, from where on it is straight
_NEVER = -80.0  # log rate of a background that is not there


@dataclass(frozen=True, slots=True)
class RunnerPrior:
    """Prior of everything but the sensitivities.

    ``class_*`` (classes,): probability, mean and SD of the level, the runner's offset of the log hazard; the SD holds
    the log-normal rest within a class and what is unknown of the baseline. The run's own frailty is gamma with mean 1
    and variance theta, log theta ~ N(``frailty_log_mean``, ``frailty_log_sd``). ``report_*`` are the betas of the
    probability that a run (with a cramp, without) is reported at all.
    """

    class_probability: Floats
    class_mean: Floats
    class_sd: Floats
    frailty_log_mean: float
    frailty_log_sd: float
    drift_sd: float  # random walk of the level, per square root of a year
    report_asked: tuple[Beta, Beta]
    report_unasked: tuple[Beta, Beta]
    twitch_log_excess: tuple[float, float]  # mean, SD of log(kappa - 1)
    twitch_shared: Beta
    after_intercept_sd: float
    after_shared: Beta
    after_level_correlation: float
    night_log_rate: tuple[float, float]  # mean, SD
    background_log_rate: tuple[float, float] | None = None  # mean, SD of the log rate per hour; None: no background
    background_easy: tuple[float, float] = (0.0, 1.0)  # mean, SD of what is added to it in runs that are not hard
    trigger_log: tuple[float, float] = (0.0, 1.0)  # mean, SD of log u, where a trigger is u bent at ``trigger_bend``
    trigger_bend: float = 20.0

    def __post_init__(self) -> None:
        if not np.isclose(self.class_probability.sum(), 1.0) or (self.class_sd <= 0).any():
            raise ValueError("class probabilities must sum to 1, and each class needs a spread above zero")

    @property
    def level_mean(self) -> float:
        """Mean of the level over the classes."""
        return float(self.class_probability @ self.class_mean)

    @property
    def level_sd(self) -> float:
        """SD of the level over the classes."""
        second = self.class_probability @ (self.class_sd**2 + self.class_mean**2)
        return float(sqrt(second - self.level_mean**2))

    def with_history(self, cramped: int, races: int, log_cumulative_hazard: float) -> RunnerPrior:
        """Class probabilities after "``cramped`` of the last ``races`` long efforts brought a cramp" (Bayes).

        ``log_cumulative_hazard``: log of the baseline hazard cumulated over such an effort, so that a runner of level
        b cramps in it with probability 1 - (1 + theta exp(log H + b))^(-1/theta). Level integrated by Gauss-Hermite
        nodes, theta at its median. Only the classes move: what tells them apart is how often, not which factor.
        """
        if not 0 <= cramped <= races:
            raise ValueError(f"{cramped} of {races} efforts cannot be")
        nodes, weights = gauss_hermite(15)
        theta = float(np.exp(self.frailty_log_mean))
        level = self.class_mean[:, None] + self.class_sd[:, None] * nodes
        log_none = -np.log1p(theta * np.exp(log_cumulative_hazard + level)) / theta
        likelihood = np.exp((races - cramped) * log_none + cramped * np.log(-np.expm1(log_none))) @ weights
        posterior = self.class_probability * likelihood
        return replace(self, class_probability=posterior / posterior.sum())


def sourced_runner_prior(
    *, baseline_sd: float | None = None, n: LearningNumbers = LEARNING, risk: RiskNumbers = RISK
) -> RunnerPrior:
    """The prior of the evidence tables: two classes (P07, P08), rest of 0.26, frailty, prompts, twitches, hours after.

    The level is relative to a runner of the class that is not prone, with rest 0: ``log_h0`` must be theirs.
    ``baseline_sd``: what is unknown of the baseline itself, common to both classes (default: the SD of P01). Spreads
    are those of the tables.
    """
    p = priors()
    shared = p["log_H42"].sd if baseline_sd is None else baseline_sd
    rest = risk.residual_sd_with_factors
    prone, ratio = p["trait_prob"].mean, p["trait_logHR"]
    prompts = n.report_prior_weight

    def beta(mean: float, weight: float) -> Beta:
        return mean * weight, (1 - mean) * weight

    return RunnerPrior(
        class_probability=np.array([1 - prone, prone]),
        class_mean=np.array([0.0, ratio.mean]),
        class_sd=np.array([np.hypot(rest, shared), sqrt(rest**2 + shared**2 + ratio.sd**2)]),
        frailty_log_mean=risk.frailty_log_variance_mean,
        frailty_log_sd=_sd("risk", "frailty_log_variance_mean"),
        drift_sd=n.level_drift_sd,
        report_asked=(beta(n.report_given_cramp_asked, prompts), beta(n.report_given_none_asked, prompts)),
        report_unasked=(beta(n.report_given_cramp_unasked, prompts), beta(n.report_given_none_unasked, prompts)),
        twitch_log_excess=(n.twitch_log_excess, _sd("learning", "twitch_log_excess")),
        twitch_shared=beta(n.twitch_shared_sensitivity, n.twitch_shared_weight),
        after_intercept_sd=n.after_intercept_sd,
        after_shared=beta(n.after_shared_sensitivity, n.after_shared_weight),
        after_level_correlation=n.after_level_correlation,
        night_log_rate=(n.night_log_rate_mean, _sd("learning", "night_log_rate_mean")),
        background_log_rate=(n.background_log_rate, _sd("learning", "background_log_rate")),
        background_easy=(n.background_easy, _sd("learning", "background_easy")),
        trigger_log=(n.trigger_log, _sd("learning", "trigger_log")),
        trigger_bend=n.trigger_bend,
    )


def _sd(room: str, parameter_id: str) -> float:
    """SD of a number of the tables whose limits are those of the middle 95 in 100 of a normal."""
    return parameters(room)[parameter_id].sd


def _logistic(x: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0.0, -x)))


@dataclass(frozen=True, slots=True)
class Features:
    """Which processes a journal speaks of; the others' unknowns stay at their priors and take no coordinate."""

    drift_years: int = 0  # steps of the level's random walk, a year each, on from the first run
    report_asked: bool = False
    report_unasked: bool = False
    twitch: bool = False

    def joined(self, other: Features) -> Features:
        """What either of the two speaks of."""
        return Features(
            drift_years=max(self.drift_years, other.drift_years),
            report_asked=self.report_asked or other.report_asked,
            report_unasked=self.report_unasked or other.report_unasked,
            twitch=self.twitch or other.twitch,
        )


@dataclass(frozen=True)
class Layout:
    """Coordinates z (draws, d) of one runner's unknowns, their prior density, and the natural values behind them.

    Natural values keep the order of z: level at the first run; log rate of the background in hard runs, and what is
    added to it in others; sensitivities of the factors
    that are not excluded; triggers and their knees; steps of the level on in time; frailty variance theta; then, as
    ``features`` say, the report probabilities (given a cramp, given none), twitch excess kappa - 1 and shared share.

    Rows of runs have a column for each factor, each ramp, each step, the level and the background: ``coefficients``
    gives what multiplies them, ``pull`` carries a gradient back.
    """

    table: FactorTable
    prior: RunnerPrior
    features: Features

    @cached_property
    def active(self) -> Index:
        """Indices of the factors that are not excluded."""
        return np.flatnonzero(~self.table.excluded)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Name of each coordinate."""
        f, triggers = self.features, self.table.triggers.keys
        names = ["level", *(["background", "background_easy"] if self.has_background else [])]
        names += [self.table.keys[k] for k in self.active]
        names += [f"{what}_{key}" for what in ("trigger", "knee") for key in triggers]
        names += [*(f"step_{j + 1}y" for j in range(f.drift_years)), "frailty"]
        for state in ("asked", "unasked"):
            if getattr(f, f"report_{state}"):
                names += [f"report_given_cramp_{state}", f"report_given_none_{state}"]
        if f.twitch:
            names += ["twitch_excess", "twitch_shared"]
        return tuple(names)

    @property
    def has_background(self) -> bool:
        """False where the prior knows no cramps but those of the factors."""
        return self.prior.background_log_rate is not None

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.names)

    @cached_property
    def index(self) -> dict[str, int]:
        """Coordinate of each name."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def sensitivity(self) -> slice:
        """Coordinates of the sensitivities of the active factors."""
        start = 3 if self.has_background else 1
        return slice(start, start + self.active.size)

    @cached_property
    def trigger(self) -> slice:
        """Coordinates of the triggers."""
        start = self.sensitivity.stop
        return slice(start, start + len(self.table.triggers))

    @cached_property
    def knee(self) -> slice:
        """Coordinates of the knees."""
        return slice(self.trigger.stop, self.trigger.stop + len(self.table.triggers))

    @cached_property
    def steps(self) -> slice:
        """Coordinates of the level's steps."""
        return slice(self.knee.stop, self.knee.stop + self.features.drift_years)

    @property
    def columns(self) -> int:
        """Columns of a row, but for its log weight: factors, ramps, steps, level, background, that of easy runs."""
        return self.active.size + self.table.triggers.columns + self.features.drift_years + 3

    @property
    def scaled_columns(self) -> slice:
        """Columns of factors and ramps."""
        return slice(0, self.active.size + self.table.triggers.columns)

    def coefficients(self, values: Floats) -> Floats:
        """What multiplies the columns of rows, (draws, columns)."""
        out = np.empty((len(values), self.columns))
        a, ramps, years = self.active.size, self.table.triggers.columns, self.features.drift_years
        out[:, :a] = values[:, self.sensitivity]
        if ramps:
            near = self._nearness(self._place(values))
            near *= values[:, self.trigger, None]
            out[:, a : a + ramps] = near.reshape(len(values), ramps)
        out[:, a + ramps : a + ramps + years] = values[:, self.steps]
        out[:, -3] = values[:, 0]
        out[:, -2:] = values[:, 1:3] if self.has_background else (_NEVER, 0.0)
        return out

    def pull(self, values: Floats, by_coefficient: Floats, gradient: Floats) -> None:
        """Add the gradient by natural values that follows from that by coefficients, (draws, columns)."""
        a, t, years = self.active.size, len(self.table.triggers), self.features.drift_years
        gradient[:, self.sensitivity] += by_coefficient[:, :a]
        if t:
            place = self._place(values)
            ramps = by_coefficient[:, a : a + self.table.triggers.columns].reshape(len(values), t, KNEES_SD.size)
            below = np.minimum(place, KNEES_SD.size - 2.0).astype(np.intp)
            low, high = (np.take_along_axis(ramps, below[..., None] + i, axis=2)[..., 0] for i in (0, 1))
            gradient[:, self.trigger] += low + (place - below) * (high - low)
            # where a knee stands on a ramp, or beyond the last, it is taken as level
            slope = (high - low) / (self.table.triggers.knee_sd * _KNEE_STEP_SD)
            gradient[:, self.knee] += np.where(place != np.floor(place), values[:, self.trigger] * slope, 0.0)
        start = a + self.table.triggers.columns
        gradient[:, self.steps] += by_coefficient[:, start : start + years]
        gradient[:, 0] += by_coefficient[:, -3]
        if self.has_background:
            gradient[:, 1:3] += by_coefficient[:, -2:]

    @staticmethod
    def _nearness(place: Floats) -> Floats:
        """Share of each ramp in a knee between two of them, (draws, T, ramps)."""
        near = place[..., None] - _KNEE_INDEX
        np.abs(near, out=near)
        np.subtract(1.0, near, out=near)
        return np.maximum(near, 0.0, out=near)

    def _place(self, values: Floats) -> Floats:
        """Where each knee stands among the ramps, 0 to the last, (draws, T)."""
        triggers = self.table.triggers
        sd = (values[:, self.knee] - triggers.knee_mean) / triggers.knee_sd
        return np.asarray(np.clip((sd - KNEES_SD[0]) / _KNEE_STEP_SD, 0.0, KNEES_SD.size - 1.0))

    @cached_property
    def _maps(self) -> tuple[Floats, Floats, Bools, Index, Floats]:
        """Centre, scale, exponentiated?, beta coordinates and their (a, b). Triggers are bent after the exponential."""
        p, d = self.prior, self.dimension
        centre, scale, exponential = np.zeros(d), np.ones(d), np.zeros(d, dtype=bool)
        centre[0], scale[0] = p.level_mean, p.level_sd
        if p.background_log_rate is not None:
            centre[1], scale[1] = p.background_log_rate
            centre[2], scale[2] = p.background_easy
        centre[self.trigger], scale[self.trigger] = p.trigger_log
        centre[self.knee], scale[self.knee] = self.table.triggers.knee_mean, self.table.triggers.knee_sd
        for i, k in enumerate(self.active, start=self.sensitivity.start):
            mean, sd = self.table.prior_mean[k], self.table.prior_sd[k]
            if self.table.positive[k]:
                variance = log(1 + (sd / mean) ** 2)
                centre[i], scale[i], exponential[i] = log(mean) - variance / 2, sqrt(variance), True
            else:
                centre[i], scale[i] = mean, sd
        scale[self.steps] = p.drift_sd
        for name, (mean, sd) in (
            ("frailty", (p.frailty_log_mean, p.frailty_log_sd)),
            ("twitch_excess", p.twitch_log_excess),
        ):
            if name in self.index:
                i = self.index[name]
                centre[i], scale[i], exponential[i] = mean, sd, True
        betas = self._betas()
        for i, (a, b) in betas.items():
            centre[i], scale[i] = log(a / b), sqrt(1 / a + 1 / b)
        shapes = np.array(list(betas.values())).reshape(len(betas), 2)
        return centre, scale, exponential, np.array(list(betas), dtype=np.intp), shapes

    def _betas(self) -> dict[int, Beta]:
        """Which coordinates are shares, with the (a, b) of each."""
        p, found = self.prior, {}
        for name, i in self.index.items():
            if name.startswith("report_given_"):
                pair = p.report_unasked if name.endswith("_unasked") else p.report_asked
                found[i] = pair[0] if "_cramp_" in name else pair[1]
            elif name == "twitch_shared":
                found[i] = p.twitch_shared
        return found

    def centre_and_scale(self, which: slice) -> tuple[Floats, Floats]:
        """Centre and scale of coordinates: a natural value (or its log, or logit) is centre + scale z."""
        centre, scale, *_ = self._maps
        return centre[which], scale[which]

    def draw(self, count: int, rng: np.random.Generator) -> Floats:
        """Coordinates drawn from the prior, (count, d)."""
        centre, scale, _, betas, shapes = self._maps
        z = rng.standard_normal((count, self.dimension))
        p = self.prior
        of_class = np.searchsorted(np.cumsum(p.class_probability)[:-1], rng.random(count), side="right")
        z[:, 0] = (p.class_mean[of_class] + p.class_sd[of_class] * z[:, 0] - centre[0]) / scale[0]
        for i, (a, b) in zip(betas, shapes, strict=True):
            odds = rng.standard_gamma(a, count) / rng.standard_gamma(b, count)
            z[:, i] = (np.log(odds) - centre[i]) / scale[i]
        mean, sd = p.trigger_log
        u = np.exp(np.minimum(mean + sd * z[:, self.trigger], 30.0))
        z[:, self.trigger] = self._from_triggers(p.trigger_bend * u / (p.trigger_bend + u))
        return z

    def natural(self, z: Floats) -> Floats:
        """Natural values of coordinates, (draws, d)."""
        centre, scale, exponential, betas, _ = self._maps
        values = centre + scale * z
        values[:, exponential] = np.exp(np.clip(values[:, exponential], -30.0, 30.0))
        values[:, self.trigger] = self._triggers(z[:, self.trigger])
        if betas.size:
            values[:, betas] = _logistic(values[:, betas])
        return values

    def coordinates(self, values: Floats) -> Floats:
        """Coordinates of natural values: the inverse of ``natural``."""
        centre, scale, exponential, betas, _ = self._maps
        z = np.array(values, dtype=float)
        z[:, exponential] = np.log(z[:, exponential])
        z[:, betas] = np.log(z[:, betas] / (1 - z[:, betas]))
        z = (z - centre) / scale
        z[:, self.trigger] = self._from_triggers(values[:, self.trigger])
        return z

    def slope(self, values: Floats) -> Floats:
        """Derivative of each natural value by its own coordinate, (draws, d)."""
        _, scale, exponential, betas, _ = self._maps
        out = np.broadcast_to(scale, values.shape).copy()
        out[:, exponential] *= values[:, exponential]
        bend, e = self.prior.trigger_bend, values[:, self.trigger]
        below = e < self._turn[1]
        out[:, self.trigger] = np.where(below, self.prior.trigger_log[1] * e * (1 - e / bend), STRAIGHT_SLOPE)
        if betas.size:
            out[:, betas] *= values[:, betas] * (1 - values[:, betas])
        return out

    @cached_property
    def _turn(self) -> tuple[float, float]:
        """Coordinate and value of a trigger from where on its value grows along a straight line."""
        mean, sd = self.prior.trigger_log
        bend = self.prior.trigger_bend
        value = float(min(STRAIGHT_SLOPE / sd, bend / 4))
        for _ in range(50):  # where the slope of the bent exponential is that of the line
            value = STRAIGHT_SLOPE / sd / (1 - value / bend)
        return (log(value * bend / (bend - value)) - mean) / sd, value

    def _triggers(self, z: Floats) -> Floats:
        """Values of triggers' coordinates: of standard normal z as long as that is flat, then on along its tangent.

        In a runner who has a trigger its value is known to about 1, in all others to a factor; no one scale of a
        sampler fits both in its logarithm.
        """
        mean, sd = self.prior.trigger_log
        bend = self.prior.trigger_bend
        turn, value = self._turn
        u = np.exp(np.clip(mean + sd * np.minimum(z, turn), -30.0, 30.0))
        straight = np.minimum(value + STRAIGHT_SLOPE * (z - turn), bend * (1 - 1e-6))
        return np.asarray(np.where(z > turn, straight, bend * u / (bend + u)))

    def _normal_of_triggers(self, values: Floats) -> Floats:
        """The standard normal behind each trigger's value."""
        mean, sd = self.prior.trigger_log
        bend = self.prior.trigger_bend
        return np.asarray((np.log(np.maximum(values * bend / (bend - values), 1e-300)) - mean) / sd)

    def _from_triggers(self, values: Floats) -> Floats:
        turn, value = self._turn
        straight = turn + (values - value) / STRAIGHT_SLOPE
        return np.where(values > value, straight, self._normal_of_triggers(values))

    def log_density(self, z: Floats) -> tuple[Floats, Floats]:
        """Log prior density of coordinates, (draws,), and its gradient, (draws, d)."""
        centre, scale, _, betas, shapes = self._maps
        gradient = -z
        quadratic = -0.5 * z**2 - _HALF_LOG_2PI
        if len(self.table.triggers):
            row, column = np.nonzero(z[:, self.trigger] > self._turn[0])  # elsewhere a standard normal like the others
            column += self.trigger.start
            bend, e = self.prior.trigger_bend, self._triggers(z[row, column])
            normal = self._normal_of_triggers(e)
            along = STRAIGHT_SLOPE * bend / (e * (bend - e) * self.prior.trigger_log[1])
            quadratic[row, column] = -0.5 * normal**2 + np.log(along) - _HALF_LOG_2PI
            gradient[row, column] = -normal * along + STRAIGHT_SLOPE * (1 / (bend - e) - 1 / e)
        log_class = self._log_class_density(z[:, 0])
        top = log_class.max(axis=1)
        share = np.exp(log_class - top[:, None])
        total = share.sum(axis=1)
        quadratic[:, 0] = top + np.log(total) + log(scale[0])
        level = centre[0] + scale[0] * z[:, 0]
        pull = (self.prior.class_mean - level[:, None]) / self.prior.class_sd**2
        gradient[:, 0] = scale[0] * (share * pull).sum(axis=1) / total
        if betas.size:
            logit = centre[betas] + scale[betas] * z[:, betas]
            a, b = shapes[:, 0], shapes[:, 1]
            constant = np.array([lgamma(x + y) - lgamma(x) - lgamma(y) for x, y in shapes]) + np.log(scale[betas])
            quadratic[:, betas] = a * logit - (a + b) * np.logaddexp(0.0, logit) + constant
            gradient[:, betas] = scale[betas] * (a - (a + b) * _logistic(logit))
        return quadratic.sum(axis=1), gradient

    def class_probability(self, z: Floats) -> Floats:
        """Probability of each class given the level of each draw, (draws, classes)."""
        log_class = self._log_class_density(z[:, 0])
        share = np.exp(log_class - log_class.max(axis=1, keepdims=True))
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def _log_class_density(self, z_level: Floats) -> Floats:
        centre, scale, *_ = self._maps
        p = self.prior
        level = centre[0] + scale[0] * z_level[:, None]
        return np.asarray(
            np.log(p.class_probability)
            - _HALF_LOG_2PI
            - np.log(p.class_sd)
            - 0.5 * ((level - p.class_mean) / p.class_sd) ** 2
        )
