"""The rails of a plan: never more drink than is lost, sodium, loss, gut. What a sweat rate may be stands here.

Counted on body water, not only on weight: a runner burns fuel and frees the water bound to it, so that who weighs as
much as at the start has already gained water.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from charley.body.parameters import BodyParameters
from charley.evidence.numbers.planning import PLANNING, PlanningNumbers
from charley.vocabulary.arrays import Floats
from charley.vocabulary.body_states import BodyStates
from charley.vocabulary.note import note
from charley.vocabulary.race import Limit
from charley.vocabulary.units import SECONDS_PER_HOUR, SECONDS_PER_MINUTE

NODES = 41  # of the spread of sweat rates
LOOK_S = 15 * SECONDS_PER_MINUTE
PERCENT = 100.0
PART_CUP = 0.5  # ceilings are told in halves of a cup
MOST_CUPS = 2.0  # at one station


@dataclass(frozen=True, slots=True)
class SweatDoubt:
    """How far the runner's sweat rate may lie from the model's: log SD in all, and a factor for everybody alike."""

    log_sd: float
    bias_low: float
    bias_high: float
    weighings: int


def sweat_doubt(weighed_log_ratios: Sequence[float], n: PlanningNumbers = PLANNING) -> SweatDoubt:
    """From the weighings in like weather (log of weighed over modelled rate): 30 % unless there are two or more.

    With them, the scatter between them, at least that of one weighing over the root of their number.
    """
    count = len(weighed_log_ratios)
    sd = n.sweat_unknown_sd
    if count >= n.weighings_needed:
        scatter = float(np.std(weighed_log_ratios, ddof=1))
        sd = min(max(scatter, n.weighing_log_sd) / np.sqrt(count) + n.weighed_day_log_sd, n.sweat_unknown_sd)
    return SweatDoubt(float(sd), n.sweat_bias_low, n.sweat_bias_high, count)


def sweat_factors(sweat_l: Floats, doubt: SweatDoubt) -> Floats:
    """Factors on each body's sweat, (nodes, bodies), so that all together spread by the doubt around their middle.

    The bodies' own spread counts towards it, and is widened or drawn together to it; the bias is left to the caller.
    """
    own = np.log(np.maximum(sweat_l, 1e-3))
    centred = own - np.median(own)
    spread = float(centred.std())
    keep = min(doubt.log_sd / spread, 1.0) if spread > 0 else 1.0
    more = float(np.sqrt(max(doubt.log_sd**2 - (keep * spread) ** 2, 0.0)))
    z = _normal_nodes()
    return np.asarray(np.exp((keep - 1.0) * centred[None, :] + more * z[:, None]))


def _normal_nodes() -> Floats:
    from statistics import NormalDist

    normal = NormalDist()
    return np.array([normal.inv_cdf((i + 0.5) / NODES) for i in range(NODES)])


def water_lost_l(s: BodyStates, doubt: SweatDoubt, bias: float) -> Floats:
    """Water lost until each step without any drink, for each body and factor, (steps, nodes x bodies), L.

    Sweat times its factor and the bias, breath and urine, less the water that burning sets free. All but sweat at its
    mean over the bodies: how much water glycogen binds is contested, and is no matter of the runner.
    """
    factors = bias * sweat_factors(s.sweat_l[-1], doubt)
    lost = factors[None] * s.sweat_l[:, None, :] - _other_water_l(s)[:, None, :]
    return np.asarray(lost.reshape(lost.shape[0], -1))


def water_lost_of(s: BodyStates, sweat_factor: Floats) -> Floats:
    """The same for each body's own sweat times its factor, (bodies,): (steps, bodies), L."""
    return np.asarray(sweat_factor * s.sweat_l - _other_water_l(s))


def _other_water_l(s: BodyStates) -> Floats:
    """Water that came other than by drink, less what went other than by sweat, mean of the bodies, (steps, 1), L."""
    other = s.body_water_change_l - (s.drunk_l - s.stomach_water_l) + s.sweat_l
    return np.asarray(other.mean(axis=1, keepdims=True))


