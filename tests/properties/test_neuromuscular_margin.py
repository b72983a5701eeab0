"""The threshold without a spike: smooth, one-way in each cause, the same whatever the shapes, with exact slopes."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charley.neuromuscular import SlowState, Subject, threshold_formula
from charley.vocabulary.errors import ProtocolError

SHARE = st.floats(0.0, 1.0)
STATES = st.builds(
    SlowState,
    slow_fatigue=SHARE,
    fast_fatigue=st.floats(0.0, 0.4),
    ion_shift_mv=st.floats(-0.6, 1.0),
    pain=SHARE,
    sensitisation=SHARE,
    adaptation=SHARE,
)
ANGLES = st.floats(-40.0, 0.0)
NAMES = ("slow_fatigue", "fast_fatigue", "ion_shift_mv", "pain", "sensitisation", "adaptation")


def random_states(n: int, seed: int) -> tuple[SlowState, np.ndarray]:
    rng = np.random.default_rng(seed)
    state = SlowState(
        slow_fatigue=rng.random(n),
        fast_fatigue=0.4 * rng.random(n),
        ion_shift_mv=rng.uniform(-0.5, 1.0, n),
        pain=rng.random(n) * (rng.random(n) < 0.3),
        sensitisation=rng.random(n) * (rng.random(n) < 0.3),
    )
    return state, rng.uniform(-40.0, 5.0, n)


@settings(max_examples=40, deadline=None)
@given(STATES, ANGLES, st.sampled_from(NAMES))
def test_each_cause_moves_it_one_way(state: SlowState, angle: float, name: str) -> None:
    """Slow fatigue, pain and the hour after a cramp lower it; fast fatigue, training and less excitable ions raise it
    (Nelson and Hutton 1985, Serrao 2007, Miller 2017; Stone 2010, Behringer 2014)."""
    sign = 1.0 if name in ("fast_fatigue", "ion_shift_mv", "adaptation") else -1.0
    more = replace(state, **{name: getattr(state, name) + 0.05 if getattr(state, name) <= 0.9 else 1.0})
    before, after = (float(threshold_formula.threshold_frequency_hz(s, joint_angle_deg=angle)) for s in (state, more))
    assert sign * (after - before) >= -1e-6


@given(STATES, st.tuples(ANGLES, ANGLES).map(sorted))
@settings(max_examples=40, deadline=None)
def test_a_longer_muscle_needs_more(state: SlowState, angles: list[float]) -> None:
    short, long = (float(threshold_formula.threshold_frequency_hz(state, joint_angle_deg=a)) for a in angles)
    assert long >= short - 1e-6


def test_slopes_are_those_of_central_differences() -> None:
    """Relative to 1e-3, at 40 random states inside the range of the search."""
    state, angle = random_states(40, seed=3)
    state = replace(state, pain=np.clip(state.pain, 0.01, 0.99), sensitisation=np.clip(state.sensitisation, 0.01, 0.99))
    fast = replace(state, fast_fatigue=np.maximum(state.fast_fatigue, 0.01))
    fast = replace(fast, slow_fatigue=np.clip(fast.slow_fatigue, 0.01, 0.99))
    slopes = threshold_formula.derivatives(fast, joint_angle_deg=angle)
    level = threshold_formula.threshold_frequency_hz(fast, joint_angle_deg=angle)
    inside = (level > 1.0) & (level < 70.0)
    assert inside.sum() >= 30

    def moved(name: str, by: float) -> np.ndarray:
        if name == "joint_angle_deg":
            return threshold_formula.threshold_frequency_hz(fast, joint_angle_deg=angle + by)
        return threshold_formula.threshold_frequency_hz(
            replace(fast, **{name: getattr(fast, name) + by}), joint_angle_deg=angle
        )

    for name in ("slow_fatigue", "fast_fatigue", "ion_shift_mv", "pain", "sensitisation", "joint_angle_deg"):
        step = 1e-3 if name == "joint_angle_deg" else 1e-4
        central = (moved(name, step) - moved(name, -step)) / (2.0 * step)
        np.testing.assert_allclose(slopes[name][inside], central[inside], rtol=1e-3, atol=1e-3, err_msg=name)


def test_gains_of_the_reflexes_have_their_signs() -> None:
    state, angle = random_states(200, seed=4)
    slopes = threshold_formula.derivatives(state, joint_angle_deg=angle)
    assert (slopes["tendon_organ_gain"] >= 0.0).all()
    assert (slopes["spindle_gain"] <= 0.0).all()


def test_one_call_for_many_is_many_calls_for_one() -> None:
    state, angle = random_states(30, seed=5)
    together = threshold_formula.threshold_frequency_hz(state, joint_angle_deg=angle)
    one = [
        float(
            threshold_formula.threshold_frequency_hz(
                SlowState(**{n: getattr(state, n)[i] for n in NAMES[:5]}), joint_angle_deg=angle[i]
            )
        )
        for i in range(30)
    ]
    np.testing.assert_allclose(together, one, rtol=1e-12)
    grid = threshold_formula.threshold_frequency_hz(
        SlowState(slow_fatigue=np.linspace(0, 1, 5)[:, None]), joint_angle_deg=angle
    )
    assert grid.shape == (5, 30)


def test_a_state_outside_its_range_is_refused_in_one_line() -> None:
    for state in (SlowState(pain=1.5), SlowState(slow_fatigue=np.array([0.1, np.nan]))):
        with pytest.raises(ProtocolError) as caught:
            threshold_formula.threshold_frequency_hz(state)
        assert "\n" not in str(caught.value)


def test_it_needs_no_compiler() -> None:
    """The margin is in the core: Numba is not even looked for."""
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "from charley.neuromuscular import SlowState, threshold_formula\n"
        "print(float(threshold_formula.threshold_frequency_hz(SlowState())))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(found.stdout) == pytest.approx(float(threshold_formula.threshold_frequency_hz(SlowState(), Subject())))


def test_one_evaluation_tells_on_which_side_of_the_root_a_train_lies() -> None:
    """At 2000 random states and frequencies: a train above the central threshold lights the pool, one below not."""
    state, angle = random_states(2000, seed=6)
    _, p, i = threshold_formula._prepared(state, None, angle, 0.0, 0.0)
    root = threshold_formula._root_hz(p, i, 1.0)
    frequency = np.random.default_rng(7).uniform(2.0, 60.0, 2000)
    clear = np.abs(frequency - root) > 0.05
    assert clear.mean() > 0.95
    drive = threshold_formula._ignition(p, i, frequency)
    np.testing.assert_array_equal((drive > 0.0)[clear], (frequency > root)[clear])
