"""The second motor neuron against what its authors say of it, and its stepping against another solver.

Expected directions: the abstract of Molkov et al. 2025, doi:10.3389/fncel.2025.1710893. L-type calcium, release of
calcium by calcium and the cation current that it opens suffice for bistable firing; persistent sodium promotes
plateaus; potassium that calcium opens opposes them.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("numba")

from charley.evidence.numbers.calcium import CALCIUM
from charley.neuromuscular.calcium_neuron import calcium_pool, potassium_reversal_mv

DRIVES = np.round(np.arange(0.0, 0.161, 0.01), 3)
NO_KV1 = CALCIUM._replace(kv1_conductance=0.3)  # less of what delays the first impulses, so that a second is enough


def spikes(pool, drive, ms=1000, last_ms=400):
    at, _ = pool.run(np.full(ms, drive), np.zeros(ms), np.zeros(ms))
    return int((at >= ms - last_ms).sum())


def begins_and_ceases(numbers):
    """Held drives (mS/cm2) at which one unit begins to fire as they rise and ceases as they fall."""
    pool = calcium_pool(1, numbers)
    begin = next(k for k, drive in enumerate(DRIVES) if spikes(pool, drive) >= 2)
    cease = next((DRIVES[k] for k in range(begin, -1, -1) if spikes(pool, DRIVES[k]) < 2), -DRIVES[1])
    return DRIVES[begin], cease


def width(**changes):
    begin, cease = begins_and_ceases(NO_KV1._replace(**changes))
    return begin - cease


def test_calcium_its_release_and_the_cation_current_suffice_for_bistable_firing():
    assert width() > DRIVES[1]


@pytest.mark.parametrize("lost", ["cation_conductance", "calcium_conductance"])
def test_without_either_half_of_the_core_a_unit_is_not_bistable(lost):
    assert width(**{lost: 0.0}) == pytest.approx(DRIVES[1])  # the step of the drives: it ceases where it began


def test_potassium_that_calcium_opens_opposes():
    assert width(potassium_calcium_conductance=0.5) < width()


def test_persistent_sodium_promotes():
    assert begins_and_ceases(NO_KV1._replace(persistent_conductance=0.1))[0] < begins_and_ceases(NO_KV1)[0]


def test_a_pool_at_rest_is_silent_and_sits_at_the_leak():
    pool = calcium_pool(3)
    at, _ = pool.run(np.zeros(500), np.zeros(500), np.zeros(500))
    assert len(at) == 0
    # potassium pulls a little below the leak's -80 mV: E_K = 26.54 ln(4 / 140) = -94.36 mV
    assert potassium_reversal_mv(CALCIUM) == pytest.approx(-94.36, abs=0.01)
    assert np.all((pool.state[0] < -80.0) & (pool.state[0] > -82.0))


def test_the_units_begin_one_after_the_other_and_inhibition_silences_them():
    pool = calcium_pool(5)
    ms = 2500
    _, unit = pool.run(np.full(ms, 0.2), np.zeros(ms), np.zeros(ms))
    assert 0 < len(np.unique(unit)) < 5
    at, _ = pool.run(np.full(500, 0.2), np.zeros(500), np.full(500, 1.0))
    assert len(at[at > 50]) == 0


def test_the_steps_agree_with_another_solver():
    """The same equations, written out again and solved by LSODA (scipy) to 1e-8: impulses of a fifth of a second."""
    from scipy.integrate import solve_ivp

    drive, e_k = 0.2, 26.54 * math.log(4.0 / 140.0)

    def gate(v, half, slope):
        return 1.0 / (1.0 + math.exp(-(v - half) / slope))

    def slopes(_, x):
        v, c, a, b, h, n, k = x
        calcium = 0.01 * a * b * (v - 80.0)
        current = 0.1 * (v + 80.0) + calcium + c / (c + 0.74e-3) * v + drive * v
        current += 120.0 * gate(v, -35.0, 7.8) ** 3 * h * (v - 55.0)
        current += (100.0 * n**4 + gate(v, -46.0, 6.9) * k) * (v - e_k)
        return [
            -current,
            -5e-6 * calcium - c / 250.0,
            (gate(v, -27.5, 5.7) - a) / 0.5,
            (gate(v, -52.4, -5.2) - b) / 18.0,
            (gate(v, -55.0, -7.0) - h) / (30.0 / (math.exp((v + 50.0) / 15.0) + math.exp(-(v + 50.0) / 16.0))),
            (gate(v, -28.0, 15.0) - n) / (7.0 / (math.exp((v + 40.0) / 40.0) + math.exp(-(v + 40.0) / 50.0))),
            (gate(v, -54.0, -7.1) - k)
            / (20.0 * 3.737 / (0.00015 * math.exp(-(v + 13.0) / 15.0) + 0.06 / (1.0 + math.exp(-(v + 68.0) / 12.0)))),
        ]

    def up(_, x):
        return x[0]

    up.direction = 1.0
    start = [-80.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    exact = solve_ivp(slopes, (0.0, 200.0), start, method="LSODA", rtol=1e-8, atol=1e-10, events=up).t_events[0]
    pool = calcium_pool(1)
    pool.state[:, 0] = start
    at, _ = pool.run(np.full(200, drive), np.zeros(200), np.zeros(200))
    assert len(exact) > 20
    assert len(at) == len(exact)
    assert (
        np.abs(at - exact).max() < 4.0
    )  # ms, of 500: first order in the step, and impulses are told to the millisecond