def drink_allowed_l(s: BodyStates, doubt: SweatDoubt, n: PlanningNumbers = PLANNING) -> Floats:
    """Most that may have been drunk until each step, (steps,): more than that would be lost by 99 in 100 at the bias.

    A margin stays below that, and nothing is left where little is surely lost, in all or an hour. Never falls, never
    below 0, and no faster than the gut's limit.
    """
    lost = water_lost_l(s, doubt, doubt.bias_low)
    allowed = np.quantile(lost, n.gain_most_chance * SAFETY, axis=1)
    gut = n.drink_most_l_h * s.time_s / SECONDS_PER_HOUR
    # what is allowed now must also be allowed later: the least of all that follows
    later = np.minimum.accumulate(allowed[::-1])[::-1]
    if later[-1] < max(n.rail_least_l, n.rail_least_l_h * s.time_s[-1] / SECONDS_PER_HOUR):
        return np.zeros_like(later)
    return np.asarray(np.clip(np.minimum(later - n.rail_margin_l, gut), 0.0, None))


SAFETY = 0.4  # of the chance that is allowed: the rest is for the mesh of draws


def ceilings_l(allowed_l: Floats, step_times_s: Floats, station_times_s: Floats, cup_l: float) -> Floats:
    """Ceiling at each station, (stations,), in half cups, two cups at most; no sum ever passes what is allowed."""
    out = np.zeros(station_times_s.size)
    drunk, part = 0.0, PART_CUP * cup_l
    for i, at in enumerate(station_times_s):
        room = float(np.interp(at, step_times_s, allowed_l)) - drunk
        out[i] = part * min(np.floor(room / part + 1e-9), MOST_CUPS / PART_CUP) if room > 0 else 0.0
        drunk += out[i]
    return out


def gain_chance(s: BodyStates, doubt: SweatDoubt, bias: float) -> float:
    """Chance that at some time more has been drunk than was lost, at that bias of the sweat model."""
    drunk = s.drunk_l[:, None, :]
    lost = water_lost_l(s, doubt, bias)
    gained = (drunk > lost.reshape(lost.shape[0], NODES, -1)) & (drunk > 0.0)
    return float(gained.any(axis=0).mean())


def mass_loss(s: BodyStates, bodies: BodyParameters) -> Floats:
    """Share of body mass lost at the finish, (bodies,)."""
    return np.asarray(-s.mass_change_kg[-1] / bodies.mass_kg)


def below_floor(s: BodyStates, n: PlanningNumbers = PLANNING) -> float:
    """Share of bodies that drank and fall below the floor of plasma sodium at a quarter of an hour, having begun above.

    Who drinks nothing is brought nowhere: a body that begins at the floor may fall below by the water that it burns.
    """
    looks = np.arange(LOOK_S, s.time_s[-1] + LOOK_S, LOOK_S)
    every = np.unique(np.minimum(np.searchsorted(s.time_s, looks - 1e-6), s.time_s.size - 1))
    lowest = s.plasma_sodium_mmol_l[every].min(axis=0)
    began = s.plasma_sodium_mmol_l[0]
    drank = s.drunk_l[-1] > 0.0
    return float(((lowest < n.sodium_floor_mmol_l) & (began >= n.sodium_floor_mmol_l) & drank).mean())


def checked(
    ceilings: BodyStates,
    cooler: BodyStates,
    at_sweat: BodyStates,
    bodies: BodyParameters,
    doubt: SweatDoubt,
    n: PlanningNumbers = PLANNING,
) -> tuple[Limit, ...]:
    """Every limit on the plan as it was simulated again with all ceilings drunk, in their order of precedence.

    ``cooler``: the same on a day cooler than said, when less is sweated: the one that the first limit is held to.
    ``at_sweat``: the same with as much drunk as is sweated on average, up to the gut's limit: only if the loss passes
    its ceiling even so does the plan fall by it.
    """
    gain = max(gain_chance(cooler, doubt, b) for b in (doubt.bias_low, 1.0, doubt.bias_high))
    floor = below_floor(ceilings, n)
    loss, least = float(np.median(mass_loss(ceilings, bodies))), float(np.median(mass_loss(at_sweat, bodies)))
    drink = float(ceilings.drunk_l[-1].max()) * SECONDS_PER_HOUR / float(ceilings.time_s[-1])
    by_rail = loss > n.loss_ceiling >= least
    return (
        Limit("gain", gain, n.gain_most_chance, "1", gain <= n.gain_most_chance),
        Limit("sodium", floor, n.gain_most_chance, "1", floor <= n.gain_most_chance),
        Limit(
            "loss", loss, n.loss_ceiling, "1", loss <= n.loss_ceiling or by_rail,
            note("loss-by-rail", loss=loss, weighings=float(doubt.weighings)) if by_rail else None,
        ),
        Limit("gut", drink, n.drink_most_l_h, "L/h", drink <= n.drink_most_l_h + 1e-6),
    )  # fmt: skip
