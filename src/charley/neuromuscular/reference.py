"""The pool in plain NumPy: the same equations as ``kernel.py``, all units at once, written as one would on paper.

It exists to be read and to check the kernel: both give the same spikes at the same milliseconds, though not the same
last bits. It is some hundred times slower.
"""

from __future__ import annotations

import math

import numpy as np

from charley.neuromuscular import layout as at
from charley.neuromuscular import noise, reflex_loop
from charley.neuromuscular.layout import PoolArrays, Recorder, Working
from charley.neuromuscular.parameters import Constants
from charley.vocabulary.arrays import Floats, Ints

ONE_BIT, NO_BIT = np.uint64(1), np.uint64(0)


def exponential(x: Working, c: Working) -> Working:
    """exp(x) by a series at x/64, squared six times."""
    t = x * c[at.EXP_SCALE]
    series = c[at.EXP_POWERS + at.EXP_TERMS - 1]
    for power in range(at.EXP_TERMS - 2, -1, -1):
        series = c[at.EXP_POWERS + power] + t * series
    e: Working = c[at.ONE] + t * series
    for _ in range(6):
        e = e * e
    return e


def membrane_ms(blocks: Working, g_excitatory: Working, g_inhibitory: Working, c: Working) -> None:
    """Advance all units by one millisecond; see the kernel's function of the same name."""
    u = blocks.reshape(len(blocks), at.ROWS, at.WIDTH).swapaxes(0, 1)  # a view: u[row] is (blocks, WIDTH)
    zero, one, two, dt = c[at.ZERO], c[at.ONE], c[at.TWO], c[at.STEP]
    limit, coupling_s, coupling_d, dendrite_step = (
        c[at.EXP_LIMIT],
        c[at.COUPLING_SOMA],
        c[at.COUPLING_DENDRITE],
        c[at.DENDRITE_STEP],
    )
    decay = u[at.AHP_DECAY]
    for ge, gi in zip(g_excitatory, g_inhibitory, strict=True):
        vs, vd = u[at.V_SOMA].copy(), u[at.V_DENDRITE].copy()
        x = np.clip((c[at.PIC_HALF] - vd) * c[at.PIC_SLOPE], -limit, limit)
        m = u[at.PIC] + c[at.PIC_RELAX] * (one / (one + exponential(x, c)) - u[at.PIC])
        u[at.PIC] = m
        active = np.maximum(one - u[at.REFRACTORY] / dt, zero)
        refractory = np.maximum(u[at.REFRACTORY] - dt, zero)
        ahp = u[at.AHP] * decay
        p = c[at.SOMA_STEP] * active
        ga = c[at.AHP_CONDUCTANCE] * ahp
        gp = u[at.PIC_CONDUCTANCE] * m * u[at.INACTIVATION]
        g = u[at.DRIVE] * ge
        a11, a12 = p * (one + coupling_s + ga), p * coupling_s
        a22, a21 = dendrite_step * (one + coupling_d + gp + g + gi), dendrite_step * coupling_d
        r1 = vs - a11 * vs + a12 * vd + two * p * (c[at.E_LEAK] + ga * c[at.E_POTASSIUM] + u[at.NOISE])
        r2 = (
            vd - a22 * vd + a21 * vs
            + two * dendrite_step
            * (c[at.E_LEAK] + gp * c[at.E_CALCIUM] + g * c[at.E_EXCITATORY] + gi * c[at.E_INHIBITORY])
        )  # fmt: skip
        d11, d22 = one + a11, one + a22
        scaled = one / (d11 * d22 - a12 * a21)
        vs1, vd1 = (d22 * r1 + a12 * r2) * scaled, (d11 * r2 + a21 * r1) * scaled
        ahp = ahp * decay
        fired = vs1 >= c[at.SPIKE_THRESHOLD]
        rise = vs1 - vs
        rest = np.minimum((vs1 - c[at.SPIKE_THRESHOLD]) / np.where(rise > zero, rise, one), one)
        over = one / two * (c[at.SPIKE_THRESHOLD] + vs1) - c[at.V_RESET]
        u[at.V_SOMA] = np.where(fired, c[at.V_RESET], vs1)
        u[at.V_DENDRITE] = np.where(fired, vd1 + c[at.KICK] - two * a21 * rest * over, vd1)
        u[at.AHP] = np.where(fired, ahp + one + rest * (decay * decay - one), ahp)
        u[at.REFRACTORY] = np.where(fired, c[at.REFRACTORY_MS] - rest * dt, refractory)
        u[at.SPIKED] += fired


