"""The pool compiled with Numba: the same equations as ``reference.py``.

Imported only by ``load_kernel.load`` (Numba is the extra ``lab``). Functions marked ``mechanism`` are compiled as they
stand, wherever they are called here. What makes it fast, explained once:

* **Blocks.** See ``layout.py``: rows of as many units as a vector instruction takes, at constant offsets.
* **Vectors by name.** ``membrane.step`` is written with ``lanes.Lanes``: the compiler is told which vectors to use
  instead of being hoped to find them, with registers of any width.
* **Own exponential.** A library call would take one unit at a time; 2^x as a polynomial for the fraction, with
  the whole part put in the place of the exponent, takes a vector.
* **Few operations.** The trapezoidal rule is solved for the middle of the step, constants are folded before the loop,
  products and sums are fused where the machine can. So the last bits differ from the reference's, not the impulses.
* **Crossings apart.** The vectors only note who has crossed; the rare spikes are worked out one by one after the
  step, so that no vector waits for them.
* **Two clocks.** Within a millisecond units do not see each other (every path between them is longer), so a group of
  blocks runs all its steps of a millisecond while it lies in the nearest cache; impulses, receptors and muscle have
  the millisecond as their step.

The scheme is second order in the step (see docs/convergence.md): potentials by the trapezoidal rule on the linear
pair soma-dendrite, the gate of the inward current staggered by half a step, spike times by linear interpolation
(Hansel et al. 1998, doi:10.1162/089976698300017845).
"""

from __future__ import annotations

import math

import numpy as np
from numba.extending import register_jitable

from charley.neuromuscular import layout as at
from charley.neuromuscular import noise, reflex_loop
from charley.neuromuscular.compiled import compiled
from charley.neuromuscular.layout import PoolArrays, Recorder, Working
from charley.neuromuscular.mechanism import MECHANISMS
from charley.neuromuscular.membrane import Marks, aligned, membrane_ms, shared
from charley.neuromuscular.parameters import Constants
from charley.vocabulary.arrays import Floats, Ints

for _function in MECHANISMS:
    register_jitable(_function)

W = at.WIDTH
ONE_BIT, NO_BIT = np.uint64(1), np.uint64(0)


