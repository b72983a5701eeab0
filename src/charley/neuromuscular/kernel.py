"""The pool compiled with Numba: the same arithmetic as ``reference.py``, unit by unit.

Imported only by ``compiled.load`` (Numba is the extra ``lab``). Three tricks, explained once:

* **Blocks.** See ``layout.py``: rows at constant offsets of one array, so that the inner loop over units becomes
  vector instructions.
* **Own exponential.** A library call cannot be vectorised; exp(x) = (series(x/64))^64 can, has a relative error below
  1e-12, and gives the same bits in NumPy. There is no fast-math: what the compiler may not reorder, the reference can
  repeat exactly.
* **Two clocks.** Within a millisecond units do not see each other (every path between them is longer), so a block
  runs all its steps of a millisecond while it lies in the nearest cache; impulses, receptors and muscle have the
  millisecond as their step.

The scheme is second order in the step (see docs/convergence.md): potentials by the trapezoidal rule on the linear
pair soma-dendrite, the gate of the inward current staggered by half a step, spike times by linear interpolation
(Hansel et al. 1998, doi:10.1162/089976698300017845).
"""

# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np
from numba import njit
from numba.extending import register_jitable

from charley.neuromuscular import excitability, flow, loop, muscle, noise, renshaw, spindle, tendon_organ, terminals
from charley.neuromuscular import layout as at

for _room in (noise, spindle, tendon_organ, renshaw, muscle, flow, terminals, excitability, loop):
    for _function in list(vars(_room).values()):
        if callable(_function) and getattr(_function, "__module__", "") == _room.__name__:
            register_jitable(_function)

W = at.WIDTH
ONE_BIT, NO_BIT = np.uint64(1), np.uint64(0)