def events_ms(
    pool: PoolArrays, p: Constants, seed: np.uint64, tick: int, row: Floats, stored: list[tuple[int, int, int]]
) -> None:
    """Impulses, collisions, terminals and twitches of one millisecond; appends (ms, unit, kind) to ``stored``."""
    blocks, units, axons, z = pool.blocks, pool.units, pool.axons, pool.z
    n = units.shape[1]
    u = blocks.reshape(len(blocks), at.ROWS, at.WIDTH).swapaxes(0, 1)
    view = {row: u[row].reshape(-1)[:n].copy() for row in range(at.ROWS)}
    blocked = row[reflex_loop.BLOCKED] > 0.0
    to_site_bit = ONE_BIT << np.uint64(int(p.conduction_proximal_ms) - 1)
    to_muscle_bit = ONE_BIT << np.uint64(int(p.conduction_distal_ms) - 1)
    index = np.arange(n, dtype=np.uint64)
    passes_site, reaches_soma, arrives, arrives_direct = (axons & ONE_BIT) != NO_BIT
    axons >>= ONE_BIT  # in place
    to_site, to_soma, natural, direct = axons

    spiked = view[at.SPIKED] > 0
    view[at.SPIKED][:] = 0
    met = spiked & (to_soma != NO_BIT)
    to_soma[met] &= to_soma[met] - ONE_BIT
    to_site[spiked & ~met] |= to_site_bit

    invaded = reaches_soma & (view[at.REFRACTORY] <= 0)
    view[at.V_SOMA][invaded] = p.reset_mv
    view[at.AHP][invaded] += 1.0
    view[at.REFRACTORY][invaded] = p.refractory_ms
    view[at.V_DENDRITE][invaded] += p.dendrite_kick_mv

    units[at.LATE_ADAPTATION] *= math.exp(-1e-3 / p.late_adaptation_time_s)
    units[at.LATE_ADAPTATION][spiked] += p.late_adaptation_mv
    units[at.LATE_ADAPTATION][invaded] += p.late_adaptation_mv
    units[at.POTASSIUM] *= math.exp(-1.0 / p.potassium_time_ms)
    units[at.PUMP] *= math.exp(-1.0 / p.pump_time_ms)
    units[at.SINCE_SPIKE] += 1.0
    half = p.terminal_half * (units[at.TERMINAL_SPREAD] + z[reflex_loop.TERMINAL_SHIFT])
    x = (units[at.POTASSIUM] - units[at.PUMP] - half) / p.terminal_slope
    chance = np.array([p.terminal_rate_limit * 1e-3 / (1.0 + math.exp(-v)) if v > -6.0 else 0.0 for v in x])
    draw = noise.uniform(noise.bits(noise.address(seed, noise.TERMINAL, tick), index))
    ectopic = (draw < chance) & (units[at.SINCE_SPIKE] > p.terminal_dead_time_ms)

    stimulated = row[reflex_loop.PULSE_MOTOR] > units[at.RANK]
    direct[stimulated] |= to_muscle_bit
    if not blocked:
        started = stimulated | ectopic
        # where an impulse passes the site in the very millisecond, the two meet there
        natural[passes_site & ~started] |= to_muscle_bit
        started &= ~passes_site
        met = started & (to_site != NO_BIT)
        to_site[met] &= to_site[met] - ONE_BIT
        to_soma[started & ~met] |= to_site_bit

    at_muscle = arrives | arrives_direct | ectopic
    units[at.POTASSIUM][at_muscle] += p.potassium_per_spike
    units[at.PUMP][at_muscle] += p.pump_per_spike
    units[at.SINCE_SPIKE][at_muscle] = 0.0
    units[at.TWITCH_1][at_muscle] += 1.0
    for i in np.flatnonzero(at_muscle):
        stored.append((tick, int(i), at.DIRECT if arrives_direct[i] else at.NATURAL if arrives[i] else at.ECTOPIC))

    rate = units[at.TWITCH_RATE]
    q = units[at.TWITCH_2] + (units[at.TWITCH_1] - units[at.TWITCH_2]) * rate
    units[at.TWITCH_1] -= units[at.TWITCH_1] * rate
    q[q < p.floor] = 0.0
    units[at.TWITCH_2] = q

    h = view[at.INACTIVATION]
    h += (1.0 - p.pic_inactivation * view[at.PIC] - h) * (1.0 - math.exp(-1e-3 / p.pic_inactivation_time_s))
    noise_decay = math.exp(-1.0 / p.private_noise_time_ms)
    noise_size = p.private_noise_mv * math.sqrt(1.0 - noise_decay * noise_decay)
    deviate = noise.normal(noise.bits(noise.address(seed, noise.MEMBRANE, tick), index))
    units[at.PRIVATE_NOISE] = noise_decay * units[at.PRIVATE_NOISE] + noise_size * deviate
    view[at.NOISE][:] = units[at.PRIVATE_NOISE] - units[at.LATE_ADAPTATION]
    for name, values in view.items():
        padded = u[name].reshape(-1).copy()
        padded[:n] = values
        u[name] = padded.reshape(u[name].shape)

    # sums in the order of the units, as the kernel forms them
    contribution = units[at.TWITCH_FORCE] * (q * q / (q * q + p.twitch_half * p.twitch_half))
    z[reflex_loop.ACTIVATION] = np.cumsum(contribution)[-1]
    z[reflex_loop.PLATEAU] = np.cumsum(view[at.PIC])[-1] / n
    z[reflex_loop.INACTIVATION_MEAN] = np.cumsum(h)[-1] / n
    z[reflex_loop.CENTRAL_SPIKES] = spiked.sum()
    z[reflex_loop.COLLATERAL_SPIKES] = spiked.sum() + invaded.sum()
    z[reflex_loop.MUSCLE_SPIKES] += at_muscle.sum()


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
    blocks, z = pool.blocks, pool.z
    ge, gi = np.empty(steps, blocks.dtype), np.empty(steps, blocks.dtype)
    stored: list[tuple[int, int, int]] = []
    recorded = 0
    threshold, half = c[at.SPIKE_THRESHOLD], c[at.PIC_HALF]
    with np.errstate(over="ignore"):  # the generator of random numbers wraps around on purpose
        for ms, row in enumerate(rows):
            now = tick + ms
            events_ms(pool, p, seed, now, row, stored)
            common = float(noise.normal(noise.bits(noise.address(seed, noise.COMMON, now), NO_BIT)))
            reflex_loop.shared_ms(z, pool.rings, p, now, row, pool.units.shape[1], common)
            reflex_loop.conductances(z, p, steps, ge, gi)
            c[at.SPIKE_THRESHOLD], c[at.PIC_HALF] = threshold + z[reflex_loop.SHIFT_MV], half + z[reflex_loop.SHIFT_MV]
            membrane_ms(blocks, ge, gi, c)
            if (now + 1) % record.every_ms == 0:
                record.states[recorded] = z
                z[reflex_loop.MUSCLE_SPIKES] = 0.0
                recorded += 1
    c[at.SPIKE_THRESHOLD], c[at.PIC_HALF] = threshold, half
    count = min(len(stored), len(record.spike_ms))
    if count:
        columns = zip(*stored[:count], strict=True)
        record.spike_ms[:count], record.spike_unit[:count], record.spike_kind[:count] = columns
    return count


def discharge(
    blocks: Working, g_excitatory: Working, g_inhibitory: Working, c: Working, milliseconds: int, counts: Ints
) -> None:
    """Membranes alone, at conductances held for the whole time: adds each unit's impulses to ``counts`` (blocks *
    WIDTH,)."""
    spiked = blocks[:, at.SPIKED * at.WIDTH : (at.SPIKED + 1) * at.WIDTH]
    for _ in range(milliseconds):
        membrane_ms(blocks, g_excitatory, g_inhibitory, c)
        counts += spiked.reshape(-1).astype(np.int64)
        spiked[:] = 0
