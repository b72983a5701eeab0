"""Kernel and reference are one model; the scheme, the noise and the threads do not change what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("numba")

import charley
from charley.neuromuscular import SlowState, Subject, compiled, noise, reference
from charley.neuromuscular import layout as at
from charley.neuromuscular.pool import Pool
from charley.neuromuscular.protocol import Protocol, TendonShock, Train
from charley.neuromuscular.simulate import simulate
from charley.neuromuscular.threshold import rested_threshold_hz
from charley.vocabulary.errors import ProtocolError, SimulationError

SMALL = Subject(motor_neurons=90)  # not a multiple of a block
BUSY = Protocol(
    trains=(Train(0.2, 0.6, 24.0, motor_share=0.7),),
    tendon_shocks=(TendonShock(0.9, 200.0),),
    joint_angle_deg=((0.0, -30.0), (0.8, -30.0), (1.1, 5.0)),
    voluntary=((0.0, 0.3), (0.5, 0.0)),
)


def row_of(pool, row):
    """One row of the membranes, (units,), without what fills the last block."""
    return pool.blocks.reshape(-1, at.ROWS, at.WIDTH)[:, row].reshape(-1)[: pool.subject.units]


def raster(trace):
    return np.stack([trace.spike_s, trace.spike_unit, trace.spike_kind])


@pytest.mark.parametrize("block_from_s", [None, 0.5])
def test_kernel_and_reference_fire_the_same_units_at_the_same_milliseconds(block_from_s):
    from dataclasses import replace

    protocol = replace(BUSY, block_from_s=block_from_s)
    compiled, plain = (simulate(SMALL, protocol=protocol, duration_s=1.3, engine=e) for e in ("kernel", "reference"))
    assert len(compiled.spike_s) > 500
    assert np.array_equal(raster(compiled), raster(plain))
    for series in ("force", "ia_hz", "ib_hz", "renshaw_hz", "pic_activation", "fast_fatigue", "sensitisation"):
        np.testing.assert_allclose(getattr(compiled, series), getattr(plain, series), rtol=1e-9, atol=1e-12)


def counts_of(engine, units, dt_ms, drive, inhibition, seconds, seed=1, precision=np.float64):
    pool = Pool(Subject(motor_neurons=units), dt_s=dt_ms / 1000.0, seed=seed, precision=precision, engine=engine)
    return pool.discharge(drive, inhibition, seconds)


@pytest.mark.parametrize("dt_ms", [1.0, 0.5, 0.25])
@pytest.mark.parametrize("units", [20, 90, 288])  # part of a block, blocks and a part, more than a group of blocks
@pytest.mark.parametrize(("drive", "inhibition"), [(0.3, 0.0), (0.5, 0.02), (0.9, 0.2)])
def test_bare_membranes_fire_as_often_in_kernel_and_reference(units, dt_ms, drive, inhibition):
    """The kernel fuses and reorders, so that last bits differ; the impulses of each unit must not."""
    kernel, plain = (counts_of(e, units, dt_ms, drive, inhibition, 1.0) for e in ("kernel", "reference"))
    assert plain.sum() > 5 * units
    assert np.array_equal(kernel, plain)


@settings(max_examples=15, deadline=None)
@given(st.floats(0.25, 1.0), st.floats(0.0, 0.2), st.integers(0, 1000))
def test_they_do_so_at_any_drive_and_in_any_pool(drive, inhibition, seed):
    kernel, plain = (counts_of(e, 48, 0.5, drive, inhibition, 1.0, seed) for e in ("kernel", "reference"))
    assert np.array_equal(kernel, plain)


def test_the_references_exponential_is_exact_to_a_million_millionth():
    x = np.linspace(-16.0, 16.0, 2001)
    np.testing.assert_allclose(reference.exponential(x, Pool(SMALL).c), np.exp(x), rtol=1e-12)


@pytest.mark.parametrize(("precision", "error"), [("double", 5e-11), ("float", 1e-7)])
def test_the_kernels_power_of_two_is_as_exact_as_its_precision_needs(precision, error):
    """The polynomial is fitted when the kernel is imported; at whole powers, where its pieces meet, it hardly jumps."""
    from charley.neuromuscular.membrane import POWERS

    x = np.linspace(-0.5, 0.5, 4001)
    value = np.polynomial.polynomial.polyval(x, POWERS[precision])
    np.testing.assert_allclose(value, 2.0**x, rtol=error)
    assert value[-1] == pytest.approx(2.0 * value[0], rel=2 * error)


def test_single_precision_counts_the_same_impulses_within_two_in_a_hundred():
    double, single = (simulate(protocol=BUSY, duration_s=3.0, precision=kind) for kind in (np.float64, np.float32))
    assert len(single.spike_s) == pytest.approx(len(double.spike_s), rel=0.02)
    for dt_ms in (1.0, 0.5, 0.25):
        held = [counts_of("kernel", 200, dt_ms, 0.6, 0.0, 3.0, precision=kind) for kind in (np.float64, np.float32)]
        assert abs(held[0] - held[1]).max() <= 1
        assert held[1].sum() == pytest.approx(held[0].sum(), rel=5e-4)


def test_the_seed_decides_everything():
    first, again, other = (simulate(SMALL, protocol=BUSY, duration_s=1.3, seed=s) for s in (4, 4, 5))
    assert np.array_equal(raster(first), raster(again))
    assert raster(first).shape != raster(other).shape or not np.array_equal(raster(first), raster(other))


def test_a_run_cut_in_pieces_is_the_same_run():
    whole, pieces = Pool(SMALL), Pool(SMALL)
    rows = BUSY.rows(whole.p, 0, 1300)
    _, ms, unit, _ = whole.run(rows)
    parts = [pieces.run(rows[a:b]) for a, b in ((0, 137), (137, 900), (900, 1300))]
    assert np.array_equal(ms, np.concatenate([part[1] for part in parts]))
    assert np.array_equal(unit, np.concatenate([part[2] for part in parts]))


def test_any_number_of_threads_gives_the_same_rasters():
    def run(seed):
        return raster(simulate(SMALL, protocol=BUSY, duration_s=1.0, seed=seed))

    alone = [run(seed) for seed in range(6)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(run, range(6)))
    assert all(np.array_equal(a, b) for a, b in zip(alone, together, strict=True))


def test_the_step_does_not_matter():
    """Second order in the step: half and double the default give the same discharge and the same threshold."""
    rates = [Pool(Subject(), dt_s=dt).discharge(0.45, 0.0, 2.0).sum() for dt in (1e-3, 5e-4, 1.25e-4)]
    assert max(rates) - min(rates) <= 0.002 * rates[-1]
    thresholds = [rested_threshold_hz(dt_s=dt, low_hz=8.0, high_hz=28.0) for dt in (5e-4, 2.5e-4)]
    assert thresholds[0] == pytest.approx(thresholds[1], abs=1.5)


def test_twice_the_units_are_the_same_pool():
    thresholds = [rested_threshold_hz(Subject(motor_neurons=n), low_hz=8.0, high_hz=28.0) for n in (120, 240)]
    assert thresholds[0] == pytest.approx(thresholds[1], abs=1.5)


def test_noise_is_normal_and_independent_between_addresses():
    with np.errstate(over="ignore"):
        units = np.arange(200, dtype=np.uint64)
        draws = np.array([noise.normal(noise.bits(noise.address(3, noise.MEMBRANE, ms), units)) for ms in range(500)])
        even = noise.uniform(noise.bits(noise.address(3, noise.TERMINAL, 1), np.arange(100_000, dtype=np.uint64)))
    assert draws.mean() == pytest.approx(0.0, abs=4.0 / np.sqrt(draws.size))
    assert draws.var() == pytest.approx(1.0, abs=0.02)
    across = np.corrcoef(draws)  # between milliseconds, over units
    assert abs(across[np.triu_indices(500, 1)]).mean() < 1.5 / np.sqrt(200)
    assert np.histogram(even, 10, (0.0, 1.0))[0].min() > 9500


def test_skipping_a_rest_equals_sitting_it_out():
    protocol = Protocol(trains=(Train(0.2, 1.0, 10.0),))
    sat, skipped = (Pool(Subject(excitability_mv=1.5)) for _ in range(2))  # noise does not fire a unit of theirs
    for pool in (sat, skipped):
        pool.run(protocol.rows(pool.p, 0, 4000))
    assert skipped.quiet
    sat.run(protocol.rows(sat.p, 4000, 24_000))
    skipped.rest(20.0, protocol.rows(sat.p, 4000, 4001)[0])
    assert skipped.tick == sat.tick
    a, b = sat.slow_state(SlowState()), skipped.slow_state(SlowState())
    for name in ("metabolites", "fast_fatigue", "sensitisation"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=2e-3, abs=2e-6)
    available = [row_of(pool, at.INACTIVATION) for pool in (sat, skipped)]
    np.testing.assert_allclose(*available, atol=3e-4)
    np.testing.assert_allclose(sat.units[at.PUMP], skipped.units[at.PUMP], atol=1e-6)


def test_a_pool_that_noise_keeps_firing_is_not_skipped():
    row = Protocol()
    for excitability_mv, rests in ((1.5, True), (-1.2, False)):
        pool = Pool(Subject(excitability_mv=excitability_mv))
        quiet = []
        for _ in range(20):
            pool.run(row.rows(pool.p, pool.tick, pool.tick + 500))
            quiet.append(pool.quiet)
        assert all(quiet[4:]) if rests else sum(quiet) <= 5


def test_a_run_that_leaves_its_range_is_an_error_of_one_line():
    with pytest.raises(SimulationError) as caught:
        simulate(Subject(overrides=(("dendrite_kick_mv", 1e5),)), protocol=BUSY, duration_s=1.0)
    assert caught.value.code == "simulation-diverged"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: simulate(duration_s=-1.0),
        lambda: simulate(duration_s=1.0, dt_s=3e-4),
        lambda: simulate(duration_s=1.0, engine="steam"),
        lambda: simulate(Subject("biceps"), duration_s=1.0),
        lambda: simulate(Subject(overrides=(("no_such", 1.0),)), duration_s=1.0),
        lambda: simulate(state=SlowState(pain=2.0), duration_s=1.0),
        lambda: simulate(state=SlowState(ion_shift_mv=float("nan")), duration_s=1.0),
        lambda: Train(0.0, 2.0, 20.0, site="elbow"),
        lambda: Train(0.0, 2.0, -4.0),
        lambda: Train(0.0, 2.0, 20.0, motor_share=1.5),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(call):
    with pytest.raises(ProtocolError) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_a_processor_with_the_narrowest_vectors_fires_the_same_impulses():
    """The kernel names wide vectors; made for a processor without them, and without fused operations, it takes more
    instructions and gives the same counts."""
    code = (
        "from charley.neuromuscular import Subject; from charley.neuromuscular.pool import Pool;"
        "print(*Pool(Subject(motor_neurons=90), engine='kernel').discharge(0.5, 0.02, 0.5))"
    )
    env = {**os.environ, "NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    assert [int(word) for word in out.split()] == counts_of("kernel", 90, 0.5, 0.5, 0.02, 0.5).tolist()


def test_without_a_place_to_write_the_kernel_still_runs():
    """As in an install that nobody may write to: the cache folder cannot be made, so there is none."""
    code = (
        "from charley.neuromuscular import Subject; from charley.neuromuscular.pool import Pool;"
        "from charley.neuromuscular import compiled; from charley.neuromuscular.load_kernel import load;"
        "print(compiled.FOLDER, load().membrane_ms._cache.__class__.__name__,"
        "Pool(Subject(motor_neurons=40), engine='kernel').discharge(0.5, 0.0, 0.2).sum() > 10)"
    )
    env = {**os.environ, "XDG_CACHE_HOME": "/proc/none", "HOME": "/proc/none"}
    out = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    ).stdout.split()
    assert out == ["None", "NullCache", "True"]


def test_many_threads_load_one_kernel_and_numba_is_left_as_it_was():
    """Eight threads at once, while a ninth watches what the kernel could have changed in Numba."""
    code = """