@compiled
def events_ms(  # noqa: C901 - one pass over the units: split up, each would be loaded several times a millisecond
    pool: PoolArrays, p: Constants, seed: np.uint64, tick: int, row: Floats, record: Recorder, spikes: np.int64
) -> np.int64:
    """Impulses, collisions, terminals and twitches of one millisecond; returns the number of spikes stored so far."""
    blocks, units, axons, z = pool.blocks, pool.units, pool.axons, pool.z
    blocked = row[reflex_loop.BLOCKED] > 0.0
    pulse = row[reflex_loop.PULSE_MOTOR]
    to_site_bit = ONE_BIT << np.uint64(int(p.conduction_proximal_ms) - 1)
    to_muscle_bit = ONE_BIT << np.uint64(int(p.conduction_distal_ms) - 1)
    membrane_key = noise.address(seed, noise.MEMBRANE, tick)
    terminal_key = noise.address(seed, noise.TERMINAL, tick)
    noise_decay = math.exp(-1.0 / p.private_noise_time_ms)
    noise_size = p.private_noise_mv * math.sqrt(1.0 - noise_decay * noise_decay)
    inactivation = 1.0 - math.exp(-1e-3 / p.pic_inactivation_time_s)
    k_decay, u_decay = math.exp(-1.0 / p.potassium_time_ms), math.exp(-1.0 / p.pump_time_ms)
    late_decay = math.exp(-1e-3 / p.late_adaptation_time_s)
    half_twitch = p.twitch_half * p.twitch_half
    shift = z[reflex_loop.TERMINAL_SHIFT]
    central = collateral = muscle_spikes = 0
    activation = plateau = open_share = 0.0
    n = units.shape[1]
    for i in range(n):
        u = blocks[i // W]
        j = i % W
        to_site, to_soma = axons[at.TOWARDS_SITE, i], axons[at.TOWARDS_SOMA, i]
        natural, direct = axons[at.TOWARDS_MUSCLE, i], axons[at.DIRECT_TOWARDS_MUSCLE, i]
        # everything under way moves on by a millisecond
        passes_site = to_site & ONE_BIT != NO_BIT
        reaches_soma = to_soma & ONE_BIT != NO_BIT
        arrives = natural & ONE_BIT != NO_BIT
        arrives_direct = direct & ONE_BIT != NO_BIT
        to_site, to_soma = to_site >> ONE_BIT, to_soma >> ONE_BIT
        natural, direct = natural >> ONE_BIT, direct >> ONE_BIT
        # the soma fired in the last millisecond: its impulse leaves, unless one comes against it
        late = units[at.LATE_ADAPTATION, i] * late_decay
        if u[at.SPIKED * W + j] > 0:
            u[at.SPIKED * W + j] = 0
            central += 1
            collateral += 1
            late += p.late_adaptation_mv
            if to_soma != NO_BIT:
                to_soma &= to_soma - ONE_BIT
            else:
                to_site |= to_site_bit
        # an antidromic impulse invades a soma that is not refractory
        if reaches_soma and u[at.REFRACTORY * W + j] <= 0:
            u[at.V_SOMA * W + j] = p.reset_mv
            u[at.AHP * W + j] += 1.0
            u[at.REFRACTORY * W + j] = p.refractory_ms
            u[at.V_DENDRITE * W + j] += p.dendrite_kick_mv
            late += p.late_adaptation_mv
            collateral += 1
        units[at.LATE_ADAPTATION, i] = late
        # terminals: potassium against pump, and an after-discharge where it wins
        potassium, pump = units[at.POTASSIUM, i] * k_decay, units[at.PUMP, i] * u_decay
        since = units[at.SINCE_SPIKE, i] + 1.0
        x = (potassium - pump - p.terminal_half * (units[at.TERMINAL_SPREAD, i] + shift)) / p.terminal_slope
        ectopic = False
        if x > -6.0 and since > p.terminal_dead_time_ms:
            chance = p.terminal_rate_limit * 1e-3 / (1.0 + math.exp(-x))
            ectopic = float(noise.uniform(noise.bits(terminal_key, np.uint64(i)))) < chance
        # the stimulus starts an impulse both ways, and so does a terminal; what comes towards them is annihilated
        stimulated = pulse > units[at.RANK, i]
        if stimulated:
            direct |= to_muscle_bit
        started = stimulated or ectopic
        if not blocked:
            if started and not passes_site:
                if to_site != NO_BIT:
                    to_site &= to_site - ONE_BIT
                else:
                    to_soma |= to_site_bit
            elif passes_site and not started:  # where both fall on the same millisecond they meet at the site
                natural |= to_muscle_bit
        if arrives or arrives_direct or ectopic:
            potassium += p.potassium_per_spike
            pump += p.pump_per_spike
            since = 0.0
            units[at.TWITCH_1, i] += 1.0
            muscle_spikes += 1
            if spikes < record.spike_ms.shape[0]:
                record.spike_ms[spikes] = tick
                record.spike_unit[spikes] = i
                record.spike_kind[spikes] = at.DIRECT if arrives_direct else (at.NATURAL if arrives else at.ECTOPIC)
                spikes += 1
        axons[at.TOWARDS_SITE, i], axons[at.TOWARDS_SOMA, i] = to_site, to_soma
        axons[at.TOWARDS_MUSCLE, i], axons[at.DIRECT_TOWARDS_MUSCLE, i] = natural, direct
        units[at.POTASSIUM, i], units[at.PUMP, i], units[at.SINCE_SPIKE, i] = potassium, pump, since
        # twitch: two equal time constants, saturating in their sum
        rate = units[at.TWITCH_RATE, i]
        q = units[at.TWITCH_2, i]
        q += (units[at.TWITCH_1, i] - q) * rate
        units[at.TWITCH_1, i] -= units[at.TWITCH_1, i] * rate
        if q < p.floor:
            q = 0.0
        units[at.TWITCH_2, i] = q
        activation += units[at.TWITCH_FORCE, i] * (q * q / (q * q + half_twitch))
        # slow inactivation of the inward current, and noise for the coming millisecond
        m, h = float(u[at.PIC * W + j]), float(u[at.INACTIVATION * W + j])
        h += (1.0 - p.pic_inactivation * m - h) * inactivation
        u[at.INACTIVATION * W + j] = h
        plateau += m
        open_share += h
        deviate = noise.normal(noise.bits(membrane_key, np.uint64(i)))
        private = noise_decay * units[at.PRIVATE_NOISE, i] + noise_size * deviate
        units[at.PRIVATE_NOISE, i] = private
        u[at.NOISE * W + j] = private - late
    z[reflex_loop.ACTIVATION] = activation
    z[reflex_loop.PLATEAU] = plateau / n
    z[reflex_loop.INACTIVATION_MEAN] = open_share / n
    z[reflex_loop.CENTRAL_SPIKES] = central
    z[reflex_loop.COLLATERAL_SPIKES] = collateral
    z[reflex_loop.MUSCLE_SPIKES] += muscle_spikes
    return spikes


def advance(
    pool: PoolArrays,
    p: Constants,
    c: Working,
    seed: np.uint64,
    tick: int,
    rows: Floats,
    steps: int,
    record: Recorder,
) -> int:
    """Run ``rows.shape[0]`` milliseconds from ``tick``; returns the number of spikes stored."""
    work = aligned(pool.blocks)
    crossed = np.empty(len(work), np.uint32)
    spikes = milliseconds(pool._replace(blocks=work), p, c, shared(c), crossed, seed, tick, rows, steps, record)
    pool.blocks[:] = work
    return int(spikes)


@compiled
def milliseconds(
    pool: PoolArrays,
    p: Constants,
    c: Working,
    k: Working,
    crossed: Marks,
    seed: np.uint64,
    tick: int,
    rows: Floats,
    steps: int,
    record: Recorder,
) -> np.int64:
    """``advance`` on aligned blocks."""
    blocks, units, z, rings = pool.blocks, pool.units, pool.z, pool.rings
    ge, gi = np.empty(steps, blocks.dtype), np.empty(steps, blocks.dtype)
    spikes = recorded = np.int64(0)  # not a literal, which would compile all that sees it once more
    threshold, half = c[at.SPIKE_THRESHOLD], c[at.PIC_HALF]
    for ms in range(rows.shape[0]):
        row = rows[ms]
        now = tick + ms
        spikes = events_ms(pool, p, seed, now, row, record, spikes)
        common = noise.normal(noise.bits(noise.address(seed, noise.COMMON, now), NO_BIT))
        reflex_loop.shared_ms(z, rings, p, now, row, units.shape[1], common)
        reflex_loop.conductances(z, p, steps, ge, gi)
        c[at.SPIKE_THRESHOLD] = threshold + z[reflex_loop.SHIFT_MV]
        c[at.PIC_HALF] = half + z[reflex_loop.SHIFT_MV]
        membrane_ms(blocks, ge, gi, c, k, crossed)
        if (now + 1) % record.every_ms == 0:
            for state in range(z.shape[0]):  # one by one: a slice would compile the formatting of an error message
                record.states[recorded, state] = z[state]
            z[reflex_loop.MUSCLE_SPIKES] = 0.0
            recorded += 1
    c[at.SPIKE_THRESHOLD], c[at.PIC_HALF] = threshold, half
    return spikes


def discharge(
    blocks: Working, g_excitatory: Working, g_inhibitory: Working, c: Working, milliseconds: int, counts: Ints
) -> None:
    """Membranes alone, at conductances held for the whole time: adds each unit's impulses to ``counts`` (blocks *
    WIDTH,)."""
    work = aligned(blocks)
    held_milliseconds(work, g_excitatory, g_inhibitory, c, shared(c), np.empty(len(blocks), np.uint32), milliseconds)
    impulses = work[:, at.SPIKED * W : (at.SPIKED + 1) * W]
    counts += impulses.reshape(-1).astype(counts.dtype)
    impulses[:] = 0
    blocks[:] = work


@compiled
def held_milliseconds(
    blocks: Working,
    g_excitatory: Working,
    g_inhibitory: Working,
    c: Working,
    k: Working,
    crossed: Marks,
    duration_ms: int,
) -> None:
    """``discharge`` on aligned blocks; leaves the impulses in SPIKED."""
    for _ in range(duration_ms):
        membrane_ms(blocks, g_excitatory, g_inhibitory, c, k, crossed)