@njit(cache=True, error_model="numpy", nogil=True)
def membrane_ms(blocks, g_excitatory, g_inhibitory, c):
    """Advance all units by one millisecond at conductances given for each step (shape (steps,)).

    ``blocks`` (n, ROWS * WIDTH) and ``c`` (CONSTANTS,) share one precision, single or double.
    """
    soma_step, dendrite_step = c[at.SOMA_STEP], c[at.DENDRITE_STEP]
    coupling_s, coupling_d, g_ahp = c[at.COUPLING_SOMA], c[at.COUPLING_DENDRITE], c[at.AHP_CONDUCTANCE]
    e_leak, e_k, e_ca, e_i, e_e = (
        c[at.E_LEAK],
        c[at.E_POTASSIUM],
        c[at.E_CALCIUM],
        c[at.E_INHIBITORY],
        c[at.E_EXCITATORY],
    )
    v_reset, dt, refractory_ms, kick = c[at.V_RESET], c[at.STEP], c[at.REFRACTORY_MS], c[at.KICK]
    relax, slope, threshold, half = c[at.PIC_RELAX], c[at.PIC_SLOPE], c[at.SPIKE_THRESHOLD], c[at.PIC_HALF]
    scale, limit, zero, one, two = c[at.EXP_SCALE], c[at.EXP_LIMIT], c[at.ZERO], c[at.ONE], c[at.TWO]
    c1, c2, c3, c4, c5 = (
        c[at.EXP_POWERS],
        c[at.EXP_POWERS + 1],
        c[at.EXP_POWERS + 2],
        c[at.EXP_POWERS + 3],
        c[at.EXP_POWERS + 4],
    )
    c6, c7, c8, c9, c10 = (
        c[at.EXP_POWERS + 5],
        c[at.EXP_POWERS + 6],
        c[at.EXP_POWERS + 7],
        c[at.EXP_POWERS + 8],
        c[at.EXP_POWERS + 9],
    )
    half_step = one / two
    for b in range(blocks.shape[0]):
        u = blocks[b]
        for j in range(W):
            u[at.SPIKED * W + j] = zero
        for k in range(g_excitatory.shape[0]):
            ge, gi = g_excitatory[k], g_inhibitory[k]
            for j in range(W):
                vs, vd = u[at.V_SOMA * W + j], u[at.V_DENDRITE * W + j]
                # gate of the inward current, half a step behind and then half a step ahead of the potentials
                x = (half - vd) * slope
                x = x if x < limit else limit
                x = x if x > -limit else -limit
                t = x * scale
                e = one + t * (
                    c1 + t * (c2 + t * (c3 + t * (c4 + t * (c5 + t * (c6 + t * (c7 + t * (c8 + t * (c9 + t * c10))))))))
                )
                e = e * e
                e = e * e
                e = e * e
                e = e * e
                e = e * e
                e = e * e
                m = u[at.PIC * W + j]
                m = m + relax * (one / (one + e) - m)
                u[at.PIC * W + j] = m
                # potentials over the whole step; a soma that is refractory for part of it moves in the rest only
                refractory = u[at.REFRACTORY * W + j]
                active = one - refractory / dt
                active = active if active > zero else zero
                refractory = refractory - dt
                refractory = refractory if refractory > zero else zero
                decay = u[at.AHP_DECAY * W + j]
                ahp = u[at.AHP * W + j] * decay
                p = soma_step * active
                ga = g_ahp * ahp
                gp = u[at.PIC_CONDUCTANCE * W + j] * m * u[at.INACTIVATION * W + j]
                g = u[at.DRIVE * W + j] * ge
                a11 = p * (one + coupling_s + ga)
                a12 = p * coupling_s
                a22 = dendrite_step * (one + coupling_d + gp + g + gi)
                a21 = dendrite_step * coupling_d
                r1 = vs - a11 * vs + a12 * vd + two * p * (e_leak + ga * e_k + u[at.NOISE * W + j])
                r2 = vd - a22 * vd + a21 * vs + two * dendrite_step * (e_leak + gp * e_ca + g * e_e + gi * e_i)
                d11, d22 = one + a11, one + a22
                scaled = one / (d11 * d22 - a12 * a21)
                vs1 = (d22 * r1 + a12 * r2) * scaled
                vd1 = (d11 * r2 + a21 * r1) * scaled
                ahp = ahp * decay
                # a crossing: when in the step, and what the rest of the step would have been with a soma at reset
                fired = vs1 >= threshold
                rise = vs1 - vs
                rest = (vs1 - threshold) / (rise if rise > zero else one)
                rest = rest if rest < one else one
                over = half_step * (threshold + vs1) - v_reset
                u[at.V_SOMA * W + j] = v_reset if fired else vs1
                u[at.V_DENDRITE * W + j] = vd1 + kick - two * a21 * rest * over if fired else vd1
                u[at.AHP * W + j] = ahp + one + rest * (decay * decay - one) if fired else ahp
                u[at.REFRACTORY * W + j] = refractory_ms - rest * dt if fired else refractory
                u[at.SPIKED * W + j] = one if fired else u[at.SPIKED * W + j]