import threading, time
import numba

before = numba.njit, numba.config.CACHE_DIR
seen, done = set(), threading.Event()

def watch():
    while not done.is_set():
        seen.add((numba.njit, numba.config.CACHE_DIR))
        time.sleep(0.001)

from charley.neuromuscular.load_kernel import load
watcher = threading.Thread(target=watch)
watcher.start()
found = []
threads = [threading.Thread(target=lambda: found.append(load())) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
done.set()
watcher.join()
print(len(found), len({id(kernel) for kernel in found}), seen == {before}, found[0].milliseconds._cache.cache_path)
"""
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert out[:3] == ["8", "1", "True"]
    assert out[3].endswith(compiled.FOLDER.name)


def test_in_an_install_that_nobody_may_write_to_the_cache_lies_with_the_user(tmp_path):
    """The package's own folder is closed and Numba is told of no folder: nothing appears beside the sources."""
    package = tmp_path / "site" / "charley"
    shutil.copytree(Path(charley.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (package, *package.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(package.rglob("*"))
    code = (
        "import charley; from charley.neuromuscular import Subject; from charley.neuromuscular.pool import Pool;"
        "print(charley.__file__, Pool(Subject(motor_neurons=40), engine='kernel').discharge(0.5, 0.0, 0.2).sum() > 10)"
    )
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    env |= {
        "PYTHONPATH": str(package.parent),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    try:
        out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
        assert out.split() == [str(package / "__init__.py"), "True"]
        assert sorted(package.rglob("*")) == before
        assert list((tmp_path / "cache").rglob("kernel.*.nbc"))
    finally:
        for path in (package, *package.rglob("*")):
            path.chmod(0o755)