@njit(cache=True, error_model="numpy", nogil=True)
def events_ms(blocks, units, axons, z, p, seed, tick, row, spike_ms, spike_unit, spike_kind, spikes):
    """Impulses, collisions, terminals and twitches of one millisecond; returns the number of spikes stored so far."""
    blocked = row[loop.BLOCKED] > 0.0
    pulse = row[loop.PULSE_MOTOR]
    to_site_bit = ONE_BIT << np.uint64(int(p.conduction_proximal_ms) - 1)
    to_muscle_bit = ONE_BIT << np.uint64(int(p.conduction_distal_ms) - 1)
    membrane_key = noise.address(seed, noise.MEMBRANE, tick)
    terminal_key = noise.address(seed, noise.TERMINAL, tick)
    noise_decay = math.exp(-1.0 / p.private_noise_time_ms)
    noise_size = p.private_noise_mv * math.sqrt(1.0 - noise_decay * noise_decay)
    inactivation = 1.0 - math.exp(-1e-3 / p.pic_inactivation_time_s)
    k_decay, u_decay = math.exp(-1.0 / p.potassium_time_ms), math.exp(-1.0 / p.pump_time_ms)
    half_twitch = p.twitch_half * p.twitch_half
    shift = z[loop.TERMINAL_SHIFT]
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
        if passes_site and not blocked:
            natural |= to_muscle_bit
        # the soma fired in the last millisecond: its impulse leaves, unless one comes against it
        if u[at.SPIKED * W + j] > 0:
            central += 1
            collateral += 1
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
            collateral += 1
        # terminals: potassium against pump, and an after-discharge where it wins
        potassium, pump = units[at.POTASSIUM, i] * k_decay, units[at.PUMP, i] * u_decay
        since = units[at.SINCE_SPIKE, i] + 1.0
        x = (potassium - pump - p.terminal_half * (units[at.TERMINAL_SPREAD, i] + shift)) / p.terminal_slope
        ectopic = False
        if x > -6.0 and since > p.terminal_dead_time_ms:
            chance = p.terminal_rate_limit * 1e-3 / (1.0 + math.exp(-x))
            ectopic = noise.uniform(noise.bits(terminal_key, np.uint64(i))) < chance
        # the stimulus starts an impulse both ways, and so does a terminal; what comes towards them is annihilated
        stimulated = pulse > units[at.RANK, i]
        if stimulated:
            direct |= to_muscle_bit
        if (stimulated or ectopic) and not blocked:
            if to_site != NO_BIT:
                to_site &= to_site - ONE_BIT
            else:
                to_soma |= to_site_bit
        if arrives or arrives_direct or ectopic:
            potassium += p.potassium_per_spike
            pump += p.pump_per_spike
            since = 0.0
            units[at.TWITCH_1, i] += 1.0
            muscle_spikes += 1
            if spikes < spike_ms.shape[0]:
                spike_ms[spikes] = tick
                spike_unit[spikes] = i
                spike_kind[spikes] = at.DIRECT if arrives_direct else (at.NATURAL if arrives else at.ECTOPIC)
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
        u[at.NOISE * W + j] = private
    z[loop.ACTIVATION] = activation
    z[loop.PLATEAU] = plateau / n
    z[loop.INACTIVATION_MEAN] = open_share / n
    z[loop.CENTRAL_SPIKES] = central
    z[loop.COLLATERAL_SPIKES] = collateral
    z[loop.MUSCLE_SPIKES] += muscle_spikes
    return spikes


@njit(cache=True, error_model="numpy", nogil=True)
def advance(
    blocks,
    units,
    axons,
    z,
    rings,
    p,
    c,
    seed,
    tick,
    rows,
    steps,
    record,
    record_every,
    spike_ms,
    spike_unit,
    spike_kind,
):
    """Run ``rows.shape[0]`` milliseconds from ``tick``; returns the number of spikes stored."""
    ge, gi = np.empty(steps, blocks.dtype), np.empty(steps, blocks.dtype)
    spikes = 0
    recorded = 0
    threshold, half = c[at.SPIKE_THRESHOLD], c[at.PIC_HALF]
    for ms in range(rows.shape[0]):
        row = rows[ms]
        now = tick + ms
        spikes = events_ms(blocks, units, axons, z, p, seed, now, row, spike_ms, spike_unit, spike_kind, spikes)
        common = noise.normal(noise.bits(noise.address(seed, noise.COMMON, now), NO_BIT))
        loop.shared_ms(z, rings, p, now, row, units.shape[1], common)
        loop.conductances(z, p, steps, ge, gi)
        c[at.SPIKE_THRESHOLD] = threshold + z[loop.SHIFT_MV]
        c[at.PIC_HALF] = half + z[loop.SHIFT_MV]
        membrane_ms(blocks, ge, gi, c)
        if (now + 1) % record_every == 0:
            for state in range(z.shape[0]):  # one by one: a slice would compile the formatting of an error message
                record[recorded, state] = z[state]
            z[loop.MUSCLE_SPIKES] = 0.0
            recorded += 1
    c[at.SPIKE_THRESHOLD], c[at.PIC_HALF] = threshold, half
    return spikes


@njit(cache=True, error_model="numpy", nogil=True)
def discharge(blocks, g_excitatory, g_inhibitory, c, milliseconds, counts):
    """Membranes alone, at conductances held for the whole time: adds each unit's impulses to ``counts`` (blocks *
    WIDTH,)."""
    for _ in range(milliseconds):
        membrane_ms(blocks, g_excitatory, g_inhibitory, c)
        for b in range(blocks.shape[0]):
            for j in range(W):
                if blocks[b, at.SPIKED * W + j] > 0:
                    counts[b * W + j] += 1
